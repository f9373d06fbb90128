//! The run's history, gathered per probe: what was sent, answered, seen, and looked for in vain.

use super::epochs::Breaks;
use crate::model::{
    Acknowledgement, Act, Acts, AnswerTimes, Captures, CoverageLine, EdgeCase, Entry, Event, Field, GroupRecord,
    Household, IssuerId, JourneyStep, LifeEvent, Phase, PlanId, ProbeIndex, Proof, Refused, Sighting, StepTiming,
    Submission, is_definite_no,
};
use chrono::{DateTime, Utc};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Everything the judge needs of a ledger, sorted.
#[derive(Debug, Default)]
pub(super) struct History<'a> {
    pub(super) probes: BTreeMap<ProbeIndex, Probe<'a>>,
    pub(super) sightings: Vec<&'a Sighting>,
    /// Latest healthy look at a waypoint as a whole.
    pub(super) looked: BTreeMap<u16, DateTime<Utc>>,
    /// Spells in which a waypoint, or one issuer's part of it, could not be read.
    pub(super) blind: Vec<Blind<'a>>,
    /// Names of the files read, by waypoint and content.
    pub(super) files: BTreeMap<(u16, &'a str), Vec<&'a str>>,
    /// Waypoints at which any file was found, be it from before the run.
    pub(super) with_files: BTreeSet<u16>,
    /// Of the files of which one content came under several names: the name under which it came again.
    pub(super) came_again_as: HashMap<(u16, &'a str), &'a str>,
    pub(super) damaged: Vec<Damaged<'a>>,
    /// Places in `damaged`, by waypoint and name.
    pub(super) damaged_by_name: HashMap<(u16, &'a str), Vec<usize>>,
    /// The first of `damaged` at each waypoint.
    pub(super) damaged_first: BTreeMap<u16, usize>,
    /// Places in `damaged`, by waypoint and whose records a file holds unread.
    pub(super) damaged_by_probe: HashMap<(u16, ProbeIndex), Vec<usize>>,
    pub(super) steps: Vec<&'a StepTiming>,
    /// How long answers took, by waypoint.
    pub(super) answer_times: BTreeMap<u16, AnswerTimes>,
    pub(super) strangers: u64,
    pub(super) missed_slots: u64,
    pub(super) watch_ended_at: Option<DateTime<Utc>>,
    pub(super) cleanup_ended_at: Option<DateTime<Utc>>,
    pub(super) finished_at: Option<DateTime<Utc>>,
    pub(super) stopped: Option<(&'a str, bool)>,
    /// When something is to be done next, where the latest process did what was due and ended.
    pub(super) next_due_at: Option<DateTime<Utc>>,
    /// Each probe's own failed looks are told, so that another's concern nobody but it.
    pub(super) tells_failed_looks: bool,
    /// Why the latest process ended something early, be it that the run came to its end all the same.
    pub(super) cut_short: Option<&'a str>,
    /// Where time is not known from one process to the next.
    pub(super) breaks: Breaks,
    /// How many processes took the run up; 0 in ledgers of before.
    pub(super) processes: u32,
    /// What repeating its failures proved.
    pub(super) proofs: Vec<&'a Proof>,
}

/// A file that a receiver would refuse, in whole or in part.
#[derive(Debug, Clone, Copy)]
pub(super) struct Damaged<'a> {
    pub(super) waypoint: u16,
    pub(super) name: &'a str,
    /// In words.
    pub(super) what: &'a str,
    pub(super) refused: &'a [Refused],
    /// Whose records it holds where nobody can read them.
    pub(super) held: &'a [ProbeIndex],
}

/// One probe's part.
#[derive(Debug, Default)]
pub(super) struct Probe<'a> {
    pub(super) household: Option<&'a Household>,
    pub(super) plans: Option<&'a BTreeMap<CoverageLine, PlanId>>,
    pub(super) captures: Captures,
    /// What the exchange said of each change.
    captures_of_changes: BTreeMap<JourneyStep, Captures>,
    /// What was sent of it.
    pub(super) acts: Acts,
    /// When the flow of each step last came to its end.
    answered: BTreeMap<JourneyStep, DateTime<Utc>>,
    /// Why something sent was not accepted, in the words of the answer that counts.
    reasons: BTreeMap<JourneyStep, &'a str>,
    /// What was asked for and did nothing: it was turned away, or no step that does something was reached.
    turned_away: BTreeSet<JourneyStep>,
    /// Changes of which a request was answered no, and another one before it yes.
    refused_in_part: BTreeSet<JourneyStep>,
    /// Latest look in vain, by waypoint and issuer.
    pub(super) absent: BTreeMap<(u16, Option<&'a IssuerId>), DateTime<Utc>>,
    /// Latest look of its own, in vain or not, by the latest step that was sent before it, waypoint and issuer: after a step that
    /// ends an enrollment what had come may be gone again.
    looks: BTreeMap<(JourneyStep, u16, Option<&'a IssuerId>), DateTime<Utc>>,
    /// In what words the far side said last that it knows nobody, by waypoint.
    pub(super) words: BTreeMap<u16, &'a str>,
    /// Latest look of its own that found some of it, by waypoint.
    pub(super) looked: BTreeMap<u16, DateTime<Utc>>,
    pub(super) gone: Vec<(u16, Option<&'a IssuerId>, DateTime<Utc>)>,
    pub(super) blind: Vec<Blind<'a>>,
    /// Waypoints at which something was that may be it.
    pub(super) possible: BTreeSet<u16>,
    /// What receivers said of its messages.
    pub(super) acks: Vec<&'a Acknowledgement>,
}

/// A spell of failed looks.
#[derive(Debug, Clone, Copy)]
pub(super) struct Blind<'a> {
    pub(super) waypoint: u16,
    pub(super) issuer: Option<&'a IssuerId>,
    pub(super) until: DateTime<Utc>,
    pub(super) reason: &'a str,
}

impl<'a> Probe<'a> {
    pub(super) fn edge_cases(&self) -> &'a [EdgeCase] {
        self.household.map(|household| household.edge_cases.as_slice()).unwrap_or_default()
    }

    pub(super) fn submission(&self) -> Submission {
        self.acts.submission(JourneyStep::ENROLL).unwrap_or(Submission::Unsent)
    }

    /// The enrollment, where it was begun.
    pub(super) fn enroll(&self) -> Option<Act> {
        self.acts.of(JourneyStep::ENROLL)
    }

    /// The cancellation, where it was begun.
    pub(super) fn cancel(&self) -> Option<Act> {
        self.acts.of(JourneyStep::CANCEL)
    }

    /// When the flow of a step last came to its end, where it did.
    pub(super) fn answered_at(&self, step: JourneyStep) -> Option<DateTime<Utc>> {
        self.answered.get(&step).copied()
    }

    /// Why something sent was not accepted, where the answer said so.
    pub(super) fn reason(&self, step: JourneyStep) -> Option<&'a str> {
        self.reasons.get(&step).copied()
    }

    /// The first change of which a request was answered no and another yes, so that a part of it was refused.
    pub(super) fn refused_in_part(&self) -> Option<JourneyStep> {
        self.refused_in_part.first().copied()
    }

    /// Whether the latest attempt at a step was asked for and did nothing: who was asked said that it was not processed, or the flow
    /// came to its end before the request that counts. Where it is false, nothing was sent.
    pub(super) fn was_turned_away(&self, step: JourneyStep) -> bool {
        self.turned_away.contains(&step)
    }

    /// The same as far as it is known without an answer.
    pub(super) fn why(&self, step: JourneyStep) -> Option<&'a str> {
        let unanswered = |act: Act| match act.submission() {
            _ if act.answer().is_some() => None,
            Submission::Unsent => Some("the process that began it ended before anything could be enrolled"),
            _ => Some("the process that sent it ended before it heard an answer"),
        };
        self.reason(step).or_else(|| self.acts.of(step).and_then(unanswered))
    }

    /// Takes in what was sent, or answered.
    fn sent(&mut self, entry: &'a Entry, step: JourneyStep) {
        let was_taken = self.acts.submission(step) == Some(Submission::Accepted);
        self.acts.take(entry.at, &entry.event);
        if matches!(entry.event, Event::Answered { .. }) {
            self.answered.insert(step, entry.at);
        }
        if let (Event::Answered { reason, steps, submission, .. }, false) = (&entry.event, was_taken) {
            self.turned_away.remove(&step);
            let was_asked = steps.last().is_some_and(|last| !last.ok && last.requests > 0);
            self.turned_away.extend((*submission == Submission::Unsent && was_asked).then_some(step));
            self.refused_in_part.remove(&step);
            let said_no = steps.last().is_some_and(|last| !last.ok && last.status.is_some_and(is_definite_no));
            let is_in_part = step.event.is_change() && *submission == Submission::Indeterminate && said_no;
            self.refused_in_part.extend(is_in_part.then_some(step));
            self.reasons.remove(&step);
            self.reasons.extend(reason.as_deref().map(|reason| (step, reason)));
        }
        if self.acts.of(step).is_some_and(|act| act.answer().is_none()) {
            self.reasons.remove(&step);
        }
    }

    fn note_look(&mut self, (waypoint, issuer): (u16, Option<&'a IssuerId>), looked_at: DateTime<Utc>) {
        let sent = self.acts.steps().filter(|(_, act)| act.sent_at <= looked_at).map(|(step, _)| step);
        let since = sent.last().unwrap_or(JourneyStep::ENROLL);
        let latest = self.looks.entry((since, waypoint, issuer)).or_insert(looked_at);
        *latest = (*latest).max(looked_at);
    }

    /// Its latest looks at a waypoint, in vain or not, before a step was sent, with whom they asked.
    pub(super) fn looks_before(
        &self,
        step: JourneyStep,
        waypoint: u16,
    ) -> impl Iterator<Item = (Option<&'a IssuerId>, DateTime<Utc>)> {
        let here = move |(since, at, _): &(JourneyStep, u16, _)| *since < step && *at == waypoint;
        self.looks.iter().filter(move |(key, _)| here(key)).map(|((_, _, issuer), at)| (*issuer, *at))
    }

    fn capture(&mut self, action: JourneyStep, captures: &Captures) {
        match action.event {
            LifeEvent::Enroll => self.captures.add(captures.clone()),
            // what the exchange says when it takes somebody out is no word on what they were enrolled with
            LifeEvent::Cancel => {}
            _ => self.captures_of_changes.entry(action).or_default().add(captures.clone()),
        }
    }

    /// What was captured of the answer to a change.
    pub(super) fn answer_to(&self, step: JourneyStep) -> Captures {
        self.captures_of_changes.get(&step).cloned().unwrap_or_default()
    }
}

impl<'a> History<'a> {
    /// Gathers the entries. The order of sightings among themselves does not matter.
    pub(super) fn of(entries: &'a [Entry]) -> Self {
        let mut history = Self { breaks: Breaks::of(entries), ..Self::default() };
        for entry in entries {
            history.take(entry);
        }
        history.sightings.sort_by(|a, b| sequence(a).cmp(&sequence(b)));
        history.drop_second_readings();
        history.find_files();
        history
    }

    /// Whether what is judged was, or may have been, looked at before it was complete: it has not ended, or several processes took it
    /// up, each after whoever started it may have read what there was.
    pub(super) fn was_looked_at_before(&self) -> bool {
        self.finished_at.is_none() || self.processes > 1
    }

    /// What is asked of files once for each group.
    fn find_files(&mut self) {
        for ((waypoint, _), names) in &self.files {
            let first = names.first().copied().unwrap_or_default();
            if let Some(again) = names.iter().copied().find(|name| *name != first) {
                self.came_again_as.extend(names.iter().map(|name| ((*waypoint, *name), again)));
            }
        }
        for (at, file) in self.damaged.iter().enumerate() {
            self.damaged_first.entry(file.waypoint).or_insert(at);
            self.damaged_by_name.entry((file.waypoint, file.name)).or_default().push(at);
            for probe in file.held {
                self.damaged_by_probe.entry((file.waypoint, *probe)).or_default().push(at);
            }
        }
    }

    /// A process that was killed between a record and the end of its file reads the file again: what stands at one place and says
    /// the same is one record. Where it says something else, the file was written over under its name.
    fn drop_second_readings(&mut self) {
        let mut places: HashMap<_, Vec<&GroupRecord>> = HashMap::new();
        self.sightings.retain(|sighting| {
            let record = &sighting.record;
            if record.place.segment.is_none() {
                return true;
            }
            let known = places.entry((sighting.waypoint, &record.place)).or_default();
            let is_new = !known.iter().any(|known| known.facts == record.facts && known.members == record.members);
            known.extend(is_new.then_some(record));
            is_new
        });
    }

    fn probe(&mut self, index: ProbeIndex) -> &mut Probe<'a> {
        self.probes.entry(index).or_default()
    }

    fn take(&mut self, entry: &'a Entry) {
        match &entry.event {
            Event::Planned { household, plans } => {
                let probe = self.probe(household.index);
                (probe.household, probe.plans) = (Some(household.as_ref()), Some(plans));
            }
            Event::Sending { probe, action, .. } => self.probe(*probe).sent(entry, *action),
            Event::Committing { probe, action, captures, .. } | Event::Named { probe, action, captures, .. } => {
                let probe = self.probe(*probe);
                probe.sent(entry, *action);
                probe.capture(*action, captures);
            }
            Event::Answered { probe, action, captures, steps, .. } => {
                self.steps.extend(steps);
                let probe = self.probe(*probe);
                probe.sent(entry, *action);
                probe.capture(*action, captures);
            }
            Event::Began { .. } => {
                self.processes += 1;
                self.tells_failed_looks = true;
                (self.cut_short, self.next_due_at) = (None, None);
            }
            Event::MissedSlots { slots } => self.missed_slots += slots,
            Event::PhaseEnded { phase: Phase::Watch } => self.watch_ended_at = Some(entry.at),
            Event::PhaseEnded { phase: Phase::Cleanup } => self.cleanup_ended_at = Some(entry.at),
            Event::PhaseEnded { phase: Phase::Submit | Phase::Change } => {}
            Event::Stopped { next_due_at: Some(at), .. } => {
                (self.next_due_at, self.finished_at) = (Some(*at), None);
            }
            Event::Stopped { reason, safety, next_due_at: None } => {
                self.stopped = Some((reason, *safety));
                self.cut_short = Some(reason);
                self.finished_at = None;
            }
            Event::Finished => {
                self.finished_at = Some(entry.at);
                self.stopped = self.stopped.filter(|(_, safety)| *safety);
            }
            Event::Narrowed { proof } => self.proofs.push(proof),
            event => self.take_look(event),
        }
    }

    fn take_look(&mut self, event: &'a Event) {
        match event {
            Event::Seen { sighting } => self.sightings.push(sighting),
            Event::Gone { probe, waypoint, issuer, gone_at } => {
                self.probe(*probe).gone.push((*waypoint, issuer.as_ref(), *gone_at));
            }
            Event::Absent { probe, waypoint, issuer, absent_at, words } => {
                let probe = self.probe(*probe);
                if let Some(words) = words {
                    probe.words.insert(*waypoint, words);
                }
                let latest = probe.absent.entry((*waypoint, issuer.as_ref())).or_insert(*absent_at);
                *latest = (*latest).max(*absent_at);
                probe.note_look((*waypoint, issuer.as_ref()), *absent_at);
            }
            Event::Looked { probe, waypoint, looked_at } => {
                let looked = match probe {
                    Some(probe) => {
                        let probe = self.probe(*probe);
                        probe.note_look((*waypoint, None), *looked_at);
                        &mut probe.looked
                    }
                    None => &mut self.looked,
                };
                let latest = looked.entry(*waypoint).or_insert(*looked_at);
                *latest = (*latest).max(*looked_at);
            }
            Event::Blind { waypoint, issuer, probe, until, reason, .. } => {
                let spell = Blind { waypoint: *waypoint, issuer: issuer.as_ref(), until: *until, reason };
                match probe {
                    Some(probe) => self.probe(*probe).blind.push(spell),
                    None => self.blind.push(spell),
                }
            }
            Event::Acknowledged { acknowledgement } => self.probe(acknowledgement.probe).acks.push(acknowledgement),
            Event::AnswersTimed { waypoint, times } => self.answer_times.entry(*waypoint).or_default().add(times),
            Event::Possible { probe, waypoint } => drop(self.probe(*probe).possible.insert(*waypoint)),
            Event::StrangersDropped { strangers, .. } => self.strangers += strangers,
            Event::FileRead { waypoint, name, digest, strangers, baseline, damage, refused, held } => {
                self.strangers += strangers;
                // what is no X12 says nothing of where the files come
                let is_x12 = damage.is_none() || *strangers > 0 || !refused.is_empty() || !held.is_empty();
                self.with_files.extend(is_x12.then_some(*waypoint));
                if !baseline {
                    self.files.entry((*waypoint, digest)).or_default().push(name);
                }
                let damage = damage.as_deref().filter(|_| !baseline);
                self.damaged.extend(damage.map(|what| Damaged { waypoint: *waypoint, name, what, refused, held }));
            }
            _ => {}
        }
    }
}

/// One order of sightings, whatever the order of the entries: by time of arrival, then by the sender's time, then by place.
pub(super) fn sequence(sighting: &Sighting) -> impl Ord + '_ {
    let (record, place) = (&sighting.record, &sighting.record.place);
    let told = (record.event_at, &place.source, &place.interchange, &place.functional_group, &place.transaction_set);
    let who = (record.facts.text(Field::PolicyId), record.members.first().and_then(|m| m.text(Field::MemberId)));
    (sighting.waypoint, sighting.first_seen_at, told, place.segment, &sighting.issuer, sighting.asked_for, who)
}
