//! The run's history, gathered per probe: what was sent, answered, seen, and looked for in vain.

use super::epochs::Breaks;
use crate::model::{
    Acknowledgement, AnswerTimes, Captures, CoverageLine, EdgeCase, Entry, Event, Field, Household, IssuerId,
    LifeEvent, Phase, PlanId, ProbeIndex, Refused, Sighting, StepTiming, Submission,
};
use chrono::{DateTime, Utc};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

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
    /// Of the files of which one content came under several names: the name under which it came again.
    pub(super) came_again_as: HashMap<(u16, &'a str), &'a str>,
    pub(super) damaged: Vec<Damaged<'a>>,
    /// Places in `damaged`, by waypoint and name.
    pub(super) damaged_by_name: HashMap<(u16, &'a str), Vec<usize>>,
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
    /// Each probe's own failed looks are told, so that another's concern nobody but it.
    pub(super) tells_failed_looks: bool,
    /// Why the latest process ended something early, be it that the run came to its end all the same.
    pub(super) cut_short: Option<&'a str>,
    /// Where time is not known from one process to the next.
    pub(super) breaks: Breaks,
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
    /// What the exchange said of the change.
    pub(super) captures_of_change: Captures,
    pub(super) enroll: Option<Act<'a>>,
    pub(super) change: Option<Act<'a>>,
    pub(super) cancel: Option<Act<'a>>,
    /// Latest look in vain, by waypoint and issuer.
    pub(super) absent: BTreeMap<(u16, Option<&'a IssuerId>), DateTime<Utc>>,
    /// Latest look of its own before the cancellation was sent, by waypoint and issuer, in vain or not: after that an
    /// enrollment that came may be gone again.
    pub(super) before_cancel: BTreeMap<(u16, Option<&'a IssuerId>), DateTime<Utc>>,
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

/// Something sent.
#[derive(Debug, Clone, Copy)]
pub(super) struct Act<'a> {
    pub(super) intended_at: DateTime<Utc>,
    pub(super) sent_at: DateTime<Utc>,
    pub(super) answer: Option<Submission>,
    pub(super) reason: Option<&'a str>,
    /// A step that may commit was begun, or may have been.
    pub(super) may_be_committed: bool,
}

impl<'a> Act<'a> {
    /// What may have been committed and was never answered may or may not exist; before that nothing does.
    pub(super) fn submission(&self) -> Submission {
        let unanswered = if self.may_be_committed { Submission::Indeterminate } else { Submission::Unsent };
        self.answer.unwrap_or(unanswered)
    }

    /// Why it was not accepted, as far as that is known.
    pub(super) fn why(&self) -> Option<&'a str> {
        self.reason.or(match (self.answer, self.may_be_committed) {
            (Some(_), _) => None,
            (None, true) => Some("the process that sent it ended before it heard an answer"),
            (None, false) => Some("the process that began it ended before anything could be enrolled"),
        })
    }
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
        self.enroll.map_or(Submission::Unsent, |act| act.submission())
    }

    fn act(&mut self, action: LifeEvent) -> &mut Option<Act<'a>> {
        match action {
            LifeEvent::Enroll => &mut self.enroll,
            LifeEvent::ChangeAddress => &mut self.change,
            LifeEvent::Cancel => &mut self.cancel,
        }
    }

    fn sending(
        &mut self,
        action: LifeEvent,
        (intended_at, sent_at): (DateTime<Utc>, DateTime<Utc>),
        tells_commit: bool,
    ) {
        let act = self.act(action);
        // sent again under one idempotency key it is still the first; after an attempt that committed nothing it is new
        if act.is_none_or(|act| act.submission() == Submission::Unsent) {
            let (answer, reason) = (None, None);
            *act = Some(Act { intended_at, sent_at, answer, reason, may_be_committed: !tells_commit });
        }
    }

    fn committing(&mut self, action: LifeEvent) {
        if let Some(act) = self.act(action) {
            act.may_be_committed = true;
        }
    }

    fn answered(&mut self, (action, at): (LifeEvent, DateTime<Utc>), answer: Submission, reason: Option<&'a str>) {
        let act = self.act(action).get_or_insert(Act {
            intended_at: at,
            sent_at: at,
            answer: None,
            reason: None,
            may_be_committed: true,
        });
        if act.answer != Some(Submission::Accepted) {
            act.answer = Some(answer);
            act.reason = reason;
        }
    }

    fn note_look(&mut self, at: (u16, Option<&'a IssuerId>), looked_at: DateTime<Utc>) {
        if self.cancel.is_none_or(|act| looked_at < act.sent_at) {
            let latest = self.before_cancel.entry(at).or_insert(looked_at);
            *latest = (*latest).max(looked_at);
        }
    }

    fn capture(&mut self, action: LifeEvent, captures: &Captures) {
        match action {
            LifeEvent::ChangeAddress => self.captures_of_change.add(captures.clone()),
            LifeEvent::Enroll => self.captures.add(captures.clone()),
            // what the exchange says when it takes somebody out is no word on what they were enrolled with
            LifeEvent::Cancel => {}
        }
    }

    /// Everything captured, the change's after the enrollment's.
    pub(super) fn captures_after_change(&self) -> Captures {
        let mut captures = self.captures.clone();
        captures.add(self.captures_of_change.clone());
        captures
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

    /// What is asked of files once for each group.
    fn find_files(&mut self) {
        for ((waypoint, _), names) in &self.files {
            let first = names.first().copied().unwrap_or_default();
            if let Some(again) = names.iter().copied().find(|name| *name != first) {
                self.came_again_as.extend(names.iter().map(|name| ((*waypoint, *name), again)));
            }
        }
        for (at, file) in self.damaged.iter().enumerate() {
            self.damaged_by_name.entry((file.waypoint, file.name)).or_default().push(at);
            for probe in file.held {
                self.damaged_by_probe.entry((file.waypoint, *probe)).or_default().push(at);
            }
        }
    }

    /// A process that was killed between a record and the end of its file reads the file again: one place is one record.
    fn drop_second_readings(&mut self) {
        let mut places = HashSet::new();
        self.sightings.retain(|sighting| {
            let place = &sighting.record.place;
            place.segment.is_none() || places.insert((sighting.waypoint, place))
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
            Event::Sending { probe, action, intended_at, tells_commit } => {
                self.probe(*probe).sending(*action, (*intended_at, entry.at), *tells_commit);
            }
            // a file that is handed over may be taken as soon as it is named
            Event::Committing { probe, action, captures } | Event::Named { probe, action, captures, .. } => {
                let probe = self.probe(*probe);
                probe.committing(*action);
                probe.capture(*action, captures);
            }
            Event::Answered { probe, action, submission, reason, captures, steps } => {
                self.steps.extend(steps);
                let probe = self.probe(*probe);
                probe.answered((*action, entry.at), *submission, reason.as_deref());
                probe.capture(*action, captures);
            }
            Event::Began { .. } => {
                self.tells_failed_looks = true;
                self.cut_short = None;
            }
            Event::MissedSlots { slots } => self.missed_slots += slots,
            Event::PhaseEnded { phase: Phase::Watch } => self.watch_ended_at = Some(entry.at),
            Event::PhaseEnded { phase: Phase::Cleanup } => self.cleanup_ended_at = Some(entry.at),
            Event::PhaseEnded { phase: Phase::Submit | Phase::Change } => {}
            Event::Stopped { reason, safety } => {
                self.stopped = Some((reason, *safety));
                self.cut_short = Some(reason);
                self.finished_at = None;
            }
            Event::Finished => {
                self.finished_at = Some(entry.at);
                self.stopped = self.stopped.filter(|(_, safety)| *safety);
            }
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
