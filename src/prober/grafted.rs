//! What real people may have left in a record of ours is taken out before anybody keeps it.

use super::engine::Engine;
use super::tracked::Tracked;
use crate::life;
use crate::model::{Change, Facts, Field, GroupRecord, ProbeIndex, Value};
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
            // a step that passed the household over has no part in who they become
            let steps: Vec<Change> = self.steps_of(probe).into_iter().map(|(_, change)| change).collect();
            for count in 1..=steps.len() {
                let life = life::after(&household, steps.iter().take(count).copied());
                own.add(&life, &expect(&life, &plans, &known));
            }
        }
        own.mask_others(&mut record);
        record.members.iter_mut().chain([&mut record.facts]).for_each(|facts| self.hide_secrets(facts));
        record
    }

    /// Takes out what the target's credentials are, wherever a system repeats them.
    fn hide_secrets(&self, facts: &mut Facts) {
        let clean = |(field, value): (Field, &Value)| {
            let text = value.as_text()?;
            let clean = self.exchange.redact(text);
            (clean != text).then_some((field, clean))
        };
        let hidden: Vec<(Field, String)> = facts.values().filter_map(clean).collect();
        for (field, clean) in hidden {
            facts.replace(field, clean.as_str());
        }
    }
}
