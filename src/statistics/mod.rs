//! Intervals on rates and on censored latency. Pure.
