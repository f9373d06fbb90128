//! Members' loops cut out of an 834: those in which given segments stand, and nobody else's.

use super::error::ReadError;
use super::segment::Segment;
use super::stream::{Segments, Step};
use std::collections::BTreeSet;
use std::io::Read;

/// Segments of one transaction set, by their numbers in it (ST being 1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// ISA13, GS06 and ST02.
    pub controls: [String; 3],
    /// Each stands in the loop of a member who is wanted.
    pub segments: BTreeSet<u32>,
}

/// One member's loop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excerpt {
    /// ISA13, GS06 and ST02 of its set.
    pub controls: [String; 3],
    /// Number of its INS in the set.
    pub first: u32,
    /// Its segments as they stand there; of Social Security numbers only the last four digits.
    pub segments: Vec<String>,
}

/// The loops of members (from INS to before the next INS, or SE) in which any wanted segment stands, in the order of the file.
pub fn excerpts(source: impl Read, wanted: &[Wanted]) -> Result<Vec<Excerpt>, ReadError> {
    let (mut segments, mut found) = (Segments::new(source), Vec::new());
    let mut open: Option<Excerpt> = None;
    while let Some(step) = segments.next()? {
        let Step::Segment(placed) = step else { continue };
        let ends = matches!(placed.segment.id(), b"INS" | b"SE" | b"GE" | b"IEA" | b"ISA" | b"GS" | b"ST");
        if ends {
            found.extend(open.take().filter(|of| is_wanted(of, wanted)));
        }
        if placed.segment.id() == b"INS" {
            let place = placed.place;
            let control = |of: Option<&String>| of.cloned().unwrap_or_default();
            let controls = [
                control(place.interchange().map(|of| &of.control)),
                control(place.group().map(|of| &of.control)),
                control(place.set().map(|of| &of.control)),
            ];
            open = Some(Excerpt { controls, first: place.segment, segments: Vec::new() });
        }
        if let Some(of) = &mut open {
            of.segments.push(shown(placed.segment, char::from(placed.delimiters.element)));
        }
    }
    found.extend(open.take().filter(|of| is_wanted(of, wanted)));
    Ok(found)
}

fn is_wanted(of: &Excerpt, wanted: &[Wanted]) -> bool {
    let count = u32::try_from(of.segments.len()).unwrap_or(u32::MAX);
    let here = of.first..of.first.saturating_add(count);
    wanted.iter().any(|set| set.controls == of.controls && set.segments.iter().any(|at| here.contains(at)))
}

/// A segment as it stands there, but for the first digits of a Social Security number (NM109 with NM108 34, REF02 with REF01 SY).
fn shown(segment: Segment<'_>, separator: char) -> String {
    let elements: Vec<String> =
        segment.as_written().map(|element| String::from_utf8_lossy(element).into_owned()).collect();
    let says = |at: usize, word: &str| elements.get(at).is_some_and(|element| element == word);
    let number = match elements.first().map(String::as_str) {
        Some("NM1") if says(8, "34") => Some(9),
        Some("REF") if says(1, "SY") => Some(2),
        _ => None,
    };
    let mut elements = elements;
    if let Some(number) = number.and_then(|at| elements.get_mut(at)) {
        let kept = number.len().saturating_sub(4);
        *number = number.chars().enumerate().map(|(at, digit)| if at < kept { '*' } else { digit }).collect();
    }
    elements.join(&separator.to_string())
}

#[cfg(test)]
mod tests {
    use super::{Wanted, excerpts};

    const FILE: &str = "ISA*00*          *00*          *ZZ*A              *ZZ*B              *131115*1200*^*00501*000000007*0*T*:~\
        GS*BE*A*B*20131115*1200*8*X*005010X220A1~ST*834*0001*005010X220A1~BGN*00*1*20131115*1200****4~\
        INS*Y*18*021*28*A***FT~REF*0F*S1~NM1*IL*1*DOE*JANE****34*900401234~REF*SY*900401234~\
        INS*Y*18*021*28*A***FT~REF*0F*S2~NM1*IL*1*SMITH*REAL****34*123456789~SE*9*0001~GE*1*8~IEA*1*000000007~";

    #[test]
    fn only_the_loop_that_is_wanted_is_cut_out_and_no_whole_number_stands_in_it() {
        let controls = ["000000007".to_owned(), "8".to_owned(), "0001".to_owned()];
        let wanted = Wanted { controls: controls.clone(), segments: [5].into() };
        let found = excerpts(FILE.as_bytes(), &[wanted]).unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].first, &found[0].controls), (3, &controls));
        assert_eq!(
            found[0].segments,
            ["INS*Y*18*021*28*A***FT", "REF*0F*S1", "NM1*IL*1*DOE*JANE****34*\u{2a}****1234", "REF*SY******1234"]
        );
        let other =
            Wanted { controls: ["000000009".to_owned(), "8".to_owned(), "0001".to_owned()], segments: [5].into() };
        assert!(excerpts(FILE.as_bytes(), &[other]).unwrap().is_empty());
    }
}
