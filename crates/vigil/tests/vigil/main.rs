//! Folds and decisions of the canary's heart, from outside: entries in, what is to be done out.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on has failed")]

/// what becomes of ticks: overlap, catch-up, windows, `--once`
mod agendas;
/// the next tick, by tables and properties
mod schedules;
/// what this crate cannot reach
