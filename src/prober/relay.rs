//! Tells whoever tries a target what is said, heard and found on the way: values only of what is proved ours.

use super::engine::Engine;
use super::look_ups::not_askable;
use super::progress::{Listener, News};
use crate::issuer::{Look, ReadFile};
use crate::model::{Facts, GroupRecord, IssuerId, ProbeIndex, Shown, Witness};
use crate::reconcile::Standing;
use std::fmt;
use std::sync::Arc;

/// Hands on to the listener what a part of the engine shows.
pub(super) struct Relay {
    listener: Arc<dyn Listener>,
    /// Name of the waypoint; `None`: of the exchange.
    waypoint: Option<String>,
}

impl Relay {
    /// A witness for the exchange, or for a waypoint; `None` where the listener does not care.
    pub(super) fn of(listener: &Arc<dyn Listener>, waypoint: Option<String>) -> Option<Arc<dyn Witness>> {
        let relay = || Arc::new(Self { listener: Arc::clone(listener), waypoint }) as Arc<dyn Witness>;
        listener.watches_closely().then(relay)
    }
}

impl Witness for Relay {
    fn show(&self, shown: Shown) {
        self.listener.tell(&News::Shown { waypoint: self.waypoint.clone(), shown });
    }
}

impl fmt::Debug for Relay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Relay").field("waypoint", &self.waypoint).finish_non_exhaustive()
    }
}

impl Engine {
    /// Shows something of a waypoint to a listener who cares.
    pub(super) fn show(&self, waypoint: usize, title: impl FnOnce() -> String, lines: impl FnOnce() -> Vec<String>) {
        if self.listener.watches_closely() {
            let shown = Shown { title: title(), lines: lines(), is_anatomy: false };
            self.listener.tell(&News::Shown { waypoint: Some(self.waypoint_name(waypoint)), shown });
        }
    }

    /// What a look for a probe came to, in lines.
    pub(super) fn told_of_look(&self, probe: ProbeIndex, look: &Look) -> Vec<String> {
        match look {
            Look::Found { records, strangers, partial, possible } => {
                let mut lines = self.told_of_records(probe, records);
                lines.extend(partial.iter().map(|partial| format!("! {partial}")));
                lines.extend(told_of_others(*strangers, *possible));
                lines
            }
            Look::Absent { strangers, possible } => {
                let nobody = "nobody of ours is there".to_owned();
                std::iter::once(nobody).chain(told_of_others(*strangers, *possible)).collect()
            }
            Look::AbsentSince { strangers, reason, .. } => {
                let nobody = format!("nobody of ours was there, and by now: {reason}");
                std::iter::once(nobody).chain(told_of_others(*strangers, false)).collect()
            }
            Look::InList { strangers, look, .. } => {
                let shown = self.told_of_look(probe, look);
                shown.into_iter().chain(told_of_others(*strangers, false)).collect()
            }
            Look::NotKnown { words, strangers } => {
                let nobody = format!("nobody of ours is there: {words}");
                std::iter::once(nobody).chain(told_of_others(*strangers, false)).collect()
            }
            Look::Blind { reason, .. } => vec![format!("! it could not be looked: {reason}")],
            Look::NotAskable(names) => vec![format!("! {}", not_askable(names))],
        }
    }

    /// Records that are taken for the probe's: what each says where it is proved ours, else by what it was recognised.
    fn told_of_records(&self, probe: ProbeIndex, records: &[GroupRecord]) -> Vec<String> {
        let mut lines = Vec::new();
        for (n, record) in (1..).zip(records) {
            let tier = match self.stands_record(record) {
                Standing::Ours(recognition) => recognition.tier.as_str(),
                Standing::Possible(_) | Standing::Stranger => "look_up",
            };
            let people = record.members.len();
            let proved = self.with(probe, |tracked| tracked.proof.covers(record, &self.plan.run)).unwrap_or_default();
            let head = format!("record {n}: {people} people, taken for ours by {tier}");
            if !proved {
                lines.push(format!("{head}; nothing proves it (no marker of this run, no id of a policy, subscriber or member that the exchange told): its values are left out"));
                continue;
            }
            lines.push(format!("{head}, proved"));
            let own = self.ours_alone(probe, record.clone());
            lines.push(format!("  {}", stated(&own.facts)));
            lines.extend(own.members.iter().map(|member| format!("    {}", stated(member))));
        }
        lines
    }

    /// What a file of a folder holds, in lines.
    pub(super) fn told_of_file(&self, file: &ReadFile) -> Vec<String> {
        let mut lines = Vec::new();
        if !file.acks.is_empty() {
            lines.push(format!("{} acknowledgements", file.acks.len()));
        } else if file.damage.is_none() || file.members > 0 {
            let (members, strangers) = (file.members, file.strangers);
            lines.push(format!(
                "{members} members, {} records of ours, {strangers} members of other people, dropped",
                file.records.len()
            ));
        }
        lines.extend(file.damage.iter().map(|damage| format!("! damaged: {damage}")));
        if !file.refused.is_empty() {
            lines.push(format!("! {} things in it a receiver refuses", file.refused.len()));
        }
        if !file.possible.is_empty() {
            lines.push("! a record in it may be ours, and shows too little to tell".to_owned());
        }
        for (recognition, record) in &file.records {
            lines.extend(self.told_of_records(recognition.probe, std::slice::from_ref(record)));
        }
        lines
    }
}

/// How a look is called.
pub(super) fn title_of_look(issuer: Option<&IssuerId>) -> String {
    issuer.map_or_else(|| "the look".to_owned(), |issuer| format!("the look at issuer {issuer}"))
}

fn told_of_others(strangers: u64, possible: bool) -> Vec<String> {
    let mut lines = Vec::new();
    if strangers > 0 {
        lines.push(format!("{strangers} records of other people, counted and dropped"));
    }
    if possible {
        lines.push("! one of them may be ours, and shows too little to tell it from a stranger's".to_owned());
    }
    lines
}

/// Facts that have a value; of SSNs nothing but that there is one.
fn stated(facts: &Facts) -> String {
    use crate::model::Field;
    let said = facts.values().map(|(field, value)| match field {
        Field::Ssn => format!("{field}=(there)"),
        _ => format!("{field}={value}"),
    });
    let said: Vec<String> = said.collect();
    if said.is_empty() { "(nothing that the mapping reads)".to_owned() } else { said.join("  ") }
}
