//! Closed lists of words: what a field that is a code may say in canonical form.

use super::field::Field;
use super::person::{CoverageLine, Relationship, Sex};
use super::transaction::{MemberChange, TransactionReason};

/// Yes and no.
const EITHER: &[&str] = &["yes", "no"];
/// Cost-sharing variants (45 CFR 156.420 and CMS companion guide v7.2 p. 15).
const VARIANTS: &[&str] = &["00", "01", "02", "03", "04", "05", "06"];
/// What a policy may be; `inactive` is what a payer says who tells no more than that coverage is not in force.
const STATUSES: &[&str] = &["initial", "effectuated", "terminated", "cancelled", "inactive"];
/// DMG04 as it is read here, and `unmarried` for whoever is single, divorced or widowed.
const MARITAL: &[&str] =
    &["single", "married", "divorced", "widowed", "separated", "domestic_partner", "unmarried", "unreported"];

impl Field {
    /// Every word that the field may say, where there are so many and no more; `None` where its text is free (names, ids,
    /// amounts), or a code of a list that others keep (states, counties, languages).
    pub fn closed_list(self) -> Option<Vec<&'static str>> {
        Some(match self {
            Self::Sex => Sex::ALL.iter().map(|word| word.as_str()).collect(),
            Self::Relationship => Relationship::ALL.iter().map(|word| word.as_str()).collect(),
            Self::CoverageLine => CoverageLine::ALL.iter().map(|word| word.as_str()).collect(),
            Self::TransactionReason => TransactionReason::ALL.iter().map(|word| word.as_str()).collect(),
            Self::MemberChange => MemberChange::ALL.iter().map(|word| word.as_str()).collect(),
            Self::PolicyStatus => STATUSES.to_vec(),
            Self::MaritalStatus => MARITAL.to_vec(),
            Self::CsrVariant => VARIANTS.to_vec(),
            Self::Subscriber | Self::Tobacco | Self::MemberEnrolled => EITHER.to_vec(),
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Field, MARITAL};

    #[test]
    fn closed_lists_hold_every_word_that_the_generator_says() {
        for word in ["single", "married", "divorced", "widowed", "domestic_partner"] {
            assert!(MARITAL.contains(&word), "{word}");
        }
        assert!(Field::Relationship.closed_list().is_some_and(|words| words.contains(&"niece_or_nephew")));
        assert_eq!(Field::NameLast.closed_list(), None);
    }
}
