//! What `x12 diff --run` says, for people and for programs.

use johndoe::issuer::Marked;
use johndoe::model::{Discrepancy, FieldSet, RunId, Severity};
use johndoe::reconcile::{Account, Differing, DifferingKind};
use johndoe::report::tame;
use serde_json::{Value, json};
use std::fmt::Write as _;

/// Everything that is said.
#[derive(Debug)]
pub(super) struct Told {
    pub(super) run: RunId,
    pub(super) account: Account,
    /// Groups that bear a probe's mailbox, and that no run of the ledger accounts for.
    pub(super) unknown: Vec<Marked>,
    /// Members of groups of other runs of the ledger.
    pub(super) of_other_runs: u64,
    pub(super) strangers: u64,
    /// File and what is wrong in it.
    pub(super) damages: Vec<(String, String)>,
}

impl Default for Told {
    fn default() -> Self {
        Self {
            run: RunId::new(""),
            account: Account::default(),
            unknown: Vec::new(),
            of_other_runs: 0,
            strangers: 0,
            damages: Vec::new(),
        }
    }
}

impl Told {
    /// Whether the files say anything else than the run expects.
    pub(super) fn differs(&self) -> bool {
        !self.account.differing.is_empty() || !self.unknown.is_empty() || !self.damages.is_empty()
    }
}

pub(super) fn as_text(told: &Told) -> Vec<String> {
    let mut lines: Vec<_> = told.account.differing.iter().map(person).collect();
    lines.extend(told.unknown.iter().map(|group| tame(&unknown(group)).into_owned()));
    lines.extend(told.damages.iter().map(|(file, damage)| format!("damaged    {}: {}", tame(file), tame(damage))));
    lines.push(counts(told));
    lines.extend(beside(told));
    lines
}

fn person(one: &Differing) -> String {
    let [policy, member] = &one.ids;
    let known = |id: &str| if id.is_empty() { "unknown".to_owned() } else { id.to_owned() };
    let (kind, probe, line) = (one.kind.name(), one.probe, one.line);
    let who = [one.relationship.as_str(), &one.name].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>();
    let mut text = format!(
        "{kind:<10} {} (probe {probe} {line}; policy {}, member {}",
        who.join(" "),
        known(policy),
        known(member)
    );
    if !one.note.is_empty() {
        let _ = write!(text, "; {}", one.note);
    }
    if let Some(place) = &one.place {
        let _ = write!(text, "; {place}");
    }
    text.push(')');
    text = tame(&text).into_owned();
    one.fields.iter().for_each(|found| field(found, &mut text));
    text
}

fn field(found: &Discrepancy, text: &mut String) {
    let shown = |value: &Option<String>| {
        value.as_ref().map_or_else(|| "nothing".to_owned(), |value| format!("`{}`", tame(value)))
    };
    let minor = if found.severity == Severity::Minor { " (minor)" } else { "" };
    let (field, expected, given) = (found.field, shown(&found.expected), shown(&found.found));
    let _ = write!(text, "\n    {field}{minor}: expected {expected}, found {given}");
    if let Some(at) = found.at {
        let _ = write!(text, " at {at}");
    }
}

fn unknown(group: &Marked) -> String {
    let Marked { mailbox, ids, place, .. } = group;
    let ids = if ids.is_empty() { String::new() } else { format!("ids {}; ", ids.join(", ")) };
    format!("unknown    {mailbox} ({ids}{place}): a probe's mailbox, and no run of this ledger accounts for it")
}

fn counts(told: &Told) -> String {
    let all = DifferingKind::ALL.iter().map(|kind| (told.account.count(*kind), kind));
    let is_said = |(count, kind): &(usize, &DifferingKind)| *count > 0 || !matches!(kind, DifferingKind::Found(_));
    let mut text: Vec<_> = all.filter(is_said).map(|(count, kind)| format!("{count} {}", kind.name())).collect();
    text.push(format!("{} unknown", told.unknown.len()));
    text.push(format!("{} the same", told.account.same));
    text.push(format!("{} of other runs", told.of_other_runs));
    text.push(format!("{} strangers", told.strangers));
    text.join(", ")
}

/// The records after each group's first, by kind.
fn again(account: &Account) -> Option<String> {
    let kinds: Vec<_> = account.again.iter().map(|(kind, records)| format!("{records} {}", kind.as_str())).collect();
    let retransmitted = match account.retransmitted {
        0 => String::new(),
        some => format!(" ({some} retransmitted)"),
    };
    let kinds = kinds.join(", ");
    (!kinds.is_empty())
        .then(|| format!("compared, too: {kinds}{retransmitted}, of groups that came before in these files"))
}

/// What was not compared, and why.
fn beside(told: &Told) -> Vec<String> {
    let account = &told.account;
    let mut lines = again(account).into_iter().collect::<Vec<_>>();
    for (issuer, (groups, people)) in &account.elsewhere {
        lines.push(format!(
            "not looked for: {groups} groups, {people} people of issuer {issuer}; none of the files is addressed there"
        ));
    }
    let number = |lines: &mut Vec<String>, count: u64, what: &str| {
        if count > 0 {
            lines.push(format!("not compared: {count} {what}"));
        }
    };
    number(
        &mut lines,
        account.not_due,
        "groups that are not there, cancelled before they were due or never known to be accepted",
    );
    number(&mut lines, account.taken_out, "cancellations and terminations, but for whether somebody asked for them");
    number(&mut lines, account.renewals, "renewals into another year");
    number(&mut lines, account.equivalences, "values that are only written differently, by a known rule");
    for (set, why) in [(account.not_shown, "the files do not show them"), (account.ignored, "they are ignored")] {
        if !set.is_empty() {
            lines.push(format!("not compared: {}; {why}", names(set).join(", ")));
        }
    }
    lines
}

fn names(set: FieldSet) -> Vec<&'static str> {
    set.iter().map(johndoe::model::Field::name).collect()
}

pub(super) fn as_json(told: &Told) -> Vec<String> {
    let mut lines: Vec<Value> = told.account.differing.iter().map(person_as_json).collect();
    lines.extend(told.unknown.iter().map(|group| {
        let Marked { mailbox, ids, members, place } = group;
        json!({"kind": "unknown", "mailbox": mailbox, "ids": ids, "members": members, "place": place})
    }));
    lines.extend(told.damages.iter().map(|(file, damage)| json!({"kind": "damaged", "file": file, "says": damage})));
    lines.push(summary_as_json(told));
    lines.into_iter().map(|line| line.to_string()).collect()
}

fn person_as_json(one: &Differing) -> Value {
    let [policy, member] = &one.ids;
    let field = |found: &Discrepancy| {
        let Discrepancy { field, expected, found, severity, at, .. } = found;
        json!({"field": field, "expected": expected, "found": found, "severity": severity, "at": at})
    };
    json!({
        "kind": one.kind.name(),
        "probe": one.probe,
        "line": one.line,
        "issuer": one.issuer,
        "name": one.name,
        "relationship": one.relationship,
        "policy_id": policy,
        "member_id": member,
        "place": one.place,
        "step": one.step,
        "note": one.note,
        "fields": one.fields.iter().map(field).collect::<Vec<_>>(),
    })
}

fn summary_as_json(told: &Told) -> Value {
    let account = &told.account;
    let elsewhere = account
        .elsewhere
        .iter()
        .map(|(issuer, (groups, people))| json!({"issuer": issuer, "groups": groups, "people": people}));
    let mut summary = json!({"kind": "summary", "run": told.run});
    for kind in DifferingKind::ALL {
        summary[kind.name()] = account.count(kind).into();
    }
    let more = json!({
        "unknown": told.unknown.len(),
        "damaged": told.damages.len(),
        "same": account.same,
        "of_other_runs": told.of_other_runs,
        "strangers": told.strangers,
        "not_looked_for": elsewhere.collect::<Vec<_>>(),
        "not_due": account.not_due,
        "taken_out": account.taken_out,
        "compared_again": account.again,
        "retransmitted": account.retransmitted,
        "renewals": account.renewals,
        "equivalences": account.equivalences,
        "not_shown": names(account.not_shown),
        "ignored": names(account.ignored),
    });
    if let (Some(summary), Value::Object(more)) = (summary.as_object_mut(), more) {
        summary.extend(more);
    }
    summary
}
