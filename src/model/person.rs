//! People before they are enrolled: the household on one application.

use super::words::words;
use super::{Agent, EdgeCase, Facts, Field, ProbeIndex, Renewal, Value, Wishes};
use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};
use std::fmt;

words! {
    /// Administrative sex, as DMG03 tells it.
    Sex {
        /// M.
        Male = "male",
        /// F.
        Female = "female",
    }
}

words! {
    /// A member's relationship to the subscriber (834: INS02).
    Relationship {
        /// 18, the subscriber.
        SelfSubscriber = "self",
        /// 01.
        Spouse = "spouse",
        /// 53, life partner.
        LifePartner = "life_partner",
        /// 19.
        Child = "child",
        /// 09.
        AdoptedChild = "adopted_child",
        /// 10.
        FosterChild = "foster_child",
        /// 17.
        Stepchild = "stepchild",
        /// 05.
        Grandchild = "grandchild",
        /// 07.
        NieceOrNephew = "niece_or_nephew",
        /// 15; also how the exchange sends an over-age disabled dependent.
        Ward = "ward",
        /// 14.
        Sibling = "sibling",
        /// 03, father or mother.
        Parent = "parent",
        /// 04.
        Grandparent = "grandparent",
        /// 31, court-appointed guardian's ward.
        CourtAppointed = "court_appointed",
        /// 25.
        ExSpouse = "ex_spouse",
        /// 38.
        CollateralDependent = "collateral_dependent",
        /// G8.
        Other = "other",
    }
}

impl Relationship {
    /// INS02's code.
    pub fn x12_code(self) -> &'static str {
        match self {
            Self::SelfSubscriber => "18",
            Self::Spouse => "01",
            Self::LifePartner => "53",
            Self::Child => "19",
            Self::AdoptedChild => "09",
            Self::FosterChild => "10",
            Self::Stepchild => "17",
            Self::Grandchild => "05",
            Self::NieceOrNephew => "07",
            Self::Ward => "15",
            Self::Sibling => "14",
            Self::Parent => "03",
            Self::Grandparent => "04",
            Self::CourtAppointed => "31",
            Self::ExSpouse => "25",
            Self::CollateralDependent => "38",
            Self::Other => "G8",
        }
    }

    /// The relationship of an INS02 code, where it is in the list.
    pub fn from_x12_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|r| r.x12_code() == code)
    }
}

/// A name in its parts; the last name may be empty (a mononym is kept in `last`, with `first` empty).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct PersonName {
    /// First name.
    pub first: String,
    /// Middle name or initial.
    pub middle: Option<String>,
    /// Family name.
    pub last: String,
    /// Jr, III …
    pub suffix: Option<String>,
}

impl fmt::Display for PersonName {
    /// First, middle, last, suffix; blanks between.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = [Some(&self.first), self.middle.as_ref(), Some(&self.last), self.suffix.as_ref()];
        let mut first = true;
        for part in parts.into_iter().flatten().filter(|p| !p.is_empty()) {
            if !std::mem::take(&mut first) {
                f.write_str(" ")?;
            }
            f.write_str(part)?;
        }
        Ok(())
    }
}

/// Where somebody lives or gets mail. ZIP code, county and state belong together.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Address {
    /// First line.
    pub street_1: String,
    /// Second line.
    pub street_2: Option<String>,
    /// City.
    pub city: String,
    /// Two-letter state.
    pub state: String,
    /// Five digits, leading zeros kept.
    pub zip: String,
    /// Five-digit FIPS code of the county.
    pub county: String,
}

/// A residence, and the rating area in which it lies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Home {
    /// Where it is.
    pub address: Address,
    /// As R-XX999; empty where no source of it is known.
    pub rating_area: String,
}

/// A Social Security number that was never issued and is no tax id: area 666, or 9xx with middle digits 40 to 49 or 66
/// to 69; never group 00, serial 0000 or one digit repeated. No other number can be held.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SyntheticSsn(String);

impl SyntheticSsn {
    /// Accepts nine digits that were never issued.
    pub fn new(digits: &str) -> Option<Self> {
        let all_digits = digits.len() == 9 && digits.bytes().all(|b| b.is_ascii_digit());
        if !all_digits {
            return None;
        }
        let (area, group, serial) = (&digits[..3], &digits[3..5], &digits[5..]);
        let middle_is_free = ("40"..="49").contains(&group) || ("66"..="69").contains(&group);
        let never_issued = area == "666" || (area.starts_with('9') && middle_is_free);
        let repeats = digits.bytes().all(|b| b == digits.as_bytes()[0]);
        let sound = never_issued && group != "00" && serial != "0000" && !repeats;
        sound.then(|| Self(digits.to_owned()))
    }

    /// The nine digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for SyntheticSsn {
    type Error = &'static str;

    fn try_from(digits: String) -> Result<Self, Self::Error> {
        Self::new(&digits).ok_or("not a never-issued Social Security number")
    }
}

impl From<SyntheticSsn> for String {
    fn from(ssn: SyntheticSsn) -> Self {
        ssn.0
    }
}

words! {
    /// What has become of somebody's coverage since the household enrolled.
    Since {
        /// The latest step of the journey brings them in.
        Joins = "joins",
        /// An earlier step brought them in.
        Joined = "joined",
        /// The latest step takes them out.
        Leaves = "leaves",
        /// An earlier step took them out.
        Left = "left",
    }
}

/// One person on the application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Name.
    pub name: PersonName,
    /// Date of birth.
    pub birth_date: NaiveDate,
    /// Administrative sex.
    pub sex: Sex,
    /// To the subscriber, which is the first person who applies: on a child-only application the parent stands first.
    pub relationship: Relationship,
    /// Whether coverage is asked for; a parent on a child-only application is there and does not apply.
    pub applying: bool,
    /// A never-issued number, or none.
    pub ssn: Option<SyntheticSsn>,
    /// Uses tobacco; asked of adults.
    pub tobacco: bool,
    /// `single`, `married`, `divorced`, `widowed`, `domestic_partner`.
    pub marital_status: Option<String>,
    /// Ten digits, exchange and line number 555-0100 to 555-0199.
    pub phone: Option<String>,
    /// In a domain reserved by RFC 2606.
    pub email: Option<String>,
    /// ISO 639-2, household contact only.
    pub language: Option<String>,
    /// Differs from the household's where somebody lives elsewhere.
    pub address: Option<Address>,
    /// Of a federally recognized tribe (American Indian or Alaska Native): variants 02 and 03.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub tribal_member: bool,
    /// Whether they joined or left after the enrollment; nobody has when they apply.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Since>,
}

impl Person {
    /// Whether they were enrolled, and are no more.
    pub fn has_left(&self) -> bool {
        matches!(self.since, Some(Since::Leaves | Since::Left))
    }

    /// Age in whole years on a day; somebody born on 29 February has a birthday on 1 March in other years.
    pub fn age_on(&self, day: NaiveDate) -> i32 {
        let birthday_is_ahead = (day.month(), day.day()) < (self.birth_date.month(), self.birth_date.day());
        day.year() - self.birth_date.year() - i32::from(birthday_is_ahead)
    }

    /// Whether a member shares the birth date, the whole name or the mailbox.
    pub fn is_like(&self, member: &Facts) -> bool {
        let says = |field: Field, text: &str| member.text(field).is_some_and(|found| found.eq_ignore_ascii_case(text));
        let born = member.value(Field::BirthDate) == Some(&Value::Date(self.birth_date));
        let named = says(Field::NameLast, &self.name.last) && says(Field::NameFirst, &self.name.first);
        born || named || self.email.as_deref().is_some_and(|email| says(Field::Email, email))
    }
}

/// The people on one application, the applicant who becomes the subscriber first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Household {
    /// The probe it belongs to.
    pub index: ProbeIndex,
    /// What makes it recognisable and unmistakably synthetic at the far end: the first person's mailbox holds it.
    pub marker: String,
    /// The first is the household contact.
    pub people: Vec<Person>,
    /// Residence of everybody who has none of their own.
    pub address: Address,
    /// Mail goes here where it differs from the residence.
    pub mailing: Option<Address>,
    /// Rating area of the residence, as R-XX999; empty where no source of it is known.
    pub rating_area: String,
    /// Where it goes when it moves to another county: drawn only where a journey asks for that, and none where no other county of its
    /// state is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moves_to: Option<Home>,
    /// How this year's coverage follows from the last one's, where it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub renewal: Option<Renewal>,
    /// Yearly household income in cents.
    pub income_cents: i64,
    /// Who helped to enroll, where somebody did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent: Option<Agent>,
    /// First day of coverage asked for, from the scenario's reference date.
    pub coverage_begin: NaiveDate,
    /// Day the application is made on paper: the scenario's reference date.
    pub as_of: NaiveDate,
    /// `medical`, or `medical` and `dental`: one enrollment group each.
    pub lines: Vec<CoverageLine>,
    /// The catalogue's cases that this household shows, by name.
    pub edge_cases: Vec<EdgeCase>,
    /// What its row of the scenario asks for beside its people.
    #[serde(default, skip_serializing_if = "Wishes::is_empty")]
    pub wishes: Wishes,
}

words! {
    /// A line of coverage (834: HD03); each line is a transaction and a policy of its own.
    CoverageLine {
        /// HLT.
        Medical = "medical",
        /// DEN.
        Dental = "dental",
    }
}

impl Household {
    /// Whether a member shares the birth date, the whole name or the mailbox of somebody in it.
    pub fn has_somebody_like(&self, member: &Facts) -> bool {
        self.people.iter().any(|person| person.is_like(member))
    }

    /// The name of the household contact, whose mailbox is the marker: the first person. Empty where there is nobody.
    pub fn contact_name(&self) -> String {
        self.people.first().map(|person| person.name.to_string()).unwrap_or_default()
    }

    /// The person coverage hangs on: the first who applies.
    pub fn subscriber(&self) -> Option<&Person> {
        self.people.iter().find(|p| p.applying)
    }

    /// Everybody who has a place among the members, be it that they have left it: what is told of each keeps that place. The
    /// subscriber comes first.
    pub fn members(&self) -> impl Iterator<Item = &Person> {
        self.people.iter().filter(|person| person.applying || person.has_left())
    }

    /// The places of those who apply now.
    pub fn places(&self) -> Vec<usize> {
        self.members().enumerate().filter(|(_, person)| person.applying).map(|(place, _)| place).collect()
    }

    /// Where a person lives.
    pub fn residence<'a>(&'a self, person: &'a Person) -> &'a Address {
        person.address.as_ref().unwrap_or(&self.address)
    }
}

#[cfg(test)]
mod tests {
    use super::{Relationship, SyntheticSsn};

    #[test]
    fn only_never_issued_numbers_that_are_no_tax_ids_can_be_held() {
        for good in ["666451234", "900401234", "999690001", "666010001"] {
            assert!(SyntheticSsn::new(good).is_some(), "{good}");
        }
        for bad in
            ["123456789", "666666666", "666000001", "666450000", "912701234", "999999999", "00012345", "0001234567"]
        {
            assert!(SyntheticSsn::new(bad).is_none(), "{bad}");
        }
        assert!(serde_json::from_str::<SyntheticSsn>("\"123456789\"").is_err());
    }

    #[test]
    fn relationship_codes_are_one_to_one() {
        for relationship in Relationship::ALL.iter().copied() {
            assert_eq!(Relationship::from_x12_code(relationship.x12_code()), Some(relationship));
        }
    }
}
