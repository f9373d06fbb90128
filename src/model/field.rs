//! The canonical record's fields: one dotted name each, the same in files, ledger, reports and messages.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

/// What a field holds, which decides how its text is read and compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Part of a person's name: compared without regard to case, with X12's lengths and characters in mind.
    Name,
    /// Part of an address: street lines, city.
    Address,
    /// A calendar date.
    Date,
    /// An amount in cents.
    Money,
    /// A telephone number: digits decide.
    Phone,
    /// A mailbox.
    Email,
    /// A ZIP code: the first five digits decide.
    Zip,
    /// A short code or a word from a closed list, in canonical spelling.
    Code,
    /// An identifier: every character decides, but for case and surrounding blanks.
    Id,
    /// A Social Security number: digits decide; never printed whole.
    Ssn,
}

/// How much a difference matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Shown, and no error.
    Minor,
    /// The member is affected; an error.
    Major,
    /// Coverage, identity or money is wrong; an error.
    Critical,
}

macro_rules! fields {
    ($($variant:ident = $name:literal, $kind:ident, $severity:ident, $doc:literal;)*) => {
        /// A field of the canonical enrollment record. `group.` fields are said once per enrollment group, `member.`
        /// fields once per member.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum Field {
            $(#[doc = $doc] $variant,)*
        }

        impl Field {
            /// Every field, in the order reports show them.
            pub const ALL: &'static [Field] = &[$(Field::$variant,)*];

            /// The dotted name.
            pub fn name(self) -> &'static str {
                match self { $(Field::$variant => $name,)* }
            }

            /// What it holds.
            pub fn kind(self) -> Kind {
                match self { $(Field::$variant => Kind::$kind,)* }
            }

            /// How much a difference matters unless the scenario says otherwise.
            pub fn default_severity(self) -> Severity {
                match self { $(Field::$variant => Severity::$severity,)* }
            }

            /// One sentence for people.
            pub fn describe(self) -> &'static str {
                match self { $(Field::$variant => $doc,)* }
            }
        }
    };
}

fields! {
    Issuer = "group.issuer", Id, Critical, "The issuer's five-digit HIOS id.";
    PlanId = "group.plan_id", Id, Critical, "The plan's first 14 characters (standard component).";
    CsrVariant = "group.csr_variant", Code, Critical, "The plan id's last two digits: the cost-sharing variant, 00 to 06.";
    CoverageLine = "group.coverage_line", Code, Critical, "`medical` or `dental`.";
    ApplicationId = "group.application_id", Id, Minor, "The application's id, as the exchange assigned it.";
    PolicyId = "group.exchange_assigned_policy_id", Id, Critical, "The exchange's id of the enrollment group (834: REF*1L).";
    SubscriberId = "group.exchange_assigned_subscriber_id", Id, Critical, "The exchange's id of the subscriber (834: REF*0F).";
    IssuerPolicyId = "group.issuer_assigned_policy_id", Id, Major, "The issuer's own id of the policy (834: REF*X9).";
    IssuerSubscriberId = "group.issuer_assigned_subscriber_id", Id, Major, "The issuer's own id of the subscriber (834: REF*ZZ).";
    PolicyStatus = "group.policy_status", Code, Critical, "`initial`, `effectuated`, `terminated` or `cancelled`; `inactive` where a payer says no more than that.";
    BenefitBegin = "group.benefit_begin_date", Date, Critical, "First day of coverage (834: DTP*348).";
    BenefitEnd = "group.benefit_end_date", Date, Critical, "Last day of coverage (834: DTP*349); open ended is absent.";
    PremiumTotal = "group.premium_total", Money, Critical, "Premium of the whole group a month (834: PRE AMT TOT).";
    Aptc = "group.aptc", Money, Critical, "Advance premium tax credit applied a month (834: APTC AMT).";
    TotalResponsibility = "group.total_responsibility", Money, Critical, "What the subscriber owes a month (834: TOT RES AMT).";
    CsrAmount = "group.csr_amount", Money, Major, "Cost-sharing reduction a month, where the exchange still sends it (834: CSR AMT).";
    RatingArea = "group.rating_area", Code, Major, "Rating area, as R-XX999 (834: RATING AREA).";
    TransactionReason = "group.transaction_reason", Code, Major, "Why the transaction was sent: `voluntary`, `non_payment`, … (834: INS04 with ADDL MAINT REASON).";
    ChangeEffective = "group.change_effective_date", Date, Major, "From when a change holds (834: DTP*303 of a maintenance).";
    PaidThrough = "group.paid_through_date", Date, Major, "Last day that the premium was paid for (834: DTP*543 of a confirmation).";
    PreviousIssuerPolicyId = "group.previous_issuer_policy_id", Id, Minor, "The issuer's id of the policy before this one (834: REF*XM).";
    SpecialEnrollment = "group.special_enrollment_reason", Code, Minor, "Why enrolled outside open enrollment (834: SEP REASON).";
    AgentNpn = "group.agent_npn", Id, Major, "National Producer Number of the agent or broker who helped (834: N1*BO).";
    MemberEnrolled = "member.enrolled", Code, Critical, "Whether this person is in the group at all: `yes` or `no`.";
    NameLast = "member.name.last", Name, Critical, "Family name.";
    NameFirst = "member.name.first", Name, Critical, "First name.";
    NameMiddle = "member.name.middle", Name, Minor, "Middle name or initial.";
    NameSuffix = "member.name.suffix", Name, Minor, "Jr, III and the like.";
    BirthDate = "member.birth_date", Date, Critical, "Date of birth.";
    Sex = "member.sex", Code, Major, "`male` or `female`.";
    Ssn = "member.ssn", Ssn, Critical, "Social Security number: none, or one that was never issued.";
    Relationship = "member.relationship", Code, Critical, "To the subscriber: `self`, `spouse`, `child`, … (`johndoe fields` lists the words).";
    Subscriber = "member.subscriber", Code, Critical, "Whether this member is the subscriber: `yes` or `no` (834: INS01).";
    Tobacco = "member.tobacco", Code, Major, "`yes` or `no`; told for adults on the initial enrollment only.";
    MaritalStatus = "member.marital_status", Code, Minor, "`married` or `single` …; told for the subscriber only.";
    Language = "member.language", Code, Minor, "Preferred language, ISO 639-2, where the household contact gave one.";
    Phone = "member.phone", Phone, Minor, "First telephone number.";
    Email = "member.email", Email, Minor, "Mailbox.";
    Street1 = "member.address.street_1", Address, Major, "Residence, first line.";
    Street2 = "member.address.street_2", Address, Minor, "Residence, second line.";
    City = "member.address.city", Address, Major, "Residence, city.";
    State = "member.address.state", Code, Critical, "Residence, two-letter state.";
    Zip = "member.address.zip", Zip, Critical, "Residence, five-digit ZIP code.";
    County = "member.address.county", Code, Major, "Residence, county as five-digit FIPS code.";
    MailStreet1 = "member.mailing.street_1", Address, Minor, "Mailing address, first line, where it differs from the residence.";
    MailStreet2 = "member.mailing.street_2", Address, Minor, "Mailing address, second line.";
    MailCity = "member.mailing.city", Address, Minor, "Mailing address, city.";
    MailState = "member.mailing.state", Code, Minor, "Mailing address, state.";
    MailZip = "member.mailing.zip", Zip, Minor, "Mailing address, ZIP code.";
    MemberId = "member.exchange_assigned_member_id", Id, Critical, "The exchange's id of this member (834: REF*17).";
    IssuerMemberId = "member.issuer_assigned_member_id", Id, Major, "The issuer's own id of this member (834: REF*23).";
    Premium = "member.premium", Money, Major, "This member's premium a month (834: PRE AMT 1).";
    MemberChange = "member.change", Code, Critical, "`added` or `removed`, where that happens to this member and not to the group.";
    MemberChangeReason = "member.change_reason", Code, Minor, "Why this member alone was removed.";
    MemberBenefitBegin = "member.benefit_begin_date", Date, Critical, "First day of this member's coverage, where it is not the group's.";
    MemberBenefitEnd = "member.benefit_end_date", Date, Critical, "Last day of this member's coverage, where it is not the group's.";
    FormerLast = "member.former_name.last", Name, Minor, "Family name before a correction (834: NM1*70).";
    FormerFirst = "member.former_name.first", Name, Minor, "First name before a correction.";
    CustodialLast = "member.custodial_parent.last", Name, Minor, "Family name of the parent who has custody and is not enrolled (834: NM1*S3).";
    CustodialFirst = "member.custodial_parent.first", Name, Minor, "First name of the parent who has custody.";
    ResponsibleLast = "member.responsible_person.last", Name, Minor, "Family name of whoever is responsible for the member (834: NM1*S1).";
    ResponsibleFirst = "member.responsible_person.first", Name, Minor, "First name of whoever is responsible.";
}

impl Field {
    /// Every name by which a field can be called, the short ones first.
    pub fn words() -> Vec<&'static str> {
        let means = |f: &Field, tail: &&str| Field::parse(tail) == Some(*f);
        let tails = |f: &'static Field| {
            let all = f.name().match_indices('.').map(|(at, _)| &f.name()[at + 1..]);
            all.filter(|tail| means(f, tail)).collect::<Vec<_>>()
        };
        let full = Field::ALL.iter().map(|f| f.name());
        let short = Field::ALL.iter().flat_map(tails).chain(["last_name", "first_name", "middle_name", "name_suffix"]);
        short.filter(|s| Field::parse(s).is_some()).chain(full).collect()
    }

    /// Finds a field by its dotted name, or by a short name that only one field ends in: `aptc`, `birth_date`,
    /// `name.last`, and `last_name`, `first_name`, `middle_name` as other systems say them.
    pub fn parse(name: &str) -> Option<Self> {
        let exact = Self::ALL.iter().copied().find(|f| f.name() == name);
        exact.or_else(|| Self::parse_short(name))
    }

    fn parse_short(name: &str) -> Option<Self> {
        match name {
            "last_name" | "last" => return Some(Self::NameLast),
            "first_name" | "first" => return Some(Self::NameFirst),
            "middle_name" => return Some(Self::NameMiddle),
            "name_suffix" => return Some(Self::NameSuffix),
            "application_id" => return Some(Self::ApplicationId),
            "status" => return Some(Self::PolicyStatus),
            "benefit_begin_date" => return Some(Self::BenefitBegin),
            "benefit_end_date" => return Some(Self::BenefitEnd),
            "zip" => return Some(Self::Zip),
            "state" => return Some(Self::State),
            "city" => return Some(Self::City),
            "street_1" => return Some(Self::Street1),
            "street_2" => return Some(Self::Street2),
            _ => {}
        }
        let mut found = Self::ALL.iter().copied().filter(|f| ends_in(f.name(), name));
        found.next().filter(|_| found.next().is_none())
    }

    /// Whether it is said once per group (rather than once per member).
    pub fn is_group(self) -> bool {
        self < Self::MemberEnrolled
    }
}

/// Whether `name` is the tail of `full`, from a dot on.
fn ends_in(full: &str, name: &str) -> bool {
    full.strip_suffix(name).is_some_and(|head| head.ends_with('.'))
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Serialize for Field {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for Field {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::parse(&name).ok_or_else(|| serde::de::Error::custom(format_args!("unknown field `{name}`")))
    }
}

#[cfg(test)]
mod tests {
    use super::Field;

    #[test]
    fn every_field_is_found_by_its_name() {
        for field in Field::ALL.iter().copied() {
            assert_eq!(Field::parse(field.name()), Some(field));
            assert_eq!(field.is_group(), field.name().starts_with("group."));
        }
    }

    #[test]
    fn short_names_find_one_field_or_none() {
        assert_eq!(Field::parse("last_name"), Some(Field::NameLast));
        assert_eq!(Field::parse("aptc"), Some(Field::Aptc));
        assert_eq!(Field::parse("zip"), Some(Field::Zip));
        assert_eq!(Field::parse("exchange_assigned_subscriber_id"), Some(Field::SubscriberId));
        assert_eq!(Field::parse("mailing.zip"), Some(Field::MailZip));
        assert_eq!(Field::parse("account"), None);
    }
}
