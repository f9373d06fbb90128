//! Whether failures go by the file, before anybody asks what kind of people they were.

use super::bits::Bits;
use crate::model::Cause;
use crate::statistics::{LogFactorials, holm};
use std::collections::BTreeMap;

/// A file of fewer households proves nothing by being lost whole.
const A_FILE: usize = 3;

/// In which file each household was, or was meant for; `None` where nobody knows.
pub(super) struct Files<'a>(BTreeMap<&'a str, Bits>);

impl<'a> Files<'a> {
    pub(super) fn of(files: impl ExactSizeIterator<Item = Option<&'a str>>) -> Self {
        let count = files.len();
        let mut all: BTreeMap<&str, Bits> = BTreeMap::new();
        for (at, file) in files.enumerate() {
            if let Some(file) = file {
                all.entry(file).or_insert_with(|| Bits::none(count)).put(at);
            }
        }
        // where everything is in one file there is no other to compare it with
        if all.len() < 2 {
            all.clear();
        }
        Self(all)
    }

    /// The files that failures go by, for each question (who was asked of, who failed), and whom they explain. Together they are wrong in at
    /// most a share `alpha` of runs, but for files of which all fail: each of these is told.
    pub(super) fn causes(
        &self,
        questions: &[(Bits, Bits)],
        alpha: f64,
        table: &LogFactorials,
    ) -> Vec<(Vec<Cause>, Bits)> {
        let mut tested = Vec::new();
        for (question, (within, failing)) in questions.iter().enumerate() {
            for (name, holds) in &self.0 {
                let (covered, both) = (holds.common(within), holds.common(failing));
                if both >= A_FILE {
                    let chance = table.tail(within.count(), failing.count(), covered, both);
                    tested.push((question, *name, holds, covered, both, chance));
                }
            }
        }
        // files that hold too few failures to be named count among those that were asked
        let asked = questions.len() * self.0.len();
        let mut chances: Vec<f64> = tested.iter().map(|of| of.5).collect();
        chances.resize(asked.max(chances.len()), 1.0);
        let corrected = holm(&chances);
        let mut found: Vec<(Vec<Cause>, Bits)> =
            questions.iter().map(|(within, _)| (Vec::new(), within.without(within))).collect();
        for ((question, name, holds, covered, both, chance), corrected) in tested.into_iter().zip(corrected) {
            let is_whole = holds.count() == both;
            let Some((causes, explained)) = found.get_mut(question).filter(|_| is_whole || corrected <= alpha) else {
                continue;
            };
            let (of, failed) = (covered as u64, both as u64);
            let of_failed = questions.get(question).map_or(0, |(_, failing)| failing.count()) as u64;
            let what = if is_whole { "all of one file" } else { "one file" };
            causes.push(Cause {
                rule: format!("{what}, `{name}`"),
                covered: of,
                failed,
                of_failed,
                is_perfect: of == failed && failed == of_failed,
                chance,
                same_as: Vec::new(),
                would_tell: None,
                wider: None,
            });
            *explained = explained.or(holds);
        }
        for (causes, _) in &mut found {
            causes.sort_by(|one, next| next.failed.cmp(&one.failed).then(one.rule.cmp(&next.rule)));
        }
        found
    }
}
