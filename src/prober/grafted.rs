//! What real people may have left in a record of ours is taken out before anybody keeps it.

use super::engine::Engine;
use super::tracked::Tracked;
use crate::life;
use crate::model::{Facts, GroupRecord, ProbeIndex};
use crate::reconcile::{Keys, OwnValues, Recognise, expect};
use std::collections::BTreeSet;

impl Engine {
    /// A record of a probe's without what is nobody's of ours. It may show people of another household of ours, too.
    pub(super) fn ours_alone(&self, probe: ProbeIndex, mut record: GroupRecord) -> GroupRecord {
        let nothing = Facts::new();
        let of_member = |member| self.recognise(&Keys::of(&nothing, std::slice::from_ref(member)));
        let mut probes = BTreeSet::from([probe]);
        probes.extend(record.members.iter().filter_map(of_member).map(|recognition| recognition.probe));
        let mut own = OwnValues::default();
        for probe in probes {
            let (household, plans) = self.household(probe);
            let known = self.with(probe, Tracked::known).unwrap_or_default();
            own.add(&household, &expect(&household, &plans, &known));
            let lives = (1..=self.plan.changes.len()).map(|steps| self.plan.changes.iter().take(steps).copied());
            for life in lives.map(|changes| life::after(&household, changes)) {
                own.add(&life, &expect(&life, &plans, &known));
            }
        }
        own.mask_others(&mut record);
        record
    }
}
