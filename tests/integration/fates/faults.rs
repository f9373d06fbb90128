//! The faults to plant, what a household must have for each, and what is to be said of it.

use super::class::Class;
use johndoe::model::{Field, FieldSet, Household, Person, Submission};

/// A fault and what is to be said of its household.
pub(super) struct Fault {
    /// As `--fault` takes it, without a probability.
    pub(super) text: String,
    expected: Class,
    /// Signs that may come along, because one element carries both.
    along: &'static [&'static str],
    fits: fn(&Household) -> bool,
}

impl Fault {
    /// Whether it can be planted in this household.
    pub(super) fn fits(&self, household: &Household) -> bool {
        (self.fits)(household)
    }

    /// The fault, in this household for certain.
    pub(super) fn planted_in(&self, marker: &str) -> String {
        // an `@` begins a section of its own
        let local = marker.split('@').next().unwrap_or(marker);
        format!("{}@marker={local}=1", self.text)
    }

    /// Whether this is what is to be said.
    pub(super) fn is_named_by(&self, class: &Class) -> bool {
        let wanted = &self.expected;
        let signs_fit = wanted.signs.is_subset(&class.signs)
            && class.signs.difference(&wanted.signs).all(|sign| self.along.contains(&sign.as_str()));
        class.submission == wanted.submission && class.hop == wanted.hop && signs_fit
    }
}

fn fault(text: &str, expected: Class) -> Fault {
    Fault { text: text.to_owned(), expected, along: &[], fits: |_| true }
}

impl Fault {
    fn needs(self, fits: fn(&Household) -> bool) -> Self {
        Self { fits, ..self }
    }

    fn along(self, along: &'static [&'static str]) -> Self {
        Self { along, ..self }
    }
}

/// Every fault that concerns one household alone, those that need much of it first.
pub(super) fn everything() -> Vec<Fault> {
    let mut faults = spellings();
    faults.extend(people());
    faults.extend(fields());
    faults.extend(coverages());
    faults.extend(at_exchange());
    faults.extend(on_the_way());
    faults.extend(at_issuer());
    faults.extend(at_eligibility());
    let ease = |fault: &Fault| RARE.iter().position(|word| fault.text.contains(word)).unwrap_or(RARE.len());
    faults.sort_by_key(ease);
    faults
}

/// What few households have, the rarest first.
const RARE: [&str; 15] = [
    "mailing",
    "leading_zero",
    "accent",
    "normalize",
    "apostrophe",
    "html_entity",
    "backslash",
    "mojibake",
    "suffix",
    "street_2",
    "middle",
    "ssn",
    "relationship",
    "agent",
    "marital",
];

fn both_hops(name: &str, signs: &[&str]) -> [Fault; 2] {
    let at_issuer = format!("{name}@hop=issuer");
    [fault(name, Class::at("edi_834", signs)), fault(&at_issuer, Class::at("issuer", signs))]
}

/// One field altered or left out, at either hop.
fn fields() -> Vec<Fault> {
    let never: FieldSet = NEVER_STATED.into_iter().collect();
    let mut faults = Vec::new();
    for field in FieldSet::all().difference(never).iter() {
        for what in ["alter", "blank"] {
            if !NOT_IN_834.contains(&field) {
                faults.push(in_file(what, field).needs(has(field)));
            }
            faults.push(in_records(what, field).needs(has(field)));
        }
    }
    faults.retain(|fault| !IMPOSSIBLE.contains(&fault.text.as_str()));
    faults
}

/// Fields of which the sandbox's exchange and files state nothing before the issuer assigns them, or at all.
const NEVER_STATED: [Field; 21] = [
    Field::BenefitEnd,
    Field::CsrAmount,
    Field::IssuerPolicyId,
    Field::IssuerSubscriberId,
    Field::IssuerMemberId,
    // no synthetic household gets its mail at a second line
    Field::MailStreet2,
    // a first enrollment has no reason of its own, changes nobody, and tells of nobody beside its members
    Field::TransactionReason,
    Field::ChangeEffective,
    Field::PaidThrough,
    Field::PreviousIssuerPolicyId,
    Field::SpecialEnrollment,
    Field::MemberChange,
    Field::MemberChangeReason,
    Field::MemberBenefitBegin,
    Field::MemberBenefitEnd,
    Field::FormerLast,
    Field::FormerFirst,
    Field::CustodialLast,
    Field::CustodialFirst,
    Field::ResponsibleLast,
    Field::ResponsibleFirst,
];

/// No element of an 834 says these: they follow from the envelope and from who is there.
const NOT_IN_834: [Field; 3] = [Field::Issuer, Field::PolicyStatus, Field::MemberEnrolled];

const IMPOSSIBLE: [&str; 2] = [
    // no value but the two, and the sandbox's issuer shows neither
    "alter:member.enrolled@hop=issuer",
    "blank:member.enrolled@hop=issuer",
];

fn in_file(what: &str, field: Field) -> Fault {
    let text = format!("{what}:{field}");
    match (what, field) {
        // nobody told the household what each member's share of the premium is
        (_, Field::Premium) => fault(&text, Class::good()),
        // HLH is left out by right where nothing is to be told, so the first to show that it is not known is the issuer
        ("blank", Field::Tobacco) => fault(&text, Class::at("issuer", &[field.name()])),
        // totals stand with the subscriber: a group without one shows none
        (_, Field::Subscriber) => fault(&text, Class::at("edi_834", &[field.name()])).along(&[
            "group.aptc",
            "group.premium_total",
            "group.total_responsibility",
            "group.rating_area",
            "member.marital_status",
        ]),
        // one element carries both
        ("blank", Field::PlanId) => fault(&text, Class::at("edi_834", &[field.name(), Field::CsrVariant.name()])),
        _ => fault(&text, Class::at("edi_834", &[field.name()])),
    }
}

fn in_records(what: &str, field: Field) -> Fault {
    let text = format!("{what}:{field}@hop=issuer");
    match (what, field) {
        (_, Field::Premium) => fault(&text, Class::good()),
        // the issuer is asked by it and finds nothing, and then by the mailbox
        (_, Field::ApplicationId) => fault(&text, Class::at("issuer", &["group.application_id"])),
        // its own name is wrong: it holds the record for somebody else
        ("alter", Field::Issuer) => fault(&text, Class::at("issuer", &["misrouted"])),
        // the answer's address says whose it is; a plan id may come without its variant; no status is no statement
        ("blank", Field::Issuer | Field::CsrVariant | Field::PolicyStatus) => fault(&text, Class::good()),
        _ => fault(&text, Class::at("issuer", &[field.name()])),
    }
}

fn has(field: Field) -> fn(&Household) -> bool {
    match field {
        Field::NameMiddle => |h| applying(h).any(|p| p.name.middle.is_some()),
        Field::NameSuffix => |h| applying(h).any(|p| p.name.suffix.is_some()),
        Field::Ssn => |h| applying(h).any(|p| p.ssn.is_some()),
        Field::Tobacco => |h| applying(h).any(|p| p.age_on(h.coverage_begin) > 18),
        Field::Language => |h| applying(h).any(|p| p.language.is_some()),
        // X12 has one code for the unmarried: another word for it is no other status
        Field::MaritalStatus => {
            |h| h.subscriber().is_some_and(|p| p.marital_status.as_ref().is_some_and(|status| status == "married"))
        }
        Field::AgentNpn => |h| h.agent.is_some(),
        Field::Phone => |h| applying(h).any(|p| p.phone.is_some()),
        Field::Email => |h| applying(h).any(|p| p.email.is_some()),
        Field::Street2 => |h| applying(h).any(|p| h.residence(p).street_2.is_some()),
        // where dependents get their mail is not expected of anybody
        Field::MailStreet1 | Field::MailCity | Field::MailState | Field::MailZip => {
            |h| h.mailing.is_some() && !has_dependents(h)
        }
        Field::Relationship => has_dependents,
        _ => |_| true,
    }
}

fn applying(household: &Household) -> impl Iterator<Item = &Person> {
    household.people.iter().filter(|person| person.applying)
}

fn has_dependents(household: &Household) -> bool {
    applying(household).count() > 1
}

fn last_name(household: &Household, test: fn(&str) -> bool) -> bool {
    applying(household).any(|person| test(&person.name.last))
}

fn spellings() -> Vec<Fault> {
    let mut faults = Vec::new();
    let last = [Field::NameLast.name()];
    let first = &["member.name.first"];
    let accented = |h: &Household| last_name(h, |name| !name.is_ascii() && !name.contains(['\u{2019}', '\u{2bc}']));
    // what issuers load has been through X12's letters
    faults.push(fault("mojibake", Class::at("edi_834", &last)).along(first).needs(accented));
    let apostrophe = |h: &Household| last_name(h, |name| name.contains('\''));
    faults.extend(both_hops("apostrophe_lost", &last).map(|f| f.along(first).needs(apostrophe)));
    // of one letter nothing would be left
    let with_accent = |h: &Household| last_name(h, |name| name.chars().any(|c| "üñúøèÅçřáó".contains(c)));
    faults.push(fault("accent_lost", Class::at("edi_834", &last)).along(first).needs(with_accent));
    faults.push(fault("normalize", Class::at("edi_834", &last)).along(first).needs(with_accent));
    let escaped = &["member.name.first", "member.address.street_2"];
    faults.extend(both_hops("html_entity", &last).map(|f| f.along(escaped).needs(apostrophe)));
    faults.extend(both_hops("backslash", &last).map(|f| f.along(escaped).needs(apostrophe)));
    let zero = |h: &Household| applying(h).all(|p| h.residence(p).zip.starts_with('0'));
    faults.extend(both_hops("leading_zero_lost", &[Field::Zip.name()]).map(|f| f.needs(zero)));
    let long = |h: &Household| applying(h).all(|p| p.name.last.chars().count() >= 6 && p.name.last.is_ascii());
    faults.extend(both_hops("truncate_name", &last).map(|f| f.needs(long)));
    faults
}

fn people() -> Vec<Fault> {
    let mut faults = Vec::new();
    faults.extend(both_hops("relationship", &["member.relationship"]).map(|f| f.needs(has_dependents)));
    let places = ["member.exchange_assigned_member_id", "member.relationship", "member.subscriber"];
    faults.extend(both_hops("swap_people", &places).map(|f| f.needs(has_dependents)));
    let gone = ["member.enrolled"];
    faults.extend(both_hops("drop_dependent", &gone).map(|f| f.needs(has_dependents)));
    faults.extend(both_hops("add_dependent", &gone));
    let twice = ["member.exchange_assigned_member_id", "id_collision"];
    faults.extend(both_hops("id_twice", &twice).map(|f| f.needs(has_dependents)));
    faults.extend(both_hops("birth_date_off_by_one", &["member.birth_date"]));
    faults.push(fault("split", Class::at("edi_834", &["split"])).along(OF_A_SPLIT).needs(has_dependents));
    faults
}

/// The part that was split off has ids, money and a subscriber of its own.
const OF_A_SPLIT: &[&str] = &[
    "group.exchange_assigned_policy_id",
    "group.exchange_assigned_subscriber_id",
    "group.aptc",
    "group.premium_total",
    "group.total_responsibility",
    "member.relationship",
    "member.subscriber",
];

fn coverages() -> Vec<Fault> {
    let mut faults = Vec::new();
    faults.extend(both_hops("subsidy", &["group.aptc", "group.total_responsibility"]));
    faults.extend(both_hops("variant", &["group.csr_variant"]));
    faults.extend(both_hops("effective_date", &["group.benefit_begin_date"]));
    faults
}

/// The shipped flow asks again under one idempotency key, so that lost answers and put-off requests leave no trace.
fn at_exchange() -> Vec<Fault> {
    vec![
        fault("reject", Class::good().answered(Submission::Rejected)),
        fault("rate_limit", Class::good()),
        fault("error_after_accept", Class::good()),
        fault("timeout_after_accept", Class::good()),
        fault("slow@for=1s", Class::good()),
        fault("lose_at_exchange", Class::at("exchange", &["missing"])),
        fault("begins_late", Class::at("submission", &["enrolled_otherwise"])),
        fault("ghost", Class::at("edi_834", &["unexpected"]).answered(Submission::Rejected)),
    ]
}

fn on_the_way() -> Vec<Fault> {
    let at = |sign| Class::at("edi_834", &[sign]);
    vec![
        fault("lose", at("missing")),
        fault("delay@for=60s", at("late")),
        fault("truncate_file", at("missing")),
        fault("partial_upload", Class::good()),
        fault("duplicate_file", at("duplicated")),
        fault("duplicate_envelope", at("duplicated")),
        fault("misroute", at("misrouted")),
    ]
}

fn at_issuer() -> Vec<Fault> {
    let at = |sign| Class::at("issuer", &[sign]);
    vec![
        fault("lose_at_issuer", at("missing")),
        fault("delay@hop=issuer@for=60s", at("late")),
        fault("duplicate_at_issuer", at("duplicated")),
        fault("flapping", at("flapping")),
        fault("slow@hop=issuer@for=1s", Class::good()),
        fault("outage@for=3s", Class::good()),
        fault("outage@for=5m", at("blind")),
    ]
}

/// The eligibility service is a system of its own beside the issuer's records.
fn at_eligibility() -> Vec<Fault> {
    vec![
        fault("eligibility_contradicts", Class::at("eligibility", &["group.policy_status"])),
        fault("payer_busy@for=3s", Class::good()),
        fault("payer_busy@for=5m", Class::at("eligibility", &["blind"])),
    ]
}

/// The faults of all that is said in X12, at a target that sees it, and some of the issuer's records.
pub(super) fn in_x12() -> Vec<Fault> {
    let mut faults = on_the_way();
    faults.extend([
        fault("duplicate_envelope@windows=4", Class::at("edi_834", &["duplicated"])),
        fault("ta1_reject", Class::at("ack", &["rejected_by_ack"])),
        fault("set_reject", Class::at("ack", &["rejected_by_ack"])),
        fault("silent_ack", Class::at("ack", &["missing"])),
        fault("lose_at_issuer", Class::at("issuer", &["missing"])),
        fault("delay@hop=issuer@for=60s", Class::at("issuer", &["late"])),
        fault("outage@for=3s", Class::good()),
        fault("outage@for=5m", Class::at("issuer", &["blind"])),
        fault("alter:member.birth_date@hop=issuer", Class::at("issuer", &["member.birth_date"])),
        fault("subsidy", Class::at("edi_834", &["group.aptc", "group.total_responsibility"])),
        fault("ghost", Class::at("edi_834", &["unexpected"]).answered(Submission::Rejected)),
        fault("effectuation_lost", Class::at("effectuation", &["missing"])),
    ]);
    faults.extend(at_eligibility());
    faults
}
