//! One binary for every test that crosses modules; each module says what belongs in it.

// 834 files through the X12 reader and writer.
mod x12;
