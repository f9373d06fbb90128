//! Writes acknowledgements.

use super::record::{ElementError, GroupAck, InterchangeAck, SegmentError, SetAck};
use crate::wire::x12::{Content, Envelope, Envelopes, FunctionalGroup, Options, WriteError};

/// Groups of 999 sets.
const ACKNOWLEDGEMENTS: Content = Content { code: "FA", set: "999", guide: "005010X231A1" };

/// Writes interchanges of TA1 segments and 999 sets; opening an envelope closes what stands open inside the one around it.
/// Control numbers are the caller's; one that repeats in the file is refused.
#[derive(Debug)]
pub struct AckWriter {
    file: Envelopes,
}

impl AckWriter {
    /// A writer with nothing written.
    pub fn new(options: Options) -> Self {
        Self { file: Envelopes::new(options) }
    }

    /// Begins an interchange. It asks for no acknowledgement (ISA14 is 0), whatever the envelope says: acknowledgements are
    /// not acknowledged.
    pub fn open_interchange(&mut self, envelope: &Envelope) -> Result<(), WriteError> {
        self.file.open_interchange(&Envelope { wants_acknowledgement: false, ..envelope.clone() })
    }

    /// Writes a TA1; it belongs between the interchange's header and its first group.
    pub fn interchange_ack(&mut self, ack: &InterchangeAck) {
        let control = format!("{:0>9}", ack.control);
        self.file.segments().put("TA1", &[&control, &ack.date, &ack.time, &ack.code, &ack.note]);
    }

    /// Begins a functional group of 999 sets. Fails without an interchange around it.
    pub fn open_group(&mut self, group: &FunctionalGroup) -> Result<(), WriteError> {
        self.file.open_group(ACKNOWLEDGEMENTS, group)
    }

    /// Writes one 999: what became of a group and of its sets. Fails without a functional group around it.
    pub fn group_ack(&mut self, control_number: u32, group: &GroupAck, sets: &[SetAck]) -> Result<(), WriteError> {
        let out = self.file.open_set(control_number)?;
        let name = &group.group;
        out.put("AK1", &[&name.functional_id, &name.control, &name.version]);
        for set in sets {
            out.put("AK2", &[&set.kind, &set.control, &set.guide]);
            for (id, elements) in set.segments.iter().flat_map(segment_error) {
                out.put_composites(id, &elements);
            }
            let codes: Vec<&str> =
                std::iter::once(&set.code).chain(set.errors.iter().take(5)).map(String::as_str).collect();
            out.put("IK5", &codes);
        }
        let count = |number: Option<u32>| number.unwrap_or_default().to_string();
        let counts = [count(group.included), count(group.received), count(group.accepted)];
        let codes = std::iter::once(&group.code).chain(&counts).chain(group.errors.iter().take(5));
        out.put("AK9", &codes.map(String::as_str).collect::<Vec<_>>());
        self.file.close_set();
        Ok(())
    }

    /// Closes what is open and gives out the file.
    pub fn finish(self) -> Vec<u8> {
        self.file.finish()
    }
}

type Composites = Vec<Vec<String>>;

fn segment_error(error: &SegmentError) -> Vec<(&'static str, Composites)> {
    let position = error.position.unwrap_or_default().to_string();
    let simple = [&error.segment, &position, &error.loop_id, &error.code];
    let mut written = vec![("IK3", simple.map(|text| vec![text.clone()]).to_vec())];
    written.extend(error.context.iter().map(|text| ("CTX", context(text))));
    for element in &error.elements {
        written.push(("IK4", element_error(element)));
        written.extend(element.context.iter().map(|text| ("CTX", context(text))));
    }
    written
}

fn element_error(error: &ElementError) -> Composites {
    let place = [error.position, error.component, error.repetition];
    let place = place.map(|number| number.map_or_else(String::new, |number| number.to_string())).to_vec();
    // IK404 holds 99 characters.
    let bad_value: String = error.bad_value.chars().take(99).collect();
    vec![place, vec![error.data_element.clone()], vec![error.code.clone()], vec![bad_value]]
}

/// CTX as it was read with the federal exchange's separators: elements parted by `*`, components by `:`.
fn context(text: &str) -> Composites {
    text.split('*').map(|element| element.split(':').map(str::to_owned).collect()).collect()
}
