-- What canaries decided, did and were told, in the order in which it was written down: where a canary stands is a fold of its
-- lines, and of nothing else. Only ever appended to.
CREATE TABLE watch (
    seq     INTEGER PRIMARY KEY,
    canary  TEXT    NOT NULL,                  -- its name
    at      INTEGER NOT NULL,                  -- microseconds since the Unix epoch, UTC
    format  INTEGER NOT NULL,                  -- version in which `payload` is written
    kind    TEXT    NOT NULL,                  -- schedule, stream, alarm, delivery, begun, over, ...
    payload TEXT    NOT NULL                   -- JSON: the rest
) STRICT;
CREATE INDEX watch_canary ON watch (canary, seq);
