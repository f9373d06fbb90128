//! Whether a file is whole: a growing or truncated file must wait, not be read as if people were missing from it.

use super::damage::DamageKind;
use super::error::ReadError;
use super::reader::{Item, Reader};
use std::io::{self, Read};

/// Whether a file is whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Completeness {
    /// Every interchange is closed by its trailer, and every count and control number agrees.
    Complete,
    /// Something lacks or disagrees.
    Incomplete {
        /// The first thing, with its place, as a lower-case sentence.
        reason: String,
        /// Whether the file all the same ends as a whole file ends, or can never become one: waiting for more will
        /// not mend it. A file that is still being written is not closed.
        closed: bool,
    },
}

/// Reads a source to its end and says whether it is a whole file of interchanges; the same checks that [`Reader`] makes, in
/// the same constant memory. Fails only where the source does.
pub fn completeness(source: impl Read) -> io::Result<Completeness> {
    let mut reader = Reader::new(source);
    let mut reason = None;
    loop {
        match reader.next() {
            Ok(Some(Item::Group(_))) => {}
            // a whole file that came before is whole
            Ok(Some(Item::Damage(damage))) if matches!(damage.kind, DamageKind::Repeated { .. }) => {}
            Ok(Some(Item::Damage(damage))) => reason = reason.or_else(|| Some(damage.to_string())),
            Ok(None) => break,
            Err(ReadError::Io(error)) => return Err(error),
            Err(refusal) => {
                let closed = refusal.is_final();
                return Ok(Completeness::Incomplete { reason: refusal.to_string(), closed });
            }
        }
    }
    let closed = reader.report().closed;
    Ok(reason.map_or(Completeness::Complete, |reason| Completeness::Incomplete { reason, closed }))
}

#[cfg(test)]
mod tests {
    use super::{Completeness, completeness};

    const WHOLE: &str = "ISA*00*          *00*          *ZZ*A              *ZZ*B              *131115*1010*^*00501*000000001*0*T*:~\
        GS*BE*A*B*20131115*1010*1*X*005010X220A1~ST*834*0001~BGN*00*1*20131115~SE*3*0001~GE*1*1~IEA*1*000000001~";

    #[test]
    fn every_prefix_of_a_file_is_incomplete_and_not_closed() {
        assert_eq!(completeness(WHOLE.as_bytes()).unwrap(), Completeness::Complete);
        // Without the last terminator the file says all it has to say.
        for end in 0..WHOLE.len() - 1 {
            let found = completeness(&WHOLE.as_bytes()[..end]).unwrap();
            assert!(matches!(found, Completeness::Incomplete { closed: false, .. }), "{end}: {found:?}");
        }
    }

    #[test]
    fn counts_that_disagree_are_told_with_their_place() {
        let wrong = WHOLE.replace("SE*3*", "SE*4*");
        let Completeness::Incomplete { reason, closed } = completeness(wrong.as_bytes()).unwrap() else {
            panic!("complete")
        };
        assert!(closed);
        assert_eq!(
            reason,
            "trailer `SE` counts `4`; expected `3`, as found (ISA 000000001 GS 1 ST 0001 segment 3 byte 177)"
        );
    }
}
