//! `narrow`: one who failed is sent again, as they were and with one attribute changed at a time; each round of tries is a run like any
//! other, and everybody is taken out at its end.

use super::arguments::Arguments;
use super::console::{print, tell};
use super::context::World;
use super::demo;
use super::drive::{self, Drive};
use super::exit::Exit;
use super::failure::Failure;
use super::files::job_again;
use super::flags::Narrow;
use super::run::header_of;
use chrono::Utc;
use johndoe::ledger::{self, RunState};
use johndoe::model::{Answer, Decide, Entry, Event, Given, ProbeIndex, Proof, RunId, Summary, Verdict};
use johndoe::narrow::{self, Course, Next, Subject, Told, Variant};
use johndoe::prober::{self, Job, Options, Prober};
use johndoe::target::Environment;
use std::fmt::Write as _;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

/// Households sent at most unless a number was typed: what a failure of one or two attributes takes that strikes half the time.
const MOST: u32 = 150;

/// Proves what a failure takes.
pub(crate) async fn narrow(asked: &Narrow, arguments: &Arguments, world: &World) -> Result<Exit, Failure> {
    let bench = Bench::of(asked, arguments, world)?;
    let (subject, most) = (&bench.subject, bench.most);
    if !asked.json {
        print(&beforehand(&bench))?;
    }
    if asked.only_shown {
        return Ok(Exit::Done);
    }
    let (drive, ending) = Drive::taking_out(arguments, world, |progress| progress);
    let addable = subject.changes.iter().map(|change| change.with.is_some()).collect();
    let mut course = Course::new(addable, subject.strikes, most);
    let mut tried = Tried::default();
    let end = loop {
        let asked_for = match course.next() {
            Next::End(end) => break end,
            Next::Try(variants) => variants,
        };
        for round in asked_for.chunks(tried.together(&bench)) {
            if let Some(stopped) = tried.round(round, &mut course, (&bench, &drive, &ending)).await? {
                tell("no answer: it was ended before its tries were. Whoever was in is taken out, or listed above");
                return Ok(stopped);
            }
        }
    };
    let told = Told { probe: subject.probe, failure: subject.failure.clone(), runs: tried.runs.clone() };
    let proof = narrow::proof(&end, &course, &subject.changes, told);
    written_down(&bench, &proof).map_err(Failure::after_sending)?;
    let text = if asked.json {
        serde_json::to_string_pretty(&proof).map_err(Failure::harness)?
    } else {
        answer(&proof, &bench.base)
    };
    print(&text).map_err(Failure::after_sending)?;
    Ok(tried.exit(&proof))
}

/// What is repeated, and where.
struct Bench<'a> {
    base: RunId,
    ledger: &'a str,
    job: Job,
    subject: Subject,
    most: u32,
    is_one_by_one: bool,
    first_seed: u64,
}

impl<'a> Bench<'a> {
    fn of(asked: &Narrow, arguments: &'a Arguments, world: &'a World) -> Result<Self, Failure> {
        let at = arguments.ledger(world);
        let ledger = ledger::open_to_read(at)?;
        let base = ledger.find_run(&asked.run)?;
        let mut header = header_of(&*ledger, &base)?;
        if demo::is_demo(&header) {
            return Err(Failure::usage(format!(
                "run {base} was a demo, and its sandbox ended with it: nothing can be sent again"
            )));
        }
        if !ledger.runs()?.iter().any(|listed| listed.run == base && listed.state == RunState::Finished) {
            return Err(Failure::usage(format!(
                "run {base} has not come to its end; `johndoe resume {base}` takes it there"
            )));
        }
        (header.keep, header.last_step, header.deadline_seconds) = (false, None, None);
        let (plan, entries) = (ledger.run_plan(&base)?.0, ledger.entries(&base)?);
        let job = job_again(header, &plan, &asked.again)?;
        let most = match asked.most {
            None if job.target.environment == Environment::Production => {
                return Err(Failure::usage(format!(
                    "target `{}` is in production: say with --most how many households may be sent at most",
                    job.target.name
                )));
            }
            most => most.unwrap_or(MOST),
        };
        let summary = drive::judged(at, &base)?;
        let offers = prober::offers(&job.target);
        let probe = asked.probe.map(ProbeIndex);
        let subject = narrow::subject(probe, (&plan, &entries, &summary), &offers)
            .map_err(|why| Failure::usage(format!("run {base}: {why}")))?;
        // nobody of an earlier narrowing, nor of the run itself, has had the numbers that are drawn of it
        let first_seed = asked.seed.unwrap_or_else(|| uuid::Uuid::now_v7().as_u64_pair().1 % 1_000_000_000);
        Ok(Self { base, ledger: at, job, subject, most, is_one_by_one: asked.is_one_by_one, first_seed })
    }

    /// The job of a round: so many households, of a seed that no other round has.
    fn round(&self, count: usize, round: usize) -> Job {
        let mut job = self.job.clone();
        let (count, seed) = (u32::try_from(count).unwrap_or(u32::MAX), self.first_seed.wrapping_add(round as u64));
        let scenario = Arc::make_mut(&mut job.scenario);
        (scenario.population.count, scenario.population.seed) = (count, seed);
        // a handful proves nothing of a rate, and nobody asks it to
        (scenario.objective.decide, scenario.objective.acceptable) = (Decide::Estimate, None);
        (job.header.count, job.header.seed) = (Some(count), Some(seed));
        job
    }

    fn household(&self, of: Variant) -> Option<Given> {
        let (subject, change) = (&self.subject, |at: usize| self.subject.changes.get(at));
        match of {
            Variant::Unchanged => Some(subject.failing.clone()),
            Variant::Without(at) => change(at).map(|change| change.without.clone()),
            Variant::Passing => subject.nearest.as_ref().map(|(_, given)| given.clone()),
            Variant::With(at) => change(at)?.with.clone(),
        }
    }
}

/// What the rounds so far came to.
#[derive(Default)]
struct Tried {
    runs: Vec<RunId>,
    residue: u64,
    /// The exchange let in nobody beside one of them, or not all of them: from now on one is in at a time.
    is_one_by_one: bool,
}

impl Tried {
    /// How many may go in one round.
    fn together(&self, bench: &Bench<'_>) -> usize {
        if bench.is_one_by_one || self.is_one_by_one { 1 } else { bench.job.target.limits.probes.max(1) as usize }
    }

    /// One round: a run of its own, to its end. `Some`: a signal ended it.
    async fn round(
        &mut self,
        tries: &[Variant],
        course: &mut Course,
        (bench, drive, ending): (&Bench<'_>, &Drive, &CancellationToken),
    ) -> Result<Option<Exit>, Failure> {
        let given: Vec<Given> = tries.iter().filter_map(|of| bench.household(*of)).collect();
        let job = bench.round(given.len(), self.runs.len());
        let prober = Prober::begin_given(&given, &job, ledger::open(bench.ledger)?, &drive.around).await?;
        self.runs.push(prober.run_id().clone());
        let prober = Arc::new(prober);
        let (early, end) = (Arc::clone(&prober), ending.clone());
        let listens = tokio::spawn(async move {
            end.cancelled().await;
            early.take_out_now();
        });
        let options = Options { keep: false, cleanup_only: false, deadline: None, no_wait: false };
        let stopped = drive.to_its_end(&prober, options).await;
        listens.abort();
        let run = prober.run_id();
        if let Some(stopped) = stopped? {
            tell(&format!(
                "stopped, and perhaps not everybody is out. `johndoe sweep` takes out who is left of run {run}"
            ));
            return Ok(Some(stopped));
        }
        let summary = drive::judged(bench.ledger, run).map_err(Failure::after_sending)?;
        self.left(&summary);
        if ending.is_cancelled() {
            return Ok(Some(if self.residue > 0 { Exit::Judged(Verdict::Residue) } else { drive.signalled() }));
        }
        self.hear(tries, course, (&summary, bench));
        Ok(None)
    }

    /// Tells whoever stays.
    fn left(&mut self, summary: &Summary) {
        for left in summary.probes.iter().filter_map(|probe| probe.remaining.as_ref()) {
            tell(&format!("NOT taken out again, or not provably (`johndoe sweep` tries again): {left}"));
            self.residue += 1;
        }
    }

    /// Takes in what came of each. Where people who were sent together were not let in, it may be because they are one person to the
    /// exchange: that says nothing, and they go one after the other.
    fn hear(&mut self, tries: &[Variant], course: &mut Course, (summary, bench): (&Summary, &Bench<'_>)) {
        let came = |at: usize| {
            narrow::came(summary, ProbeIndex(u32::try_from(at).unwrap_or(u32::MAX)), &bench.subject.failure)
        };
        if tries.len() > 1 && summary.counts.rejected > 0 && summary.counts.accepted > 0 && !self.is_one_by_one {
            self.is_one_by_one = true;
            tell(
                "the exchange refused some who were sent together: perhaps it lets a person in once. From now on one goes in at a time",
            );
        }
        for (at, of) in tries.iter().enumerate() {
            course.came(*of, came(at));
        }
    }

    fn exit(&self, proof: &Proof) -> Exit {
        match proof.answer {
            _ if self.residue > 0 => Exit::Judged(Verdict::Residue),
            Answer::NotSettled => Exit::Judged(Verdict::Inconclusive),
            _ => Exit::Done,
        }
    }
}

/// The answer joins the run's own entries, and with them its punch list.
fn written_down(bench: &Bench<'_>, proof: &Proof) -> Result<(), Failure> {
    let mut ledger = ledger::open_existing(bench.ledger)?;
    let lock = ledger.claim(&bench.base)?;
    ledger.write_under(lock.claim().clone());
    let event = Event::Narrowed { proof: Box::new(proof.clone()) };
    ledger.append(&[(bench.base.clone(), Entry { at: Utc::now(), event })])?;
    Ok(())
}

/// What is to be sent, before anything is.
fn beforehand(bench: &Bench<'_>) -> String {
    let Subject { probe, failure, nearest, changes, .. } = &bench.subject;
    let mut text = format!(
        "probe {probe} of run {}: {} at `{}`\n{} households at most are sent to target `{}`, each under a new identity, and taken out again",
        bench.base, failure.what, failure.waypoint, bench.most, bench.job.target.name
    );
    text.push_str("\nfirst the household as it was, until it is known whether it fails again");
    let Some((nearest, _)) = nearest else {
        text.push_str("\nnobody passed in that run: there is nobody to compare it with");
        return text;
    };
    let count = changes.len();
    let _ = write!(
        text,
        "\nthen one thing at a time as others have it who passed, of whom probe {nearest} is most like it; these {count}:"
    );
    for change in changes {
        let attributes = change.attributes.join(", ");
        let _ = if attributes.is_empty() {
            write!(text, "\n  {}", change.name)
        } else {
            write!(text, "\n  {} (no longer: {attributes})", change.name)
        };
    }
    text
}

fn answer(proof: &Proof, base: &RunId) -> String {
    let mut text = format!("\n{}", proof.sentence);
    for untried in &proof.untried {
        let _ = write!(text, "\n  could not be tried: {untried}");
    }
    let _ = write!(
        text,
        "\n{} households were sent in {} runs; the answer stands in the punch list: johndoe report {base}",
        proof.sent,
        proof.runs.len()
    );
    text
}
