//! The same people once more, under identities that nobody has had: what an exchange must not take for the earlier ones.

use super::contact::phone;
use super::draw::Streams;
use super::household::Generator;
use crate::model::{Household, MARKER_DOMAINS, Person, ProbeIndex};

/// Digits of an area code.
const AREA_CODE: usize = 3;

impl Generator {
    /// The same household at this place of this generator's run: marker, mailboxes, telephones and Social Security numbers are new,
    /// and whoever has none still has none. Names, dates, places and money stay what they are.
    #[must_use]
    pub fn renewed(&self, household: &Household, index: ProbeIndex) -> Household {
        let streams = self.streams(index);
        let (old, marker) = (&household.marker, self.marks.household(index.0));
        let people = household.people.iter().enumerate().map(|(place, person)| Person {
            phone: person.phone.as_deref().map(|old| other_phone(old, place, &streams)),
            email: person.email.as_deref().map(|mailbox| match mailbox {
                mailbox if mailbox == old => marker.clone(),
                mailbox => self.marks.member(index.0, place + 1, domain_of(mailbox)),
            }),
            ssn: person.ssn.as_ref().and_then(|_| self.numbers.any_number(index.0, place)),
            ..person.clone()
        });
        let people = people.collect();
        Household { index, marker: marker.clone(), people, ..household.clone() }
    }
}

/// Another number in the block that is kept for fiction, in the same area. A place has a hundred of them: one more or less than before is
/// another one.
fn other_phone(old: &str, place: usize, streams: &Streams) -> String {
    let area_code = old.get(..AREA_CODE).unwrap_or(old);
    let drawn = phone(area_code, place, streams);
    if drawn != old {
        return drawn;
    }
    let end: u32 =
        drawn.get(drawn.len().saturating_sub(2)..).and_then(|digits| digits.parse().ok()).unwrap_or_default();
    format!("{area_code}55501{:02}", (end + 1) % 100)
}

/// The reserved domain that a mailbox is at.
fn domain_of(mailbox: &str) -> &'static str {
    let [first, ..] = MARKER_DOMAINS;
    let at = mailbox.rsplit('@').next().unwrap_or_default();
    MARKER_DOMAINS.into_iter().find(|domain| domain.eq_ignore_ascii_case(at)).unwrap_or(first)
}

#[cfg(test)]
mod tests {
    use super::Generator;
    use crate::model::{GeneratorVersion, Household, Population, ProbeIndex, RunId, SsnPolicy};
    use std::collections::{BTreeMap, BTreeSet};

    fn population(seed: u64) -> Population {
        Population {
            count: 40,
            seed,
            as_of: "2013-11-15".parse().unwrap(),
            coverage_begin: None,
            states: vec!["OH".to_owned()],
            household_size: BTreeMap::from([(4, 1)]),
            edge_case_share: 0.3,
            edge_cases: Vec::new(),
            dental_share: 0.5,
            agent_share: 0.0,
            ssn: SsnPolicy::NeverIssued,
            generator: GeneratorVersion::NEWEST,
            rows: Vec::new(),
            several: false,
        }
    }

    fn identities(of: &Household) -> BTreeSet<String> {
        let of_people = of.people.iter().flat_map(|person| {
            let ssn = person.ssn.as_ref().map(|ssn| ssn.as_str().to_owned());
            [person.email.clone(), ssn].into_iter().flatten()
        });
        of_people.chain([of.marker.clone()]).collect()
    }

    fn nobody(of: &Household) -> Household {
        let mut bare = of.clone();
        (bare.index, bare.marker) = (ProbeIndex(0), String::new());
        for person in &mut bare.people {
            (person.phone, person.email, person.ssn) = (None, None, None);
        }
        bare
    }

    #[test]
    fn every_identity_is_new_and_nothing_else_is() {
        let before = Generator::new("s", &population(7)).of_run(&RunId::new("019ab6c2-0000-7000-8000-000000000001"));
        let anew = Generator::new("s", &population(8)).of_run(&RunId::new("019ab6c2-0000-7000-8000-000000000002"));
        for index in (0..40).map(ProbeIndex) {
            let old = before.household(index);
            let (one, other) = (anew.renewed(&old, ProbeIndex(1)), anew.renewed(&old, ProbeIndex(2)));
            for new in [&one, &other] {
                assert_eq!(nobody(new), nobody(&old));
                assert!(identities(new).is_disjoint(&identities(&old)), "{new:?} {old:?}");
                assert_eq!(identities(new).len(), identities(&old).len());
                // a block has a hundred numbers: another's old one may be somebody's new one
                let pairs = new.people.iter().zip(&old.people);
                assert!(
                    pairs.into_iter().all(|(new, old)| new.phone.is_none() || new.phone != old.phone),
                    "{new:?} {old:?}"
                );
                let has = |of: &Household| {
                    of.people
                        .iter()
                        .map(|p| (p.phone.is_some(), p.email.is_some(), p.ssn.is_some()))
                        .collect::<Vec<_>>()
                };
                assert_eq!(has(new), has(&old));
            }
            assert_ne!(one.marker, other.marker);
            assert_eq!(one.people[0].email.as_deref(), Some(one.marker.as_str()));
        }
    }
}
