//! What is wrong inside a file, and where: one damaged part never hides the next.

use super::stream::{Lost, LostKind};
use super::window::WINDOW_LIMIT;
use crate::model::{Evidence, Place, Refused};
use std::fmt;

/// Where in the file: the numbers of the envelopes that are open, the segment, the byte.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Location {
    /// ISA13, inside an interchange.
    pub interchange: Option<String>,
    /// GS06, inside a functional group.
    pub functional_group: Option<String>,
    /// ST02, inside a transaction set.
    pub transaction_set: Option<String>,
    /// Segment number within the set, ST being 1; 0 outside a set.
    pub segment: u32,
    /// Offset in bytes from the beginning of the file.
    pub offset: u64,
}

impl Location {
    /// The place as evidence, for a file of this name.
    pub fn to_place(&self, source_name: &str) -> Place {
        Place {
            source: source_name.to_owned(),
            interchange: self.interchange.clone(),
            functional_group: self.functional_group.clone(),
            transaction_set: self.transaction_set.clone(),
            segment: (self.segment > 0).then_some(self.segment),
            ..Place::default()
        }
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let numbers = [("ISA", &self.interchange), ("GS", &self.functional_group), ("ST", &self.transaction_set)];
        for (label, number) in numbers {
            if let Some(number) = number {
                write!(f, "{label} {} ", Evidence::code(number))?;
            }
        }
        if self.segment > 0 {
            write!(f, "segment {} ", self.segment)?;
        }
        write!(f, "byte {}", self.offset)
    }
}

/// Something wrong at a place. Enrollment groups of a damaged transaction set are not given out, as an issuer would
/// refuse the whole set (CMS companion guide v7.2 p. 11); only of a set larger than the reader's window some have been given
/// out before its damage was found.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{kind}{} ({at})", unread(*.unread_members))]
pub struct Damage {
    /// What.
    pub kind: DamageKind,
    /// Where.
    pub at: Location,
    /// Members of the set that are not given out because of it; told once, at the first damage of the set's end.
    pub unread_members: usize,
}

impl Damage {
    /// The part of its file that a receiver refuses because of it: an interchange (TA1), a functional group or a transaction set
    /// (999); `None` where it stands outside every interchange.
    pub fn refused(&self) -> Option<Refused> {
        let level = match &self.kind {
            DamageKind::EndsInside { .. } => Level::Interchange,
            DamageKind::MissingTrailer { trailer, .. }
            | DamageKind::Count { trailer, .. }
            | DamageKind::ControlNumber { trailer, .. } => Level::closed_by(trailer),
            DamageKind::Repeated { code, .. } => Level::refused_by(code),
            _ => Level::TransactionSet,
        };
        Some(Refused {
            interchange: self.at.interchange.clone()?,
            functional_group: self.at.functional_group.clone().filter(|_| level >= Level::FunctionalGroup),
            transaction_set: self.at.transaction_set.clone().filter(|_| level >= Level::TransactionSet),
        })
    }

    /// What bytes that are no segment mean for the file; nothing where no more than a terminator too many stands there.
    pub(in crate::wire) fn of_lost(lost: &Lost<'_>) -> Option<Self> {
        let kind = DamageKind::from_lost(lost.kind, &lost.begins)?;
        Some(Self { kind, at: lost.place.to_location(), unread_members: 0 })
    }
}

/// How much is refused, the most first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Interchange,
    FunctionalGroup,
    TransactionSet,
}

impl Level {
    fn closed_by(trailer: &str) -> Self {
        match trailer {
            "IEA" => Self::Interchange,
            "GE" => Self::FunctionalGroup,
            _ => Self::TransactionSet,
        }
    }

    /// By the code of the answer: TA105, AK905 or IK502.
    fn refused_by(code: &str) -> Self {
        match code.get(..3) {
            Some("TA1") => Self::Interchange,
            Some("AK9") => Self::FunctionalGroup,
            _ => Self::TransactionSet,
        }
    }
}

fn unread(members: usize) -> String {
    match members {
        0 => String::new(),
        1 => "; the set's one member is not read".to_owned(),
        many => format!("; the set's {many} members are not read"),
    }
}

/// What is said of a file in lines, where they are not joined.
pub(super) const CUT_INTO_LINES: &str = "a line break stands inside a segment: the file is cut into lines; expected line \
                                         breaks after segments only; join the lines";

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DamageKind {
    /// An ISA whose delimiters cannot be told.
    #[error("interchange header is unreadable: no sixteen elements with a terminator after them")]
    UnreadableHeader,
    /// Whoever made the file broke it into lines, and its values hold line breaks.
    #[error("{CUT_INTO_LINES}")]
    CutIntoLines,
    /// The same, of a file that is read in spite of it.
    #[error(
        "the file is cut into lines of one length, which end inside segments; expected line breaks after segments only; it \
         is read with its lines joined"
    )]
    JoinedLines,
    /// A line break inside a segment: where the value that it stands in came from, nobody knows.
    #[error(
        "a line break stands inside a segment `{id}`; expected line breaks after segments only; it is read as it stands"
    )]
    LineBreak {
        /// The segment's identifier.
        id: Evidence,
    },
    /// An ISA that does not end where it should.
    #[error(
        "interchange header has blanks or a line break between ISA16 and its terminator; expected the terminator right \
         after ISA16; it is read without them"
    )]
    PaddedHeader,
    /// An ISA that is not as wide as every ISA is; its elements are read all the same.
    #[error(
        "interchange header has {width} bytes; expected 105, its elements filled up with blanks; it is read as it is"
    )]
    HeaderWidth {
        /// Its bytes, without blanks at its end and without its terminator.
        width: usize,
    },
    /// Segment identifiers in small letters.
    #[error(
        "segment identifiers are written in small letters, first that of `{id}`; expected capitals; they are read as capitals"
    )]
    SmallLetters {
        /// The first of them.
        id: Evidence,
    },
    /// A set in a group of another kind: GS01 is `BE` for enrollments, and for nothing else (X12 element 479).
    #[error("transaction set `{set}` stands in a functional group `{group}`; expected `834` in `BE`; it is not read")]
    WrongGroup {
        /// ST01.
        set: Evidence,
        /// GS01.
        group: Evidence,
    },
    /// Bytes between interchanges.
    #[error("`{begins}` stands where an interchange header `ISA` is expected")]
    StrayBytes {
        /// The first of them.
        begins: Evidence,
    },
    /// A segment outside the envelope it belongs into.
    #[error("segment `{id}` stands outside {belongs_in}")]
    StraySegment {
        /// Its identifier.
        id: Evidence,
        /// Where it belongs.
        belongs_in: &'static str,
    },
    /// An envelope that something else follows before it is closed.
    #[error("`{found}` comes before the trailer `{trailer}`")]
    MissingTrailer {
        /// The trailer's identifier.
        trailer: &'static str,
        /// What came instead.
        found: String,
    },
    /// The file ends while an envelope is open: it is truncated, or still being written.
    #[error("file ends before the trailer `{trailer}`")]
    EndsInside {
        /// The trailer's identifier.
        trailer: &'static str,
    },
    /// A trailer's count.
    #[error("trailer `{trailer}` counts `{said}`; expected `{counted}`, as found")]
    Count {
        /// The trailer's identifier.
        trailer: &'static str,
        /// Its text.
        said: Evidence,
        /// What was there.
        counted: u64,
    },
    /// A trailer's control number.
    #[error("trailer `{trailer}` has control number `{said}`, its header has `{opened}`")]
    ControlNumber {
        /// The trailer's identifier.
        trailer: &'static str,
        /// The trailer's number.
        said: Evidence,
        /// The header's number.
        opened: Evidence,
    },
    /// A control number that was used before where it must be new. What has it is read all the same; a receiver refuses it.
    #[error("control number `{number}` was used before in this file: {level} is refused as a duplicate ({code})")]
    Repeated {
        /// The number.
        number: Evidence,
        /// What has it.
        level: &'static str,
        /// What a receiver would answer: TA105, AK905 or IK502.
        code: &'static str,
    },
    /// A segment longer than the reader keeps.
    #[error("segment is longer than {limit} bytes")]
    SegmentTooLong {
        /// The limit in bytes.
        limit: usize,
    },
    /// An enrollment group larger than the reader keeps.
    #[error("enrollment group is larger than {limit} bytes or segments")]
    GroupTooLarge {
        /// The limit in bytes.
        limit: usize,
    },
}

impl DamageKind {
    /// What is damaged by bytes that are no segment; `None` where nothing is.
    pub(super) fn from_lost(kind: LostKind, begins: &str) -> Option<Self> {
        Some(match kind {
            LostKind::Empty => return None,
            LostKind::CutIntoLines => Self::CutIntoLines,
            LostKind::JoinedLines => Self::JoinedLines,
            LostKind::LineBreak => Self::LineBreak { id: Evidence::code(begins) },
            LostKind::PaddedHeader => Self::PaddedHeader,
            LostKind::SmallLetters => Self::SmallLetters { id: Evidence::code(&begins.to_ascii_uppercase()) },
            LostKind::Stray => Self::StrayBytes { begins: Evidence::of(begins) },
            LostKind::UnreadableHeader => Self::UnreadableHeader,
            LostKind::TooLong => Self::SegmentTooLong { limit: WINDOW_LIMIT },
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::wire::ack::read_all;
    use crate::wire::x12::{Completeness, Item, Reader, completeness};

    const HEAD: &str =
        "ISA*00*          *00*          *ZZ*A              *ZZ*B              *131115*1010*^*00501*000000001*0*T*:~";
    const GROUP: &str = "GS*BE*A*B*20131115*1010*1*X*005010X220A1~";
    const SET: &str = "ST*834*0001~BGN*00*1*20131115~SE*3*0001~GE*1*1~IEA*1*000000001~";

    /// A stranger at every place of an envelope and beside it.
    fn planted() -> Vec<String> {
        let whole = format!("{HEAD}{GROUP}{SET}");
        let with = |from: &str, to: &str| whole.replacen(from, to, 1);
        let stranger = "Zyxwoman;Qvrtson;219-45-9911;77 Realstreet\n";
        vec![
            stranger.repeat(9),
            format!("{stranger}{whole}"),
            format!("{whole}{stranger}"),
            format!("ST*834*Zyxwoman~{stranger}"),
            with("SE*3*0001", "SE*Zyxwoman*219459911"),
            with("GE*1*1", "GE*19611131*QVRTSON"),
            with("IEA*1*000000001", "IEA*1*219459911"),
            with("ST*834*0001", "ST*834*219459911"),
            with("ST*834*0001", "ST*ZYXWOMAN*0001"),
            with("GS*BE", "GS*QVRTSON"),
            with("000000001*0", "219459911*0").replacen("GE*1*1", "GE*2*1", 1),
            with("GS*BE", "ZYXWOMAN*QVRTSON~GS*BE"),
            format!(
                "{HEAD}GS*FA*A*B*20131115*1010*1*X*005010X231A1~ST*999*ZYXWOMAN~AK1*BE*QVRTSON~AK2*834*219459911~\
                     ZYXWOMAN*1~IK3*QVRTSON*9**Zyxwoman~IK4*3*19611131*Q9*Zyxwoman~IK5*Qvrtson~AK9*Z*z~SE*1*0001~"
            ),
            format!("{HEAD}TA1*219459911*131115*1010*Zyxwoman*QVRTSON~IEA*0*000000001~"),
        ]
    }

    fn told(file: &str) -> Vec<String> {
        let mut texts = Vec::new();
        let mut reader = Reader::new(file.as_bytes());
        loop {
            match reader.next() {
                Ok(Some(Item::Damage(damage))) => texts.push(damage.to_string()),
                Ok(Some(Item::Group(_))) => {}
                Ok(None) => break,
                Err(refusal) => {
                    texts.push(refusal.to_string());
                    break;
                }
            }
        }
        if let Ok(Completeness::Incomplete { reason, .. }) = completeness(file.as_bytes()) {
            texts.push(reason);
        }
        let acks = read_all(file.as_bytes(), false, "acks").unwrap();
        texts.extend(acks.damages);
        texts.extend(acks.acks.into_iter().map(|ack| ack.words));
        texts
    }

    #[test]
    fn no_text_about_a_file_holds_anything_of_a_stranger_in_it() {
        for file in planted() {
            let texts = told(&file);
            assert!(!texts.is_empty(), "{file}");
            for text in &texts {
                for trace in ["zyxwoman", "qvrtson", "219", "9911", "realstreet", "19611131"] {
                    assert!(!text.to_lowercase().contains(trace), "{trace}: {text}");
                }
            }
        }
    }
}
