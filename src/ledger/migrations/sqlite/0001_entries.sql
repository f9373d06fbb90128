-- The record as version 1 keeps it. Never edited once released: what changes comes as a new file with the next number.

-- One line per run. `run_key` is a short stand-in for the run's id and is never given twice.
CREATE TABLE run (
    run_key     INTEGER PRIMARY KEY AUTOINCREMENT,
    run         TEXT    NOT NULL UNIQUE,
    format      INTEGER NOT NULL,              -- version in which `plan` is written
    scenario    TEXT    NOT NULL,
    target      TEXT    NOT NULL,
    started_at  INTEGER NOT NULL,              -- microseconds since the Unix epoch, UTC; so are all `_at`
    finished_at INTEGER,
    state       TEXT    NOT NULL,              -- open, stopped, finished
    first_seq   INTEGER NOT NULL,              -- entries of the run have `seq` between these two
    last_seq    INTEGER NOT NULL,
    entries     INTEGER NOT NULL,
    plan        TEXT    NOT NULL,              -- JSON: what the run was asked to do
    header      TEXT    NOT NULL               -- JSON: what resuming needs besides
) STRICT;

-- What happened, in the order in which it was told; only ever appended to.
CREATE TABLE entry (
    seq      INTEGER PRIMARY KEY,
    run_key  INTEGER NOT NULL,
    at       INTEGER NOT NULL,                 -- microseconds since the Unix epoch, UTC
    format   INTEGER NOT NULL,                 -- version in which `payload` is written
    kind     TEXT    NOT NULL,                 -- planned, sending, answered, seen, ...
    probe    INTEGER,
    action   TEXT,                             -- enroll, cancel
    waypoint INTEGER,                          -- place in the pipeline, from 0
    payload  TEXT    NOT NULL                  -- JSON: the rest
) STRICT;
-- No index by probe: a run's entries stand together and are read whole, and it would cost each append a fifth more.
CREATE INDEX entry_file_read ON entry (run_key, waypoint) WHERE kind = 'file_read';

-- Where each probe's enrollment stands, as the latest `sending` and `answered` entries say: so that a sweep need not read every run.
CREATE TABLE enrollment (
    run_key INTEGER NOT NULL,
    probe   INTEGER NOT NULL,
    state   TEXT    NOT NULL,                  -- sending, accepted, indeterminate, rejected, unsent, cancelled
    PRIMARY KEY (run_key, probe)
) STRICT, WITHOUT ROWID;

-- Ids that the exchange gave to people and groups of a run: a record that shows one belongs to that run.
CREATE TABLE assigned_id (
    run_key INTEGER NOT NULL,
    id      TEXT    NOT NULL,
    PRIMARY KEY (run_key, id)
) STRICT, WITHOUT ROWID;
