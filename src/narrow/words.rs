//! What the tries prove, in a sentence with its numbers.

use super::change::Change;
use super::course::{Course, Ending, Variant};
use crate::model::{Answer, Factor, FailureKind, ProbeIndex, Proof, RunId, Tries};

/// Whose failure it was, and which runs repeated it.
#[derive(Debug, Clone)]
pub struct Told {
    /// The household, by its place in its run.
    pub probe: ProbeIndex,
    /// How it had failed.
    pub failure: FailureKind,
    /// The runs that sent it again.
    pub runs: Vec<RunId>,
}

/// The proof that a course came to.
pub fn proof(ending: &Ending, course: &Course, changes: &[Change], told: Told) -> Proof {
    let unchanged = course.tries(Variant::Unchanged);
    let factor = |at: usize, of: Variant| {
        let change = changes.get(at)?;
        Some(Factor { change: change.name.to_owned(), attributes: change.attributes.clone(), tries: course.tries(of) })
    };
    let factors: Vec<Factor> = match ending {
        Ending::Takes(places) => places.iter().filter_map(|at| factor(*at, Variant::Without(*at))).collect(),
        Ending::AnyOf(places) => places.iter().filter_map(|at| factor(*at, Variant::With(*at))).collect(),
        Ending::NotReproduced | Ending::NotSettled(_) => Vec::new(),
    };
    let (answer, sentence) = in_words(ending, &factors, (course, unchanged));
    let untried =
        course.untried().into_iter().filter_map(|(at, why)| Some(format!("{}: {why}", changes.get(at)?.name)));
    Proof {
        probe: told.probe,
        failure: told.failure,
        answer,
        sentence,
        unchanged,
        factors,
        untried: untried.collect(),
        sent: course.sent(),
        runs: told.runs,
    }
}

fn in_words(ending: &Ending, factors: &[Factor], (course, unchanged): (&Course, Tries)) -> (Answer, String) {
    let fails = of(unchanged.failed, unchanged.tried);
    let names: Vec<String> = factors.iter().map(name).collect();
    match (ending, factors) {
        (Ending::Takes(_), [one]) => {
            let passes = of(one.tries.tried - one.tries.failed, one.tries.tried);
            (Answer::One, format!("fails with {}, {fails}; passes without, {passes}", name(one)))
        }
        (Ending::Takes(_), _) => {
            let without = |one: &Factor| {
                format!("passes without {}, {}", name(one), of(one.tries.tried - one.tries.failed, one.tries.tried))
            };
            let without: Vec<String> = factors.iter().map(without).collect();
            let sentence = format!("fails with {} together, {fails}; {}", names.join(", with "), without.join("; "));
            (Answer::Together, sentence)
        }
        (Ending::AnyOf(_), _) => {
            let passing = course.tries(Variant::Passing);
            let sentence = format!(
                "either {}: no single change mends it, and each is enough to make a household fail that passes ({})",
                names.join(" or "),
                of(passing.tried - passing.failed, passing.tried)
            );
            (Answer::Either, sentence)
        }
        (Ending::NotReproduced, _) => {
            (Answer::NotReproduced, format!("not reproduced: sent again unchanged it passes, {fails} failed"))
        }
        (Ending::NotSettled(why), _) => (
            Answer::NotSettled,
            format!("not settled after {} tries: {why}; unchanged it fails, {fails}", course.sent()),
        ),
    }
}

fn of(count: u32, tries: u32) -> String {
    format!("{count} of {tries}")
}

/// What comes with a state, a line of coverage or an issuer, and is not said where those are.
const COMES_WITH: [&str; 4] = ["county ", "plan ", "variant ", "ZIP code "];

/// What a change takes away: the attributes that the punch list knows, or else what was changed. What says the same in other words, or
/// comes with another, is left out.
fn name(of: &Factor) -> String {
    let comes_with = |words: &str| COMES_WITH.iter().any(|kind| words.starts_with(kind));
    let is_alone = of.attributes.iter().all(|words| comes_with(words));
    let is_said = |words: &&str| {
        let is_part = of.attributes.iter().any(|other| other != words && other.contains(*words));
        !is_part && (is_alone || !comes_with(words))
    };
    let said: Vec<&str> = of.attributes.iter().map(String::as_str).filter(is_said).collect();
    if said.is_empty() { format!("{} as they were sent", of.change) } else { said.join(", ") }
}
