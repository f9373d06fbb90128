//! Who applies: the population a scenario asks for.

use super::Row;
use super::edge_case::EdgeCase;
use super::words::words;
use chrono::NaiveDate;
use std::collections::BTreeMap;

/// Who applies.
#[derive(Debug, Clone, PartialEq)]
pub struct Population {
    /// How many households.
    pub count: u32,
    /// Seed of every random stream.
    pub seed: u64,
    /// Ages and coverage dates derive from this day; never from the wall clock.
    pub as_of: NaiveDate,
    /// First day of coverage; `None`: from `as_of` by the rule of the 15th (45 CFR 155.410(c)).
    pub coverage_begin: Option<NaiveDate>,
    /// Two-letter states to live in, all of [`STATES`]; never empty.
    pub states: Vec<String>,
    /// Weight of each household size, 1 to 10; never empty.
    pub household_size: BTreeMap<u8, u32>,
    /// Share of households (0 to 1) that show a case of `edge_cases`.
    pub edge_case_share: f64,
    /// The cases wanted; with a share above 0 never empty. They are dealt in turn, so that few households cover all.
    pub edge_cases: Vec<EdgeCase>,
    /// Whether a household that shows a case may show others too, where they fit together; of versions that deal several.
    pub several: bool,
    /// Share of households (0 to 1) that also take a dental plan.
    pub dental_share: f64,
    /// Share of households (0 to 1) that an agent helps.
    pub agent_share: f64,
    /// Which SSNs people have.
    pub ssn: SsnPolicy,
    /// Which people the seed stands for.
    pub generator: GeneratorVersion,
    /// Households that are given, in the order of their probes; empty: all are drawn.
    pub rows: Vec<Row>,
}

impl Population {
    /// The same as a version of the generator draws it; the whole catalogue of edge cases is that version's.
    #[must_use]
    pub fn drawn_by(mut self, generator: GeneratorVersion) -> Self {
        if self.edge_cases == EdgeCase::known_to(self.generator) {
            self.edge_cases = EdgeCase::known_to(generator);
        }
        Self { generator, ..self }
    }

    /// The states that somebody may live in: those of the rows, and the others where some household's is drawn.
    pub fn states_lived_in(&self) -> Vec<&str> {
        let is_drawn = self.draws(|row| row.state.is_none());
        let drawn = self.states.iter().filter(|_| is_drawn);
        let mut states: Vec<&str> = Vec::new();
        for state in self.given().iter().filter_map(|row| row.state.as_ref()).chain(drawn) {
            if !states.contains(&state.as_str()) {
                states.push(state);
            }
        }
        states
    }

    /// Whether anybody may take a dental plan.
    pub fn takes_dental(&self) -> bool {
        let drawn = self.draws(|row| row.takes_dental().is_none());
        self.given().iter().any(|row| row.takes_dental() == Some(true)) || (drawn && self.dental_share > 0.0)
    }

    /// The rows of the households that there are.
    pub fn given(&self) -> &[Row] {
        let count = usize::try_from(self.count).unwrap_or(usize::MAX).min(self.rows.len());
        self.rows.get(..count).unwrap_or_default()
    }

    /// Whether some household has no row, or one that leaves this to be drawn.
    fn draws(&self, leaves: impl Fn(&Row) -> bool) -> bool {
        let rows = self.given();
        u32::try_from(rows.len()).is_ok_and(|given| given < self.count) || rows.iter().any(leaves)
    }
}

words! {
    /// Which people a scenario and seed stand for. A version never changes once it was released; its ledgers name its people.
    GeneratorVersion {
        /// Names from one list for both sexes; fifteen states.
        One = "1",
        /// Names by sex, decade of birth and origin, families one would believe, all states.
        Two = "2",
        /// The people of 2 with several cases in one household, households that resemble each other, and more cases.
        Three = "3",
    }
}

impl GeneratorVersion {
    /// What new plans take unless their scenario says another.
    pub const NEWEST: Self = Self::Three;

    /// As a ledger keeps it.
    pub fn number(self) -> u32 {
        match self {
            Self::One => 1,
            Self::Two => 2,
            Self::Three => 3,
        }
    }

    /// Whether it may give one household several cases.
    pub fn deals_several(self) -> bool {
        self >= Self::Three
    }

    /// The version that a ledger names, where this program has it.
    pub fn of_number(number: u32) -> Option<Self> {
        Self::ALL.iter().copied().find(|version| version.number() == number)
    }

    /// The states whose places it knows.
    pub fn states(self) -> &'static [&'static str] {
        match self {
            Self::One => STATES_OF_ONE,
            Self::Two | Self::Three => STATES,
        }
    }
}

words! {
    /// Which Social Security numbers people have.
    SsnPolicy {
        /// None: legal, and the safest.
        None = "none",
        /// Numbers that were never issued and are no tax ids, but for cases such as newborns that have none.
        NeverIssued = "never_issued",
    }
}

/// States that somebody can live in: the fifty and the District of Columbia.
pub const STATES: &[&str] = &[
    "AK", "AL", "AR", "AZ", "CA", "CO", "CT", "DC", "DE", "FL", "GA", "HI", "IA", "ID", "IL", "IN", "KS", "KY", "LA",
    "MA", "MD", "ME", "MI", "MN", "MO", "MS", "MT", "NC", "ND", "NE", "NH", "NJ", "NM", "NV", "NY", "OH", "OK", "OR",
    "PA", "RI", "SC", "SD", "TN", "TX", "UT", "VA", "VT", "WA", "WI", "WV", "WY",
];

/// States whose places the first version of the generator knows.
const STATES_OF_ONE: &[&str] =
    &["AZ", "DE", "FL", "GA", "IL", "MA", "MI", "NC", "NJ", "NY", "OH", "PA", "TX", "VA", "WI"];
