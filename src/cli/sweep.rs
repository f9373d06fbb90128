//! `sweep`: takes out what any run left enrolled.

use super::arguments::Arguments;
use super::console::{print, tell};
use super::context::World;
use super::demo;
use super::drive::{self, Drive};
use super::exit::Exit;
use super::failure::Failure;
use super::files::job_again;
use super::flags::{Again, Sweep};
use super::run::header_of;
use johndoe::ledger;
use johndoe::model::{RunId, Verdict};
use johndoe::prober::{Options, Prober};
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
    let (mut ends, runs) = (Vec::new(), open.len());
    for (run, households) in open {
        print(&format!("run {run}: {households} households are still enrolled, or may be"))?;
        if sweep.only_shown {
            continue;
        }
        // One run that cannot be taken keeps nobody of another run in.
        let end = sweep_run(&run, &sweep.again, (arguments, world)).await.unwrap_or_else(|failure| {
            tell(failure.text());
            tell(&format!("run {run}: left as it is, with {households} households that are enrolled or may be"));
            failure.exit()
        });
        ends.push(end);
        if matches!(end, Exit::Signal(_)) {
            break;
        }
    }
    if ends.len() < runs && !sweep.only_shown {
        tell(&format!("{} runs were not looked at", runs - ends.len()));
    }
    Ok(worst(&ends))
}

/// Households that may still be enrolled, by run.
fn open_by_run(arguments: &Arguments, world: &World) -> Result<BTreeMap<RunId, u64>, Failure> {
    let ledger = ledger::open_existing(arguments.ledger(world))?;
    let mut households: BTreeMap<RunId, u64> = BTreeMap::new();
    for probe in ledger.open_enrollments()? {
        *households.entry(probe.run).or_default() += 1;
    }
    // A header that cannot be read is told when its run's turn comes.
    households.retain(|run, _| !header_of(&*ledger, run).is_ok_and(|header| demo::is_demo(&header)));
    Ok(households)
}

/// Cancels what one run left, and says what stays. A verdict about the enrollments was given when the run ended; here
/// only residue counts.
async fn sweep_run(run: &RunId, again: &Again, (arguments, world): (&Arguments, &World)) -> Result<Exit, Failure> {
    let ledger = ledger::open_existing(arguments.ledger(world))?;
    let header = header_of(&*ledger, run)?;
    let (plan, _) = ledger.run_plan(run)?;
    let job = job_again(header, &plan, again)?;
    let drive = Drive::new(arguments, world);
    let prober = Prober::adopt(&job, run, ledger, &drive.around).await?;
    let options = Options { keep: false, cleanup_only: true, deadline: None, no_wait: false };
    if let Some(stopped) = drive.to_its_end(&prober, options).await? {
        tell("stopped; the ledger is whole. Go on with: johndoe sweep");
        return Ok(stopped);
    }
    let residue = drive::judged(arguments.ledger(world), run).map_err(Failure::after_sending)?.counts.residue;
    if residue == 0 {
        print(&format!("run {run}: all are out, and proved gone"))?;
        return Ok(Exit::Done);
    }
    print(&format!("run {run}: {residue} enrollment groups stay, or cannot be proved gone; see johndoe report {run}"))?;
    Ok(Exit::Judged(Verdict::Residue))
}

/// How the whole ends: as the worst of its runs. That nothing was sent is said only where it is true of every run; where
/// others were swept, a run that was left is residue.
fn worst(ends: &[Exit]) -> Exit {
    if !ends.is_empty() && ends.iter().all(|end| *end == Exit::Usage) {
        return Exit::Usage;
    }
    let left = |end: &Exit| if *end == Exit::Usage { Exit::Judged(Verdict::Residue) } else { *end };
    let rank = |end: &Exit| match end {
        Exit::Done => 0,
        Exit::Judged(Verdict::SafetyStop) => 3,
        Exit::Harness => 2,
        Exit::Signal(_) => 4,
        _ => 1,
    };
    ends.iter().map(left).max_by_key(rank).unwrap_or(Exit::Done)
}

#[cfg(test)]
mod tests {
    use super::{Exit, Verdict, worst};

    #[test]
    fn a_batch_ends_as_its_worst_run_and_says_that_nothing_was_sent_only_where_that_is_true() {
        let (residue, safety) = (Exit::Judged(Verdict::Residue), Exit::Judged(Verdict::SafetyStop));
        for (ends, end) in [
            (&[][..], Exit::Done),
            (&[Exit::Done, Exit::Done], Exit::Done),
            (&[Exit::Usage, Exit::Usage], Exit::Usage),
            (&[Exit::Usage, Exit::Done], residue),
            (&[residue, Exit::Done], residue),
            (&[Exit::Harness, Exit::Usage, residue], Exit::Harness),
            (&[safety, Exit::Harness], safety),
            (&[residue, Exit::Signal(2)], Exit::Signal(2)),
        ] {
            assert_eq!(worst(ends), end, "{ends:?}");
        }
    }
}
