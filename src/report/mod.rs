//! Summary to bytes, one format a file. Pure.
