//! Rules of at most two attributes that hold of those who failed more than chance allows.

use super::attributes::{Attribute, WITHIN};
use super::bits::Bits;
use crate::model::Cause;
use crate::statistics::LogFactorials;
use std::collections::HashSet;

/// Rules cover at least so many households.
const LEAST: usize = 3;
/// Attributes that have nothing to do with failing beside the others are dropped from this on.
const UNRELATED: f64 = 0.01;
/// Rules that cannot be told apart from one that is named, at most.
const SAME: usize = 5;

/// The failures of one kind.
#[derive(Debug, Clone)]
pub(super) struct Question {
    /// Who failed in this way, or did not fail at all.
    pub(super) within: Bits,
    /// Who failed.
    pub(super) failing: Bits,
}

/// A rule of one attribute, or of two; the same place twice for one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Rule(usize, usize);

/// A rule for one question.
#[derive(Debug, Clone, Copy)]
struct Hypothesis {
    question: usize,
    rule: Rule,
    covered: usize,
    both: usize,
    /// Names the households that it covers.
    set: u128,
    /// The least chance that it could have, were all failing that it covers.
    least: f64,
}

/// The attributes, and the table by which chances are reckoned.
pub(super) struct Miner<'a> {
    attributes: &'a [Attribute],
    table: LogFactorials,
}

/// What was found for the questions, and how many different rules were asked of each.
pub(super) struct Found {
    pub(super) causes: Vec<Vec<Cause>>,
    pub(super) rules: Vec<usize>,
    /// The chance that a rule had to be below.
    pub(super) bound: f64,
}

impl<'a> Miner<'a> {
    pub(super) fn new(attributes: &'a [Attribute], households: usize) -> Self {
        Self { attributes, table: LogFactorials::up_to(households) }
    }

    /// Names causes, one after the other: what the first explains is taken out, and each round asks twice as much. All questions
    /// together name a false one in at most a share `alpha` of runs.
    pub(super) fn causes(&self, questions: &[Question], alpha: f64) -> Found {
        const ROUNDS: i32 = 3;
        let mut open = questions.to_vec();
        let mut found = Found { causes: vec![Vec::new(); open.len()], rules: Vec::new(), bound: alpha };
        for round in 0..ROUNDS {
            let (hypotheses, rules) = self.hypotheses(&open);
            let bound = tarone(&hypotheses, alpha / 2.0_f64.powi(round));
            if round == 0 {
                (found.rules, found.bound) = (rules, bound);
            }
            let mut any = false;
            for (at, (question, causes)) in open.iter_mut().zip(&mut found.causes).enumerate() {
                let of: Vec<&Hypothesis> = hypotheses.iter().filter(|of| of.question == at).collect();
                let Some((rule, cause)) = self.best(question, &of, bound) else {
                    question.failing = Bits::none(0);
                    continue;
                };
                let explained = self.holds(rule);
                question.within = question.within.without(&explained);
                question.failing = question.failing.without(&explained);
                causes.push(cause);
                any = true;
            }
            if !any {
                break;
            }
        }
        found
    }

    /// Whoever it holds of.
    fn holds(&self, Rule(one, other): Rule) -> Bits {
        let of = |at: usize| self.attributes.get(at).map(|of| &of.holds);
        match (of(one), of(other)) {
            (Some(one), Some(other)) => one.and(other),
            _ => Bits::none(0),
        }
    }

    /// Every rule for every question, those that cover the same households once; and how many different ones each has.
    fn hypotheses(&self, questions: &[Question]) -> (Vec<Hypothesis>, Vec<usize>) {
        let (mut all, mut rules) = (Vec::new(), Vec::new());
        for (question, of) in questions.iter().enumerate() {
            let (households, failing) = (of.within.count(), of.failing.count());
            let mut known = HashSet::new();
            if failing >= LEAST && failing < households {
                self.each(|rule, one, other| {
                    let (covered, both, set) = one.met(other, &of.within, &of.failing);
                    if covered >= LEAST && covered < households && known.insert(set) {
                        let least = self.table.tail(households, failing, covered, covered.min(failing));
                        all.push(Hypothesis { question, rule, covered, both, set, least });
                    }
                });
            }
            rules.push(known.len());
        }
        (all, rules)
    }

    /// Each rule once: those of one attribute first, so that of several that cover the same the shortest is known.
    fn each(&self, mut take: impl FnMut(Rule, &Bits, &Bits)) {
        for (at, one) in self.attributes.iter().enumerate() {
            take(Rule(at, at), &one.holds, &one.holds);
        }
        for (at, one) in self.attributes.iter().enumerate() {
            for (next, other) in self.attributes.iter().enumerate().skip(at + 1) {
                if one.holds.common(&other.holds) >= LEAST {
                    take(Rule(at, next), &one.holds, &other.holds);
                }
            }
        }
    }

    fn chance(&self, question: &Question, of: &Hypothesis) -> f64 {
        self.table.tail(question.within.count(), question.failing.count(), of.covered, of.both)
    }

    /// The rule to name: a perfect one with the fewest attributes before all others, else the one with the least chance.
    fn best(&self, question: &Question, of: &[&Hypothesis], bound: f64) -> Option<(Rule, Cause)> {
        let failing = question.failing.count();
        let tested = of.iter().filter(|of| of.least <= bound).map(|of| (**of, self.chance(question, of)));
        let significant: Vec<(Hypothesis, f64)> = tested.filter(|(_, chance)| *chance <= bound).collect();
        let is_perfect = |of: &Hypothesis| of.both == of.covered && of.both == failing;
        let is_pair = |of: &Hypothesis| of.rule.0 != of.rule.1;
        let order = |(of, chance): &(Hypothesis, f64)| (!is_perfect(of), is_perfect(of) && is_pair(of), *chance);
        let best = significant.iter().min_by(|one, next| {
            let ((a, b, one_chance), (c, d, next_chance)) = (order(one), order(next));
            (a, b).cmp(&(c, d)).then(one_chance.total_cmp(&next_chance))
        })?;
        let find = |rule: Rule| significant.iter().find(|(of, _)| of.rule == rule);
        let best = self.simpler(question, best, find);
        let (of, chance) = self.higher(question, best, find);
        let wider = [Rule(of.rule.0, of.rule.0), Rule(of.rule.1, of.rule.1)];
        let wider =
            wider.into_iter().filter(|_| is_pair(of)).filter_map(find).min_by(|one, next| one.1.total_cmp(&next.1));
        let same = self.same(question, of);
        let cause = Cause {
            rule: self.words(of.rule),
            covered: of.covered as u64,
            failed: of.both as u64,
            of_failed: failing as u64,
            is_perfect: is_perfect(of),
            chance: *chance,
            would_tell: same
                .first()
                .map(|other| format!("a household with {} and without {other}", self.words(of.rule))),
            same_as: same,
            wider: wider.map(|(of, _)| format!("{}: {} of {}", self.words(of.rule), of.both, of.covered)),
        };
        Some((of.rule, cause))
    }

    /// A pair without the attribute that is not associated with failing among those whom the other covers.
    fn simpler<'h>(
        &self,
        question: &Question,
        best: &'h (Hypothesis, f64),
        find: impl Fn(Rule) -> Option<&'h (Hypothesis, f64)>,
    ) -> &'h (Hypothesis, f64) {
        let Rule(one, other) = best.0.rule;
        if one == other {
            return best;
        }
        let kept = [one, other].into_iter().filter_map(|at| find(Rule(at, at)));
        let is_enough = |of: &&(Hypothesis, f64)| self.beside(question, of.0.rule, best.0.rule) > UNRELATED;
        kept.filter(is_enough).min_by(|one, next| one.1.total_cmp(&next.1)).unwrap_or(best)
    }

    /// Where a narrower attribute (a county) says no more than the one around it (its state), that one.
    fn higher<'h>(
        &self,
        question: &Question,
        best: &'h (Hypothesis, f64),
        find: impl Fn(Rule) -> Option<&'h (Hypothesis, f64)>,
    ) -> &'h (Hypothesis, f64) {
        let Rule(one, other) = best.0.rule;
        let around = |at: usize| {
            self.around(at).map(|around| {
                if at == one && one == other {
                    Rule(around, around)
                } else if at == one {
                    sorted(around, other)
                } else {
                    sorted(one, around)
                }
            })
        };
        let wider = [one, other].into_iter().filter_map(around).filter_map(find);
        wider.into_iter().find(|of| self.beside(question, of.0.rule, best.0.rule) > UNRELATED).unwrap_or(best)
    }

    /// The attribute that one lies within.
    fn around(&self, at: usize) -> Option<usize> {
        let inner = self.attributes.get(at)?;
        let (_, kind) = WITHIN.iter().find(|(kind, _)| *kind == inner.kind)?;
        let holds = |of: &Attribute| of.kind == *kind && of.holds.common(&inner.holds) == inner.holds.count();
        self.attributes.iter().position(holds)
    }

    /// Chance that among those whom a wider rule covers the failing lie so much within a narrower one.
    fn beside(&self, question: &Question, wider: Rule, narrower: Rule) -> f64 {
        let all = self.holds(wider).and(&question.within);
        let inner = self.holds(narrower).and(&all);
        let failing = all.common(&question.failing);
        self.table.tail(all.count(), failing, inner.count(), inner.common(&question.failing))
    }

    /// Other rules that cover the same households, but those that only add an attribute.
    fn same(&self, question: &Question, of: &Hypothesis) -> Vec<String> {
        let mut same: Vec<Rule> = Vec::new();
        let adds = |known: Rule, rule: Rule| [rule.0, rule.1].iter().any(|at| known == Rule(*at, *at)) || known == rule;
        self.each(|rule, one, other| {
            if same.len() < SAME && !adds(of.rule, rule) && !same.iter().any(|known| adds(*known, rule)) {
                let (_, _, set) = one.met(other, &question.within, &question.failing);
                if set == of.set {
                    same.push(rule);
                }
            }
        });
        same.into_iter().map(|rule| self.words(rule)).collect()
    }

    fn words(&self, Rule(one, other): Rule) -> String {
        let of = |at: usize| self.attributes.get(at).map(|of| of.words.as_str()).unwrap_or_default();
        if one == other { of(one).to_owned() } else { format!("{} and {}", of(one), of(other)) }
    }

    /// How many must fail, all covered by one rule and nobody else by it, until chance is ruled out.
    pub(super) fn failures_needed(&self, households: usize, bound: f64) -> Option<usize> {
        (LEAST..households).find(|failing| self.table.tail(households, *failing, *failing, *failing) <= bound)
    }
}

fn sorted(one: usize, other: usize) -> Rule {
    Rule(one.min(other), one.max(other))
}

/// Tarone's bound: rules that could never be significant do not count among those that are tried.
fn tarone(hypotheses: &[Hypothesis], alpha: f64) -> f64 {
    let mut least: Vec<f64> = hypotheses.iter().map(|of| of.least).collect();
    least.sort_by(f64::total_cmp);
    let mut tried = 1.0;
    loop {
        let bound = alpha / tried;
        #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
        let testable = least.partition_point(|least| *least <= bound) as f64;
        if testable <= tried {
            return bound;
        }
        tried += 1.0;
    }
}
