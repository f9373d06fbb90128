//! How long what arrives takes to arrive: the arrival curve, learned, and its lower band.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use super::rate::lower_bound;

/// So many windows are remembered: what a pipeline did long ago says little.
const REMEMBERED: usize = 500;
/// With fewer nothing is said of a silence.
const LEARNED_FROM: usize = 20;

/// Ages at arrival of the last windows, in seconds from their first delivery window; what never arrived counts against it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Curve {
    ages: VecDeque<Option<i64>>,
}

impl Curve {
    /// Takes up the age at which a window arrived, or that it never did.
    pub fn learn(&mut self, age: Option<i64>) {
        self.ages.push_back(age);
        if self.ages.len() > REMEMBERED {
            self.ages.pop_front();
        }
    }

    /// Whether enough is known.
    pub fn is_learned(&self) -> bool {
        self.ages.len() >= LEARNED_FROM
    }

    /// What share has arrived by `age`, at least (pointwise at 95 %).
    pub fn at_least(&self, age: i64) -> f64 {
        let arrived = self.ages.iter().flatten().filter(|known| **known <= age).count();
        lower_bound(arrived as u64, self.ages.len() as u64)
    }
}
