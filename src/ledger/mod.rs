//! The durable, append-only record.
