//! What the codes of acknowledgements mean, in words.

/// Whether something was accepted (TA104, IK501, AK501, AK901; X12 elements I17, 715 and 717).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// `A`.
    Accepted,
    /// `E`: accepted, and errors were noted. It is processed like one that is accepted.
    AcceptedWithErrors,
    /// `P`, of a functional group: some of its sets were accepted.
    AcceptedInPart,
    /// `R`, and `M`, `W` and `X`, which reject for reasons of security.
    Rejected,
}

impl Verdict {
    /// Of a code; `None` where it is none of these.
    pub fn of(code: &str) -> Option<Self> {
        match code {
            "A" => Some(Self::Accepted),
            "E" => Some(Self::AcceptedWithErrors),
            "P" => Some(Self::AcceptedInPart),
            "R" | "M" | "W" | "X" => Some(Self::Rejected),
            _ => None,
        }
    }

    /// Whether what it is said of goes on to be processed: with errors noted it does, in part it must be asked of each set.
    pub fn is_accepted(self) -> bool {
        matches!(self, Self::Accepted | Self::AcceptedWithErrors)
    }
}

/// A list of codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeList {
    /// TA104, IK501, AK501 and AK901.
    Verdict,
    /// TA105 (element I18).
    InterchangeNote,
    /// IK304 and AK304 (elements 620 and 720).
    SegmentError,
    /// IK403 and AK403 (elements 621 and 723).
    ElementError,
    /// IK502 to IK506 and AK502 to AK506 (element 618 and 718).
    SetError,
    /// AK905 to AK909 (element 716).
    GroupError,
}

impl CodeList {
    /// A code's meaning as a lower-case fragment; for a code that the list does not hold, that it is unknown.
    pub fn words(self, code: &str) -> &'static str {
        let list = match self {
            Self::Verdict => VERDICTS,
            Self::InterchangeNote => INTERCHANGE_NOTES,
            Self::SegmentError => SEGMENT_ERRORS,
            Self::ElementError => ELEMENT_ERRORS,
            Self::SetError => SET_ERRORS,
            Self::GroupError => GROUP_ERRORS,
        };
        list.iter().find(|(known, _)| *known == code).map_or("unknown code", |(_, words)| words)
    }

    /// Whether the list holds a code.
    pub fn holds(self, code: &str) -> bool {
        self.words(code) != "unknown code"
    }
}

type Words = &'static [(&'static str, &'static str)];

const VERDICTS: Words = &[
    ("A", "accepted"),
    ("E", "accepted, with errors noted"),
    ("P", "accepted in part"),
    ("R", "rejected"),
    ("M", "rejected: message authentication failed"),
    ("W", "rejected: assurance failed its validity tests"),
    ("X", "rejected: the decrypted content could not be read"),
];

const INTERCHANGE_NOTES: Words = &[
    ("000", "no error"),
    ("001", "control numbers of header and trailer differ (ISA13, IEA02)"),
    ("002", "control standard is not supported (ISA11)"),
    ("003", "version of the controls is not supported (ISA12)"),
    ("004", "segment terminator is invalid"),
    ("005", "sender's id qualifier is invalid (ISA05)"),
    ("006", "sender id is invalid (ISA06)"),
    ("007", "receiver's id qualifier is invalid (ISA07)"),
    ("008", "receiver id is invalid (ISA08)"),
    ("009", "receiver id is unknown (ISA08)"),
    ("010", "authorization qualifier is invalid (ISA01)"),
    ("011", "authorization is invalid (ISA02)"),
    ("012", "security qualifier is invalid (ISA03)"),
    ("013", "security information is invalid (ISA04)"),
    ("014", "interchange date is invalid (ISA09)"),
    ("015", "interchange time is invalid (ISA10)"),
    ("016", "standards identifier is invalid (ISA11)"),
    ("017", "interchange version is invalid (ISA12)"),
    ("018", "interchange control number is invalid (ISA13)"),
    ("019", "acknowledgement request is invalid (ISA14)"),
    ("020", "test indicator is invalid (ISA15)"),
    ("021", "number of included groups is invalid (IEA01)"),
    ("022", "control structure is invalid"),
    ("023", "file ends too early"),
    ("024", "content of the interchange is invalid"),
    ("025", "control number has been used before (ISA13)"),
    ("026", "element separator is invalid"),
    ("027", "component separator is invalid (ISA16)"),
    ("028", "delivery date of a deferred delivery is invalid"),
    ("029", "delivery time of a deferred delivery is invalid"),
    ("030", "delivery time code of a deferred delivery is invalid"),
    ("031", "grade of service is invalid"),
];

const SEGMENT_ERRORS: Words = &[
    ("1", "segment id is not known"),
    ("2", "segment is not expected here"),
    ("3", "required segment is missing"),
    ("4", "loop occurs too often"),
    ("5", "segment occurs too often"),
    ("6", "segment does not belong to this transaction set"),
    ("7", "segment is out of sequence"),
    ("8", "segment has errors in its elements"),
    ("I4", "segment is not used by the implementation guide"),
    ("I6", "segment that the guide makes depend on others is missing"),
    ("I7", "loop occurs less often than the guide asks"),
    ("I8", "segment occurs less often than the guide asks"),
    ("I9", "segment is not to be used in this case, by the guide"),
];

const ELEMENT_ERRORS: Words = &[
    ("1", "required element is missing"),
    ("2", "element that another one requires is missing"),
    ("3", "too many elements"),
    ("4", "element is too short"),
    ("5", "element is too long"),
    ("6", "element holds an invalid character"),
    ("7", "code is not in the list"),
    ("8", "date is invalid"),
    ("9", "time is invalid"),
    ("10", "element is excluded by another one"),
    ("12", "too many repetitions"),
    ("13", "too many components"),
    ("I6", "code is not used by the implementation guide"),
    ("I9", "element that the guide makes depend on others is missing"),
    ("I10", "element is not used by the implementation guide"),
    ("I11", "fewer repetitions than the guide asks"),
    ("I12", "element does not match the guide's pattern"),
    ("I13", "element is not to be used in this case, by the guide"),
];

const SET_ERRORS: Words = &[
    ("1", "transaction set is not supported"),
    ("2", "transaction set trailer is missing (SE)"),
    ("3", "control numbers of header and trailer differ (ST02, SE02)"),
    ("4", "number of segments differs from the trailer's count (SE01)"),
    ("5", "one or more segments are in error"),
    ("6", "transaction set id is missing or invalid (ST01)"),
    ("7", "transaction set control number is missing or invalid (ST02)"),
    ("8", "name of the authentication key is not known"),
    ("9", "name of the encryption key is not known"),
    ("10", "requested security service is not available"),
    ("11", "recipient of the security service is not known"),
    ("12", "length of the encrypted message is wrong"),
    ("13", "message authentication failed"),
    ("15", "originator of the security service is not known"),
    ("16", "decrypted text has syntax errors"),
    ("17", "security is not supported"),
    ("18", "transaction set does not belong to this functional group"),
    ("19", "implementation guide is not valid here (ST03)"),
    ("23", "control number is not unique within the functional group (ST02)"),
    ("24", "security trailer S3E is missing for S3S"),
    ("25", "security header S3S is missing for S3E"),
    ("26", "security trailer S4E is missing for S4S"),
    ("27", "security header S4S is missing for S4E"),
    ("I5", "one or more segments break the implementation guide"),
    ("I6", "implementation guide is not supported"),
];

const GROUP_ERRORS: Words = &[
    ("1", "functional group is not supported (GS01)"),
    ("2", "version of the functional group is not supported (GS08)"),
    ("3", "functional group trailer is missing (GE)"),
    ("4", "control numbers of header and trailer differ (GS06, GE02)"),
    ("5", "number of transaction sets differs from the trailer's count (GE01)"),
    ("6", "functional group control number is invalid, or has been used before (GS06)"),
    ("10", "name of the authentication key is not known"),
    ("11", "name of the encryption key is not known"),
    ("12", "requested security service is not available"),
    ("13", "recipient of the security service is not known"),
    ("14", "originator of the security service is not known"),
    ("15", "decrypted text has syntax errors"),
    ("16", "security is not supported"),
    ("17", "length of the encrypted message is wrong"),
    ("18", "message authentication failed"),
    ("19", "functional group control number is not unique within the interchange (GS06)"),
    ("23", "security trailer S3E is missing for S3S"),
    ("24", "security header S3S is missing for S3E"),
    ("25", "security trailer S4E is missing for S4S"),
    ("26", "security header S4S is missing for S4E"),
];

#[cfg(test)]
mod tests {
    use super::{CodeList, INTERCHANGE_NOTES, Verdict};

    #[test]
    fn every_interchange_note_from_000_to_031_has_its_words() {
        let codes: Vec<_> = (0..=31).map(|number| format!("{number:03}")).collect();
        assert!(INTERCHANGE_NOTES.iter().map(|(code, _)| *code).eq(codes.iter().map(String::as_str)));
        assert_eq!(CodeList::InterchangeNote.words("025"), "control number has been used before (ISA13)");
        assert_eq!(CodeList::SetError.words("99"), "unknown code");
    }

    #[test]
    fn accepted_with_errors_is_accepted_and_in_part_is_not() {
        let accepted = |code| Verdict::of(code).map(Verdict::is_accepted);
        assert_eq!(
            ["A", "E", "P", "R", "M", "W", "X", "?"].map(accepted),
            [Some(true), Some(true), Some(false), Some(false), Some(false), Some(false), Some(false), None]
        );
    }
}
