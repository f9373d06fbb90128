//! One binary for every test that crosses modules; each module says what belongs in it.

// hand-made histories and what must be said of them
mod judging;
