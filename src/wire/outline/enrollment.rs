//! The fields of an 834: which element of which segment, in which loop, has which name. Nothing of a member is left out: a
//! segment that no loop has here is shown as it stands.

use super::item::Item;
use super::people::{contact, demographics, name, place, street};
use super::references::{Category, amount, date, reference};
use crate::wire::guide::codes;
use crate::wire::x12::{Delimiters, Segment};

/// Takes in a segment before the first member.
pub(super) fn header(item: &mut Item, segment: Segment<'_>) {
    match segment.id() {
        b"BGN" => {
            let [_, purpose, reference, date, time, zone, original, _, action] = segment.elements();
            item.add_code("purpose", purpose, codes::PURPOSE);
            item.add("reference", reference);
            item.add("created_on", date);
            item.add("created_at", time);
            item.add_code("time_zone", zone, codes::TIME_ZONE);
            item.add("original_reference", original);
            item.add_code("action", action, codes::ACTION);
        }
        b"REF" => {
            let [_, qualifier, value] = segment.elements();
            match qualifier {
                b"38" => item.add("master_policy", value),
                _ => item.add_with("file_reference", qualifier, value),
            }
        }
        b"DTP" => file_date(item, segment),
        b"QTY" => {
            let [_, qualifier, value] = segment.elements();
            match qualifier {
                b"TO" => item.add("total_members", value),
                b"DT" => item.add("total_dependents", value),
                b"ET" => item.add("total_employees", value),
                _ => item.add_with("total", qualifier, value),
            }
        }
        b"N1" => party(item, segment),
        b"ACT" => {
            let [_, account, _, _, _, _, second] = segment.elements();
            item.add("broker_account", account);
            item.add("broker_account", second);
        }
        _ => item.add("other_segment", segment.bytes()),
    }
}

fn file_date(item: &mut Item, segment: Segment<'_>) {
    let [_, qualifier, _, value] = segment.elements();
    let name = match qualifier {
        b"007" => "effective_on",
        b"090" => "report_begin",
        b"091" => "report_end",
        b"303" => "maintenance_effective_on",
        b"382" => "enrollment_on",
        b"388" => "payment_begin",
        _ => return item.add_with("file_date", qualifier, value),
    };
    item.add(name, value);
}

fn party(item: &mut Item, segment: Segment<'_>) {
    let [_, entity, name, kind, id] = segment.elements();
    item.has_own_sponsor |= entity == b"P5" && (kind == b"94" || (kind == b"FI" && item.is_federal));
    let (name_of, id_of) = match entity {
        b"P5" => ("sponsor", "sponsor_id"),
        b"IN" => ("payer", "payer_id"),
        b"BO" => ("broker", "broker_id"),
        b"TV" => ("administrator", "administrator_id"),
        _ => {
            item.add_with("party", entity, name);
            return item.add_with("party_id", entity, id);
        }
    };
    item.add(name_of, name);
    item.add(id_of, id);
}

/// Takes in a segment of a member.
#[inline]
pub(super) fn member(
    item: &mut Item,
    category: &mut Category,
    segment: Segment<'_>,
    in_loop: &'static str,
    delimiters: Delimiters,
) {
    match segment.id() {
        b"REF" => return reference(item, category, segment, in_loop),
        b"DTP" => return date(item, category, segment),
        b"N1" if segment.element(1) == b"75" => {
            item.end_coverage();
            item.begin_part();
            return category.begin(segment.element(2));
        }
        b"LX" => return category.end(),
        b"INS" => {
            category.forget();
            return insured(item, segment, delimiters);
        }
        _ => category.end(),
    }
    begin_loop(item, segment.id(), in_loop);
    match segment.id() {
        b"NM1" => name(item, segment, in_loop),
        b"PER" => contact(item, segment, in_loop),
        b"N3" => street(item, segment, in_loop),
        b"N4" => place(item, segment, in_loop),
        b"DMG" => demographics(item, segment, in_loop, delimiters),
        b"HLH" => {
            let [_, tobacco, height, weight] = segment.elements();
            item.add_code("tobacco", tobacco, codes::HEALTH);
            item.add("height", height);
            item.add("weight", weight);
        }
        b"LUI" => {
            let [_, _, language, in_words, usage] = segment.elements();
            item.add("language", if language.is_empty() { in_words } else { language });
            item.add_code("language_use", usage, codes::LANGUAGE_USE);
        }
        b"HD" => coverage(item, segment),
        b"AMT" => amount(item, segment),
        b"COB" => other_insurance(item, segment, delimiters),
        b"LS" | b"LE" => {}
        _ => rarer(item, segment),
    }
}

/// Begins what may be there several times, and ends it where what follows tells of the member or the coverage again.
#[inline]
fn begin_loop(item: &mut Item, id: &[u8], in_loop: &str) {
    match (id, in_loop) {
        // The other insurer is told in the loop of its insurance.
        (b"NM1", "2330") => {}
        (b"NM1", "2100A") | (b"AMT", "2300") => item.end_part(),
        (b"NM1" | b"COB" | b"DSB" | b"LUI" | b"IDC", _) => item.begin_part(),
        _ => {}
    }
}

fn insured(item: &mut Item, segment: Segment<'_>, delimiters: Delimiters) {
    let [
        _,
        is_subscriber,
        relationship,
        maintenance,
        reason,
        status,
        medicare,
        cobra,
        employment,
        student,
        handicap,
        _,
        death,
        confidentiality,
        _,
        _,
        _,
        sequence,
    ] = segment.elements();
    item.add_code("is_subscriber", is_subscriber, codes::YES_NO);
    item.add_code("relationship", relationship, codes::RELATIONSHIP);
    item.add_code("maintenance_type", maintenance, codes::MAINTENANCE);
    item.add_code("maintenance_reason", reason, codes::REASON);
    item.add_code("benefit_status", status, codes::BENEFIT_STATUS);
    let mut medicare = delimiters.components(medicare);
    item.add_code("medicare", medicare.next().unwrap_or_default(), codes::MEDICARE);
    item.add_code("medicare_reason", medicare.next().unwrap_or_default(), codes::MEDICARE_REASON);
    item.add_code("cobra_event", cobra, codes::COBRA_EVENT);
    item.add_code("employment_status", employment, codes::EMPLOYMENT);
    item.add_code("student_status", student, codes::STUDENT);
    item.add_code("handicapped", handicap, codes::YES_NO);
    item.add("died_on", death);
    item.add_code("confidentiality", confidentiality, codes::CONFIDENTIALITY);
    item.add("birth_sequence", sequence);
}

fn coverage(item: &mut Item, segment: Segment<'_>) {
    let [_, maintenance, _, line, description, level, _, _, _, late] = segment.elements();
    item.begin_coverage();
    item.add_code("coverage", line, codes::INSURANCE_LINE);
    item.add_code("coverage_maintenance", maintenance, codes::COVERAGE_MAINTENANCE);
    item.add("coverage_description", description);
    item.add_code("coverage_level", level, codes::COVERAGE_LEVEL);
    item.add_code("enrolled_late", late, codes::YES_NO);
}

fn other_insurance(item: &mut Item, segment: Segment<'_>, delimiters: Delimiters) {
    let [_, order, policy, coordination, services] = segment.elements();
    item.add_code("other_insurance", order, codes::PAYER_ORDER);
    item.add("other_insurance_policy", policy);
    item.add_code("other_insurance_coordination", coordination, codes::COORDINATION);
    for service in services.split(|byte| Some(*byte) == delimiters.repetition) {
        item.add_code("other_insurance_service", service, codes::COORDINATED_SERVICE);
    }
}

/// What few senders tell.
#[cold]
fn rarer(item: &mut Item, segment: Segment<'_>) {
    match segment.id() {
        b"EC" => {
            for class in segment.split().skip(1) {
                item.add_code("employment_class", class, codes::EMPLOYMENT_CLASS);
            }
        }
        b"ICM" => {
            let [_, frequency, wage, hours, location, grade] = segment.elements();
            item.add_code("wage_frequency", frequency, codes::FREQUENCY);
            item.add("wage", wage);
            item.add("work_hours", hours);
            item.add("work_location", location);
            item.add("salary_grade", grade);
        }
        b"DSB" => {
            let [_, kind, _, _, _, _, _, list, diagnosis] = segment.elements();
            item.add_code("disability", kind, codes::DISABILITY);
            item.add_code("diagnosis_list", list, codes::DIAGNOSIS_LIST);
            item.add("diagnosis", diagnosis);
        }
        b"IDC" => {
            let [_, plan, kind, number, action] = segment.elements();
            item.add("card_plan", plan);
            item.add_code("card", kind, codes::CARD);
            item.add("card_count", number);
            item.add_code("card_action", action, codes::CARD_ACTION);
        }
        b"PLA" => {
            let [_, action, _, day, _, reason] = segment.elements();
            item.add_code("provider_change", action, codes::PROVIDER_ACTION);
            item.add("provider_change_on", day);
            item.add_code("provider_change_reason", reason, codes::PROVIDER_REASON);
        }
        _ => item.add("other_segment", segment.bytes()),
    }
}
