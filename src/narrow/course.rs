//! What to try next, and what the tries prove.

use crate::model::Tries;
use std::collections::BTreeMap;

/// What is sent in a try.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Variant {
    /// The household as it was.
    Unchanged,
    /// With the change at this place of the list.
    Without(usize),
    /// The nearest household that had passed.
    Passing,
    /// That household with what this change takes away.
    With(usize),
}

/// What came of a try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Came {
    /// It failed in the same way.
    Failed,
    /// It did not fail in this way.
    Passed,
    /// It is not known whether it did, and why.
    Unknown(String),
}

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// Send these, one household each; they may go together.
    Try(Vec<Variant>),
    /// Nothing: this is what the tries prove.
    End(Ending),
}

/// What the tries prove, by places in the list of changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ending {
    /// It takes all of these.
    Takes(Vec<usize>),
    /// Each of these is enough.
    AnyOf(Vec<usize>),
    /// It no longer fails.
    NotReproduced,
    /// Nothing certain, and why.
    NotSettled(String),
}

/// The household as it was is sent so often first, unless a rarer failure asks for more.
const FIRST: u32 = 5;
/// In this share of courses at most a change is believed to mend that does not.
const WRONG: f64 = 0.05;
/// Tries of one variant in one round, at most: one that fails needs no more of them.
const EACH_ROUND: u32 = 2;
/// In this share of courses at most a failure of which its rate is known counts as gone though it is not.
const GONE: f64 = 0.01;
/// Changes that mend; of more nobody would say that it takes them all.
const TOGETHER: usize = 3;
/// Tries of which nothing is known, after which a change is given up.
const GIVEN_UP: u32 = 2;

/// What came of the tries of one variant.
#[derive(Debug, Clone, Default)]
struct Arm {
    tries: Tries,
    unknown: u32,
    why: Option<String>,
}

/// A course of tries.
#[derive(Debug, Clone)]
pub struct Course {
    /// Of each change: whether the household that passed can be given what it takes away.
    addable: Vec<bool>,
    /// How often the household is sent as it was.
    first: u32,
    most: u32,
    sent: u32,
    arms: BTreeMap<Variant, Arm>,
}

impl Course {
    /// Of so many changes, of each whether it can be tried on the household that passed; with `most` tries in all. `strikes`: in what
    /// share of those whom it may strike it did, where that is known.
    pub fn new(addable: Vec<bool>, strikes: Option<f64>, most: u32) -> Self {
        let first = strikes.filter(|share| (0.0..1.0).contains(share)).map_or(FIRST, |share| until(share, GONE));
        Self { addable, first: first.max(FIRST), most, sent: 0, arms: BTreeMap::new() }
    }

    /// Takes in what came of a try.
    pub fn came(&mut self, of: Variant, came: Came) {
        self.sent += 1;
        let arm = self.arms.entry(of).or_default();
        match came {
            Came::Failed => (arm.tries.tried, arm.tries.failed) = (arm.tries.tried + 1, arm.tries.failed + 1),
            Came::Passed => arm.tries.tried += 1,
            Came::Unknown(why) => (arm.unknown, arm.why) = (arm.unknown + 1, Some(why)),
        }
    }

    /// Tries so far.
    pub fn sent(&self) -> u32 {
        self.sent
    }

    /// What came of a variant.
    pub fn tries(&self, of: Variant) -> Tries {
        self.arms.get(&of).map(|arm| arm.tries).unwrap_or_default()
    }

    /// Changes that were given up, and why.
    pub fn untried(&self) -> Vec<(usize, &str)> {
        let of = |at: usize| Some((at, self.arms.get(&Variant::Without(at))?.why.as_deref()?));
        (0..self.addable.len()).filter(|at| self.is_given_up(Variant::Without(*at))).filter_map(of).collect()
    }

    /// What to do next.
    pub fn next(&self) -> Next {
        let unchanged = self.tries(Variant::Unchanged);
        if unchanged.tried < self.first {
            if self.arms.get(&Variant::Unchanged).is_some_and(|arm| arm.unknown >= self.first) {
                return unsettled("of the household as it was it could not be seen whether it fails again");
            }
            return self.attempt(vec![Variant::Unchanged; (self.first - unchanged.tried) as usize]);
        }
        if unchanged.failed == 0 {
            return Next::End(Ending::NotReproduced);
        }
        if self.addable.is_empty() {
            return unsettled("nobody passed whom it could be compared with");
        }
        self.one_at_a_time()
    }

    /// The household that failed, with one change at a time.
    fn one_at_a_time(&self) -> Next {
        let without: Vec<Variant> = (0..self.addable.len()).map(Variant::Without).collect();
        if let Some(tries) = self.round(&without) {
            return self.attempt(tries);
        }
        let mending: Vec<usize> = (0..self.addable.len()).filter(|at| self.holds_out(Variant::Without(*at))).collect();
        match mending.as_slice() {
            [] => self.added(),
            [one] => self.confirmed(*one).unwrap_or(Next::End(Ending::Takes(mending))),
            several if several.len() <= TOGETHER => Next::End(Ending::Takes(mending)),
            _ => unsettled("so many single changes mend it that no one of them can be what it takes"),
        }
    }

    /// As many tries without it as with it, where they are left.
    fn confirmed(&self, at: usize) -> Option<Next> {
        let missing = FIRST.saturating_sub(self.tries(Variant::Without(at)).tried);
        let is_left = missing > 0 && self.sent + missing <= self.most && !self.is_given_up(Variant::Without(at));
        is_left.then(|| Next::Try(vec![Variant::Without(at); missing as usize]))
    }

    /// No single change mends it: the household that passed, with one attribute of the other at a time.
    fn added(&self) -> Next {
        if let Some(tries) = self.round(&[Variant::Passing]) {
            return self.attempt(tries);
        }
        if !self.holds_out(Variant::Passing) {
            return unsettled("who had passed fails now as well, or could not be seen");
        }
        let with: Vec<Variant> =
            (0..).zip(&self.addable).filter(|(_, can)| **can).map(|(at, _)| Variant::With(at)).collect();
        if let Some(tries) = self.round(&with) {
            return self.attempt(tries);
        }
        let enough = |of: &&Variant| self.tries(**of).failed > 0;
        let places = |of: &Variant| if let Variant::With(at) = of { Some(*at) } else { None };
        let enough: Vec<usize> = with.iter().filter(enough).filter_map(places).collect();
        match enough.len() {
            0 => unsettled("no single change mends it, and no single attribute makes a household fail that passes"),
            1 => unsettled("no single change mends it, and of the attributes only one is enough: another must be, too"),
            _ => Next::End(Ending::AnyOf(enough)),
        }
    }

    /// The next tries of those that have not failed yet and may still; `None` where all are settled.
    fn round(&self, of: &[Variant]) -> Option<Vec<Variant>> {
        let need = self.need();
        let is_open = |of: &&Variant| {
            let tries = self.tries(**of);
            tries.failed == 0 && tries.tried < need && !self.is_given_up(**of)
        };
        let open: Vec<Variant> = of.iter().filter(is_open).copied().collect();
        // the last that may still fail is sent as often as it takes, at once
        let each = if open.len() == 1 { u32::MAX } else { need.div_ceil(3).min(EACH_ROUND) };
        let more = |of: &Variant| vec![*of; each.min(need - self.tries(*of).tried) as usize];
        let tries: Vec<Variant> = open.iter().flat_map(more).collect();
        (!tries.is_empty()).then_some(tries)
    }

    /// Whether it never failed, tried often enough.
    fn holds_out(&self, of: Variant) -> bool {
        let tries = self.tries(of);
        tries.failed == 0 && tries.tried >= self.need()
    }

    fn is_given_up(&self, of: Variant) -> bool {
        self.arms.get(&of).is_some_and(|arm| arm.unknown >= GIVEN_UP && arm.tries.failed == 0)
    }

    /// So often must a change not fail until chance is ruled out as what kept it from failing.
    fn need(&self) -> u32 {
        #[expect(clippy::cast_precision_loss, reason = "a few dozen at most")]
        let changes = self.addable.len().max(1) as f64;
        until(self.strikes(), WRONG / changes)
    }

    /// In what share of tries it strikes, rather too low than too high. Where nothing that failed ever passed it strikes always, as far as
    /// is known; else all tries count but those of the changes that held out longest, which may be what mends it.
    fn strikes(&self) -> f64 {
        let is_mixed = |tries: &Tries| tries.failed > 0 && tries.failed < tries.tried;
        let mut counted: Vec<Tries> =
            self.arms.iter().filter(|(of, _)| is_of_failing(**of)).map(|(_, arm)| arm.tries).collect();
        let strikes_always = !counted.iter().any(is_mixed);
        if strikes_always {
            counted.retain(|tries| tries.failed > 0);
        } else {
            counted.sort_by_key(|tries| if tries.failed == 0 { tries.tried } else { 0 });
            counted.truncate(counted.len().saturating_sub(2).max(1));
        }
        let sum = |of: fn(&Tries) -> u32| counted.iter().map(|tries| f64::from(of(tries))).sum::<f64>();
        let (failed, tried) = (sum(|tries| tries.failed) + 1.0, sum(|tries| tries.tried) + 2.0);
        let share = failed / tried;
        let spread = if strikes_always { 0.0 } else { (share * (1.0 - share) / tried).sqrt() };
        (share - spread).max(0.02)
    }

    /// As many of these as are left to be sent.
    fn attempt(&self, mut tries: Vec<Variant>) -> Next {
        tries.truncate(self.most.saturating_sub(self.sent) as usize);
        if tries.is_empty() { unsettled(&format!("not settled after {} tries", self.sent)) } else { Next::Try(tries) }
    }
}

fn is_of_failing(of: Variant) -> bool {
    matches!(of, Variant::Unchanged | Variant::Without(_))
}

/// So many tries, until something that strikes in this share of them would have struck but for a chance of `wrong`.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 1 and 1,000")]
fn until(share: f64, wrong: f64) -> u32 {
    let tries = (wrong.ln() / (1.0 - share.clamp(0.01, 0.999)).ln()).ceil();
    tries.clamp(1.0, 1_000.0) as u32
}

fn unsettled(why: &str) -> Next {
    Next::End(Ending::NotSettled(why.to_owned()))
}
