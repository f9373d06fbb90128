//! Runs: begun when a tick is due, taken up where an earlier process left them, and ended.

use super::driven::{self, Driven, TickKey};
use super::ear::Ear;
use super::watcher::Watcher;
use super::{Error, Row};
use crate::model::{RunId, Verdict};
use crate::notify::Ping;
use crate::prober::{Ending, Header, Prober, judged};
use chrono::{DateTime, TimeDelta, Utc};
use johndoe_vigil::Entry;
use johndoe_vigil::schedule::Note;
use std::sync::Arc;

/// What could not be taken up is tried again after so long, where no tick comes before.
const AGAIN_AFTER: TimeDelta = TimeDelta::minutes(1);

impl Watcher {
    /// Begins what is due; before that, what earlier runs left is taken up.
    pub(super) fn take_ticks(&mut self, now: DateTime<Utc>) -> Result<(), Error> {
        let start = self.start;
        let rows =
            self.log.decide(now, |state| Ok(state.watch.ticks(now, start).into_iter().map(Row::Heart).collect()))?;
        self.has_news |= !rows.is_empty();
        let is_started = |row: &Row| matches!(row, Row::Heart(Entry::Schedule { note: Note::Started { .. }, .. }));
        if rows.iter().any(is_started) {
            self.taken_up_at = None;
            self.take_up_what_is_left(now)?;
        }
        for (schedule, nominal_at, number) in self.log.state().without_run() {
            let tick = (schedule, nominal_at);
            if self.beginning.contains(&tick) || self.log.state().watch.may_send().is_err() {
                continue;
            }
            self.begin(now, tick, number)?;
        }
        Ok(())
    }

    /// Seeds move on with every run, and say of each run alone who is sent.
    fn begin(&mut self, now: DateTime<Utc>, tick: TickKey, number: u64) -> Result<(), Error> {
        let Some(watched) = self.watching.canary.watched.iter().find(|watched| watched.plan.name == tick.0) else {
            return self.finish(now, &tick);
        };
        let base = self.watching.seeds.get(&tick.0).copied().unwrap_or_default();
        let seed = base.wrapping_add(number.saturating_sub(1));
        let zone = watched.plan.schedule.zone();
        (self.around.say)(&format!(
            "{}: tick of {}, run {number}, seed {seed}",
            tick.0,
            tick.1.with_timezone(&zone).format("%Y-%m-%d %H:%M:%S %Z")
        ));
        self.notifier.ping(Ping::Start, "");
        match self.around.jobs.job(watched, Some(seed)) {
            Ok(job) => {
                let ear = self.ear(&tick.0);
                driven::begin(&self.around, tick.clone(), job, (ear, &self.stop));
                self.beginning.insert(tick);
                Ok(())
            }
            Err(error) => self.failed(now, &tick, &error),
        }
    }

    /// A run that could not be begun: its tick is over, nothing was sent, and whoever waits for a sign of life hears of it.
    fn failed(&mut self, now: DateTime<Utc>, tick: &TickKey, error: &str) -> Result<(), Error> {
        self.failures += 1;
        let told = format!("{}: no run: {error}", tick.0);
        (self.around.say)(&told);
        self.notifier.ping(Ping::Fail, &told);
        self.finish(now, tick)
    }

    pub(super) fn drive_new(
        &mut self,
        now: DateTime<Utc>,
        (tick, scenario): (TickKey, String),
        ear: Arc<Ear>,
        prober: Result<Box<Prober>, String>,
    ) -> Result<(), Error> {
        self.beginning.remove(&tick);
        let prober: Arc<Prober> = match prober {
            Ok(prober) => Arc::from(prober),
            Err(error) => return self.failed(now, &tick, &error),
        };
        self.log.refresh()?;
        if self.stop.is_cancelled() {
            // the tick stays begun, and without a run: the next process begins one
            return Ok(());
        }
        if self.log.state().watch.may_send().is_err() {
            return self.finish(now, &tick);
        }
        let (run, (schedule, nominal_at)): (RunId, _) = (prober.run_id().clone(), tick);
        let row = Row::Begun { schedule: schedule.clone(), nominal_at, run: run.clone(), scenario };
        // the run is known before it sends anything
        self.log.note(now, &[row])?;
        self.go(run, Driven { schedule, ear, prober, only_cleans_up: false, judged_at: None }, false);
        Ok(())
    }

    fn go(&mut self, run: RunId, driven: Driven, cleanup_only: bool) {
        let first_byte = driven::drive(self.around.teller(), &driven.prober, cleanup_only);
        (self.around.sent)(first_byte);
        self.driven.insert(run, driven);
    }

    /// Takes up runs that are not over, and those that left somebody: at each tick, and now and then.
    pub(super) fn take_up_what_is_left(&mut self, now: DateTime<Utc>) -> Result<(), Error> {
        if self.taken_up_at.is_some_and(|at| now - at < AGAIN_AFTER) || self.stop.is_cancelled() {
            return Ok(());
        }
        self.taken_up_at = Some(now);
        let open: std::collections::BTreeSet<RunId> =
            self.ledger.open_enrollments()?.into_iter().map(|probe| probe.run).collect();
        let state = self.log.state();
        let left = state.with_people_left().filter(|run| open.contains(*run)).map(|run| (run.clone(), true));
        let pending = state.pending().map(|run| (run.clone(), false));
        let free: Vec<(RunId, bool)> = pending.chain(left).collect();
        for (run, only_clean_up) in free {
            if self.driven.contains_key(&run) || self.adopting.contains(&run) {
                continue;
            }
            if let Err(error) = self.take_up(&run, only_clean_up) {
                (self.around.say)(&format!("run {run} is left as it is, and tried again: {error}"));
            }
        }
        self.count_who_is_left(now)
    }

    fn take_up(&mut self, run: &RunId, only_clean_up: bool) -> Result<(), String> {
        let (plan, header) = self.ledger.run_plan(run).map_err(|error| error.to_string())?;
        let header: Header = serde_json::from_value(header).map_err(|error| error.to_string())?;
        let job = self.around.jobs.again(header, &plan)?;
        let schedule = self.log.state().runs.get(run).map(|begun| begun.schedule.clone()).unwrap_or_default();
        let ear = self.ear(&schedule);
        let only_clean_up = only_clean_up || self.log.state().watch.may_send().is_err();
        driven::adopt(&self.around, (run.clone(), schedule, job), only_clean_up, (ear, &self.stop));
        self.adopting.insert(run.clone());
        Ok(())
    }

    pub(super) fn drive_again(
        &mut self,
        now: DateTime<Utc>,
        (run, schedule): (RunId, String),
        (ear, only_clean_up): (Arc<Ear>, bool),
        prober: Result<Box<Prober>, String>,
    ) -> Result<(), Error> {
        self.adopting.remove(&run);
        let prober: Arc<Prober> = match prober {
            Ok(prober) => Arc::from(prober),
            Err(error) => {
                (self.around.say)(&format!("run {run} is left as it is, and tried again: {error}"));
                return Ok(());
            }
        };
        if self.stop.is_cancelled() {
            return Ok(());
        }
        let was_over = self.log.state().runs.get(&run).is_some_and(|begun| begun.is_over);
        if prober.is_finished() && !was_over {
            drop(prober);
            return self.over(now, &run);
        }
        let driven = Driven { schedule, ear, prober, only_cleans_up: was_over, judged_at: None };
        self.go(run, driven, only_clean_up);
        Ok(())
    }

    pub(super) fn ended(
        &mut self,
        now: DateTime<Utc>,
        run: &RunId,
        ending: Result<Ending, String>,
    ) -> Result<(), Error> {
        let driven = self.driven.remove(run);
        let schedule = driven.as_ref().map(|driven| driven.schedule.clone()).unwrap_or_default();
        let has_left = driven.as_ref().is_none_or(|driven| driven.prober.first_byte().has_left());
        let only_cleaned_up = driven.is_some_and(|driven| driven.only_cleans_up);
        match ending {
            Ok(Ending::Finished) if only_cleaned_up => self.count(now, run),
            Ok(Ending::Finished) => self.over(now, run),
            Ok(Ending::Stopped | Ending::Paused) => Ok(()),
            Err(error) => self.broke_off(now, run, (&schedule, has_left, &error)),
        }
    }

    /// A run was left before its end. Where nothing has left it, it is over: what kept it from sending is mended in a file, and it is held
    /// to those that it began with.
    fn broke_off(
        &mut self,
        now: DateTime<Utc>,
        run: &RunId,
        (schedule, has_left, error): (&str, bool, &str),
    ) -> Result<(), Error> {
        self.failures += 1;
        let then = if has_left { "and is taken up again" } else { "and had sent nothing" };
        let told = format!("{schedule}: run {run} was left before its end, {then}: {error}");
        (self.around.say)(&told);
        self.notifier.ping(Ping::Fail, &told);
        if let Some(tick) = self.log.state().runs.get(run).map(|begun| (begun.schedule.clone(), begun.nominal_at)) {
            self.finish(now, &tick)?;
        }
        if has_left {
            return Ok(());
        }
        self.log.note(now, &[Row::Over { run: run.clone(), left: 0 }])
    }

    /// A run came to its end: everything that is known of its people is told to the streams, in one piece with that.
    fn over(&mut self, now: DateTime<Utc>, run: &RunId) -> Result<(), Error> {
        let tick = self.log.state().runs.get(run).map(|begun| (begun.schedule.clone(), begun.nominal_at));
        if let Some(tick) = &tick {
            self.finish(now, tick)?;
        }
        let (summary, left) = judged(&*self.ledger, run, self.around.run_clock.now())?;
        self.tell_streams(now, (run, &summary), Some(left))?;
        let counts = &summary.counts;
        let told = format!(
            "{}: run {run} is over: {} groups good, {} missing, {} late, {} altered; {left} people left behind",
            tick.map(|(schedule, _)| schedule).unwrap_or_default(),
            counts.good,
            counts.missing,
            counts.late,
            counts.altered
        );
        (self.around.say)(&told);
        // a run in which the harness stopped itself is no sign of health
        let ping = if summary.verdict == Verdict::SafetyStop { Ping::Fail } else { Ping::Success };
        self.notifier.ping(ping, &told);
        Ok(())
    }

    /// How many of those who were left are still in: a sweep may have taken them out.
    fn count_who_is_left(&mut self, now: DateTime<Utc>) -> Result<(), Error> {
        let left = self.log.state().with_people_left().filter(|run| !self.driven.contains_key(*run));
        let left: Vec<RunId> = left.cloned().collect();
        left.iter().try_for_each(|run| self.count(now, run))
    }

    fn count(&mut self, now: DateTime<Utc>, run: &RunId) -> Result<(), Error> {
        let (_, left) = judged(&*self.ledger, run, self.around.run_clock.now())?;
        let rows = self.log.decide(now, |state| {
            let is_known = state.runs.get(run).is_none_or(|begun| begun.left == left);
            Ok(if is_known { Vec::new() } else { vec![Row::Over { run: run.clone(), left }] })
        })?;
        self.has_news |= !rows.is_empty();
        Ok(())
    }
}
