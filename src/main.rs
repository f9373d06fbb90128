//! `johndoe`: parse, hand over, turn the answer into an exit code.
fn main() {}
