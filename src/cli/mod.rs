//! The command line: one variant per subcommand, and its dispatch.

mod arguments;
mod canary;
mod check;
mod compare;
mod console;
mod context;
mod count;
mod demo;
mod drive;
mod evidence;
mod exit;
mod failure;
mod files;
mod flags;
mod help;
mod init;
mod kept;
mod layers;
mod lists;
mod narrow;
mod output;
mod plan;
mod progress;
mod run;
mod sandbox;
mod serve;
mod show;
mod sweep;
mod try_out;
mod x12;

use arguments::{Arguments, Command};
use clap::Parser;
use context::World;
use exit::Exit;
use failure::Failure;
use std::process::ExitCode;

/// Parses, dispatches, and says what went wrong.
pub(crate) fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            console::tell_of_arguments(&error);
            // Help and version are no mistakes.
            return if error.exit_code() == 0 { Exit::Done.into() } else { Exit::Usage.into() };
        }
    };
    let world = World::read();
    match dispatch(&arguments, &world) {
        Ok(exit) => world.sent.allows(exit).into(),
        Err(failure) => {
            console::tell(failure.text());
            world.sent.allows(failure.exit()).into()
        }
    }
}

fn dispatch(arguments: &Arguments, world: &World) -> Result<Exit, Failure> {
    match &arguments.command {
        Command::Demo(demo) => run_async(demo::demo(demo, arguments, world)),
        Command::Init(asked) => init::init(asked, world),
        Command::Check(check) => check::check(check, world),
        Command::Plan(plan) => plan::plan(plan, world),
        Command::Try(asked) => run_async(try_out::try_out(asked, arguments, world)),
        Command::Run(run) => run_async(run::run(run, arguments, world)),
        Command::Resume(resume) => run_async(run::resume(resume, arguments, world)),
        Command::Sweep(sweep) => run_async(sweep::sweep(sweep, arguments, world)),
        Command::Runs => show::runs(arguments, world),
        Command::Evidence(which) => evidence::evidence(which, arguments, world),
        Command::Show(which) => show::show(which, arguments, world),
        Command::Report(report) => show::report(report, arguments, world),
        Command::Compare(asked) => compare::compare_runs(asked, arguments, world),
        Command::Narrow(asked) => run_async(narrow::narrow(asked, arguments, world)),
        Command::Canary(asked) => canary::canary(asked, arguments, world),
        Command::Serve(asked) => run_async(serve::serve(asked, arguments, world)),
        Command::Sandbox(sandbox) => run_async(sandbox::sandbox(sandbox, world)),
        Command::X12 { tool } => x12::x12(tool, arguments, world),
        Command::Keys { of } => lists::keys(*of),
        Command::Schema { of } => lists::schema(*of),
        Command::Fields => lists::fields(),
        Command::EdgeCases => lists::edge_cases(),
        Command::Faults => lists::faults(),
        Command::Completions { shell } => arguments::completions(*shell),
    }
}

pub(crate) fn run_async(work: impl Future<Output = Result<Exit, Failure>>) -> Result<Exit, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|e| Failure::harness(format!("failed to start the runtime: {e}")))?;
    let ended = runtime.block_on(work);
    runtime.shutdown_timeout(std::time::Duration::from_secs(2));
    ended
}
