//! `sweep`: takes out what any run left enrolled.

use super::arguments::Arguments;
use super::console::{print, tell};
use super::context::World;
use super::demo;
use super::drive::{self, Drive};
use super::exit::Exit;
use super::failure::Failure;
use super::files::job_of;
use super::flags::Sweep;
use super::run::header_of;
use johndoe::ledger;
use johndoe::model::{RunId, Verdict};
use johndoe::prober::{Header, Options, Prober};
use std::collections::BTreeMap;

/// What a cancellation came to is seen at the waypoints, and not here: nothing that was accepted is sent again.
const NOTHING: &str = "nothing to sweep: the exchange says of every enrollment in the ledger that it is cancelled; those that were \
                       not seen to go are the residue of `johndoe report RUN`";

/// Takes out what any run left enrolled. What demos left ended with their sandboxes.
pub(crate) async fn sweep(sweep: &Sweep, arguments: &Arguments, world: &World) -> Result<Exit, Failure> {
    let open = open_by_run(arguments, world)?;
    if open.is_empty() {
        print(NOTHING)?;
        return Ok(Exit::Done);
    }
    let mut worst = Exit::Done;
    for (run, (households, header)) in open {
        print(&format!("run {run}: {households} households are still enrolled, or may be"))?;
        if !sweep.only_shown {
            worst = worse(worst, sweep_run((&run, header), arguments, world).await?);
            if matches!(worst, Exit::Signal(_)) {
                break;
            }
        }
    }
    Ok(worst)
}

/// Households that may still be enrolled, by run.
fn open_by_run(arguments: &Arguments, world: &World) -> Result<BTreeMap<RunId, (u64, Header)>, Failure> {
    let ledger = ledger::open_existing(arguments.ledger(world))?;
    let mut households: BTreeMap<RunId, u64> = BTreeMap::new();
    for probe in ledger.open_enrollments()? {
        *households.entry(probe.run).or_default() += 1;
    }
    let mut open = BTreeMap::new();
    for (run, count) in households {
        let header = header_of(&*ledger, &run)?;
        if !demo::is_demo(&header) {
            open.insert(run, (count, header));
        }
    }
    Ok(open)
}

/// Cancels what one run left, and says what stays. A verdict about the enrollments was given when the run ended; here
/// only residue counts.
async fn sweep_run((run, header): (&RunId, Header), arguments: &Arguments, world: &World) -> Result<Exit, Failure> {
    let ledger = ledger::open_existing(arguments.ledger(world))?;
    let job = job_of(header)?;
    let drive = Drive::new(arguments, world);
    let prober = Prober::adopt(&job, run, ledger, &drive.around).await?;
    let options = Options { keep: false, cleanup_only: true, deadline: None };
    if let Some(stopped) = drive.to_its_end(&prober, options).await? {
        tell("stopped; the ledger is whole. Go on with: johndoe sweep");
        return Ok(stopped);
    }
    let residue = drive::judged(arguments.ledger(world), run)?.counts.residue;
    if residue == 0 {
        print(&format!("run {run}: all are out, and proved gone"))?;
        return Ok(Exit::Done);
    }
    print(&format!("run {run}: {residue} enrollment groups stay, or cannot be proved gone; see johndoe report {run}"))?;
    Ok(Exit::Judged(Verdict::Residue))
}

fn worse(one: Exit, other: Exit) -> Exit {
    if other == Exit::Done { one } else { other }
}
