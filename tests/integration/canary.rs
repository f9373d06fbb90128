//! A canary at work: against the sandbox, with receivers that answer as they are told, a clock that is set, and a process that dies.

mod bench;
mod channels;
mod letters;
mod prometheus;
mod typed;
mod watching;
