-- Control numbers of what is handed over: none is given twice, whichever run or process asks.
CREATE TABLE control_number (
    only INTEGER PRIMARY KEY CHECK (only = 1), -- there is one line
    next INTEGER NOT NULL                      -- the first that was not given yet
) STRICT;
