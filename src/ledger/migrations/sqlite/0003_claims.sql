-- Who drives each run, or drove it last. Only who holds the run's lock raises the epoch; what its driver writes is refused
-- once the epoch is another.
CREATE TABLE claim (
    run_key    INTEGER PRIMARY KEY,
    epoch      INTEGER NOT NULL,               -- 1 for the first process that drove the run
    host       TEXT    NOT NULL,
    process    INTEGER NOT NULL,
    claimed_at INTEGER NOT NULL                -- microseconds since the Unix epoch, UTC
) STRICT;
