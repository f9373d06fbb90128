//! The envelopes of any X12 file, checked as its segments go by.

use super::damage::Damage;
use super::envelope::Envelope;
use super::reader::FileReport;
use super::stream::{LostKind, Step};

/// Checks envelopes: opened where they may be, closed, their counts and control numbers agreeing. To be shown every step
/// of a file in turn.
#[derive(Debug, Default)]
pub struct Audit {
    envelope: Envelope,
    report: FileReport,
}

impl Audit {
    /// What a step shows to be wrong, with its place.
    pub fn take(&mut self, step: &Step<'_>) -> Vec<Damage> {
        let mut damages = Vec::new();
        match step {
            Step::Segment(found) if is_content(found.place.segment, found.segment.id()) => {
                self.envelope.segments = found.place.segment;
            }
            Step::Segment(found) => {
                let (segment, offset) = (found.segment, found.place.offset);
                self.envelope.take(segment, offset, &mut self.report, &mut damages);
                if segment.id() == b"ISA" {
                    self.envelope.open_interchange(segment, offset, &mut damages);
                }
            }
            Step::Lost(lost) => {
                if lost.kind == LostKind::TooLong && lost.place.segment > 0 {
                    self.envelope.segments = lost.place.segment;
                }
                damages.extend(Damage::of_lost(lost).filter(|_| lost.kind.is_damage()));
            }
        }
        damages
    }

    /// Takes in a segment of a set's content by its number in the set, which is all that counts.
    #[inline]
    pub fn note(&mut self, segment: u32) {
        self.envelope.segments = segment;
    }

    /// What the end of the file, at this offset in bytes, shows to be wrong.
    pub fn end(&mut self, offset: u64) -> Vec<Damage> {
        let mut damages = Vec::new();
        self.envelope.end_of_file(offset, &mut damages);
        damages
    }
}

fn is_content(segment: u32, id: &[u8]) -> bool {
    segment > 1 && !matches!(id, b"ST" | b"SE" | b"GS" | b"GE" | b"IEA" | b"ISA")
}
