//! Folds and decisions of the canary's heart, from outside: entries in, what is to be done out.

#![allow(
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

/// what becomes of ticks: overlap, catch-up, windows, `--once`
mod agendas;
/// told once, and ended by recovery alone
mod alarms;
/// at least once, and known again
mod deliveries;
/// not tests: outcomes drawn by rate
mod outcomes;
/// the next tick, by tables and properties
mod schedules;
/// alarms that are neither late nor false
mod streams;
/// spring and autumn, with everything that can go wrong
mod thirty_days;
/// what this crate cannot reach
mod walls;
/// everything together
mod watching;
