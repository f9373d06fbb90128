//! Phase two: every waypoint is read until each record is settled, which is seen, or missing by a healthy look, or given
//! up because nobody could look.

use super::due_now::Looked;
use super::engine::Engine;
use super::folders::Folder;
use super::horizon::Horizon;
use super::look_ups::LookUps;
use super::tracked::{AtWaypoint, Tracked};
use super::waits::{Wait, wait};
use super::walk::{Decided, decide_on_next, look_ahead};
use super::{Error, News};
use crate::life;
use crate::model::{FeedKind, JourneyStep, LifeEvent, ProbeIndex, WaypointPlan, Windows};
use crate::reconcile::left_by_end;
use chrono::{DateTime, Utc};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::sync::mpsc::{self, UnboundedSender};
use tokio::task::JoinSet;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// How often the state of the watch is summed up …
const SUM_UP_EVERY: Duration = Duration::from_millis(200);
/// … unless that takes so long that it would be more than this part of the time: a hundred thousand probes are many.
const SUM_UP_SHARE: u32 = 50;
/// How often it is looked whether another run has the same people.
const TWINS_EVERY: Duration = Duration::from_secs(1);
/// Longest wait, after everything is settled, for a second delivery of the same record.
const LONGEST_LINGER: Duration = Duration::from_secs(30);

/// The readers of a run's waypoints.
pub(super) struct Waypoints {
    pub(super) look_ups: Vec<Arc<LookUps>>,
    pub(super) folders: Vec<Arc<Folder>>,
}

/// What a watch waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Awaited {
    /// What each household's latest step is to show.
    Life,
    /// That it goes.
    End,
}

/// A watch under way.
pub(super) struct Watch<'a> {
    pub(super) engine: &'a Arc<Engine>,
    pub(super) waypoints: &'a Waypoints,
    pub(super) awaited: Awaited,
    over: CancellationToken,
    readers: JoinSet<Result<(), Error>>,
}

/// What there is to do beside waiting while households live.
pub(super) struct Beside<'a> {
    /// Enrollments are still being sent.
    pub(super) submits: &'a AtomicBool,
    /// Nothing new is to be sent.
    pub(super) safety_stop: &'a AtomicBool,
    /// Only what is due now is done.
    pub(super) waits_for_nothing: bool,
    /// Takes the steps that are decided on.
    pub(super) decided: UnboundedSender<Decided>,
}

impl<'a> Watch<'a> {
    /// Starts every reader; probes join as their flows are answered, those answered before join now.
    pub(super) fn begin(engine: &'a Arc<Engine>, waypoints: &'a Waypoints, awaited: Awaited) -> Self {
        let (over, mut readers) = (CancellationToken::new(), JoinSet::new());
        let mut arrivals = Vec::new();
        for look_ups in &waypoints.look_ups {
            let (sender, newcomers) = mpsc::unbounded_channel();
            arrivals.push(sender);
            readers.spawn(Arc::clone(look_ups).watch(awaited, newcomers, over.clone()));
        }
        for folder in &waypoints.folders {
            readers.spawn(Arc::clone(folder).watch(over.clone()));
        }
        readers.spawn(look_for_twins(Arc::clone(engine), over.clone()));
        engine.send_arrivals_to(arrivals);
        for probe in engine.probes_where(|t| goal_of(t, awaited).is_some()) {
            engine.arrived(probe);
        }
        Self { engine, waypoints, awaited, over, readers }
    }

    /// Waits until everybody's journey has come to its end and everything is settled, the run is stopped, or time is up; decides
    /// meanwhile on the next step of whoever is settled. `false`: nothing more is to be done now, and more is due later.
    pub(super) async fn until_lived(&mut self, beside: Beside<'_>) -> Result<bool, Error> {
        let mut looked = Looked::default();
        loop {
            let (began, submits) = (Instant::now(), beside.submits.load(Ordering::Relaxed));
            let goes_on = !beside.safety_stop.load(Ordering::Relaxed);
            // of a journey that is broken off nothing more is waited for than what was sent
            let last = if goes_on { self.engine.plan.last_change() } else { 0 };
            // while journeys of one step begin there is nothing to decide on, and nothing can be over
            if !submits || last > 0 {
                if self.take_stock(last) && !submits {
                    return Ok(true);
                }
                if !self.engine.halt.is_called() && self.decide(last, &beside.decided) {
                    looked.begins_anew();
                }
            }
            let is_idle = || self.engine.count(|t| u64::from(t.progress.is_under_way())) == 0;
            if beside.waits_for_nothing && !submits && is_idle() {
                if self.has_done_all(&mut looked).await? {
                    return Ok(self.engine.halt.is_called());
                }
                continue;
            }
            if !self.wait(began).await? {
                return Ok(true);
            }
        }
    }

    /// Waits until everything is settled, the run is stopped, or time is up.
    pub(super) async fn until_settled(&mut self) -> Result<(), Error> {
        loop {
            let began = Instant::now();
            if self.take_stock(0) || !self.wait(began).await? {
                return Ok(());
            }
        }
    }

    /// Tells how many of the records waited for are settled, of all that journeys which end with this step are to lead to; says whether
    /// all are.
    pub(super) fn take_stock(&self, last: u16) -> bool {
        let (now, waypoints) = (self.engine.now(), self.engine.plan.waypoints.len() as u64);
        let of = self.engine.count(|t| goal_of(t, self.awaited).map_or(0, |_| waypoints * (u64::from(last) + 1)));
        let done = self.engine.count(|t| {
            let Some(goal) = goal_of(t, self.awaited) else { return 0 };
            let before = if t.has_walked(last) { last } else { goal.number.min(last) };
            u64::from(before) * waypoints + self.settled_at(t, (goal, now)) as u64
        });
        self.engine.listener.tell(&News::Settled { done, of });
        done == of && self.engine.count(|t| u64::from(t.progress.is_under_way())) == 0
    }

    /// At how many waypoints a step is settled.
    fn settled_at(&self, tracked: &Tracked, (goal, now): (JourneyStep, DateTime<Utc>)) -> usize {
        let settled = |w: &usize| is_settled_at(self.engine, tracked, *w, (goal, now));
        (0..self.engine.plan.waypoints.len()).filter(settled).count()
    }

    /// Waits a while, longer where what was done since a moment took long. `false`: the run is stopped, or time is up.
    async fn wait(&mut self, since: Instant) -> Result<bool, Error> {
        let pause = SUM_UP_EVERY.max(since.elapsed() * SUM_UP_SHARE);
        tokio::select! {
            biased;
            () = self.engine.halt.called() => return Ok(false),
            Some(ended) = self.readers.join_next() => ended.map_err(|e| Error::Broken(e.to_string()))??,
            () = tokio::time::sleep(pause) => {}
        }
        Ok(true)
    }

    /// Decides on the next step of everybody for whom what it waits for has come; says whether there was any.
    fn decide(&self, last: u16, decided: &UnboundedSender<Decided>) -> bool {
        for probe in self.engine.probes_where(|t| !t.has_walked(last) && t.progress.must_look_ahead()) {
            look_ahead(self.engine, probe);
        }
        let now = self.engine.now();
        let is_ready = |t: &Tracked| {
            let is_over = |next| matches!(wait(self.engine, t, next, now), Wait::Over(_));
            !t.has_walked(last) && t.progress.next().is_some_and(is_over)
        };
        let ready = self.engine.probes_where(is_ready);
        for probe in &ready {
            if let Some(step) = decide_on_next(self.engine, *probe, now) {
                // whoever takes them ends after this
                let _ = decided.send(step);
            }
        }
        !ready.is_empty()
    }

    /// Waits for a second delivery of what was seen, and asks every issuer once more: duplicates and records at the wrong
    /// issuer show themselves here.
    pub(super) async fn last_looks(&self) -> Result<(), Error> {
        if self.awaited == Awaited::Life || self.is_somebody_overtaken() {
            self.engine.halt.pause(self.linger()).await;
        }
        for folder in &self.waypoints.folders {
            folder.read_last().await?;
        }
        let sent = self.engine.probes_where(|t| t.acts.of(JourneyStep::ENROLL).is_some());
        for look_ups in &self.waypoints.look_ups {
            look_ups.last_round(sent.clone()).await?;
        }
        Ok(())
    }

    /// Whether the last looks showed somebody who was taken for gone.
    pub(super) fn is_anybody_back(&self) -> bool {
        !self.take_stock(0)
    }

    /// Whether a folder showed the cancellation of somebody whose enrollment it never did: that may come behind it yet.
    fn is_somebody_overtaken(&self) -> bool {
        let is_folder = |w: &usize| self.engine.plan.waypoints.get(*w).is_some_and(|w| w.feed == FeedKind::EdiFolder);
        let folders: Vec<usize> = (0..self.engine.plan.waypoints.len()).filter(is_folder).collect();
        let is_overtaken = |at: &AtWaypoint| at.cancelled() > 0 && at.active() == 0;
        let overtaken = |t: &Tracked| folders.iter().filter_map(|w| t.at.get(*w)).any(is_overtaken);
        !self.engine.probes_where(overtaken).is_empty()
    }

    /// Ends every reader, and writes down what was still in memory.
    pub(super) async fn end(mut self) -> Result<(), Error> {
        self.over.cancel();
        self.engine.send_arrivals_to(Vec::new());
        while let Some(ended) = self.readers.join_next().await {
            ended.map_err(|e| Error::Broken(e.to_string()))??;
        }
        for look_ups in &self.waypoints.look_ups {
            look_ups.note_times(|_| true).await?;
        }
        self.engine.settle_accounts().await
    }

    /// One more delivery window where they come often; a folder that is delivered twice a day is not waited for.
    fn linger(&self) -> Duration {
        let windows = self.engine.plan.waypoints.iter().filter_map(|w| match &w.windows {
            Some(Windows::Every { period, grace }) => Some(*period + *grace),
            _ => None,
        });
        let readings = self.waypoints.folders.iter().map(|f| f.every * 2);
        let looks = self.waypoints.look_ups.iter().map(|l| l.poll.every * 2);
        windows.chain(readings).chain(looks).max().unwrap_or_default().min(LONGEST_LINGER)
    }
}

/// Knows of another run with the same people before anything of it can have come anywhere.
async fn look_for_twins(engine: Arc<Engine>, over: CancellationToken) -> Result<(), Error> {
    loop {
        engine.look_for_twin().await?;
        tokio::select! {
            () = over.cancelled() => return Ok(()),
            () = tokio::time::sleep(TWINS_EVERY) => {}
        }
    }
}

/// The step of a probe whose records are waited for, where there is one: the latest that may stand, or its end.
pub(super) fn goal_of(tracked: &Tracked, awaited: Awaited) -> Option<JourneyStep> {
    let may_stand = |step: JourneyStep| tracked.acts.of(step).is_some_and(|act| act.may_stand());
    match awaited {
        Awaited::End => Some(JourneyStep::CANCEL).filter(|end| may_stand(*end)),
        Awaited::Life if !may_stand(JourneyStep::ENROLL) => None,
        Awaited::Life => {
            let standing = tracked.acts.changes().filter(|(_, act)| act.may_stand());
            Some(standing.last().map_or(JourneyStep::ENROLL, |(step, _)| step))
        }
    }
}

/// Whether a probe's latest step is settled at a waypoint, and those before it that it did not wait for: seen there, or given up.
pub(super) fn is_settled_at(
    engine: &Engine,
    tracked: &Tracked,
    waypoint: usize,
    (goal, now): (JourneyStep, DateTime<Utc>),
) -> bool {
    let open = engine.open_steps(tracked, goal);
    open.into_iter().all(|step| is_settled(engine, tracked, waypoint, (step, now)))
}

fn is_settled(engine: &Engine, tracked: &Tracked, waypoint: usize, (goal, now): (JourneyStep, DateTime<Utc>)) -> bool {
    let reached = match goal.event {
        _ if goal != JourneyStep::ENROLL && !is_acknowledged(engine, tracked, waypoint) => false,
        LifeEvent::Enroll => has_arrived(tracked, waypoint),
        LifeEvent::Cancel => is_gone(engine, tracked, waypoint, goal),
        event if life::turns_policies(event) => has_turned(engine, tracked, waypoint, goal),
        _ => has_changed(engine, tracked, waypoint, goal),
    };
    // The horizon is asked for last: delivery windows make it dear.
    let is_over = |horizon| is_out_of_time(engine, tracked, (waypoint, horizon, now));
    reached || engine.horizon(tracked, waypoint, goal).is_none_or(is_over)
}

/// Whether as many acknowledgements came here as messages that they answer, since the step was sent; true of every other waypoint.
fn is_acknowledged(engine: &Engine, tracked: &Tracked, waypoint: usize) -> bool {
    let of = engine.plan.waypoints.get(waypoint).and_then(|waypoint| waypoint.acknowledges.as_ref());
    let Some(of) = of else { return true };
    let sender = engine.plan.waypoints.iter().position(|waypoint| waypoint.name == *of);
    let messages = |at: usize| tracked.at.get(at).map_or(0, AtWaypoint::messages);
    sender.is_none_or(|sender| messages(waypoint) >= messages(sender))
}

fn has_arrived(tracked: &Tracked, waypoint: usize) -> bool {
    tracked.at.get(waypoint).is_some_and(|at| at.active() >= tracked.groups)
}

/// What had come shows its change; what had not is not waited for again.
fn has_changed(engine: &Engine, tracked: &Tracked, waypoint: usize, goal: JourneyStep) -> bool {
    let fields = tracked.changing_at(goal);
    let shows = |waypoint: &WaypointPlan| {
        life::is_shown_at(waypoint, engine.plan.change_at(goal)) && waypoint.shows_changes(fields)
    };
    !engine.plan.waypoints.get(waypoint).is_some_and(shows)
        || tracked.at.get(waypoint).is_none_or(|at| at.has_changed(goal, fields))
}

/// Every policy that ever began has come, and those that have ended are shown as ended, or no more.
fn has_turned(engine: &Engine, tracked: &Tracked, waypoint: usize, goal: JourneyStep) -> bool {
    let (Some(at), Some(plan)) = (tracked.at.get(waypoint), engine.plan.waypoints.get(waypoint)) else { return true };
    let standing = tracked.standing;
    if standing.ended >= tracked.groups {
        return is_gone(engine, tracked, waypoint, goal);
    }
    let is_shown_no_more = || plan.feed.is_asked_per_probe() && at.shown() <= tracked.groups - standing.ended;
    let have_ended = !plan.shows_cancellations() || at.cancelled() >= standing.ended || is_shown_no_more();
    let stands = at.stands(tracked.groups - standing.ended, plan.feed.is_asked_per_probe());
    have_ended && has_arrived(tracked, waypoint) && stands && !is_left_otherwise(engine, tracked, waypoint)
}

/// Whether what has ended was seen last in another status than the steps that ended it are to leave: it may be put right until it is due.
fn is_left_otherwise(engine: &Engine, tracked: &Tracked, waypoint: usize) -> bool {
    let ends = |step: JourneyStep| step == JourneyStep::CANCEL || life::ends_some(step.event);
    let standing = || tracked.acts.steps().filter(|(_, act)| act.may_stand()).map(|(step, _)| step);
    let of_each = standing().filter(|step| ends(*step));
    let wanted: Option<Vec<&str>> = of_each.map(|step| left_by_end(&engine.plan, step, standing())).collect();
    let at = tracked.at.get(waypoint);
    wanted.is_some_and(|wanted| at.is_some_and(|at| at.is_left_otherwise(&wanted)))
}

/// A message waypoint has shown as many cancellations as enrollments; a state waypoint shows nothing in force.
fn is_gone(engine: &Engine, tracked: &Tracked, waypoint: usize, goal: JourneyStep) -> bool {
    let (Some(at), Some(plan)) = (tracked.at.get(waypoint), engine.plan.waypoints.get(waypoint)) else { return true };
    if !life::is_end_shown_at(plan, goal.event) {
        return true;
    }
    let all_cancelled = at.cancelled() >= at.active();
    let cancelled_at = tracked.acts.of(goal).map(|act| act.intended_at);
    // who is shown again after that is not gone
    let is_back = at.last_look_at > at.last_absent_at && !all_cancelled;
    let absent_since = at.last_absent_at > cancelled_at && !is_back;
    let is_out = match plan.feed {
        FeedKind::JsonApi => absent_since || (all_cancelled && at.active() > 0),
        // what was never in force is gone where a look after the cancellation says so
        FeedKind::Eligibility => {
            let looked_since = at.last_look_at > cancelled_at;
            absent_since || (all_cancelled && at.cancelled() > 0 && looked_since)
        }
        FeedKind::EdiFolder | FeedKind::Ack => all_cancelled,
    };
    is_out && !is_left_otherwise(engine, tracked, waypoint)
}

fn is_out_of_time(
    engine: &Engine,
    tracked: &Tracked,
    (waypoint, horizon, now): (usize, Horizon, DateTime<Utc>),
) -> bool {
    let is_asked_per_probe = engine.plan.waypoints.get(waypoint).is_some_and(|w| w.feed.is_asked_per_probe());
    let last_look = if is_asked_per_probe {
        tracked.at.get(waypoint).and_then(|at| at.last_look_at)
    } else {
        engine.looked_at(waypoint)
    };
    last_look.is_some_and(|at| at >= horizon.missing_at) || now >= horizon.give_up_at
}

/// Adds a probe whose step was answered to what is watched, where it is waited for.
pub(super) fn join(engine: &Engine, probe: ProbeIndex, step: JourneyStep) {
    if engine.with(probe, |t| t.acts.of(step).is_some_and(|act| act.may_stand())).unwrap_or(false) {
        engine.arrived(probe);
    }
}
