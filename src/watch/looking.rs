//! Judging what became known, and looking at everything: what an alarm is raised of.

use super::detail::detail;
use super::watcher::Watcher;
use super::{Error, Row, State};
use crate::canary::{hop_news, news, outcomes};
use crate::model::{RunId, Summary, Verdict};
use crate::prober::judged;
use chrono::{DateTime, TimeDelta, Utc};
use johndoe_vigil::Entry;
use johndoe_vigil::alarm::{self, AlarmId, Look};
use johndoe_vigil::schedule::Start;
use johndoe_vigil::stream::{self, Delivered};

/// That a hop was looked at is written down so often, where nothing came of it.
const HOPS_EVERY: TimeDelta = TimeDelta::minutes(1);
/// A run under way is judged at most so often where something became known of it …
const JUDGED_AFTER: TimeDelta = TimeDelta::seconds(2);
/// … and so often in any case: limits pass without a sign.
const JUDGED_WITHIN: TimeDelta = TimeDelta::seconds(30);
/// It is looked so often where nothing was written meanwhile.
const LOOKS_EVERY: TimeDelta = TimeDelta::minutes(1);
/// Who looks by another system's timer may be so late.
const TIMERS_ARE_LATE: TimeDelta = TimeDelta::minutes(15);

impl Watcher {
    /// Judges runs that are under way, and tells the streams what is new of them.
    pub(super) fn judge_what_moved(&mut self, now: DateTime<Utc>) -> Result<(), Error> {
        let mut due = Vec::new();
        for (run, driven) in self.driven.iter_mut().filter(|(_, driven)| !driven.only_cleans_up) {
            let waited = driven.judged_at.map(|at| now - at);
            if waited.is_none_or(|waited| waited >= JUDGED_WITHIN)
                || waited.is_some_and(|waited| waited >= JUDGED_AFTER) && driven.ear.take_moved()
            {
                driven.judged_at = Some(now);
                due.push(run.clone());
            }
        }
        for run in due {
            let (summary, _) = judged(&*self.ledger, &run, self.around.run_clock.now())?;
            self.tell_streams(now, (&run, &summary), None)?;
        }
        Ok(())
    }

    /// What of a run the streams were not told yet. `left`: it is over, and so many people could not be taken out.
    pub(super) fn tell_streams(
        &mut self,
        now: DateTime<Utc>,
        (run, summary): (&RunId, &Summary),
        left: Option<u32>,
    ) -> Result<(), Error> {
        let outcomes = outcomes(summary, left.is_some());
        let rows = self.log.decide(now, |state| {
            let news = news(&outcomes, &state.told, now).into_iter();
            let hops =
                hop_news(summary, &state.windows, left.is_some()).into_iter().filter(|entry| is_due(state, entry));
            let mut rows: Vec<Row> = news.chain(hops).map(|entry| Row::Heart(Entry::Stream(entry))).collect();
            if let Some(left) = left {
                rows.push(Row::Over { run: run.clone(), left });
                rows.extend((summary.verdict != Verdict::SafetyStop).then_some(Row::Succeeded { at: now }));
            }
            Ok(rows)
        })?;
        self.has_news |= !rows.is_empty();
        Ok(())
    }

    /// Looks, where something is new or it is time: raises, reminds, ends, and says what is to be told.
    pub(super) fn look(&mut self, now: DateTime<Utc>) -> Result<(), Error> {
        let looked_at = self.log.state().watch.alarms().looked_at();
        if !self.has_news && looked_at.is_some_and(|at| now - at < LOOKS_EVERY) {
            return Ok(());
        }
        if self.start == Start::Once {
            self.expect_the_next_tick(looked_at);
        }
        let (ledger, watching) = (&self.ledger, &self.watching);
        let run_now = self.around.run_clock.now();
        let rows = self.log.decide(now, |state| {
            let look = Look { at: now, residue: Some(state.people_left()) };
            let detail = |id: &AlarmId| detail(id, state, watching, (&**ledger, run_now));
            Ok(state.watch.look(look, &detail).into_iter().map(Row::Heart).collect())
        })?;
        self.has_news = false;
        for row in &rows {
            if let Row::Heart(Entry::Alarm(alarm::Entry::Announced(message))) = row {
                (self.around.say)(&message.title);
            }
        }
        self.post_firing(now);
        Ok(())
    }

    /// Nobody is expected to look before the next tick after the last look, and not at once then.
    fn expect_the_next_tick(&mut self, looked_at: Option<DateTime<Utc>>) {
        let Some(at) = looked_at else { return };
        let next = self.watching.setup.plans.iter().filter_map(|plan| plan.schedule.next_after(at)).min();
        let wait = next.map_or(TimeDelta::zero(), |tick| tick.at - at);
        self.log.expect_looks_within(wait + TIMERS_ARE_LATE);
    }
}

/// Whether a look at a hop says more than the last that was written down.
fn is_due(state: &State, entry: &stream::Entry) -> bool {
    let stream::Entry::Delivered { stream, told: Delivered::Looked { at } } = entry else { return true };
    state.looked.get(stream).is_none_or(|last| *at - *last >= HOPS_EVERY)
}
