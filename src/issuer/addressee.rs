//! To whom an 834 is addressed, by everything that says so: where two of these contradict each other, that is told.

use super::listing::Listed;
use crate::model::IssuerId;
use crate::wire::x12::EnrollmentGroup;
use std::collections::{BTreeMap, HashMap};

/// An issuer, and what says so.
pub(super) type Said = (IssuerId, &'static str);

/// The issuers that a target knows, by everything that files call them.
#[derive(Debug, Default)]
pub(super) struct Issuers {
    /// By tax id, name and own id, each as [`spelled`]; what several are called names nobody.
    by_name: HashMap<String, Option<IssuerId>>,
}

impl Issuers {
    /// From each issuer's tax ids and names.
    pub(super) fn new(issuers: &BTreeMap<IssuerId, Vec<String>>) -> Self {
        let mut by_name: HashMap<String, Option<IssuerId>> = HashMap::new();
        for (issuer, names) in issuers {
            for name in names.iter().map(String::as_str).chain([issuer.as_str()]) {
                let known = by_name.entry(spelled(name)).or_insert_with(|| Some(issuer.clone()));
                if known.as_ref() != Some(issuer) {
                    *known = None;
                }
            }
        }
        Self { by_name }
    }

    fn called(&self, name: &str) -> Option<IssuerId> {
        self.by_name.get(&spelled(name)).cloned().flatten()
    }

    /// What is said of all of a file's groups from outside them: whose own id its name holds.
    pub(super) fn around(&self, file: &Listed) -> Vec<Said> {
        let called = |word: &str| self.called(word).filter(|issuer| issuer.as_str() == word);
        let by_name = file.words_of_name().find_map(called);
        by_name.map(|issuer| (issuer, "its file's name")).into_iter().collect()
    }

    /// The issuer that a group is for: `around` it, and in it by ISA08, N1*IN and GS03. The federal exchange writes the plan id into
    /// GS03, which says what was bought and not who was told: only an issuer's own id counts there. Where two contradict each
    /// other, the text names both, and is no issuer's.
    pub(super) fn addressee(&self, group: &EnrollmentGroup<'_>, around: &[Said]) -> Option<String> {
        let ids = group.receiver_ids();
        let inside = [
            (Some(ids.interchange), "ISA08"),
            (ids.insurer_id, "N104"),
            (ids.insurer_name, "N102"),
            (Some(ids.functional_group), "GS03"),
        ];
        let inside = inside.into_iter().filter_map(|(name, by)| Some((self.called(&name?)?, by)));
        let mut said: Vec<Said> = around.to_vec();
        for (issuer, by) in inside {
            if !said.iter().any(|(known, _)| *known == issuer) {
                said.push((issuer, by));
            }
        }
        match said.as_slice() {
            [] => None,
            [(issuer, _)] => Some(issuer.to_string()),
            several => {
                let each: Vec<_> = several.iter().map(|(issuer, by)| format!("{issuer} by {by}")).collect();
                Some(each.join(" and "))
            }
        }
    }

    /// The same where it is one issuer.
    pub(super) fn sole_addressee(&self, group: &EnrollmentGroup<'_>) -> Option<IssuerId> {
        let text = self.addressee(group, &[])?;
        self.called(&text)
    }
}

/// An id or name as it is compared: letters and digits only, upper case.
fn spelled(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect()
}

#[cfg(test)]
mod tests {
    use super::{BTreeMap, IssuerId, Issuers};

    fn issuers(named: &[(&str, &[&str])]) -> Issuers {
        let named =
            named.iter().map(|(id, names)| (IssuerId::new(*id), names.iter().map(|n| (*n).to_owned()).collect()));
        Issuers::new(&named.collect::<BTreeMap<_, Vec<String>>>())
    }

    #[test]
    fn a_name_or_tax_id_that_two_issuers_share_names_neither() {
        let known = issuers(&[("54321", &["OLD DOMINION", "541234567"]), ("98765", &["Old Dominion.", "54-1234567"])]);
        assert_eq!(known.called("OLD DOMINION"), None);
        assert_eq!(known.called("541234567"), None);
        assert_eq!(known.called("98765"), Some(IssuerId::new("98765")));
        let apart = issuers(&[("54321", &["OLD DOMINION"]), ("98765", &["TIDEWATER"])]);
        assert_eq!(apart.called("Old Dominion"), Some(IssuerId::new("54321")));
    }
}
