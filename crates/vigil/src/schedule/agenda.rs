//! What was made of each tick: a fold over notes, and what is to be done now.

use std::collections::VecDeque;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::{CatchUp, Overlap, Plan, QUEUE_AT_MOST, Tick};

/// `--once` that is started so much too early is its tick all the same: timers of other systems are not exact.
const EARLY: TimeDelta = TimeDelta::minutes(2);
/// A tick that is later than this was missed: what was awake takes it up within seconds.
const MISSED_AFTER: TimeDelta = TimeDelta::minutes(2);

/// Why a tick is not run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PassedOver {
    /// inside maintenance, or outside business hours
    Closed,
    /// an earlier run was not over
    Overlap,
    /// nobody was awake
    Missed,
}

/// One thing that happened to a schedule; written down before it is acted upon.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Note {
    /// The schedule is known from here on: nothing before is caught up.
    Known {
        /// this moment
        at: DateTime<Utc>,
    },
    /// A run begins for this tick.
    Started {
        /// the tick
        tick: Tick,
        /// how many runs this schedule has had, this one included: seeds move on by it and stay reproducible
        number: u64,
    },
    /// The tick waits behind a run.
    Queued {
        /// the tick
        tick: Tick,
    },
    /// These ticks are not run.
    Passed {
        /// the first
        first: Tick,
        /// the last
        last: Tick,
        /// how many
        count: u64,
        /// why
        why: PassedOver,
    },
    /// The run of this tick is over, however it ended.
    Finished {
        /// the tick's nominal moment
        nominal_at: DateTime<Utc>,
    },
}

/// How the schedule is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// by a process that stays
    Watching,
    /// by `--once`: a tick up to two minutes ahead is due, and the first start ever takes the tick it was meant for
    Once,
}

/// Where a schedule stands.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agenda {
    known_at: Option<DateTime<Utc>>,
    /// the last tick that something was made of
    taken: Option<DateTime<Utc>>,
    running: Vec<DateTime<Utc>>,
    queue: VecDeque<Tick>,
    runs: u64,
}

impl Agenda {
    /// Takes up one note.
    pub fn apply(&mut self, note: &Note) {
        match note {
            Note::Known { at } => self.known_at = self.known_at.or(Some(*at)),
            Note::Started { tick, number } => {
                self.queue.retain(|waiting| waiting != tick);
                self.running.push(tick.nominal_at);
                self.runs = *number;
                self.take(tick.nominal_at);
            }
            Note::Queued { tick } => {
                self.queue.push_back(*tick);
                self.take(tick.nominal_at);
            }
            Note::Passed { last, .. } => self.take(last.nominal_at),
            Note::Finished { nominal_at } => self.running.retain(|running| running != nominal_at),
        }
    }

    /// The ticks whose runs are not over.
    pub fn running(&self) -> &[DateTime<Utc>] {
        &self.running
    }

    /// What is to be done at `now`, as notes to be written down and then carried out: each `Started` begins a run.
    pub fn due(&self, plan: &Plan, now: DateTime<Utc>, start: Start) -> Vec<Note> {
        let mut ahead = Ahead { agenda: self.clone(), notes: Vec::new() };
        if self.known_at.is_none() {
            ahead.note(Note::Known { at: now });
        }
        ahead.start_waiting(plan, now);
        let ticks = ahead.agenda.untaken(plan, now, start);
        let run = chosen(plan, &ticks, now);
        for (tick, run) in ticks.iter().zip(run) {
            match run {
                Ok(()) => ahead.begin(plan, *tick, now),
                Err(why) => ahead.pass(*tick, why),
            }
        }
        ahead.notes
    }

    /// When to look again: the next tick, which is none only where the rhythm has come to its end.
    pub fn next(&self, plan: &Plan, now: DateTime<Utc>) -> Option<Tick> {
        let after = self.taken.and_then(|taken| plan.schedule.next_after_tick(taken)).filter(|tick| tick.at > now);
        after.or_else(|| plan.schedule.next_after(now))
    }

    fn take(&mut self, nominal_at: DateTime<Utc>) {
        self.taken = self.taken.max(Some(nominal_at));
    }

    fn untaken(&self, plan: &Plan, now: DateTime<Utc>, start: Start) -> Vec<Tick> {
        let until = if start == Start::Once { now + EARLY } else { now };
        let first = match (self.taken, start) {
            (Some(taken), _) => plan.schedule.next_after_tick(taken),
            (None, Start::Once) => return plan.schedule.latest_until(until).into_iter().collect(),
            (None, Start::Watching) => plan.schedule.next_after(self.known_at.unwrap_or(now)),
        };
        let next = |last: &Tick| plan.schedule.next_after_tick(last.nominal_at);
        std::iter::successors(first, next).take_while(|tick| tick.at <= until).collect()
    }
}

/// The agenda as it will be when the notes so far are carried out.
struct Ahead {
    agenda: Agenda,
    notes: Vec<Note>,
}

impl Ahead {
    fn note(&mut self, note: Note) {
        self.agenda.apply(&note);
        self.notes.push(note);
    }

    fn started(&mut self, tick: Tick) {
        let number = self.agenda.runs + 1;
        self.note(Note::Started { tick, number });
    }

    /// What waits goes first, when nothing runs and something may be sent.
    fn start_waiting(&mut self, plan: &Plan, now: DateTime<Utc>) {
        if self.agenda.running.is_empty()
            && plan.is_open(now)
            && let Some(tick) = self.agenda.queue.front().copied()
        {
            self.started(tick);
        }
    }

    fn begin(&mut self, plan: &Plan, tick: Tick, now: DateTime<Utc>) {
        let open = plan.is_open(now.max(tick.at));
        let waits = plan.overlap == Overlap::Queue || was_missed(tick, now);
        if open && self.agenda.running.is_empty() && self.agenda.queue.is_empty() {
            self.started(tick);
        } else if waits && self.agenda.queue.len() < QUEUE_AT_MOST {
            self.note(Note::Queued { tick });
        } else {
            self.pass(tick, if open { PassedOver::Overlap } else { PassedOver::Closed });
        }
    }

    /// Neighbours that are passed over for one reason share a note.
    fn pass(&mut self, tick: Tick, why: PassedOver) {
        if let Some(Note::Passed { last, count, why: before, .. }) = self.notes.last_mut()
            && *before == why
        {
            (*last, *count) = (tick, *count + 1);
            self.agenda.take(tick.nominal_at);
        } else {
            self.note(Note::Passed { first: tick, last: tick, count: 1, why });
        }
    }
}

/// Of ticks that are due, in their order: which to run, and why not the others.
fn chosen(plan: &Plan, ticks: &[Tick], now: DateTime<Utc>) -> Vec<Result<(), PassedOver>> {
    let open: Vec<bool> = ticks.iter().map(|tick| plan.is_open(tick.at)).collect();
    let mut newer = 0;
    let mut chosen: Vec<_> = ticks
        .iter()
        .zip(open)
        .rev()
        .map(|(tick, open)| {
            if !open {
                return Err(PassedOver::Closed);
            }
            newer += 1;
            let catches_up = match plan.catch_up {
                CatchUp::None => false,
                CatchUp::Latest => newer == 1,
                CatchUp::All => newer <= QUEUE_AT_MOST,
            };
            if was_missed(*tick, now) && !catches_up { Err(PassedOver::Missed) } else { Ok(()) }
        })
        .collect();
    chosen.reverse();
    chosen
}

fn was_missed(tick: Tick, now: DateTime<Utc>) -> bool {
    now - tick.at > MISSED_AFTER
}
