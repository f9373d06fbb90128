//! Doing what is due now, and no more (`--no-wait`): every waypoint is looked at once, and when more is due is told.

use super::error::Error;
use super::waits::{Wait, wait};
use super::watch::{Watch, goal_of, is_settled_at};
use crate::model::ProbeIndex;
use chrono::{DateTime, TimeDelta, Utc};
use std::time::Duration;

/// How far somebody who does not wait has come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Looked {
    /// Every waypoint was looked at since the last step was sent.
    is_done: bool,
}

impl Looked {
    /// Something was sent, so that there is something to look for again.
    pub(super) fn begins_anew(&mut self) {
        self.is_done = false;
    }
}

impl Watch<'_> {
    /// Looks at every waypoint, where that was not done since something was sent; says whether it was done before, so that nothing is left
    /// to be done now.
    pub(super) async fn has_done_all(&self, looked: &mut Looked) -> Result<bool, Error> {
        if looked.is_done {
            return Ok(true);
        }
        self.look_once().await?;
        looked.is_done = true;
        Ok(false)
    }

    /// Looks once at every waypoint, for whomever is waited for there.
    pub(super) async fn look_once(&self) -> Result<(), Error> {
        for folder in &self.waypoints.folders {
            folder.read_once().await?;
        }
        for look_ups in &self.waypoints.look_ups {
            look_ups.last_round(self.unsettled_at(look_ups.waypoint)).await?;
        }
        Ok(())
    }

    fn unsettled_at(&self, waypoint: usize) -> Vec<ProbeIndex> {
        let (engine, now) = (self.engine, self.engine.now());
        engine.probes_where(|tracked| {
            goal_of(tracked, self.awaited).is_some_and(|goal| !is_settled_at(engine, tracked, waypoint, (goal, now)))
        })
    }

    /// When something is to be done next: a step sent, or a waypoint looked at again where somebody is waited for.
    pub(super) fn next_due_at(&self) -> DateTime<Utc> {
        let (engine, now) = (self.engine, self.engine.now());
        let folders = self.waypoints.folders.iter().map(|folder| (folder.waypoint, folder.every));
        let look_ups = self.waypoints.look_ups.iter().map(|look_ups| (look_ups.waypoint, look_ups.poll.every));
        let is_awaited = |(waypoint, _): &(usize, Duration)| !self.unsettled_at(*waypoint).is_empty();
        let looks = folders.chain(look_ups).filter(is_awaited).map(|(_, every)| every).min();
        let look_at = looks.map(|every| now + TimeDelta::from_std(every).unwrap_or(TimeDelta::MAX));
        let mut steps: Vec<DateTime<Utc>> = Vec::new();
        for probe in engine.probes_where(|tracked| tracked.progress.next().is_some()) {
            let at = engine.with(probe, |tracked| match wait(engine, tracked, tracked.progress.next()?, now) {
                Wait::Until(at) => Some(at),
                Wait::Over(_) => Some(now),
                Wait::ForSight => None,
            });
            steps.extend(at.flatten());
        }
        steps.into_iter().chain(look_at).min().unwrap_or(now)
    }
}
