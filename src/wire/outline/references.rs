//! Identifiers, dates and amounts of a member: what their qualifiers make of them, and the reporting categories.

use super::item::Item;
use crate::wire::x12::{Segment, same_words};

/// A reporting category while it is read: its name comes before its value.
#[derive(Debug, Default)]
pub(super) struct Category {
    name: Vec<u8>,
    is_open: bool,
    has_value: bool,
    /// Begins of the member's coverages, a line each: the date that nearly every category repeats.
    coverages: Vec<u8>,
}

impl Category {
    pub(super) fn begin(&mut self, name: &[u8]) {
        self.name.clear();
        self.name.extend_from_slice(name);
        (self.is_open, self.has_value) = (true, false);
    }

    pub(super) fn end(&mut self) {
        self.is_open = false;
    }

    /// At the beginning of another member.
    pub(super) fn forget(&mut self) {
        self.is_open = false;
        self.coverages.clear();
    }
}

pub(super) fn reference(item: &mut Item, category: &mut Category, segment: Segment<'_>, in_loop: &str) {
    let [_, qualifier, value, description] = segment.elements();
    if category.is_open {
        category.has_value = true;
        match named(&category.name) {
            Some((name, _)) => item.add(name, value),
            None => item.add_with("category", &category.name, value),
        }
        return item.add("category_description", description);
    }
    match identifier(in_loop, qualifier) {
        Some(name) => item.add(name, value),
        None => item.add_with("reference", qualifier, value),
    }
    item.add("reference_description", description);
}

fn identifier(in_loop: &str, qualifier: &[u8]) -> Option<&'static str> {
    let name = match (in_loop, qualifier) {
        ("2320", b"60") => "other_insurance_account",
        ("2320", b"6P") => "other_insurance_group",
        ("2320", b"SY") => "other_insurance_ssn",
        ("2320", b"ZZ") => "other_insurance_reference",
        (_, b"SY") => "reference_ssn",
        (_, b"1L") => "policy_id",
        ("2300", _) => return of_coverage(qualifier),
        (_, b"0F") => "subscriber_id",
        (_, b"17") => "member_id",
        (_, b"6O") => "payment_transaction_id",
        (_, b"ZZ") => "issuer_subscriber_id",
        (_, b"23") => "issuer_member_id",
        (_, b"Q4") => "old_issuer_subscriber_id",
        (_, b"ABB") => "old_issuer_member_id",
        (_, b"3H") => "case_number",
        (_, b"4A") => "personal_identification_number",
        (_, b"D3") => "pharmacy_number",
        (_, b"DX") => "department",
        (_, b"F6") => "health_insurance_claim_number",
        (_, b"P5") => "position",
        (_, b"QQ") => "unit_number",
        _ => return None,
    };
    Some(name)
}

fn of_coverage(qualifier: &[u8]) -> Option<&'static str> {
    let name = match qualifier {
        b"CE" => "plan_id",
        b"X9" => "issuer_policy_id",
        b"XM" => "old_issuer_policy_id",
        b"17" => "client_reporting_category",
        b"9V" => "payment_category",
        b"E8" => "service_contract",
        b"M7" => "medical_assistance_category",
        b"PID" => "program",
        b"QQ" => "months_of_prior_coverage",
        b"RB" => "rate_code",
        b"XX1" => "special_program",
        b"XX2" => "service_area",
        b"ZX" => "coverage_county",
        b"ZZ" => "coverage_reference",
        _ => return None,
    };
    Some(name)
}

/// Reporting categories that have fields of their own: the value's, and that of the day from which it holds.
const CATEGORIES: &[(&str, &str, &str)] = &[
    ("PRE AMT 1", "premium", "premium_from"),
    ("PRE AMT TOT", "premium_total", "premium_total_from"),
    ("APTC AMT", "aptc", "aptc_from"),
    ("CSR AMT", "csr_amount", "csr_amount_from"),
    ("TOT RES AMT", "total_responsibility", "total_responsibility_from"),
    ("TOT EMP RES AMT", "employer_responsibility", "employer_responsibility_from"),
    ("OTH PAY AMT 1", "other_payment", "other_payment_from"),
    ("RATING AREA", "rating_area", "rating_area_from"),
    ("SOURCE EXCHANGE ID", "exchange", "exchange_from"),
    ("ADDL MAINT REASON", "additional_reason", "additional_reason_from"),
    ("SEP REASON", "special_enrollment_reason", "special_enrollment_reason_from"),
    ("APPLICATION ID AND ORIGIN", "application_id", "application_id_from"),
    ("REQUEST SUBMIT TIMESTAMP", "submitted_at", "submitted_at_from"),
];

/// The fields of a category, however its name is spelt.
fn named(category: &[u8]) -> Option<(&'static str, &'static str)> {
    let exact = CATEGORIES.iter().find(|(name, ..)| name.as_bytes() == category);
    let found = exact.or_else(|| CATEGORIES.iter().find(|(name, ..)| same_words(category, name.as_bytes())));
    found.map(|(_, value, from)| (*value, *from))
}

pub(super) fn date(item: &mut Item, category: &mut Category, segment: Segment<'_>) {
    let [_, qualifier, _, value] = segment.elements();
    if category.is_open {
        return of_value(item, category, value);
    }
    if qualifier == b"348" {
        category.coverages.extend_from_slice(value);
        category.coverages.push(b'\n');
    }
    match day(qualifier) {
        Some(name) => item.add(name, value),
        None => item.add_with("date", qualifier, value),
    }
}

/// Nearly all repeat the begin of coverage, which says nothing more where that is one; where a category has no other value, the
/// date is it.
fn of_value(item: &mut Item, category: &Category, value: &[u8]) {
    let mut begins = category.coverages.split(|byte| *byte == b'\n').filter(|begin| !begin.is_empty()).peekable();
    if category.has_value && begins.peek().is_some() && begins.all(|begin| begin == value) {
        return;
    }
    match named(&category.name) {
        Some((_, name)) => item.add(name, value),
        None => item.add_with("category_from", &category.name, value),
    }
}

fn day(qualifier: &[u8]) -> Option<&'static str> {
    let name = match qualifier {
        b"356" => "eligibility_begin",
        b"357" => "eligibility_end",
        b"303" => "maintenance_effective_on",
        b"348" => "benefit_begin",
        b"349" => "benefit_end",
        b"543" => "last_premium_paid",
        b"300" => "signed_on",
        b"336" => "employment_begin",
        b"337" => "employment_end",
        b"344" => "other_insurance_begin",
        b"345" => "other_insurance_end",
        b"050" => "received_on",
        b"286" => "retired_on",
        b"296" => "returned_to_work_on",
        b"297" => "last_worked_on",
        b"301" => "cobra_event_on",
        b"338" => "medicare_begin",
        b"339" => "medicare_end",
        b"340" => "cobra_begin",
        b"341" => "cobra_end",
        b"343" => "premium_paid_until",
        b"350" => "education_begin",
        b"351" => "education_end",
        b"360" => "disability_begin",
        b"361" => "disability_end",
        b"383" => "adjusted_hire_on",
        b"385" => "credited_service_begin",
        b"386" => "credited_service_end",
        b"393" => "participation_suspended_on",
        b"394" => "rehired_on",
        b"473" => "medicaid_begin",
        b"474" => "medicaid_end",
        b"695" => "previous_period",
        _ => return None,
    };
    Some(name)
}

pub(super) fn amount(item: &mut Item, segment: Segment<'_>) {
    let [_, qualifier, value] = segment.elements();
    let name = match qualifier {
        b"P3" => "amount_premium",
        b"B9" => "amount_coinsurance",
        b"C1" => "amount_copayment",
        b"D2" => "amount_deductible",
        b"EBA" => "amount_expected_expenditure",
        b"FK" => "amount_other",
        b"R" => "amount_spend_down",
        _ => return item.add_with("amount", qualifier, value),
    };
    item.add(name, value);
}

#[cfg(test)]
mod tests {
    use super::{CATEGORIES, day, identifier, named};
    use crate::wire::guide::codes;

    #[test]
    fn every_qualifier_of_the_guide_has_a_field_of_its_own() {
        let dates = [codes::MEMBER_DATE, codes::DISABILITY_DATE, codes::COVERAGE_DATE, codes::BENEFITS_DATE];
        for (code, meaning) in dates.concat() {
            assert!(day(code.as_bytes()).is_some(), "DTP*{code}: {meaning}");
        }
        let references = [
            ("2000", codes::SUBSCRIBER_ID),
            ("2000", codes::POLICY),
            ("2000", codes::MEMBER_REFERENCE),
            ("2300", codes::COVERAGE_REFERENCE),
            ("2300", codes::PRIOR_COVERAGE),
            ("2320", codes::BENEFITS_REFERENCE),
        ];
        for (in_loop, list) in references {
            for (code, meaning) in list {
                assert!(identifier(in_loop, code.as_bytes()).is_some(), "REF*{code} in {in_loop}: {meaning}");
            }
        }
    }

    #[test]
    fn categories_are_known_however_they_are_spelt() {
        assert_eq!(named(b"Pre-Amt  TOT"), Some(("premium_total", "premium_total_from")));
        assert_eq!(named(b"DUE DATE"), None);
        for (name, value, from) in CATEGORIES {
            assert_eq!(named(name.replace(' ', "").to_ascii_lowercase().as_bytes()), Some((*value, *from)));
        }
    }
}
