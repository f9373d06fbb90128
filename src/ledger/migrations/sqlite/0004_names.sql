-- What the pseudonyms of far sides' file names are made with, so that equal names are equal within this ledger and nowhere else.
CREATE TABLE names (
    only INTEGER PRIMARY KEY CHECK (only = 1), -- there is one line
    key  BLOB NOT NULL CHECK (length(key) = 32)
) STRICT;
INSERT INTO names (only, key) VALUES (1, randomblob(32));
