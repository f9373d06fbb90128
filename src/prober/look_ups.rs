//! Watching a waypoint that is asked per probe: appointments, looks under way, and what each look found.

use super::agenda::{Agenda, Appointment, pause};
use super::engine::{Engine, index};
use super::met::{Before, Listed, Met, Whose};
use super::relay::title_of_look;
use super::tracked::{Change, FailedLook, Tracked, group_key};
use super::turns::Turns;
use super::watch::{Awaited, goal_of};
use super::{Error, News};
use crate::clock::spacing;
use crate::issuer::{InAnswer, Look, Own, ProbeFeed, Sorting, shows_somebody};
use crate::model::{
    AnswerTimes, Event, Facts, GroupRecord, Household, IssuerId, JourneyStep, ProbeIndex, Sighting, Submission,
};
use crate::reconcile::Standing;
use crate::target::Poll;
use chrono::{DateTime, Utc};
use futures_util::FutureExt;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::task::JoinSet;
use tokio::time::{Interval, MissedTickBehavior};
use tokio_util::sync::CancellationToken;

/// How often it is written down how long answers took: whoever is killed loses no more of them.
const TIMES_EVERY: Duration = Duration::from_secs(1);

/// A waypoint asked per probe.
pub(super) struct LookUps {
    pub(super) engine: Arc<Engine>,
    pub(super) waypoint: usize,
    pub(super) feed: Arc<dyn ProbeFeed>,
    pub(super) poll: Poll,
    pub(super) listed: Listed,
    pub(super) turns: Turns,
}

/// Whom a look asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Whom {
    /// The issuers of the probe's plans.
    Own,
    /// Every issuer: records at the wrong one are found so. What was read before that moment does not serve.
    Everybody(Instant),
}

/// What one round of asking found.
struct Found {
    began_at: DateTime<Utc>,
    /// Issuers that answered.
    asked: Vec<Option<IssuerId>>,
    shown: Vec<(Option<IssuerId>, GroupRecord)>,
    /// Everybody who was to be asked answered.
    healthy: bool,
    /// Records of other people in the answers.
    strangers: u64,
    /// Records of other people in lists, of whom nobody was told yet.
    dropped: u64,
    /// One of them may be the probe's.
    possible: bool,
    /// In what words the far side said that it knows nobody.
    words: Option<String>,
    /// Who did not answer, and why.
    failed: Vec<(Option<IssuerId>, String)>,
}

/// Until when something was surely not there.
#[derive(Clone, Copy)]
struct Absent {
    /// Nothing of the probe was.
    whole: Option<DateTime<Utc>>,
    /// What the last look did not show was not.
    at_last_look: Option<DateTime<Utc>>,
}

/// What one round of asking came to.
struct Looked {
    appointment: Appointment,
    retry_after: Option<Duration>,
}

/// Why nobody could be looked for, where no look-up can be asked.
pub(super) fn not_askable(names: &BTreeSet<String>) -> String {
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    format!("nothing can be asked: nobody has told `{}`", names.join("`, `"))
}

impl LookUps {
    /// Looks for every probe that comes in, again and again, until the phase is over.
    pub(super) async fn watch(
        self: Arc<Self>,
        awaited: Awaited,
        mut newcomers: UnboundedReceiver<ProbeIndex>,
        over: CancellationToken,
    ) -> Result<(), Error> {
        let mut agenda = Agenda::default();
        let mut under_way: JoinSet<Result<Looked, Error>> = JoinSet::new();
        let at_once = self.engine.target.limits.look_ups.max(1) as usize;
        let mut gate = Gate::new(self.poll.budget_per_second);
        let mut beat = beat();
        let mut open = true;
        loop {
            tokio::select! {
                biased;
                () = over.cancelled() => break,
                _ = beat.tick() => self.note_times(|_| true).await?,
                Some(ended) = under_way.join_next() => {
                    let looked = ended.map_err(|e| Error::Broken(e.to_string()))??;
                    self.next_appointment(&mut agenda, awaited, &looked);
                }
                newcomer = newcomers.recv(), if open => match newcomer {
                    Some(probe) => agenda.begin(probe, self.poll.first_after),
                    None => open = false,
                },
                due = agenda.due(), if under_way.len() < at_once => {
                    tokio::select! {
                        () = over.cancelled() => break,
                        () = gate.pass() => {}
                    }
                    under_way.spawn(Arc::clone(&self).look(due, Whom::Own));
                }
            }
        }
        while let Some(ended) = under_way.join_next().await {
            ended.map_err(|e| Error::Broken(e.to_string()))??;
        }
        Ok(())
    }

    /// One last look for each of these probes, at every issuer.
    pub(super) async fn last_round(self: &Arc<Self>, probes: Vec<ProbeIndex>) -> Result<(), Error> {
        let at_once = self.engine.target.limits.look_ups.max(1) as usize;
        let mut under_way: JoinSet<Result<Looked, Error>> = JoinSet::new();
        let (mut gate, mut beat) = (Gate::new(self.poll.budget_per_second), beat());
        let everybody = Whom::Everybody(Instant::now());
        for probe in probes {
            if self.engine.stop.is_cancelled() || self.engine.halt.await_or_give_up(gate.pass()).await.is_none() {
                break;
            }
            under_way.spawn(Arc::clone(self).look(Appointment::first(probe), everybody));
            while under_way.len() >= at_once {
                finished(under_way.join_next().await)?;
            }
            if beat.tick().now_or_never().is_some() {
                self.note_times(|_| true).await?;
            }
        }
        while let Some(ended) = under_way.join_next().await {
            finished(Some(ended))?;
        }
        self.note_times(|_| true).await
    }

    fn next_appointment(&self, agenda: &mut Agenda, awaited: Awaited, looked: &Looked) {
        let next = looked.appointment;
        let goal = |t: &Tracked| goal_of(t, awaited).and_then(|goal| self.engine.horizon(t, self.waypoint, goal));
        let mut wait = pause(self.poll.every, self.poll.at_most, next);
        let now = self.engine.now();
        let horizon = self.engine.with(next.probe, goal).flatten();
        if let Some(milestone) = horizon.and_then(|h| h.next_milestone(now)) {
            wait = wait.min(milestone + Duration::from_millis(2));
        }
        let wait = wait.max(looked.retry_after.unwrap_or_default());
        agenda.add(next.and_again(), wait);
    }

    /// Asks for a probe and writes down what was found.
    async fn look(self: Arc<Self>, appointment: Appointment, whom: Whom) -> Result<Looked, Error> {
        let probe = appointment.probe;
        let _turn = self.turns.of(probe).await;
        let mut looked = Looked { appointment, retry_after: None };
        let mut sought = self.engine.sought(probe);
        // every policy must go, and another question may show another one
        sought.is_thorough = whom != Whom::Own || self.is_cancelled(probe);
        let began_at = self.engine.now();
        sought.no_older_than = match whom {
            Whom::Own => self.latest_act(probe, began_at),
            Whom::Everybody(since) => since,
        };
        let mut found = Found {
            began_at,
            asked: Vec::new(),
            shown: Vec::new(),
            healthy: true,
            strangers: 0,
            dropped: 0,
            possible: false,
            words: None,
            failed: Vec::new(),
        };
        for issuer in self.whom_to_ask(probe, whom) {
            let met = Met::default();
            let ours = |record: &GroupRecord, answer: InAnswer| {
                let own = self.is_own(&sought.household, record, answer);
                met.note(answer, self.whose(probe, record, own));
                own
            };
            let by = Sorting { ours: &ours, roster: &*self.engine };
            let look = self.feed.look(issuer.as_ref(), &sought, by).await;
            let look = self.unless_replaced(look, (probe, issuer.as_ref()), &met);
            let told = || self.engine.told_of_look(probe, &look);
            self.engine.show(self.waypoint, || title_of_look(issuer.as_ref()), told);
            self.take_answer(issuer, look, (&mut found, &mut looked)).await?;
        }
        self.take_in(probe, found).await?;
        self.note_times(|times| times.slow > 0).await?;
        Ok(looked)
    }

    /// When the probe's latest step was sent: a list that was read before says nothing of it.
    fn latest_act(&self, probe: ProbeIndex, now: DateTime<Utc>) -> Instant {
        let latest = |t: &Tracked| t.acts.steps().map(|(_, act)| act.sent_at.max(act.again_at)).max();
        let since = self.engine.with(probe, latest).flatten().map(|at| (now - at).to_std().unwrap_or_default());
        let instant = Instant::now();
        since.and_then(|since| instant.checked_sub(since)).unwrap_or(instant)
    }

    /// Whose a record is, seen from this probe.
    fn whose(&self, probe: ProbeIndex, record: &GroupRecord, own: Own) -> Whose {
        match own {
            Own::Yes if self.is_own_group(probe, record) => Whose::Own,
            Own::Yes => Whose::OfTheRun,
            Own::No if shows_somebody(record) => Whose::Strangers,
            Own::No | Own::Possibly => Whose::Nobodys,
        }
    }

    /// The same, unless others stand where the probe stood: what is not shown so is not gone.
    fn unless_replaced(&self, look: Look, (probe, issuer): (ProbeIndex, Option<&IssuerId>), met: &Met) -> Look {
        if met.is_listed() {
            self.listed.note(probe, issuer);
        }
        let before = Before {
            was_shown: self.has_shown_own(probe, issuer),
            is_cancelled: self.is_cancelled(probe),
            was_listed: self.listed.has(probe, issuer),
        };
        let Some(reason) = met.replaced(before).map(str::to_owned) else { return look };
        match look {
            Look::Absent { .. } => Look::Blind { reason, retry_after: None },
            Look::AbsentSince { retry_after, .. } => Look::Blind { reason, retry_after },
            Look::Found { records, strangers, partial, possible } => {
                let partial = partial.or(Some(reason));
                Look::Found { records, strangers, partial, possible }
            }
            look => look,
        }
    }

    /// Adds what one issuer said to what a round of asking found.
    async fn take_answer(
        &self,
        issuer: Option<IssuerId>,
        look: Look,
        (found, looked): (&mut Found, &mut Looked),
    ) -> Result<(), Error> {
        let probe = looked.appointment.probe;
        let look = match look {
            Look::InList { age, strangers, look } => {
                found.began_at -= age;
                found.dropped += strangers;
                *look
            }
            look => look,
        };
        match look {
            Look::Found { strangers, possible, .. } if possible && self.is_cancelled(probe) => {
                // what may be theirs and is in force may be a policy that stays: nothing is gone, whatever stands beside it
                self.healthy(issuer.as_ref()).await?;
                found.strangers += strangers;
                found.possible = true;
            }
            Look::Found { records, strangers, partial, possible } => {
                found.strangers += strangers;
                found.possible |= possible;
                self.take_found(issuer, (records, partial), (found, probe)).await?;
            }
            Look::Absent { strangers, possible } => {
                self.healthy(issuer.as_ref()).await?;
                found.strangers += strangers;
                found.words = found.words.take().or_else(|| others_alone(strangers));
                found.possible |= possible;
                // what may be theirs may be all that is left of what was: nothing is gone
                if !possible {
                    found.asked.push(issuer);
                }
            }
            Look::AbsentSince { age, strangers, reason, retry_after } => {
                // the spell is told, though it hides nobody
                self.engine.blind(self.waypoint, issuer.as_ref(), &reason);
                found.strangers += strangers;
                found.words = found.words.take().or_else(|| others_alone(strangers));
                found.began_at -= age;
                looked.retry_after = looked.retry_after.max(retry_after);
                found.asked.push(issuer);
            }
            Look::NotKnown { words, strangers } => {
                self.healthy(issuer.as_ref()).await?;
                found.strangers += strangers;
                found.words = found.words.take().or(Some(words).filter(|words| !words.is_empty()));
                found.asked.push(issuer);
            }
            // Nobody could look because the run is being ended, which is no fault of the waypoint.
            Look::Blind { .. } if self.engine.halt.is_called() => found.healthy = false,
            Look::Blind { reason, retry_after } => {
                found.healthy = false;
                self.engine.blind(self.waypoint, issuer.as_ref(), &reason);
                found.failed.push((issuer, reason));
                looked.retry_after = looked.retry_after.max(retry_after);
            }
            Look::NotAskable(names) => {
                found.healthy = false;
                found.failed.extend(self.will_not_be_told(probe, &names).map(|reason| (issuer, reason)));
            }
            Look::InList { .. } => found.healthy = false,
        }
        Ok(())
    }

    /// Why nobody could look, where nobody will tell any more what a look-up asks by: the answer to the enrollment was heard.
    fn will_not_be_told(&self, probe: ProbeIndex, names: &BTreeSet<String>) -> Option<String> {
        let is_accepted = |t: &Tracked| t.acts.submission(JourneyStep::ENROLL) == Some(Submission::Accepted);
        self.engine.with(probe, is_accepted).unwrap_or(false).then(|| not_askable(names))
    }

    /// Adds the records that one issuer showed.
    async fn take_found(
        &self,
        issuer: Option<IssuerId>,
        (records, partial): (Vec<GroupRecord>, Option<String>),
        (found, probe): (&mut Found, ProbeIndex),
    ) -> Result<(), Error> {
        let is_short = || {
            !self.shows_all_of(probe, issuer.as_ref(), &records)
                || self.shows_less(probe, issuer.as_ref(), records.len())
        };
        let partial = partial.filter(|_| is_short());
        let ours = |record| (issuer.clone(), self.engine.ours_alone(probe, record));
        let Some(reason) = partial else {
            found.shown.extend(records.into_iter().map(ours));
            self.healthy(issuer.as_ref()).await?;
            found.asked.push(issuer);
            return Ok(());
        };
        // what it does not show is neither absent nor gone, and what it shows tells nothing but the first time
        found.healthy = false;
        self.engine.blind(self.waypoint, issuer.as_ref(), &reason);
        if !self.has_shown(probe, issuer.as_ref()) {
            let whole = self.whole_groups(probe, &records);
            let records = records.into_iter().filter(|record| whole.contains(&group_key(record)));
            found.shown.extend(records.map(ours));
        }
        found.failed.push((issuer, reason));
        Ok(())
    }

    /// Writes down how long answers took, if it is time to: slow ones at once, the others once a second and when a phase ends.
    pub(super) async fn note_times(&self, is_time: impl Fn(&AnswerTimes) -> bool) -> Result<(), Error> {
        match self.feed.take_times(&is_time) {
            Some(times) => {
                self.engine.announce(vec![Event::AnswersTimed { waypoint: index(self.waypoint), times }]).await
            }
            None => Ok(()),
        }
    }

    /// A record is ours by its keys; or, as the lone answer to a question by the probe's own ids, by resembling its household: what is
    /// garbled must be called altered and not missing. Whoever resembles it otherwise may be a stranger who shares a name or a birth
    /// date with it.
    fn is_own(&self, household: &Household, record: &GroupRecord, answer: InAnswer) -> Own {
        match self.engine.stands_record(record) {
            Standing::Ours(_) => Own::Yes,
            _ if self.engine.is_of_another_run(record) => Own::No,
            _ if !resembles(household, record) => Own::No,
            _ if answer.of == 1 && answer.by_id && answer.depends => Own::Yes,
            _ => Own::Possibly,
        }
    }

    /// Whether records show every group of the probe that one issuer can have, each with everybody: then there is nothing of it to be
    /// on another page. Who answers for all issuers has the groups of each of them.
    fn shows_all_of(&self, probe: ProbeIndex, issuer: Option<&IssuerId>, records: &[GroupRecord]) -> bool {
        let whole = self.whole_groups(probe, records);
        let shown = records.iter().filter(|record| self.is_own_group(probe, record)).map(group_key);
        let expected = |t: &Tracked| if issuer.is_some() && t.issuers.len() > 1 { 1 } else { t.groups };
        let is_enough = self.engine.with(probe, expected).is_some_and(|expected| whole.len() >= expected);
        is_enough && shown.into_iter().all(|group| whole.contains(&group))
    }

    fn is_own_group(&self, probe: ProbeIndex, record: &GroupRecord) -> bool {
        self.engine.owner(record).is_none_or(|owner| owner.probe == probe)
    }

    /// The probe's groups that are shown with as many members as apply: where each record is a member, whoever of a group is not
    /// shown may be on another page.
    fn whole_groups(&self, probe: ProbeIndex, records: &[GroupRecord]) -> BTreeSet<u64> {
        let expected = self.engine.household_now(probe).0.places().len();
        let mut members: BTreeMap<u64, HashSet<&Facts>> = BTreeMap::new();
        for record in records.iter().filter(|record| self.is_own_group(probe, record)) {
            members.entry(group_key(record)).or_default().extend(&record.members);
        }
        members.into_iter().filter(|(_, members)| members.len() >= expected).map(|(group, _)| group).collect()
    }

    /// Whether fewer records are shown than at the last look: what an incomplete answer does not show is not gone.
    fn shows_less(&self, probe: ProbeIndex, issuer: Option<&IssuerId>, records: usize) -> bool {
        let shown = |t: &Tracked| t.at.get(self.waypoint).map_or(0, |at| at.shown_by(issuer));
        self.engine.with(probe, shown).is_some_and(|shown| shown > records)
    }

    fn has_shown(&self, probe: ProbeIndex, issuer: Option<&IssuerId>) -> bool {
        let at = |t: &Tracked| t.at.get(self.waypoint).is_some_and(|at| at.has_shown(issuer));
        self.engine.with(probe, at).unwrap_or_default()
    }

    /// Whether an issuer shows something of the probe itself, and not of another household alone.
    fn has_shown_own(&self, probe: ProbeIndex, issuer: Option<&IssuerId>) -> bool {
        let at = |t: &Tracked| t.at.get(self.waypoint).is_some_and(|at| at.has_shown_own(issuer));
        self.engine.with(probe, at).unwrap_or_default()
    }

    /// Whether its cancellation, or another end of one of its policies, was sent and may have been taken.
    fn is_cancelled(&self, probe: ProbeIndex) -> bool {
        self.engine.with(probe, Tracked::is_ended).unwrap_or_default()
    }

    async fn healthy(&self, issuer: Option<&IssuerId>) -> Result<(), Error> {
        match self.engine.sighted(self.waypoint, issuer) {
            Some(spell) => self.engine.announce(vec![spell]).await,
            None => Ok(()),
        }
    }

    /// Writes down what changed since the last look. A look that could not ask everybody proves no absence, and what it
    /// did not ask about is not gone.
    async fn take_in(&self, probe: ProbeIndex, mut found: Found) -> Result<(), Error> {
        let now = self.engine.now();
        let is_own = |record: &GroupRecord| self.engine.owner(record).is_none_or(|owner| owner.probe == probe);
        let own = found.shown.iter().filter(|(_, record)| is_own(record)).map(|(issuer, _)| issuer.clone());
        let own: Vec<Option<IssuerId>> = own.collect();
        let is_shown = !own.is_empty();
        if !is_shown {
            let owners = found.shown.iter().filter_map(|(_, record)| self.engine.owner(record));
            let owners: BTreeSet<ProbeIndex> = owners.map(|owner| owner.probe).collect();
            let words = || one_alone(&owners).or_else(|| others_alone(found.shown.len() as u64));
            found.words = found.words.take().or_else(words);
        }
        let Some(Some((change, absent, strangers))) = self.engine.with_mut(probe, |t| {
            let at = t.at.get_mut(self.waypoint)?;
            let absent = Absent { whole: at.last_absent_at, at_last_look: at.last_absent_at.max(at.last_look_at) };
            let strangers = found.strangers.saturating_sub(at.strangers);
            at.strangers += strangers;
            if found.healthy {
                at.last_look_at = at.last_look_at.max(Some(found.began_at));
                at.failed = None;
            } else if !found.failed.is_empty() {
                at.failed = Some(Box::new(FailedLook { at: now, by: std::mem::take(&mut found.failed) }));
            }
            // what may be theirs is no proof that nothing of theirs is there, and what is another probe's is none of theirs
            if found.healthy && !is_shown && !found.possible {
                at.last_absent_at = at.last_absent_at.max(Some(found.began_at));
                at.words = found.words.as_deref().map(Box::from);
            }
            at.show_own(&found.asked, own.into_iter());
            Some((at.show(&found.asked, &found.shown), absent, strangers))
        }) else {
            return Ok(());
        };
        let (waypoint, possible, strangers) = (index(self.waypoint), found.possible, strangers + found.dropped);
        let mut events = self.changes(probe, found, &change, absent);
        events.extend(possible.then(|| self.engine.possible(probe, self.waypoint)).flatten());
        if strangers > 0 {
            events.push(Event::StrangersDropped { waypoint, strangers });
        }
        if events.is_empty() {
            return Ok(());
        }
        if events.iter().any(|e| matches!(e, Event::Seen { .. })) {
            self.engine.listener.tell(&News::Seen { waypoint: self.engine.waypoint_name(self.waypoint) });
        }
        self.engine.announce(events).await
    }

    /// One moment for what went and what came: a state that took another's place leaves no gap.
    fn changes(&self, probe: ProbeIndex, found: Found, change: &Change, absent: Absent) -> Vec<Event> {
        let seen_at = found.began_at.max(self.engine.now());
        let gone = |issuer: &Option<IssuerId>| Event::Gone {
            probe,
            waypoint: index(self.waypoint),
            issuer: issuer.clone(),
            gone_at: seen_at,
        };
        let mut events: Vec<Event> = change.gone.iter().map(gone).collect();
        for (n, (issuer, record)) in found.shown.into_iter().enumerate() {
            if change.new.contains(&n) {
                events.push(self.seen(probe, (absent.at_last_look, seen_at), issuer, record));
            } else if change.left.contains(&n) {
                events.push(self.seen(probe, (absent.whole, seen_at), issuer, record));
            }
        }
        events
    }

    fn seen(
        &self,
        probe: ProbeIndex,
        (last_absent_at, first_seen_at): (Option<DateTime<Utc>>, DateTime<Utc>),
        issuer: Option<IssuerId>,
        record: GroupRecord,
    ) -> Event {
        let sighting = Sighting {
            waypoint: index(self.waypoint),
            issuer,
            asked_for: Some(probe),
            last_absent_at,
            first_seen_at,
            gone_at: None,
            record,
        };
        Event::Seen { sighting: Box::new(sighting) }
    }

    /// The endpoints to ask: the one that answers for all, or those of the probe's own issuers (all, where they are not
    /// known).
    fn whom_to_ask(&self, probe: ProbeIndex, whom: Whom) -> Vec<Option<IssuerId>> {
        let endpoints = self.feed.endpoints();
        let own = self.engine.with(probe, |t| t.issuers.clone()).unwrap_or_default();
        let is_own = |endpoint: &Option<IssuerId>| endpoint.as_ref().is_none_or(|issuer| own.contains(issuer));
        if whom != Whom::Own || !endpoints.iter().any(is_own) {
            return endpoints;
        }
        endpoints.into_iter().filter(is_own).collect()
    }
}

/// What is said of a look that is answered with the records of other people.
fn others_alone(records: u64) -> Option<String> {
    match records {
        0 => None,
        1 => Some("the answer holds one record, which is somebody else's".to_owned()),
        many => Some(format!("the answer holds {many} records, all of other people")),
    }
}

/// The same where they are all of one household of the run.
fn one_alone(owners: &BTreeSet<ProbeIndex>) -> Option<String> {
    let only = owners.first().filter(|_| owners.len() == 1)?;
    Some(format!("the answer shows probe {only} in its place"))
}

/// Whether some member shares a birth date, a whole name or a mailbox with somebody of the household.
fn resembles(household: &Household, record: &GroupRecord) -> bool {
    record.members.iter().any(|member| household.has_somebody_like(member))
}

fn beat() -> Interval {
    let mut beat = tokio::time::interval(TIMES_EVERY);
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    beat
}

fn finished(ended: Option<Result<Result<Looked, Error>, tokio::task::JoinError>>) -> Result<(), Error> {
    match ended {
        Some(ended) => ended.map_err(|e| Error::Broken(e.to_string()))?.map(|_| ()),
        None => Ok(()),
    }
}

/// Keeps look-ups within their budget a second.
struct Gate {
    slot: Option<Duration>,
    next: tokio::time::Instant,
}

impl Gate {
    fn new(budget_per_second: Option<f64>) -> Self {
        let slot = budget_per_second.filter(|b| *b > 0.0).map(spacing);
        Self { slot, next: tokio::time::Instant::now() }
    }

    async fn pass(&mut self) {
        let Some(slot) = self.slot else { return };
        tokio::time::sleep_until(self.next).await;
        self.next = self.next.max(tokio::time::Instant::now()) + slot;
    }
}
