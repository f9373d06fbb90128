//! Looks for a word in what was planned, told and seen: an id, the name of a synthetic person, a file.

use crate::ledger::{Error, Ledger};
use crate::model::{Entry, Event, Names, ProbeIndex, RunId};
use serde_json::Value;
use std::collections::BTreeSet;

/// A shorter word stands in every text.
pub(super) const SHORTEST: usize = 3;
/// As many runs are looked through for one page.
pub(super) const RUNS: usize = 100;
/// As many places are shown.
const MOST: usize = 100;

/// One place where a word stands.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hit {
    /// The run.
    pub run: RunId,
    /// The household, where it is one's.
    pub probe: Option<ProbeIndex>,
    /// What bears the word.
    pub what: String,
    /// The text that holds it.
    pub text: String,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Found {
    /// The places.
    pub hits: Vec<Hit>,
    /// Runs that were looked through.
    pub runs: usize,
    /// As many runs are passed over to look on, where there are more.
    pub next: Option<usize>,
    /// There are more places than are shown.
    pub is_cut: bool,
}

/// Looks through the runs after the first `from`, the latest first.
pub(super) fn search(ledger: &dyn Ledger, word: &str, from: usize) -> Result<Found, Error> {
    let wanted = Wanted::new(word, &ledger.names());
    let all = ledger.runs()?;
    let mut found = Found::default();
    if word.chars().count() < SHORTEST {
        return Ok(found);
    }
    for listing in all.iter().skip(from).take(RUNS) {
        found.runs += 1;
        let mut hits: BTreeSet<Hit> = BTreeSet::new();
        if listing.run.as_str().to_lowercase().starts_with(&wanted.word) {
            let text = listing.run.to_string();
            hits.insert(Hit { run: listing.run.clone(), probe: None, what: "run".to_owned(), text });
        }
        ledger.visit_entries(&listing.run, &mut |_, entry| {
            // each place once: what is seen again and again says the same
            if hits.len() <= MOST {
                hits.extend(wanted.in_entry(&listing.run, &entry));
            }
        })?;
        found.hits.extend(hits);
        if found.hits.len() > MOST {
            found.hits.truncate(MOST);
            found.is_cut = true;
            return Ok(found);
        }
    }
    found.next = Some(from + RUNS).filter(|next| *next < all.len());
    Ok(found)
}

/// What is looked for.
struct Wanted {
    word: String,
    /// A file of that name, as the ledger calls it.
    file: String,
}

impl Wanted {
    fn new(word: &str, names: &Names) -> Self {
        Self { word: word.to_lowercase(), file: names.of_label(word).to_lowercase() }
    }

    fn stands_in(&self, text: &str) -> bool {
        let text = text.to_lowercase();
        text.contains(&self.word) || text.contains(&self.file)
    }

    fn in_entry(&self, run: &RunId, entry: &Entry) -> Vec<Hit> {
        let Some(((probe, what), texts)) = texts(&entry.event) else { return Vec::new() };
        let bears = texts.into_iter().filter(|(_, text)| self.stands_in(text));
        bears
            .map(|(key, text)| {
                let what = if key.is_empty() { what.to_owned() } else { format!("{what}: {key}") };
                Hit { run: run.clone(), probe, what, text }
            })
            .collect()
    }
}

/// Whose entry it is, and what it is.
type Whose = (Option<ProbeIndex>, &'static str);
/// Texts, each with the key that it stands at.
type Texts = Vec<(String, String)>;

/// Every text of an entry.
fn texts(event: &Event) -> Option<(Whose, Texts)> {
    let of = |value: serde_json::Result<Value>| {
        let mut texts = Vec::new();
        leaves("", &value.unwrap_or_default(), &mut texts);
        texts
    };
    let found = match event {
        Event::Planned { household, .. } => {
            let names = household.people.iter().map(|person| ("name".to_owned(), person.name.to_string()));
            let mut texts: Vec<_> = names.collect();
            texts.push(("marker".to_owned(), household.marker.clone()));
            let mailboxes = household.people.iter().filter_map(|person| person.email.clone());
            texts.extend(mailboxes.map(|mailbox| ("e-mail".to_owned(), mailbox)));
            ((Some(household.index), "planned"), texts)
        }
        Event::Committing { probe, captures, .. }
        | Event::Named { probe, captures, .. }
        | Event::Answered { probe, captures, .. } => {
            ((Some(*probe), "told by the exchange"), of(serde_json::to_value(captures)))
        }
        Event::Seen { sighting } => {
            let mut texts = of(serde_json::to_value(&sighting.record));
            texts.push(("place".to_owned(), sighting.record.place.to_string()));
            ((sighting.asked_for, "seen"), texts)
        }
        Event::FileRead { name, .. } => ((None, "file read"), vec![(String::new(), name.clone())]),
        Event::Acknowledged { acknowledgement } => {
            ((Some(acknowledgement.probe), "acknowledged"), of(serde_json::to_value(acknowledgement)))
        }
        _ => return None,
    };
    Some(found)
}

/// SSNs are left out: made up as they are, they look like somebody's.
fn leaves(key: &str, value: &Value, into: &mut Texts) {
    match value {
        Value::String(_) if key.contains("ssn") => {}
        // the place has it, with where in the file
        Value::String(_) if key == "source" => {}
        Value::String(text) => into.push((key.to_owned(), text.clone())),
        Value::Array(items) => items.iter().for_each(|item| leaves(key, item, into)),
        Value::Object(fields) => fields.iter().for_each(|(key, value)| leaves(key, value, into)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
