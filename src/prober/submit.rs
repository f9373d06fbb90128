//! Phase one: write the intent, send, note the answer; at the scenario's rate, whatever the answers take.

use super::engine::Engine;
use super::fit::too_many_members;
use super::line::{Line, Sends, Slots};
use super::streaks::{CutShort, Ended, Kind};
use super::tracked::Tracked;
use super::{Error, News, watch};
use crate::exchange::Earlier;
use crate::model::{Act, Captures, Event, GeneratorVersion, JourneyStep, LifeEvent, Phase, ProbeIndex, Submission};
use crate::target::Context;
use chrono::{DateTime, TimeDelta, Utc};
use std::sync::Arc;
use tokio::time::Instant;

/// Submits every probe of which nothing was committed yet; while the exchange knows its idempotency key also what an earlier
/// process may have committed and heard no answer to. Returns why it stopped early, where it did.
pub(super) async fn submit_all(engine: &Arc<Engine>) -> Result<Option<CutShort>, Error> {
    let can_be_drawn = GeneratorVersion::of_number(engine.plan.generator_version).is_some();
    let is_ours = |t: &Tracked| t.planned || can_be_drawn;
    let waiting = engine.probes_where(|t| may_be_submitted(engine, t) && is_ours(t));
    let others = engine.probes_where(|t| may_be_submitted(engine, t) && !is_ours(t)).len();
    engine.listener.tell(&News::PhaseBegan { phase: Phase::Submit, probes: waiting.len() as u64 });
    let (asked_for, mut begun) = (waiting.len(), 0);
    let mut line = Line::new(engine, Sends::Enrollments);
    for (n, probe) in (0u32..).zip(waiting) {
        let Some(turn) = line.next(n).await? else { break };
        begun += 1;
        let (engine, slots, intended) = (Arc::clone(engine), line.slots(), turn.intended);
        line.send(turn, async move { submit(&engine, probe, (intended, &slots)).await });
    }
    let cut = line.finish().await?;
    if begun < asked_for {
        let why = match &cut {
            Some(_) => "nothing more was sent",
            None if engine.stop.is_cancelled() => "the run was stopped",
            None => "its time was up",
        };
        let left = asked_for - begun;
        engine.listener.tell(&News::Note(format!("{left} of {asked_for} households were never begun: {why}")));
    }
    Ok(cut.or_else(|| (others > 0).then(|| drawn_by_another(engine.plan.generator_version, others))))
}

/// Whoever is not planned yet would be somebody else, drawn by another version of the generator.
fn drawn_by_another(version: u32, households: usize) -> CutShort {
    let newest = GeneratorVersion::NEWEST;
    let reason = format!(
        "{households} households are not planned yet: version {version} of the generator was to draw them, and this program has \
         version {newest} and those before it, which draw other people; they are not sent (the program that began the run can send them)"
    );
    CutShort { reason, kind: Kind::NotThere }
}

/// Whether sending the flow (again) enrolls nobody twice.
fn may_be_submitted(engine: &Engine, tracked: &Tracked) -> bool {
    let again = |act: Act| tracked.may_repeat_by_key && key_is_known(engine, act.intended_at);
    tracked.is_open(JourneyStep::ENROLL, again)
}

/// Whether the exchange surely still knows the keys of a flow that began then.
fn key_is_known(engine: &Engine, began_at: DateTime<Utc>) -> bool {
    let flow = engine.target.exchange.flows.get(&LifeEvent::Enroll);
    let known_for = flow.filter(|flow| flow.idempotency_header.is_some()).map(|flow| flow.key_is_known_for);
    let ago = (engine.now() - began_at).to_std().unwrap_or_default();
    known_for.is_some_and(|known_for| ago < known_for) && engine.epoch.breaks().after(began_at).is_none()
}

/// What attempts before may have left of a probe at the exchange.
fn earlier(engine: &Engine, probe: ProbeIndex) -> Earlier {
    let act = engine.with(probe, |tracked| tracked.acts.of(JourneyStep::ENROLL)).flatten();
    let ago = |act: Act| (engine.now() - act.intended_at).to_std().unwrap_or_default();
    Earlier { was_begun: act.is_some(), may_be_committed: act.filter(Act::is_unanswered).map(ago) }
}

/// One enrollment: intent, flow, answer. `None` where the target cannot carry the household, and nothing was sent.
async fn submit(
    engine: &Engine,
    probe: ProbeIndex,
    (intended, slots): (Instant, &Slots),
) -> Result<Option<Ended>, Error> {
    let _flight = engine.flights.depart();
    let (household, plans) = engine.household(probe);
    let context = Context::new(&household, &plans, &engine.plan.run);
    let intended_at = wall_time(engine.now(), intended);
    let earlier = earlier(engine, probe);
    let too_many = too_many_members(&engine.target, &household);
    // once it may be committed it stays so, whatever comes of the repetition
    let tells_commit = earlier.may_be_committed.is_none();
    let mut intent = Vec::with_capacity(3);
    if !engine.with(probe, |t| t.planned).unwrap_or(false) {
        intent.push(Event::Planned { household: Box::new(household), plans });
    }
    intent.push(Event::Sending { probe, action: JourneyStep::ENROLL, intended_at, tells_commit });
    if let Some(reason) = too_many {
        intent.push(unsent(probe, reason));
        engine.announce(intent).await?;
        engine.listener.tell(&News::Answered { action: JourneyStep::ENROLL, submission: Submission::Unsent });
        return Ok(None);
    }
    engine.announce(intent).await?;
    slots.begin(intended);
    let ended = carry_out_again(engine, probe, JourneyStep::ENROLL, (&context, intended, earlier)).await?;
    watch::join(engine, probe, JourneyStep::ENROLL);
    Ok(Some(ended))
}

/// What is written down of an enrollment that is not begun.
fn unsent(probe: ProbeIndex, reason: String) -> Event {
    Event::Answered {
        probe,
        action: JourneyStep::ENROLL,
        submission: Submission::Unsent,
        reason: Some(reason),
        captures: Captures::default(),
        steps: Vec::new(),
    }
}

/// Carries out a flow whose intent is written, and writes down the answer.
pub(super) async fn carry_out(
    engine: &Engine,
    probe: ProbeIndex,
    action: JourneyStep,
    (context, intended): (&Context, Instant),
) -> Result<Ended, Error> {
    carry_out_again(engine, probe, action, (context, intended, Earlier::default())).await
}

async fn carry_out_again(
    engine: &Engine,
    probe: ProbeIndex,
    action: JourneyStep,
    (context, intended, earlier): (&Context, Instant, Earlier),
) -> Result<Ended, Error> {
    let flow = engine.first_byte.set_out();
    let answered = engine.exchange.carry_out_again(action, context, (intended, earlier)).await;
    flow.ended(answered.sent);
    let (submission, ended) = (answered.submission, Ended::from(&answered));
    if let Some(why) = answered.reason.as_ref().filter(|_| submission == Submission::Accepted) {
        engine.tell_of_distrust(probe, why);
    }
    let event = Event::Answered {
        probe,
        action,
        submission,
        reason: answered.reason,
        captures: answered.captures,
        steps: answered.steps,
    };
    let written = engine.announce(vec![event]).await;
    engine.under_way.ended(probe);
    written?;
    engine.listener.tell(&News::Answered { action, submission });
    engine.note_obstacle(ended.obstacle);
    Ok(ended)
}

/// The wall time of a monotonic moment.
pub(super) fn wall_time(now_at: DateTime<Utc>, moment: Instant) -> DateTime<Utc> {
    let now = Instant::now();
    let ahead = TimeDelta::from_std(moment.saturating_duration_since(now)).unwrap_or_default();
    let behind = TimeDelta::from_std(now.saturating_duration_since(moment)).unwrap_or_default();
    chrono::SubsecRound::trunc_subsecs(now_at + ahead - behind, 6)
}
