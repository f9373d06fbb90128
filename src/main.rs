//! `johndoe`: parse the command line, hand over, turn the answer into an exit code.

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::main()
}
