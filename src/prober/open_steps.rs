//! The steps of a household that are waited for together: the latest, and those before it whose end it did not wait for.

use super::engine::Engine;
use super::tracked::Tracked;
use crate::model::{After, Captures, Expectation, JourneyStep, ProbeIndex, Sighting};
use crate::reconcile::{changing, expect_after, first_told, shows_change};

/// A change, and what is expected of its household before and after it.
pub(super) struct Around {
    step: JourneyStep,
    before: Expectation,
    after: Expectation,
}

impl Engine {
    /// Whether a step is sent once all before it is settled: nothing that came before has to do with it.
    pub(super) fn begins_anew(&self, step: JourneyStep) -> bool {
        self.plan.terms_of(step).after == After::Settled
    }

    /// The steps that are waited for where this is the latest of a probe's, in order; it is the last of them.
    pub(super) fn open_steps(&self, tracked: &Tracked, goal: JourneyStep) -> Vec<JourneyStep> {
        if !goal.event.is_change() || self.begins_anew(goal) {
            return vec![goal];
        }
        let standing = tracked.acts.changes().filter(|(step, act)| *step <= goal && act.may_stand());
        let mut open = vec![JourneyStep::ENROLL];
        for (step, _) in standing {
            if self.begins_anew(step) {
                open.clear();
            }
            open.push(step);
        }
        open
    }

    /// What is expected around each change that is waited for now.
    fn around_open_changes(&self, probe: ProbeIndex) -> Vec<Around> {
        let steps = self.steps_of(probe);
        let first = steps.iter().rposition(|(step, _)| self.begins_anew(*step)).unwrap_or(0);
        let open: Vec<JourneyStep> = steps.iter().skip(first).map(|(step, _)| *step).collect();
        if open.is_empty() {
            return Vec::new();
        }
        let (household, plans) = self.household(probe);
        let known = self.with(probe, |tracked| tracked.known_around(&open)).unwrap_or_default();
        let expect = |count: usize, known: &Captures| {
            expect_after(&self.plan, &household, &plans, (steps.get(..count).unwrap_or_default(), known))
        };
        let around = |(nth, (step, (before, after))): (usize, (&JourneyStep, &(Captures, Captures)))| {
            let (mut before, after) = (expect(first + nth, before), expect(first + nth + 1, after));
            let until = steps.get(..=first + nth).unwrap_or_default();
            let told = first_told(&self.plan, (&household, &plans), until, (&before.groups, &after.groups));
            for (at, told) in told {
                before.groups.get_mut(at).into_iter().for_each(|group| group.clone_from(&told));
            }
            Around { step: *step, before, after }
        };
        open.iter().zip(&known).enumerate().map(around).collect()
    }

    /// Notes which of the changes that are waited for a record shows.
    pub(super) fn note_changes(&self, probe: ProbeIndex, sighting: &Sighting) {
        let shown = |around: &Around| shows_change(&around.before, &around.after, &sighting.record);
        for around in self.around_open_changes(probe).iter().filter(|around| shown(around)) {
            self.with_mut(probe, |tracked| {
                if let Some(at) = tracked.at.get_mut(usize::from(sighting.waypoint)) {
                    at.note_change(around.step, &sighting.record);
                }
            });
        }
    }

    /// Adds what is waited for of a probe's changes to what its records are recognised by.
    pub(super) fn refresh_changes(&self, probe: ProbeIndex) {
        let open = self.around_open_changes(probe);
        let Some(latest) = open.last() else { return };
        self.learn(&latest.after);
        let fields = open.iter().map(|around| (around.step, changing(&around.before, &around.after))).collect();
        self.with_mut(probe, |tracked| tracked.changing = fields);
    }
}
