//! The names of an 834's fields beside the dotted names of the canonical record, which scenarios, reports and the ledger use.

use crate::model::Field;
use foldhash::fast::FixedState;
use std::collections::HashMap;
use std::sync::LazyLock;

/// Fields of an outline that are fields of the record. A field of a group may be told of its coverage or of its member.
const NAMES: &[(&str, Field)] = &[
    ("plan_id", Field::PlanId),
    ("coverage", Field::CoverageLine),
    ("application_id", Field::ApplicationId),
    ("policy_id", Field::PolicyId),
    ("subscriber_id", Field::SubscriberId),
    ("issuer_policy_id", Field::IssuerPolicyId),
    ("old_issuer_policy_id", Field::PreviousIssuerPolicyId),
    ("issuer_subscriber_id", Field::IssuerSubscriberId),
    ("benefit_begin", Field::BenefitBegin),
    ("benefit_end", Field::BenefitEnd),
    ("premium_total", Field::PremiumTotal),
    ("aptc", Field::Aptc),
    ("total_responsibility", Field::TotalResponsibility),
    ("csr_amount", Field::CsrAmount),
    ("rating_area", Field::RatingArea),
    ("broker_id", Field::AgentNpn),
    ("maintenance_reason", Field::TransactionReason),
    ("additional_reason", Field::TransactionReason),
    ("maintenance_effective_on", Field::ChangeEffective),
    ("last_premium_paid", Field::PaidThrough),
    ("special_enrollment_reason", Field::SpecialEnrollment),
    ("last_name", Field::NameLast),
    ("first_name", Field::NameFirst),
    ("middle_name", Field::NameMiddle),
    ("name_suffix", Field::NameSuffix),
    ("birth_date", Field::BirthDate),
    ("sex", Field::Sex),
    ("ssn", Field::Ssn),
    ("relationship", Field::Relationship),
    ("is_subscriber", Field::Subscriber),
    ("tobacco", Field::Tobacco),
    ("marital_status", Field::MaritalStatus),
    ("language", Field::Language),
    ("phone", Field::Phone),
    ("email", Field::Email),
    ("street", Field::Street1),
    ("street_2", Field::Street2),
    ("city", Field::City),
    ("state", Field::State),
    ("zip", Field::Zip),
    ("county", Field::County),
    ("mail_street", Field::MailStreet1),
    ("mail_street_2", Field::MailStreet2),
    ("mail_city", Field::MailCity),
    ("mail_state", Field::MailState),
    ("mail_zip", Field::MailZip),
    ("member_id", Field::MemberId),
    ("issuer_member_id", Field::IssuerMemberId),
    ("premium", Field::Premium),
    ("incorrect_last_name", Field::FormerLast),
    ("incorrect_first_name", Field::FormerFirst),
    ("custodial_parent_last_name", Field::CustodialLast),
    ("custodial_parent_first_name", Field::CustodialFirst),
    ("responsible_person_last_name", Field::ResponsibleLast),
    ("responsible_person_first_name", Field::ResponsibleFirst),
];

/// The same to look up: a large file has millions of fields.
static FIELDS: LazyLock<HashMap<&str, Field, FixedState>> = LazyLock::new(|| NAMES.iter().copied().collect());

/// The record's field that a field of an outline is; `None` where the record has none.
pub fn field_of_record(name: &str) -> Option<Field> {
    FIELDS.get(name).copied()
}

/// Numbers that are what the exchange and its issuers mean by them in their own files only; elsewhere they may be an employer's
/// group and branch.
const EXCHANGES_OWN: &[&str] = &[
    "policy_id",
    "subscriber_id",
    "member_id",
    "issuer_policy_id",
    "old_issuer_policy_id",
    "issuer_subscriber_id",
    "issuer_member_id",
];

/// What a field of a member is called everywhere: by its dotted name, or by its own where the record has no such field.
pub fn name_of_field(name: &'static str, is_exchanges: bool) -> &'static str {
    let is_known = is_exchanges || !EXCHANGES_OWN.contains(&name);
    field_of_record(name).filter(|_| is_known).map_or(name, Field::name)
}

/// The names in an outline of what a person calls a field: by such a name itself, or by one of the record's
/// ([`Field::parse`]), for which there may be several.
pub fn names_of(called: &str) -> Vec<&str> {
    let own = NAMES.iter().any(|(own, _)| *own == called);
    let field = Field::parse(called).filter(|_| !own);
    let of_record = NAMES.iter().filter(|(_, known)| Some(*known) == field).map(|(own, _)| *own);
    std::iter::once(called).chain(of_record).collect()
}

#[cfg(test)]
mod tests {
    use super::{NAMES, field_of_record, name_of_field, names_of};
    use crate::model::Field;

    #[test]
    fn a_field_is_found_by_either_name() {
        assert_eq!(field_of_record("first_name").map(Field::name), Some("member.name.first"));
        assert_eq!(name_of_field("first_name", false), "member.name.first");
        assert_eq!(name_of_field("sponsor", true), "sponsor");
        assert_eq!(name_of_field("policy_id", true), "group.exchange_assigned_policy_id");
        assert_eq!(name_of_field("policy_id", false), "policy_id", "an employer's group number");
        assert_eq!(names_of("member.name.first"), ["member.name.first", "first_name"]);
        assert_eq!(names_of("name.last"), ["name.last", "last_name"]);
        assert_eq!(names_of("first_name"), ["first_name"]);
        assert_eq!(names_of("transaction_reason"), ["transaction_reason", "maintenance_reason", "additional_reason"]);
        assert_eq!(names_of("sponsor"), ["sponsor"]);
        for (own, field) in NAMES {
            assert!(names_of(field.name()).contains(own), "{own}");
        }
    }
}
