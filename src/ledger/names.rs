//! The names of fields in payloads: shorter than the dotted names that people read, because a run keeps
//! millions of them; and apart from those, so that a field that is renamed is still found in every old ledger.

use crate::model::Field;

macro_rules! names {
    ($($field:ident $name:literal,)*) => {
        /// The name under which a field is stored. A name is never changed, and never given to another field.
        pub(super) fn name_of(field: Field) -> &'static str {
            match field { $(Field::$field => $name,)* }
        }

        /// The field that is stored under this name, or under its dotted name (format 1).
        pub(super) fn field_of(name: &str) -> Option<Field> {
            match name {
                $($name => Some(Field::$field),)*
                dotted if dotted.contains('.') => Field::parse(dotted),
                _ => None,
            }
        }
    };
}

names! {
    Issuer "issuer",
    PlanId "plan",
    CsrVariant "csr",
    CoverageLine "line",
    ApplicationId "application",
    PolicyId "policy",
    SubscriberId "subscriber",
    IssuerPolicyId "issuer_policy",
    IssuerSubscriberId "issuer_subscriber",
    PolicyStatus "status",
    BenefitBegin "begin",
    BenefitEnd "end",
    PremiumTotal "total",
    Aptc "aptc",
    TotalResponsibility "owed",
    CsrAmount "csr_amount",
    RatingArea "area",
    TransactionReason "reason",
    ChangeEffective "change_from",
    PaidThrough "paid_through",
    PreviousIssuerPolicyId "previous_issuer_policy",
    SpecialEnrollment "special",
    AgentNpn "agent_npn",
    MemberEnrolled "enrolled",
    NameLast "last",
    NameFirst "first",
    NameMiddle "middle",
    NameSuffix "suffix",
    BirthDate "born",
    Sex "sex",
    Ssn "ssn",
    Relationship "kin",
    Subscriber "is_subscriber",
    Tobacco "tobacco",
    MaritalStatus "marital",
    Language "language",
    Phone "phone",
    Email "email",
    Street1 "street",
    Street2 "street_2",
    City "city",
    State "state",
    Zip "zip",
    County "county",
    MailStreet1 "mail_street",
    MailStreet2 "mail_street_2",
    MailCity "mail_city",
    MailState "mail_state",
    MailZip "mail_zip",
    MemberId "id",
    IssuerMemberId "issuer_id",
    Premium "premium",
    MemberChange "change",
    MemberChangeReason "change_reason",
    MemberBenefitBegin "own_begin",
    MemberBenefitEnd "own_end",
    FormerLast "former_last",
    FormerFirst "former_first",
    CustodialLast "custodial_last",
    CustodialFirst "custodial_first",
    ResponsibleLast "responsible_last",
    ResponsibleFirst "responsible_first",
}

#[cfg(test)]
mod tests {
    use super::{field_of, name_of};
    use crate::model::Field;

    #[test]
    fn every_field_is_found_by_both_its_names() {
        for field in Field::ALL.iter().copied() {
            assert_eq!(field_of(name_of(field)), Some(field));
            assert_eq!(field_of(field.name()), Some(field), "as format 1 wrote it");
        }
        assert_eq!(field_of("of a later version"), None);
        assert_eq!(field_of("member.of.a.later.version"), None);
    }
}
