//! 834 files handed over instead of requests: what is written, what its receiver says, and whole trips.

mod steps;
mod trips;

use crate::pyx12::validator;
use johndoe::wire::ack::SegmentError;
use johndoe::wire::ack::answer::{Objection, ReceivedNumbers, answer};
use johndoe::wire::x12::{ControlNumbers, Options, PlacedSegment};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::task::JoinHandle;

/// What the receiver finds wrong, at a segment that goes by.
type Objects = fn(&PlacedSegment<'_>) -> Vec<Objection>;

fn nothing(_: &PlacedSegment<'_>) -> Vec<Objection> {
    Vec::new()
}

/// Notes an error in every set, which is accepted all the same.
fn notes(at: &PlacedSegment<'_>) -> Vec<Objection> {
    if at.segment.id() == b"SE" { vec![Objection::Note(error())] } else { Vec::new() }
}

fn refuses_all(at: &PlacedSegment<'_>) -> Vec<Objection> {
    if at.segment.id() == b"INS" { vec![Objection::Segment(error())] } else { Vec::new() }
}

/// Refuses the sets that speak of dental coverage.
fn refuses_dental(at: &PlacedSegment<'_>) -> Vec<Objection> {
    let is_dental = at.segment.id() == b"HD" && at.segment.element(3) == b"DEN";
    if is_dental { vec![Objection::Segment(error())] } else { Vec::new() }
}

fn refuses_interchange(at: &PlacedSegment<'_>) -> Vec<Objection> {
    if at.segment.id() == b"GS" { vec![Objection::Interchange("024".to_owned())] } else { Vec::new() }
}

fn error() -> SegmentError {
    SegmentError { segment: "INS".to_owned(), position: Some(7), code: "8".to_owned(), ..SegmentError::default() }
}

/// The folders of a sender and a receiver.
#[derive(Debug, Clone)]
struct Folders(PathBuf);

impl Folders {
    /// All three, empty.
    fn below(folder: &Path) -> Self {
        let folders = Self(folder.to_owned());
        for each in ["intake", "acks", "outbound"] {
            fs::create_dir(folders.of(each)).unwrap();
        }
        folders
    }

    fn of(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// Names of the files that were handed over; a temporary one is none.
    fn handed_over(&self) -> BTreeSet<String> {
        let listed = fs::read_dir(self.of("intake")).unwrap().map(|entry| entry.unwrap().file_name());
        listed.map(|name| name.to_string_lossy().into_owned()).filter(|name| !name.starts_with('.')).collect()
    }

    fn content(&self, name: &str) -> String {
        fs::read_to_string(self.of("intake").join(name)).unwrap()
    }

    fn contents(&self) -> Vec<String> {
        self.handed_over().iter().map(|name| self.content(name)).collect()
    }

    /// Answers every file that is handed over from now on, and sends it on to `outbound`.
    fn receiver(&self, objects: Objects) -> Receiver {
        let folders = self.clone();
        Receiver(tokio::spawn(async move {
            let (mut known, mut received) = (BTreeSet::new(), ReceivedNumbers::default());
            let mut numbers = ControlNumbers::starting_at(1);
            loop {
                for name in folders.handed_over() {
                    if known.insert(name.clone()) {
                        folders.receive(&name, objects, &mut received, &mut numbers);
                    }
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }))
    }

    fn receive(&self, name: &str, objects: Objects, received: &mut ReceivedNumbers, numbers: &mut ControlNumbers) {
        put(&self.of("acks"), name, &self.answer(name, objects, received, numbers));
        put(&self.of("outbound"), name, self.content(name).as_bytes());
    }

    fn answer(
        &self,
        name: &str,
        mut objects: Objects,
        received: &mut ReceivedNumbers,
        numbers: &mut ControlNumbers,
    ) -> Vec<u8> {
        let answered = answer(self.content(name).as_bytes(), received, &mut objects).unwrap();
        answered.write(Options::default(), "2013-11-15T18:00:00".parse().unwrap(), numbers).unwrap()
    }
}

/// A receiver at work, until it is dropped.
struct Receiver(JoinHandle<()>);

impl Drop for Receiver {
    fn drop(&mut self) {
        self.0.abort();
    }
}

fn put(folder: &Path, name: &str, content: &[u8]) {
    let temporary = folder.join(format!(".{name}.part"));
    fs::write(&temporary, content).unwrap();
    fs::rename(temporary, folder.join(name)).unwrap();
}

/// The elements of a file's first segment with this id.
fn segment(content: &str, id: &str) -> Vec<String> {
    let found = content.split('~').find(|segment| segment.split('*').next() == Some(id));
    found.unwrap_or_else(|| panic!("no {id} in {content}")).split('*').map(str::to_owned).collect()
}

/// Sender and receiver of every file here, and what the sender says of its own.
const PARTIES: &str = "sender: {id: \"987654321\", qualifier: \"30\", group: EMPLOYER}\n\
    receiver: {id: HUB, group: HUBGROUP}";
const FACTS: &str = "facts:\n  \
    exchange_assigned_subscriber_id: \"S{{ control_number }}\"\n  \
    exchange_assigned_policy_id: \"P{{ control_number }}{{ line }}\"\n  \
    member.exchange_assigned_member_id: \"M{{ control_number }}{{ member.id }}\"\n  \
    premium_total: \"350.00\"\n  aptc: \"0.00\"\n  total_responsibility: \"350.00\"";

fn indented(text: &str, by: usize) -> String {
    let lines: Vec<_> = text.lines().map(|line| format!("{}{line}", " ".repeat(by))).collect();
    lines.join("\n")
}
