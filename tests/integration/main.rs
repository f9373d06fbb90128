//! One binary for every test that crosses modules; each module says what belongs in it.

/// Generated people: the promises kept across counts, threads and releases, and the rules that keep them nobody's.
mod people;
