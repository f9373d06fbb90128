//! From records of an answer to enrollment groups: systems that show one record per member show a group in pieces.

use super::mapping::Mapped;
use crate::model::{Facts, Field, GroupRecord, Place, RecordKind, Value};
use std::collections::{HashMap, HashSet};

/// A member's identity within its group: the exchange's id, or name and birth date.
type Identity = Vec<String>;

/// A group being put together.
struct Pieces {
    record: GroupRecord,
    identities: HashSet<Identity>,
    /// The group's facts come from the subscriber's own record.
    by_subscriber: bool,
}

/// The groups of one key, in order: what is shown twenty thousand times is not looked for in all that came before.
#[derive(Default)]
struct Alike {
    /// Their places among all groups.
    groups: Vec<usize>,
    /// How many of them are not dead.
    alive: usize,
    /// For an identity the first of them that may lack it: it is in all before.
    lacking: HashMap<Identity, usize>,
}

impl Alike {
    /// The place of the first group that lacks somebody.
    fn first_lacking(&mut self, identity: &Identity, all: &[Pieces]) -> Option<usize> {
        let known = self.lacking.entry(identity.clone()).or_default();
        let has = |group: &usize| all.get(*group).is_some_and(|pieces| pieces.identities.contains(identity));
        while self.groups.get(*known).is_some_and(has) {
            *known += 1;
        }
        self.groups.get(*known).copied()
    }
}

/// Whole records, each with the place of the answer that shows it: each is a group. Who is asked for one by one may be all that an
/// answer shows of a group: what a later answer shows of the same one joins it. Two of one answer stay two.
pub(super) fn as_groups(records: Vec<(usize, Mapped)>, place: &Place) -> Vec<GroupRecord> {
    let mut groups: Vec<(usize, Pieces)> = Vec::new();
    let mut by_key: HashMap<Vec<String>, Vec<usize>> = HashMap::new();
    for (answer, mapped) in records {
        let alike = by_key.entry(key(&mapped.group)).or_default();
        let all: HashSet<Identity> = mapped.members.iter().map(identity).collect();
        let joins = |at: &usize| groups.get(*at).is_some_and(|(of, known)| *of < answer && known.lacks(&mapped, &all));
        let known = alike.iter().copied().take(MOST_ALIKE).find(joins);
        if let Some((of, pieces)) = known.and_then(|at| groups.get_mut(at)) {
            *of = answer;
            pieces.join(mapped, Identity::new());
            pieces.identities.extend(all);
        } else {
            alike.push(groups.len());
            let mut pieces = Pieces::begin(mapped, Identity::new(), place);
            pieces.identities = all;
            groups.push((answer, pieces));
        }
    }
    groups.into_iter().map(|(_, pieces)| pieces.record).collect()
}

/// So many groups of one key are looked through for the one that a record belongs to.
const MOST_ALIKE: usize = 64;

/// Records of members: joined by policy id, or where none is shown by subscriber or application id with the plan. A member
/// that is shown again in a policy begins a second record of that policy, so that what is there twice is seen twice.
pub(super) fn from_members(records: Vec<Mapped>, place: &Place) -> Vec<GroupRecord> {
    let any_alive = records.iter().any(|mapped| mapped.group.says_in_force());
    let mut groups: Vec<Pieces> = Vec::new();
    let mut by_key: HashMap<Vec<String>, Alike> = HashMap::new();
    for mapped in records {
        let alike = by_key.entry(key(&mapped.group)).or_default();
        let identity = mapped.members.first().map(identity).unwrap_or_default();
        // Somebody who was taken out of a group that lives on is none of its members.
        if !mapped.group.says_in_force() && any_alive && alike.alive > 0 {
            continue;
        }
        let place_of = alike.first_lacking(&identity, &groups);
        if let Some(pieces) = place_of.and_then(|at| groups.get_mut(at)) {
            let was_alive = usize::from(pieces.record.facts.says_in_force());
            if pieces.join(mapped, identity) {
                alike.lacking.clear();
            }
            alike.alive = alike.alive - was_alive + usize::from(pieces.record.facts.says_in_force());
        } else {
            alike.alive += usize::from(mapped.group.says_in_force());
            alike.groups.push(groups.len());
            groups.push(Pieces::begin(mapped, identity, place));
        }
    }
    groups.into_iter().map(|pieces| pieces.record).collect()
}

impl Pieces {
    fn begin(mapped: Mapped, identity: Identity, place: &Place) -> Self {
        let by_subscriber = mapped.members.first().is_some_and(Facts::is_subscriber);
        Self { record: record(mapped, place), identities: HashSet::from([identity]), by_subscriber }
    }

    /// Whether a record that shows these people may be another piece of it.
    fn lacks(&self, mapped: &Mapped, people: &HashSet<Identity>) -> bool {
        self.record.facts.says_in_force() == mapped.group.says_in_force()
            && !people.is_empty()
            && !self.identities.is_empty()
            && self.identities.is_disjoint(people)
    }

    /// Whether those who were in it before are so no longer.
    fn join(&mut self, mapped: Mapped, identity: Identity) -> bool {
        let begins_anew = !self.record.facts.says_in_force() && mapped.group.says_in_force();
        if begins_anew {
            // Those who were taken out came first; the group that lives on is the one to show.
            self.record.members.clear();
            self.identities.clear();
            self.record.facts = mapped.group;
        } else {
            let first = !self.by_subscriber && mapped.members.first().is_some_and(Facts::is_subscriber);
            self.by_subscriber |= first;
            let (own, other) = if first {
                (mapped.group, std::mem::take(&mut self.record.facts))
            } else {
                (std::mem::take(&mut self.record.facts), mapped.group)
            };
            self.record.facts = agreed(own, &other);
        }
        self.identities.insert(identity);
        self.record.members.extend(mapped.members);
        begins_anew
    }
}

fn record(mapped: Mapped, place: &Place) -> GroupRecord {
    let Mapped { group, members } = mapped;
    GroupRecord { kind: RecordKind::Snapshot, event_at: None, facts: group, members, place: place.clone() }
}

fn key(group: &Facts) -> Vec<String> {
    let texts = |fields: &[Field]| fields.iter().map(|f| group.value(*f).map(Value::to_string)).collect::<Vec<_>>();
    match group.value(Field::PolicyId) {
        Some(policy) => vec![policy.to_string()],
        None => texts(&[Field::SubscriberId, Field::ApplicationId, Field::PlanId, Field::CoverageLine])
            .into_iter()
            .map(Option::unwrap_or_default)
            .collect(),
    }
}

/// Who a member is: somebody else with another first name and birth date under one id is another person, whose id collides.
fn identity(member: &Facts) -> Identity {
    if member.value(Field::MemberId).is_some() {
        let fields = [Field::MemberId, Field::NameFirst, Field::BirthDate];
        return fields.iter().map(|f| member.value(*f).map(Value::to_string).unwrap_or_default()).collect();
    }
    let person = [Field::NameLast, Field::NameFirst, Field::NameSuffix, Field::BirthDate, Field::Ssn];
    person.iter().map(|f| member.value(*f).map(Value::to_string).unwrap_or_default()).collect()
}

/// Group facts of two pieces of one group. Where the pieces contradict each other both values are shown, `A | B`, which
/// equals nothing expected; an amount of zero contradicts none, since systems show amounts at the subscriber only.
fn agreed(mut own: Facts, other: &Facts) -> Facts {
    for (field, value) in other.values() {
        match own.value(field) {
            None => own.set(field, value.clone()),
            Some(same) if same == value || is_zero(value) => {}
            Some(zero) if is_zero(zero) => own.set(field, value.clone()),
            // Effective status of a group whose members are at different stages: the furthest.
            Some(_) if field == Field::PolicyStatus => {
                if value.as_text() == Some("effectuated") {
                    own.set(field, value.clone());
                }
            }
            Some(first) if first.to_string().split(" | ").any(|part| part == value.to_string()) => {}
            Some(first) if first.to_string().split(" | ").count() >= MOST_SIDES => {}
            Some(first) => {
                let both = format!("{first} | {value}");
                own.set(field, both);
            }
        }
    }
    own
}

/// Values that a group's pieces contradict each other with are shown up to this number: one too many is wrong already.
const MOST_SIDES: usize = 8;

fn is_zero(value: &Value) -> bool {
    matches!(value, Value::Money(cents) if cents.0 == 0)
}

#[cfg(test)]
mod tests {
    use super::{Mapped, as_groups, from_members};
    use crate::model::{Cents, Facts, Field, Place};

    fn member(policy: &str, id: &str, edit: impl Fn(&mut Facts)) -> Mapped {
        let (mut group, mut person) = (Facts::new(), Facts::new());
        group.set(Field::PolicyId, policy);
        person.set(Field::MemberId, id);
        edit(&mut group);
        Mapped { group, members: vec![person] }
    }

    fn shape(records: Vec<Mapped>) -> Vec<usize> {
        from_members(records, &Place::default()).iter().map(|g| g.members.len()).collect()
    }

    #[test]
    fn members_of_one_policy_are_one_group_and_a_member_shown_twice_makes_two() {
        assert_eq!(shape(vec![member("p", "1", |_| ()), member("q", "1", |_| ()), member("p", "2", |_| ())]), [2, 1]);
        assert_eq!(shape(vec![member("p", "1", |_| ()), member("p", "2", |_| ()), member("p", "2", |_| ())]), [2, 1]);
    }

    /// One by one each of these takes five thousand million looks.
    #[test]
    fn a_hundred_thousand_of_one_kind_are_grouped_in_one_go() {
        let many = 100_000;
        let copies = (0..many).map(|_| member("p", "1", |_| ())).collect();
        assert_eq!(shape(copies), vec![1; many]);
        let members = (0..many).map(|at| member("p", &at.to_string(), |_| ())).collect();
        assert_eq!(shape(members), [many]);
        let contrary =
            |at: usize| member("p", &at.to_string(), |group| group.set(Field::RatingArea, format!("R-{at}")));
        let groups = from_members((0..many).map(contrary).collect(), &Place::default());
        assert_eq!(groups[0].facts.text(Field::RatingArea).map(|text| text.split(" | ").count()), Some(8));
    }

    #[test]
    fn answers_about_one_member_each_are_one_group_and_two_records_of_one_answer_are_two() {
        let shape = |records: &[(usize, &str, &str)]| -> Vec<usize> {
            let mapped = records.iter().map(|(answer, policy, id)| (*answer, member(policy, id, |_| ())));
            as_groups(mapped.collect(), &Place::default()).iter().map(|group| group.members.len()).collect()
        };
        assert_eq!(shape(&[(0, "p", "1"), (1, "p", "2"), (2, "p", "3")]), [3]);
        assert_eq!(shape(&[(0, "p", "1"), (0, "p", "2")]), [1, 1]);
        assert_eq!(shape(&[(0, "p", "1"), (0, "q", "1"), (1, "p", "2"), (1, "q", "2")]), [2, 2]);
        assert_eq!(shape(&[(0, "p", "1"), (1, "p", "2"), (1, "p", "3")]), [2, 1]);
        assert_eq!(shape(&[(0, "p", "1"), (1, "p", "1")]), [1, 1], "who is shown again is there twice");
    }

    #[test]
    fn a_group_that_lives_again_takes_in_who_was_taken_out_of_it() {
        let status = |word: &'static str| move |group: &mut Facts| group.set(Field::PolicyStatus, word);
        let (alive, gone) = (status("effectuated"), status("cancelled"));
        let records =
            vec![member("p", "1", gone), member("p", "1", gone), member("p", "2", alive), member("p", "1", alive)];
        assert_eq!(shape(records), [2, 1]);
    }

    #[test]
    fn contradicting_group_facts_are_both_shown_and_zero_amounts_contradict_nothing() {
        let plan = |text: &'static str| move |group: &mut Facts| group.set(Field::RatingArea, text);
        let groups =
            from_members(vec![member("p", "1", plan("R-VA001")), member("p", "2", plan("R-VA002"))], &Place::default());
        assert_eq!(groups[0].facts.text(Field::RatingArea), Some("R-VA001 | R-VA002"));
        let aptc = |cents| move |group: &mut Facts| group.set(Field::Aptc, Cents(cents));
        let groups = from_members(vec![member("p", "1", aptc(0)), member("p", "2", aptc(500))], &Place::default());
        assert_eq!(groups[0].facts.value(Field::Aptc), Some(&Cents(500).into()));
    }

    #[test]
    fn somebody_taken_out_of_a_living_group_is_no_member_of_it_in_either_order() {
        let status = |word: &'static str| move |group: &mut Facts| group.set(Field::PolicyStatus, word);
        let (alive, gone) = (status("effectuated"), status("cancelled"));
        assert_eq!(shape(vec![member("p", "1", alive), member("p", "2", gone)]), [1]);
        assert_eq!(shape(vec![member("p", "2", gone), member("p", "1", alive)]), [1]);
        assert_eq!(shape(vec![member("p", "1", gone), member("p", "2", gone)]), [2]);
    }
}
