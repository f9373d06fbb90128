//! What of a record that is ours is not: a real person's name or number grafted into it.
//!
//! A record is kept from here on, in the ledger, and shown, in reports, so nothing of a stranger may be in it. Names,
//! addresses, telephones, mailboxes, Social Security numbers and birth dates stay as they were found where they come from
//! ours: they are equal by the rules of comparing, a part of a value that one of our people has, or share two thirds with one. Everything else
//! of those kinds is masked by its shape, which still differs from what was expected, so that it is judged as it was. Of a member who has
//! neither a name nor a birth date of ours the ids are left out, too. Codes, dates of coverage, amounts, ZIP codes, ids and control numbers
//! stay where they are written like such: records are joined by them, and they name nobody. Text in their place is masked.

use super::equality::{Equality, Setting, equality};
use crate::model::{Evidence, Expectation, Fact, Facts, Field, FieldSet, GroupRecord, Household, Kind, Value};
use chrono::{Datelike, NaiveDate};

/// Values of our own people, by kind.
#[derive(Debug, Clone, Default)]
pub struct OwnValues(Vec<(Field, Value)>);

/// Letters or digits of which any value may consist by chance.
const SHORT: usize = 1;

/// Letters by which a value may be longer than ours and still come from it are fewer.
const SHORTEST_WORD: usize = 5;

/// Letters and digits in which a value may differ from ours and still come from it.
const MOST_CHANGED: usize = 8;

/// Days by which a birth date of ours may be off and still come from it.
const DAYS_OFF: i64 = 31;

impl OwnValues {
    /// Adds what is expected of a household, and the names of those in it who do not apply.
    pub fn add(&mut self, household: &Household, expectation: &Expectation) {
        for facts in expectation.groups.iter().flat_map(|group| group.members.iter().chain([&group.facts])) {
            self.add_facts(facts);
        }
        for person in household.people.iter().filter(|person| !person.applying) {
            let name = &person.name;
            self.0.push((Field::NameFirst, name.first.as_str().into()));
            self.0.push((Field::NameLast, name.last.as_str().into()));
            self.0.push((Field::BirthDate, person.birth_date.into()));
        }
    }

    fn add_facts(&mut self, facts: &Facts) {
        for field in facts.stated().iter() {
            if let Some(value) = facts.value(field) {
                self.0.push((field, value.clone()));
            }
        }
    }

    /// Masks what is not ours in a record; where it stood is kept.
    pub fn mask_others(&self, record: &mut GroupRecord) {
        record.members.iter_mut().for_each(|member| self.mask(member, FieldSet::EMPTY));
        // of a group no far side says who is in it: it is the reading that says whom the target's path leaves out
        self.mask(&mut record.facts, [Field::MemberEnrolled].into_iter().collect());
        let place = &mut record.place;
        for number in
            [&mut place.interchange, &mut place.functional_group, &mut place.transaction_set].into_iter().flatten()
        {
            if !is_like_an_id(number) {
                *number = Evidence::of(number).to_string();
            }
        }
    }

    fn mask(&self, facts: &mut Facts, but_for: FieldSet) {
        let foreign: Vec<_> = facts
            .stated()
            .iter()
            .filter_map(|field| Some((field, facts.value(field)?)))
            .filter(|(field, value)| !but_for.contains(*field) && !self.is_ours(*field, value))
            .map(|(field, value)| (field, self.masked(field.kind(), value)))
            .collect();
        let foreign = self.with_a_strangers_birth_date(facts, foreign);
        let who = [Field::NameLast, Field::NameFirst, Field::BirthDate];
        let mut said = who.into_iter().filter(|field| facts.value(*field).is_some()).peekable();
        let is_stranger = said.peek().is_some() && said.all(|field| foreign.iter().any(|(of, _)| *of == field));
        for (field, masked) in foreign {
            facts.replace(field, masked);
        }
        if is_stranger {
            // an id's shape would be the same for many, and be taken for one that several households have
            let ids: Vec<Field> = facts.stated().iter().filter(|field| field.kind() == Kind::Id).collect();
            ids.into_iter().filter(|field| !field.is_group()).for_each(|field| facts.unset(field));
        }
    }

    /// Beside a name of which nothing is ours, a birth date is one of ours only where it is that very day: two parts of three are right by
    /// chance of many.
    fn with_a_strangers_birth_date(&self, facts: &Facts, mut foreign: Vec<(Field, Value)>) -> Vec<(Field, Value)> {
        let mut names =
            [Field::NameLast, Field::NameFirst].into_iter().filter(|name| facts.value(*name).is_some()).peekable();
        let is_named = names.peek().is_some();
        let is_of_another = is_named && names.all(|name| foreign.iter().any(|(field, _)| *field == name));
        let is_known = |born: &Value| self.0.iter().any(|(field, value)| *field == Field::BirthDate && value == born);
        let found = facts.value(Field::BirthDate).filter(|born| is_of_another && !is_known(born));
        if let Some(born) = found.filter(|_| foreign.iter().all(|(field, _)| *field != Field::BirthDate)) {
            foreign.push((Field::BirthDate, self.masked(Kind::Date, born)));
        }
        foreign
    }

    fn is_ours(&self, field: Field, found: &Value) -> bool {
        if let Some(is_sound) = is_sound(field, found) {
            return is_sound || self.0.iter().any(|own| own.0 == field && own.1 == *found);
        }
        let comes_from = |own: &(Field, Value)| own.0.kind() == field.kind() && is_derived(field, &own.1, found);
        is_nobodys(field, found) || self.0.iter().any(comes_from)
    }

    fn masked(&self, kind: Kind, found: &Value) -> Value {
        let own: Vec<_> =
            self.0.iter().filter(|(field, _)| field.kind() == kind).filter_map(|(_, v)| v.as_text()).collect();
        let text = found.to_string();
        Evidence::knowing(&text, &own).as_str().into()
    }
}

/// Whether a value of a field that says nothing of who somebody is is written as such a field is; `None` for the others.
fn is_sound(field: Field, value: &Value) -> Option<bool> {
    let text = || value.as_text().unwrap_or_default();
    if field == Field::Issuer && says_several_issuers(text()) {
        return Some(true);
    }
    match field.kind() {
        Kind::Name | Kind::Address | Kind::Phone | Kind::Email | Kind::Ssn | Kind::Code => None,
        Kind::Date if field == Field::BirthDate => None,
        Kind::Date | Kind::Money => Some(value.as_text().is_none()),
        // a plan's id begins with its issuer's digits, whatever was made of the rest
        Kind::Id if field == Field::PlanId => {
            let begins = text().chars().take(5).filter(char::is_ascii_digit).count() >= 3;
            let is_like_an_ssn = text().len() == 9 && text().bytes().all(|byte| byte.is_ascii_digit());
            Some(value.as_text().is_none() || is_like_an_id(text()) && begins && !is_like_an_ssn)
        }
        Kind::Zip | Kind::Id => Some(value.as_text().is_none() || is_like_an_id(text())),
    }
}

/// Whether a text says which issuers a file names and where, in our own words: `12345 by ISA08 and 54321 by N104`.
fn says_several_issuers(text: &str) -> bool {
    const BY: [&str; 5] = ["ISA08", "N104", "N102", "GS03", "its file's name"];
    let is_said = |part: &str| part.split_once(" by ").is_some_and(|(id, by)| is_like_an_id(id) && BY.contains(&by));
    text.split(" and ").all(is_said)
}

/// Whether a text is written like an id or a number: one word, with a digit in it, and no Social Security number
/// in it.
pub(super) fn is_like_an_id(text: &str) -> bool {
    let text = text.trim();
    let is_word = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_./:+#*".contains(&byte));
    let parts: Vec<&str> = text.split('-').collect();
    let is_number = |part: &&str| part.bytes().all(|byte| byte.is_ascii_digit());
    let is_ssn = parts.windows(3).any(|three| {
        three.iter().all(is_number)
            && matches!(three, [area, group, serial] if (area.len(), group.len(), serial.len()) == (3, 2, 4))
    });
    text.is_empty() || is_word && !is_ssn && text.bytes().any(|byte| byte.is_ascii_digit())
}

/// Whether a value could be anybody's: a code that is written like one, a letter, nothing.
fn is_nobodys(field: Field, value: &Value) -> bool {
    let Some(text) = value.as_text() else { return field.kind() != Kind::Date };
    match field.kind() {
        Kind::Code => is_code(text),
        _ => plain(text).chars().count() <= SHORT,
    }
}

/// Words of our own lists are lower case; what a system has beside them is short, or has digits: `EC`, `07`, `R-VA003`, `51760`.
fn is_code(text: &str) -> bool {
    let is_word = text.len() <= 24 && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    is_word || text.len() <= 8 && text.chars().filter(char::is_ascii_alphabetic).count() <= 3
}

fn is_derived(field: Field, own: &Value, found: &Value) -> bool {
    if let (Value::Date(own), Value::Date(found)) = (own, found) {
        return is_date_from(*own, *found);
    }
    if equality(field, Fact::Value(own), Fact::Value(found), Setting::default()) != Equality::Different {
        return true;
    }
    if field.kind() == Kind::Email && !is_one_mailbox(&found.to_string()) {
        return false;
    }
    let (own, found) = (plain(&own.to_string()), plain(&found.to_string()));
    let (of_own, of_found) = (own.chars().count(), found.chars().count());
    // what is longer by a word has somebody's word in it, however long ours is
    let is_longer_by_a_word = of_found >= of_own + SHORTEST_WORD;
    let changed = strsim::levenshtein(&own, &found);
    own.contains(&found) || !is_longer_by_a_word && changed <= MOST_CHANGED && changed * 3 < of_own.max(of_found)
}

fn is_one_mailbox(text: &str) -> bool {
    text.matches('@').count() <= 1 && !text.trim().contains(|c: char| c.is_whitespace() || ",;<>\"".contains(c))
}

/// Two of year, month and day are right, month and day are exchanged, or it is off by some days.
fn is_date_from(own: NaiveDate, found: NaiveDate) -> bool {
    let parts = |date: NaiveDate| [date.year().unsigned_abs(), date.month(), date.day()];
    let ([year, month, day], [found_year, found_month, found_day]) = (parts(own), parts(found));
    let right = [year == found_year, month == found_month, day == found_day].into_iter().filter(|is_right| *is_right);
    let is_turned = (year, month, day) == (found_year, found_day, found_month);
    right.count() >= 2 || is_turned || (own - found).num_days().abs() <= DAYS_OFF
}

/// Letters and digits alone, in lower case.
fn plain(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::OwnValues;
    use crate::model::{Facts, Field, FieldSet, GroupRecord, Place, Position, RecordKind, Value};
    use chrono::NaiveDate;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn own() -> OwnValues {
        let mut facts = Facts::new();
        for (field, text) in [
            (Field::NameLast, "Abernathy"),
            (Field::NameFirst, "Mary Ann"),
            (Field::Street1, "120 Sample Street"),
            (Field::Ssn, "900123456"),
            (Field::Phone, "8045550142"),
            (Field::Email, "jd.abc@example.org"),
            (Field::Sex, "female"),
        ] {
            facts.set(field, text);
        }
        facts.set(Field::BirthDate, date("1985-03-11"));
        let mut own = OwnValues::default();
        own.add_facts(&facts);
        own
    }

    fn kept(field: Field, found: impl Into<Value>) -> String {
        let mut facts = Facts::new();
        facts.set(field, found);
        facts.set_positions(Position::new(9, "NM1", 3).map(|at| (field, at)));
        let mut record = GroupRecord {
            kind: RecordKind::Snapshot,
            event_at: None,
            facts: Facts::new(),
            members: vec![facts],
            place: Place::default(),
        };
        own().mask_others(&mut record);
        let facts = &record.members[0];
        assert!(facts.position(field).is_some(), "where it stood is kept");
        facts.value(field).unwrap().to_string()
    }

    #[test]
    fn what_comes_from_ours_stays_however_it_was_spoiled() {
        for (field, found) in [
            (Field::NameLast, "ABERNATHY"),
            (Field::NameLast, "Abernaty"),
            (Field::NameLast, "Mary Ann"),
            (Field::NameFirst, "MARYANN"),
            (Field::NameMiddle, "Q"),
            (Field::Street1, "121 Sample Street"),
            (Field::MailStreet1, "120 SAMPLE ST"),
            (Field::Ssn, "900-12-3465"),
            (Field::Phone, "8045550143"),
            (Field::Email, "jd.abc@example.com"),
            (Field::Sex, "U"),
            (Field::Relationship, "domestic_partner"),
            (Field::County, "51760"),
            (Field::RatingArea, "R-VA007"),
            (Field::Issuer, "12345 by ISA08 and 54321 by N104"),
        ] {
            assert_eq!(kept(field, found), found);
        }
        for found in ["1985-11-03", "1985-03-12", "1958-03-11", "1985-04-01"] {
            assert_eq!(kept(Field::BirthDate, date(found)), found);
        }
    }

    #[test]
    fn the_ids_of_a_member_who_is_nobody_of_ours_are_left_out() {
        let member = |last: &str, born: &str| {
            let mut facts = Facts::new();
            facts.set(Field::NameLast, last);
            facts.set(Field::BirthDate, date(born));
            facts.set(Field::MemberId, "MRN-REAL-1");
            facts
        };
        for (last, born, stays) in
            [("Qvrtson", "1961-11-13", false), ("Qvrtson", "1985-03-11", true), ("Abernathy", "1961-11-13", true)]
        {
            let mut facts = member(last, born);
            own().mask(&mut facts, FieldSet::EMPTY);
            assert_eq!(facts.value(Field::MemberId).is_some(), stays, "{last} {born}");
        }
    }

    #[test]
    fn a_birth_date_that_is_nearly_ours_is_a_strangers_beside_a_strangers_name() {
        for (last, first, born, kept) in [
            ("Qvrtson", Some("Zyx"), "1961-03-11", "9999-99-99"),
            ("Qvrtson", None, "1985-03-12", "9999-99-99"),
            ("Qvrtson", Some("Zyx"), "1985-03-11", "1985-03-11"),
            ("Abernathy", Some("Zyx"), "1985-03-12", "1985-03-12"),
            ("Qvrtson", Some("Mary"), "1985-03-12", "1985-03-12"),
        ] {
            let mut facts = Facts::new();
            facts.set(Field::NameLast, last);
            if let Some(first) = first {
                facts.set(Field::NameFirst, first);
            }
            facts.set(Field::BirthDate, date(born));
            own().mask(&mut facts, FieldSet::EMPTY);
            assert_eq!(facts.value(Field::BirthDate).unwrap().to_string(), kept, "{last} {first:?} {born}");
        }
    }

    #[test]
    fn what_has_nothing_of_ours_keeps_its_shape_alone() {
        for (field, found, shape) in [
            (Field::NameLast, "Qvrtson", "Aaaaaaa"),
            (Field::NameFirst, "Mary Ann Zyxwoman-Realperson", "Mary Ann Aaaaaaaa-Aaaaaaaaaa"),
            (Field::ResponsibleLast, "Zyxwoman", "Aaaaaaaa"),
            (Field::Street1, "77 Realstreet", "99 Aaaaaaaaaa"),
            (Field::Ssn, "219-45-9911", "999-99-9999"),
            (Field::Phone, "6063334444", "9999999999"),
            (Field::Email, "zyx@strangers.test", "aaa@aaaaaaaaa.aaaa"),
            (Field::Sex, "Zyxwoman", "Aaaaaaaa"),
            (Field::BirthDate, "13 November 1961", "99 Aaaaaaaa 9999"),
        ] {
            assert_eq!(kept(field, found), shape);
        }
        assert_eq!(kept(Field::BirthDate, date("1961-11-13")), "9999-99-99");
        assert_eq!(kept(Field::PolicyId, "STRANGER-9"), "STRANGER-9", "ids join records");
    }

    #[test]
    fn text_in_the_place_of_an_amount_a_date_an_id_or_a_number_is_masked() {
        for (field, found) in [
            (Field::PolicyId, "Zyxwoman Qvrtson"),
            (Field::Issuer, "12345 by ISA08 and Zyxwoman by N104"),
            (Field::Issuer, "12345 by Zyxwoman"),
            (Field::IssuerMemberId, "ZYXWOMAN"),
            (Field::SubscriberId, "219-45-9911"),
            (Field::PlanId, "Zyxwoman"),
            (Field::PlanId, "ZYXWOMAN219459911"),
            (Field::PlanId, "219459911"),
            (Field::PolicyId, "ZYXWOMAN-219-45-9911"),
            (Field::Zip, "Zyxwoman"),
            (Field::Aptc, "Zyxwoman 12"),
            (Field::BenefitBegin, "Zyxwoman"),
            (Field::Email, "jd.abc@example.org,zyxw@gmail.com"),
            (Field::NameLast, "Abernathy-Zyxwoman"),
        ] {
            let kept = kept(field, found);
            assert!(!["zyx", "qvr", "219"].iter().any(|part| kept.to_lowercase().contains(part)), "{field}: {kept}");
        }
        for (field, found) in
            [(Field::PlanId, "12345VA0010001"), (Field::Zip, "23219-1234"), (Field::PolicyId, "P/7-a")]
        {
            assert_eq!(kept(field, found), found);
        }
        let mut record = GroupRecord {
            kind: RecordKind::Snapshot,
            event_at: None,
            facts: Facts::new(),
            members: Vec::new(),
            place: Place {
                transaction_set: Some("ZYXWOMAN".into()),
                interchange: Some("000000017".into()),
                ..Place::default()
            },
        };
        own().mask_others(&mut record);
        assert_eq!(record.place.interchange.as_deref(), Some("000000017"));
        assert_eq!(record.place.transaction_set.as_deref(), Some("AAAAAAAA"));
    }
}
