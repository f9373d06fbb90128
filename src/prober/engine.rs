//! What every part of the engine shares: the plan, the doors, the ledger, and what is known of each probe.

use super::blindness::Blindness;
use super::epoch::Epoch;
use super::first_byte::FirstByte;
use super::flights::Flights;
use super::horizon::Horizon;
use super::pace::Pacer;
use super::register::UnderWay;
use super::tracked::Tracked;
use super::{Error, Listener, News};
use crate::clock::Step;
use crate::exchange::{Exchange, Obstacle};
use crate::generator::{Generator, plan_for};
use crate::issuer::{Messages, Sought};
use crate::ledger::Recorder;
use crate::life;
use crate::model::{
    Captures, Change, CoverageLine, Entry, Event, Expectation, Field, GroupRecord, Household, IssuerId, JourneyStep,
    LifeEvent, Offer, PlanId, ProbeIndex, RunPlan, Submission,
};
use crate::net::{Halt, Trace};
use crate::reconcile::{Keys, Recognise, Recognition, Roster, Standing, expect_through, marked_household};
use crate::scenario::Scenario;
use crate::target::{Context, Target};
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard};
use tokio::sync::mpsc::UnboundedSender;
use tokio_util::sync::CancellationToken;

/// Shared by submitters and watchers.
pub(super) struct Engine {
    pub(super) plan: RunPlan,
    pub(super) scenario: Arc<Scenario>,
    pub(super) target: Arc<Target>,
    pub(super) generator: Generator,
    pub(super) offers: Vec<Offer>,
    pub(super) exchange: Exchange,
    pub(super) recorder: Recorder,
    pub(super) epoch: Arc<Epoch>,
    pub(super) listener: Arc<dyn Listener>,
    /// Ends submitting and watching early.
    pub(super) stop: CancellationToken,
    /// Ends every wait on a peer: when the run is stopped, and when the time of a phase is up.
    pub(super) halt: Halt,
    pub(super) flights: Flights,
    /// Slots and places for everything that is sent.
    pub(super) pacer: Pacer,
    /// Whether anything of an enrollment may have left.
    pub(super) first_byte: FirstByte,
    /// Whose enrollment may be committed at this moment.
    pub(super) under_way: UnderWay,
    pub(super) state: State,
}

/// Households and the plans they chose, as the ledger has them.
type Planned = BTreeMap<ProbeIndex, (Household, BTreeMap<CoverageLine, PlanId>)>;

/// What is known of the probes; every lock is held for moments and never across an await.
pub(super) struct State {
    probes: Mutex<Vec<Tracked>>,
    /// Households of earlier processes that this program would draw otherwise.
    planned: Mutex<Planned>,
    roster: RwLock<Roster>,
    blindness: Mutex<Blindness>,
    /// When each waypoint that is read as a whole was last listed healthily.
    looked_at: Mutex<Vec<Option<DateTime<Utc>>>>,
    /// Our own messages whose acknowledgements are looked for at each waypoint.
    messages: Mutex<Vec<Messages>>,
    /// Where the readers wait for probes whose flow was answered.
    arrivals: Mutex<Vec<UnboundedSender<ProbeIndex>>>,
    /// What kept the latest flow that was not accepted.
    obstacle: Mutex<Option<Obstacle>>,
    /// It was told that what an answer told is used by nothing.
    is_distrust_told: AtomicBool,
}

impl State {
    /// Nothing known yet.
    pub(super) fn new(probes: u32, waypoints: usize, roster: Roster) -> Self {
        Self {
            probes: Mutex::new(vec![Tracked::new(waypoints); probes as usize]),
            planned: Mutex::default(),
            roster: RwLock::new(roster),
            blindness: Mutex::default(),
            looked_at: Mutex::new(vec![None; waypoints]),
            messages: Mutex::new((0..waypoints).map(|_| Messages::default()).collect()),
            arrivals: Mutex::default(),
            obstacle: Mutex::default(),
            is_distrust_told: AtomicBool::new(false),
        }
    }
}

pub(super) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Engine {
    /// Now, in UTC.
    pub(super) fn now(&self) -> DateTime<Utc> {
        self.epoch.now()
    }

    /// The household of a probe, and the plans it chooses.
    pub(super) fn household(&self, probe: ProbeIndex) -> (Household, BTreeMap<CoverageLine, PlanId>) {
        let planned = locked(&self.state.planned).get(&probe).cloned();
        planned.unwrap_or_else(|| self.drawn(probe))
    }

    /// The household as this program draws it, and the plans it would choose.
    fn drawn(&self, probe: ProbeIndex) -> (Household, BTreeMap<CoverageLine, PlanId>) {
        let household = self.generator.household(probe);
        let plans = plan_for(&household, &self.offers);
        (household, plans)
    }

    /// The same as it is now, after every change that is on its way or was taken.
    pub(super) fn household_now(&self, probe: ProbeIndex) -> (Household, BTreeMap<CoverageLine, PlanId>) {
        let (household, plans) = self.household(probe);
        let changes: Vec<Change> = self.steps_of(probe).into_iter().map(|(_, change)| change).collect();
        if changes.is_empty() {
            return (household, plans);
        }
        let plans = life::plans_after(&household, &plans, changes.iter().copied(), &self.plan.offers);
        (life::after(&household, changes), plans)
    }

    /// The same with their places in the journey.
    pub(super) fn steps_of(&self, probe: ProbeIndex) -> Vec<(JourneyStep, Change)> {
        let of = |tracked: &Tracked| {
            let standing = tracked.acts.changes().filter(|(_, act)| act.may_stand());
            standing.map(|(step, _)| (step, self.plan.change_at(step))).collect()
        };
        self.with(probe, of).unwrap_or_default()
    }

    /// Whether a change of the journey is for a probe's household as it is now.
    pub(super) fn may_have(&self, probe: ProbeIndex, step: JourneyStep) -> bool {
        let before: Vec<_> = self.steps_of(probe).into_iter().filter(|(at, _)| *at < step).collect();
        let (household, plans) = self.household(probe);
        life::passed_over(&self.plan, (&household, &plans), &before, step).is_none()
    }

    /// What templates may say of a probe, everything captured or learned included.
    pub(super) fn context(&self, probe: ProbeIndex) -> Context {
        self.context_and_household(probe).0
    }

    /// The same, and the household it is made of, as it is now.
    pub(super) fn context_and_household(&self, probe: ProbeIndex) -> (Context, Household) {
        let (household, plans) = self.household_now(probe);
        let known = self.with(probe, Tracked::known).unwrap_or_default();
        (Context::new(&household, &plans, &self.plan.run).with_captures(&known), household)
    }

    /// Whom a look for this probe is for.
    pub(super) fn sought(&self, probe: ProbeIndex) -> Sought {
        let (household, plans) = self.household_now(probe);
        let of = |tracked: &Tracked| (tracked.known(), tracked.ended.clone(), tracked.issuer_ids.clone());
        let (known, ended, issuer_ids) = self.with(probe, of).unwrap_or_default();
        let context = |known: &Captures| Context::new(&household, &plans, &self.plan.run).with_captures(known);
        let (context, ended) = (context(&known), ended.iter().map(context).collect());
        let trace = Trace::of(self.plan.run.as_str(), &probe.to_string());
        let no_older_than = std::time::Instant::now();
        Sought { context, ended, household, plans, known, issuer_ids, trace, is_thorough: false, no_older_than }
    }

    /// Writes down that this process took the run up, where it did not say so yet.
    pub(super) async fn begin_epoch(&self) -> Result<(), Error> {
        self.recorder.record_all(self.epoch.beginning().into_iter().collect()).await?;
        Ok(())
    }

    /// That the wall clock was set since the last look at it, where it was.
    fn step(&self) -> Option<Entry> {
        let Step { from, to } = self.epoch.step()?;
        let note = format!(
            "the wall clock was set from {from} to {to}; time goes on by the monotonic clock, and nothing is judged by the step"
        );
        self.listener.tell(&News::Note(note));
        Some(Entry { at: self.now(), event: Event::ClockStepped { from, to } })
    }

    /// Writes events down durably, then takes them in: for what announces an act.
    pub(super) async fn announce(&self, events: Vec<Event>) -> Result<(), Error> {
        let mut entries: Vec<_> = self.step().into_iter().collect();
        let at = self.now();
        entries.extend(events.iter().map(|event| Entry { at, event: event.clone() }));
        let written = self.recorder.record_all(entries).await;
        for event in &events {
            // What came of an act is known to this process even where it can no longer be written.
            if written.is_ok() || matches!(event, Event::Answered { .. }) {
                self.take_in(at, event, Tracked::apply);
            }
        }
        written?;
        Ok(())
    }

    /// Takes an entry in without writing it: it comes from the ledger. Whoever was planned is that household with those plans,
    /// also where this program would draw another.
    pub(super) fn replay(&self, entry: &Entry) {
        if let Event::Planned { household, plans } = &entry.event {
            let planned = (Household::clone(household), plans.clone());
            if self.drawn(household.index) != planned {
                locked(&self.state.planned).insert(household.index, planned);
            }
        }
        self.take_in(entry.at, &entry.event, Tracked::replay);
    }

    fn take_in(&self, at: DateTime<Utc>, event: &Event, apply: fn(&mut Tracked, DateTime<Utc>, &Event)) {
        match event {
            Event::Planned { household, plans } => {
                let nothing = Captures::default();
                self.expect_now(household, plans, &nothing);
            }
            Event::Looked { probe: None, waypoint, looked_at } => {
                self.remember_look(usize::from(*waypoint), *looked_at);
            }
            Event::Seen { sighting } => self.keep_message(sighting),
            Event::Acknowledged { acknowledgement } => self.keep_answer(acknowledgement),
            _ => {}
        }
        let Some(probe) = self.probe_of(event) else { return };
        if let Event::Seen { sighting } = event {
            self.keep_issuer_ids(probe, sighting);
            self.state.roster.write().unwrap_or_else(PoisonError::into_inner).learn(&sighting.record);
        }
        let asks_for_ids =
            |t: &Tracked| t.acts.submission(LifeEvent::Enroll) != Some(Submission::Accepted) || t.lacks_ids();
        let is_wanted = matches!(event, Event::Seen { .. }) && self.with(probe, asks_for_ids).unwrap_or(false);
        let whose = is_wanted.then(|| self.household(probe));
        let begins = match event {
            Event::Answered { action, submission: Submission::Accepted, .. }
                if life::replaces_policies(action.event) =>
            {
                Some((self.household_before(probe, *action), self.plan.change_at(*action)))
            }
            _ => None,
        };
        let taught = self.with_mut(probe, |tracked| {
            apply(tracked, at, event);
            if let Some((before, change)) = &begins {
                tracked.begin_policies(before, *change);
            }
            match event {
                Event::Sending { action, .. } => {
                    tracked.waits_for(*action, self.begins_anew(*action));
                    if action.event.is_change() {
                        tracked.unsettle(*action, self.plan.change_at(*action));
                    }
                    action.event.is_change()
                }
                Event::Committing { .. } | Event::Named { .. } | Event::Answered { .. } => true,
                Event::Seen { sighting } => tracked.prove(&sighting.record, &self.plan.run, whose.as_ref()),
                _ => false,
            }
        });
        if taught == Some(true) {
            self.refresh(probe);
            self.note_told(probe);
        }
        if let Event::Seen { sighting } = event {
            self.part_from_others(&sighting.record);
        }
        if let Event::Seen { sighting } = event {
            self.note_changes(probe, sighting);
        }
    }

    /// Adds what has become known of a probe to what its records are recognised by.
    fn refresh(&self, probe: ProbeIndex) {
        let (household, plans) = self.household(probe);
        let known = self.with(probe, Tracked::known).unwrap_or_default();
        self.expect_now(&household, &plans, &known);
        self.count_policies(probe, &household);
        self.refresh_changes(probe);
    }

    /// Where one household's marker stands beside what another was known by, neither is known by it any more.
    fn part_from_others(&self, record: &GroupRecord) {
        let Some(marked) = marked_household(record, &self.plan.run) else { return };
        let others = self.roster().others_called_so(record, marked);
        let everybody = others.iter().chain((!others.is_empty()).then_some(&marked));
        for one in everybody {
            self.with_mut(*one, |tracked| tracked.stand_beside_another(record));
        }
    }

    /// Lets the exchange know what a household is called by, before anybody is asked about it: what two are called by is nobody's own.
    fn note_told(&self, probe: ProbeIndex) {
        if let Some(known) = self.with(probe, Tracked::known) {
            self.exchange.note_told(probe, &known);
        }
    }

    /// Records of this are a probe's own from now on.
    pub(super) fn learn(&self, expectation: &Expectation) {
        self.state.roster.write().unwrap_or_else(PoisonError::into_inner).add(expectation);
    }

    fn expect_now(&self, household: &Household, plans: &BTreeMap<CoverageLine, PlanId>, captures: &Captures) {
        let expectation = expect_through(&self.plan.carries, household, plans, captures);
        let begun = self.with(expectation.probe, |tracked| tracked.acts.clone()).unwrap_or_default();
        let groups = || expectation.groups.iter().filter(|group| begun.may_have(group.line));
        let mut issuers: Vec<_> = groups().filter_map(|g| g.facts.text(Field::Issuer)).map(IssuerId::new).collect();
        issuers.dedup();
        self.learn(&expectation);
        self.with_mut(expectation.probe, |tracked| {
            tracked.groups = groups().count().max(1);
            tracked.issuers = issuers;
        });
    }

    /// The probe that an event is about.
    fn probe_of(&self, event: &Event) -> Option<ProbeIndex> {
        match event {
            Event::Planned { household, .. } => Some(household.index),
            Event::Sending { probe, .. }
            | Event::Committing { probe, .. }
            | Event::Named { probe, .. }
            | Event::Answered { probe, .. }
            | Event::Gone { probe, .. }
            | Event::Possible { probe, .. }
            | Event::Absent { probe, .. } => Some(*probe),
            Event::Looked { probe, .. } => *probe,
            Event::Acknowledged { acknowledgement } => Some(acknowledgement.probe),
            Event::Seen { sighting } => self.owner(&sighting.record).map(|r| r.probe).or(sighting.asked_for),
            _ => None,
        }
    }

    /// Which probe a record belongs to, where it is one of ours.
    pub(super) fn owner(&self, record: &GroupRecord) -> Option<Recognition> {
        self.roster().recognise_record(record)
    }

    /// How a record stands to those we look for.
    pub(super) fn stands_record(&self, record: &GroupRecord) -> Standing {
        let standing = self.roster().stands_record(record);
        if standing == Standing::Stranger {
            self.note_others(&Keys::of_record(record));
        }
        standing
    }

    /// Takes in by what ids another run's people go, from a record that is not ours.
    fn note_others(&self, keys: &Keys<'_>) {
        let ids = self.roster().others_ids(keys);
        if !ids.is_empty() {
            let mut roster = self.state.roster.write().unwrap_or_else(PoisonError::into_inner);
            for id in ids {
                roster.add_foreign_id(id);
            }
        }
    }

    /// Notes that something may be a probe's: an event to write down the first time.
    pub(super) fn possible(&self, probe: ProbeIndex, waypoint: usize) -> Option<Event> {
        let is_known = self.with(probe, |tracked| tracked.at.get(waypoint).is_none_or(|at| at.possible))?;
        (!is_known).then(|| Event::Possible { probe, waypoint: index(waypoint) })
    }

    /// Whether a record is surely another run's.
    pub(super) fn is_of_another_run(&self, record: &GroupRecord) -> bool {
        self.roster().is_of_another_run(record)
    }

    fn roster(&self) -> RwLockReadGuard<'_, Roster> {
        self.state.roster.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Looks in the ledger whether another run has the same people at the moment, and which ids the exchange gave there.
    pub(super) async fn look_for_twin(&self) -> Result<(), Error> {
        let twins = self.recorder.twins().await?;
        let mut roster = self.state.roster.write().unwrap_or_else(PoisonError::into_inner);
        roster.set_twin(twins.may_have_left_some);
        for id in &twins.ids {
            roster.add_foreign_id(id);
        }
        Ok(())
    }

    /// Reads what is known of a probe.
    pub(super) fn with<T>(&self, probe: ProbeIndex, read: impl FnOnce(&Tracked) -> T) -> Option<T> {
        locked(&self.state.probes).get(probe.0 as usize).map(read)
    }

    /// Changes what is known of a probe.
    pub(super) fn with_mut<T>(&self, probe: ProbeIndex, change: impl FnOnce(&mut Tracked) -> T) -> Option<T> {
        locked(&self.state.probes).get_mut(probe.0 as usize).map(change)
    }

    /// The probes of which this is true, in index order.
    pub(super) fn probes_where(&self, is: impl Fn(&Tracked) -> bool) -> Vec<ProbeIndex> {
        let probes = locked(&self.state.probes);
        (0u32..).map(ProbeIndex).zip(probes.iter()).filter(|(_, t)| is(t)).map(|(n, _)| n).collect()
    }

    /// Counts over every probe.
    pub(super) fn count(&self, of: impl Fn(&Tracked) -> u64) -> u64 {
        locked(&self.state.probes).iter().map(of).sum()
    }

    /// Uses what is known of our own messages at a waypoint of acknowledgements.
    pub(super) fn messages<T>(&self, waypoint: usize, work: impl FnOnce(&mut Messages) -> T) -> Option<T> {
        locked(&self.state.messages).get_mut(waypoint).map(work)
    }

    /// Remembers a healthy listing that is not written down yet.
    pub(super) fn remember_look(&self, waypoint: usize, looked_at: DateTime<Utc>) {
        if let Some(slot) = locked(&self.state.looked_at).get_mut(waypoint) {
            *slot = (*slot).max(Some(looked_at));
        }
    }

    /// When a folder was last listed healthily.
    pub(super) fn looked_at(&self, waypoint: usize) -> Option<DateTime<Utc>> {
        locked(&self.state.looked_at).get(waypoint).copied().flatten()
    }

    /// Until when a probe is waited for at a waypoint; `None` where nothing was sent for that goal.
    pub(super) fn horizon(&self, tracked: &Tracked, waypoint: usize, goal: JourneyStep) -> Option<Horizon> {
        let act = tracked.acts.of(goal)?;
        let waypoint = self.plan.waypoints.get(waypoint)?;
        Some(Horizon::new(&self.plan, waypoint, goal, (act.intended_at, self.epoch.breaks())))
    }

    /// From now on, probes whose flow was answered are sent to these readers.
    pub(super) fn send_arrivals_to(&self, readers: Vec<UnboundedSender<ProbeIndex>>) {
        *locked(&self.state.arrivals) = readers;
    }

    /// Tells, of the first household, that what its answer told is used by nothing.
    pub(super) fn tell_of_distrust(&self, probe: ProbeIndex, why: &str) {
        if !self.state.is_distrust_told.swap(true, Ordering::Relaxed) {
            let note = format!("household {probe}: {why}; of others to whom that happens only the report tells");
            self.listener.tell(&News::Note(note));
        }
    }

    /// Notes what kept a flow from being accepted.
    pub(super) fn note_obstacle(&self, obstacle: Option<Obstacle>) {
        let mut latest = locked(&self.state.obstacle);
        // a flow that the run's end cut off does not hide what kept others
        if obstacle.is_some() && (obstacle != Some(Obstacle::Ended) || latest.is_none()) {
            *latest = obstacle;
        }
    }

    /// What kept the latest flow that was not accepted.
    pub(super) fn obstacle(&self) -> Option<Obstacle> {
        *locked(&self.state.obstacle)
    }

    /// A probe's records may be looked for from now on.
    pub(super) fn arrived(&self, probe: ProbeIndex) {
        for reader in locked(&self.state.arrivals).iter() {
            // A reader that has ended needs no newcomers.
            let _ = reader.send(probe);
        }
    }

    /// A look failed: remembered, and told once a spell.
    pub(super) fn blind(&self, waypoint: usize, issuer: Option<&IssuerId>, reason: &str) {
        let now = self.now();
        if locked(&self.state.blindness).failed(index(waypoint), issuer.cloned(), now, reason) {
            let name = self.waypoint_name(waypoint);
            self.listener.tell(&News::Sight { waypoint: name, blind: Some(reason.to_owned()) });
        }
    }

    /// A look succeeded: the spell of blindness before it, where there was one, as an event to write down.
    pub(super) fn sighted(&self, waypoint: usize, issuer: Option<&IssuerId>) -> Option<Event> {
        let spell = locked(&self.state.blindness).healthy(index(waypoint), issuer.cloned())?;
        self.listener.tell(&News::Sight { waypoint: self.waypoint_name(waypoint), blind: None });
        Some(spell)
    }

    /// A look at a whole waypoint succeeded: the spells of blindness before it.
    pub(super) fn sighted_everywhere(&self, waypoint: usize) -> Vec<Event> {
        let spells = locked(&self.state.blindness).healthy_everywhere(index(waypoint));
        if !spells.is_empty() {
            self.listener.tell(&News::Sight { waypoint: self.waypoint_name(waypoint), blind: None });
        }
        spells
    }

    /// Everything kept in memory that the judge needs, written down: open spells and latest absences.
    pub(super) async fn settle_accounts(&self) -> Result<(), Error> {
        let mut events = locked(&self.state.blindness).close_all();
        let looked: Vec<_> = locked(&self.state.looked_at).clone();
        events.extend(looked.into_iter().enumerate().filter_map(|(waypoint, at)| {
            Some(Event::Looked { probe: None, waypoint: index(waypoint), looked_at: at? })
        }));
        for probe in self.probes_where(|_| true) {
            self.with(probe, |tracked| unwritten_absences(probe, tracked, &mut events));
        }
        for chunk in events.chunks(2000) {
            self.announce(chunk.to_vec()).await?;
        }
        self.recorder.flush().await?;
        Ok(())
    }

    /// The latest looks for one probe, written down: what stood in force until the next step is known by them alone.
    pub(super) async fn settle_looks(&self, probe: ProbeIndex) -> Result<(), Error> {
        let mut events = Vec::new();
        self.with(probe, |tracked| unwritten_absences(probe, tracked, &mut events));
        if events.is_empty() { Ok(()) } else { self.announce(events).await }
    }

    /// The waypoint's name.
    pub(super) fn waypoint_name(&self, waypoint: usize) -> String {
        self.plan.waypoints.get(waypoint).map(|w| w.name.to_string()).unwrap_or_default()
    }
}

/// The roster is locked for each record anew: flows under way add to it while a long file is read.
impl Recognise for Engine {
    fn stands(&self, keys: &Keys<'_>) -> Standing {
        let standing = self.roster().stands(keys);
        if standing == Standing::Stranger {
            self.note_others(keys);
        }
        standing
    }
}

fn unwritten_absences(probe: ProbeIndex, tracked: &Tracked, events: &mut Vec<Event>) {
    for (waypoint, at) in tracked.at.iter().enumerate() {
        let fresh = at.last_absent_at.filter(|absent| Some(*absent) > at.noted_absent_at);
        if let Some(absent_at) = fresh {
            let words = at.words.as_deref().map(str::to_owned);
            events.push(Event::Absent { probe, waypoint: index(waypoint), issuer: None, absent_at, words });
        }
        // What is there in part was looked for as a whole: the rest is not there.
        let known = at.noted_look_at.max(at.last_absent_at);
        let in_part = at.active() < tracked.groups || at.misrouted;
        // What is there after its change or cancellation was looked at: it is not only that nobody could look.
        let went_on = tracked.acts.steps().any(|(step, _)| step != JourneyStep::ENROLL);
        let tells = at.active() > 0 && (in_part || went_on) || at.possible;
        for (issuer, reason) in at.failed.iter().flat_map(|failed| &failed.by) {
            let (at, reason) = (at.failed.as_ref().map(|failed| failed.at).unwrap_or_default(), reason.clone());
            let (waypoint, issuer) = (index(waypoint), issuer.clone());
            events.push(Event::Blind { waypoint, issuer, probe: Some(probe), from: at, until: at, reason });
        }
        if let Some(looked_at) = at.last_look_at.filter(|look| tells && Some(*look) > known) {
            events.push(Event::Looked { probe: Some(probe), waypoint: index(waypoint), looked_at });
        }
    }
}

/// A waypoint's index as the ledger holds it.
pub(super) fn index(waypoint: usize) -> u16 {
    u16::try_from(waypoint).unwrap_or(u16::MAX)
}
