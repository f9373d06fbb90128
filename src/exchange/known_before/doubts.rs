//! Whether an answer that proves nothing by itself says anything beside a plain yes.
//!
//! No list of words for "known before" is whole. So of an answer that is neither a 201, nor shows what is ours, nor was described by its
//! step, what it says of itself is read the other way round: a status or a sentence must be made of words for a plain yes, and no name or
//! value may have the stem of a word for something that was there.

use super::words::{ELSEWHERE, OF_PLANS, PROOFS, REVERSED, SENTENCES, TELLS, begins, has, holds};
use super::{as_flag, holds_something, plain, tells_of_a_check};
use crate::model::{Evidence, STATES};
use crate::target::{Answer, words_of_name};
use serde_json::Value;

/// Beginnings of words that say wherever they stand that something was there before.
const STRONG: &str =
    "already exist preexist duplicat dedup dupe merge prior previous former returning repeat reuse onfile original";
/// Beginnings of words that say so of a person or of an application, and something else of an address or of a check.
const WEAK: &str =
    "match found known linked returned retriev unchanged upsert updat conflict resembl same attached located";
/// Words that say so where they hold a no or a zero.
const NEW: &str =
    "new newly created create insert inserted added first initial fresh changed modified written persisted";
/// Beside these a name says when, where to or who, and nothing of what was there.
const OF_WHEN: &str = "at on date time timestamp by last name street city county address url uri";
/// Headers of the way that an answer took.
const OF_THE_WAY: &str = "cache cached request etag cors cookie vary none";
/// What names end with, beside those of [`TELLS`], that tell what came of a request or whence a record came.
const TELLS_TOO: &str = "operation source origin event mode";
/// What a yes is said of that has to do with whom the answer is about, and not with what was there.
const OF_PEOPLE: &str = "tobacco smoker smokes applying applies apply primary head married pregnant disabled citizen resident incarcerated hispanic \
    veteran native tribal employed covered needs wants lives paperless autopay consent agree agreed signed signature electronic \
    notices enabled required allowed included male female child spouse catastrophic eligible requested sufficient spanish english \
    mail email text phone";
/// What a plain yes is made of, in statuses and in sentences.
const YES: &str = "ok okay yes success successful successfully succeeded accepted accept created create received receipt submitted submission \
    complete completed completion done processed processing process pending queued queue enqueued scheduled started initiated open \
    opened new newly added inserted saved stored recorded registered registration enrolled enrollment enrol enroll enrolment active \
    activated effective effectuated effectuation issued approved confirmed confirmation determined determination eligible \
    eligibility qualified valid validated verified verification acknowledged initial first awaiting waiting await payment premium \
    paid unpaid binder due bill billed sent transmitted transmission forwarded delivered dispatched sending passed pass cleared \
    clear finished final finalized ready available assigned selected selection set chosen in progress review under auto automatic \
    automatically manual normal current live good standing your you we our us thank thanks for the an and has have been is are was \
    were will be being to of with by from on at as it its this that these all now soon within after once when please keep see next \
    step steps number reference id ids code application applications app applicant applicants person people member members \
    subscriber household family dependent dependents individual consumer customer policy policies plan plans coverage medical dental \
    health insurance issuer issuers carrier carriers insurer exchange marketplace market request requests order record records case \
    account group groups transaction message file batch job task begin begins beginning start starts effect january february march \
    april may june july august september october november december day days business hours minutes soonest qhp aptc csr subsidy \
    credit tax amount total month monthly year annual up date info information details detail result results status state online web \
    portal api service shop ffm sbm individualmarket http www";

/// Names of what is said beside an answer, in sentences for people: there only words of doubt count.
const ASIDE: &str = "warning note notice remark comment reminder disclosure validation";
/// Beginnings of words that say in such a sentence that somebody was there, beside [`STRONG`] and [`WEAK`].
const IN_SENTENCES: &str = "dup again earlier before twice recogni belong back restor reconcil collision collid replay supersed resolv \
    reactivat renew identif hit conflat same another";
/// What a check for somebody who was there says of whom it did not find.
const PASSED: &str = "pass passed clear cleared ok none clean negative unique";

/// Where and by what an answer says something of which nobody knows that it is a plain yes, in words without anybody's own; `None`: it
/// says no more than a yes.
pub(in crate::exchange) fn says_more_than_yes(answer: &Answer) -> Option<String> {
    let header = answer.headers.iter().find(|(name, value)| is_told_by_header(name, value));
    let by_header = || header.map(|(name, _)| format!("header `{name}`"));
    by_header().or_else(|| answer.parsed().and_then(|body| told(body, Around::default())))
}

/// What is known of where something stands.
#[derive(Debug, Clone, Copy, Default)]
struct Around {
    /// In what tells of an address, a payment or a check.
    is_elsewhere: bool,
    /// In what is said beside the answer.
    is_aside: bool,
    /// Among links to other resources.
    is_of_links: bool,
}

fn is_told_by_header(name: &str, value: &str) -> bool {
    let words = words_of_name(name);
    let is_own = words.first().is_some_and(|first| first == "x") && !has(&words, OF_THE_WAY);
    let told = words_of_name(value);
    let all = [words.as_slice(), told.as_slice()].concat();
    let field = Value::String(value.trim().to_owned());
    let is_strong = begins(&all, STRONG) && !has(&words, OF_THE_WAY) && holds_something(&field);
    let ends = words.last().is_some_and(|last| holds(TELLS, last));
    is_strong && !is_turned(&all) || is_own && ends && !is_plain_yes(&told)
}

fn told(value: &Value, around: Around) -> Option<String> {
    match value {
        Value::Object(fields) => fields.iter().find_map(|(key, field)| {
            let name = words_of_name(key);
            if has(&name, OF_PLANS) {
                return None;
            }
            let around = Around { is_elsewhere: around.is_elsewhere || tells_of_a_check(fields), ..around };
            let here = told_by(&name, plain(field), around).map(|by| in_words(key, &by));
            here.or_else(|| told(field, around.within(&name)))
        }),
        Value::Array(items) => items.iter().find_map(|item| told(item, around)),
        _ => None,
    }
}

impl Around {
    fn within(self, name: &[String]) -> Self {
        Self {
            is_elsewhere: self.is_elsewhere || has(name, ELSEWHERE) || has(name, PROOFS),
            is_aside: self.is_aside || has(name, ASIDE),
            is_of_links: self.is_of_links || has(name, "link"),
        }
    }
}

/// A field and what it was understood by, in words: of its name what may be nobody's, and of what it says a code alone.
fn in_words(key: &str, by: &str) -> String {
    let is_name = key.len() <= 40 && key.chars().all(|c| c.is_ascii_alphabetic() || "_-.$@#".contains(c));
    let field = if is_name { format!("`{key}`") } else { "a field".to_owned() };
    if by.is_empty() { field } else { format!("{field} (`{by}`)") }
}

/// By what one field says it: by its name where it holds something, or by what stands there.
fn told_by(name: &[String], field: &Value, around: Around) -> Option<String> {
    let around = around.within(name);
    if around.is_of_links && is_question(field) || is_passed(name, field) {
        return None;
    }
    if as_flag(name, field) == Some(false) || field.as_f64() == Some(0.0) {
        let denies = !around.is_elsewhere && has(name, NEW) && !has(name, "name date");
        return denies.then(|| "no".to_owned());
    }
    let is_unknown = |word: &String| word.len() > 2 && ![YES, OF_PEOPLE, NEW].iter().any(|list| holds(list, word));
    if as_flag(name, field) == Some(true) && !around.is_elsewhere && name.iter().any(is_unknown) {
        return Some("yes".to_owned());
    }
    let stem = |words: &[String]| {
        let weak = || beginning(words, WEAK).filter(|_| !around.is_elsewhere);
        beginning(words, STRONG).or_else(weak).filter(|_| !is_turned(words)).map(str::to_owned)
    };
    // what a marketplace wants proved of what somebody said is called so
    let is_of_proofs = has(name, "data") && has(name, "issue inconsistency");
    let by_name = || stem(name).filter(|_| holds_something(field) && !is_of_proofs && !has(name, OF_WHEN));
    let texts: Vec<&str> = match field {
        Value::String(text) => vec![text],
        Value::Array(items) => items.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    let ends = |lists: &dyn Fn(&str) -> bool| name.last().is_some_and(|last| lists(last));
    let tells = ends(&|last| holds(TELLS, last) || holds(TELLS_TOO, last));
    let is_for_people = ends(&|last| holds(SENTENCES, last));
    let by_text = |text: &str| {
        let words = words_of_name(text);
        let is_aside = around.is_aside && !tells && text.trim().contains(' ');
        let doubt = || beginning(&words, IN_SENTENCES).filter(|_| is_aside).map(str::to_owned);
        let is_of_itself = !around.is_elsewhere && !is_aside && (tells || is_for_people);
        // a code may be somebody's name: only words that are nobody's are told
        let code = if tells && words.len() <= 3 && text.len() <= 40 {
            Evidence::of(text.trim()).to_string()
        } else {
            String::new()
        };
        stem(&words).or_else(doubt).or_else(|| (is_of_itself && !is_plain_yes(&words)).then_some(code))
    };
    by_name().or_else(|| texts.into_iter().filter(|_| !has(name, OF_WHEN)).find_map(by_text))
}

/// Whether something is a link to what a question finds, and to nobody.
fn is_question(field: &Value) -> bool {
    field.as_str().is_some_and(|text| text.contains('?') && (text.starts_with('/') || text.starts_with("http")))
}

/// Whether a check for somebody who was there found nobody: `duplicateCheck: PASSED`.
fn is_passed(name: &[String], field: &Value) -> bool {
    let words = field.as_str().map(words_of_name).unwrap_or_default();
    has(name, "check") && !words.is_empty() && words.iter().all(|word| holds(PASSED, word))
}

/// The beginning that one of the words has.
fn beginning<'a>(words: &[String], stems: &'a str) -> Option<&'a str> {
    words.iter().find_map(|word| stems.split_ascii_whitespace().find(|stem| word.starts_with(stem)))
}

/// Whether words say of what they name that it is not so.
fn is_turned(words: &[String]) -> bool {
    has(words, "no not non never none without nobody un")
}

/// Whether words are those of a plain yes; a code and the name of a state are no words.
fn is_plain_yes(words: &[String]) -> bool {
    let is_code = |word: &String| word.len() <= 2 || STATES.iter().any(|state| state.eq_ignore_ascii_case(word));
    // a no is another's to judge
    has(words, REVERSED) && (begins(words, STRONG) || begins(words, WEAK))
        || words.iter().all(|word| is_code(word) || holds(YES, word))
}

#[cfg(test)]
mod tests {
    use super::says_more_than_yes;
    use crate::target::Answer;
    use serde_json::{Value, json};

    fn told_of(body: &Value, headers: Vec<(String, String)>) -> Option<String> {
        says_more_than_yes(&Answer { status: 200, headers, body: body.to_string().into_bytes(), ..Answer::default() })
    }

    #[test]
    fn it_says_where_and_by_what_and_nothing_that_is_somebodys() {
        for (answer, expected) in [
            (json!({"status": "RECONCILED"}), "`status` (`AAAAAAAAAA`)"),
            (json!({"status": "Zyxwoman Qvrtson"}), "`status` (`Aaaaaaaa Aaaaaaa`)"),
            (json!({"message": "Person was found on file"}), "`message` (`found`)"),
            (json!({"message": "Welcome, Jane Doe"}), "`message`"),
            (json!({"previouslyEnrolled": true}), "`previouslyEnrolled` (`yes`)"),
            (json!({"jane.doe.77": {"existingPersonId": "P-9"}}), "`existingPersonId` (`exist`)"),
            (json!({"jane.doe.77.existing": "P-9"}), "a field (`exist`)"),
        ] {
            assert_eq!(told_of(&answer, Vec::new()).as_deref(), Some(expected), "{answer}");
        }
    }

    #[test]
    fn of_what_is_said_beside_an_answer_only_words_of_doubt_count() {
        for (answer, is_doubtful) in [
            (json!({"warnings": ["SSN could not be verified with SSA"]}), false),
            (json!({"notes": "Enrollment will be cancelled if not paid"}), false),
            (json!({"validation": {"errors": [], "warnings": ["no middle name"]}}), false),
            (json!({"dataMatchingIssues": [{"type": "INCOME", "status": "OPEN"}]}), false),
            (json!({"duplicateCheck": "PASSED"}), false),
            (json!({"links": {"existing": "/apps?state=existing"}, "errors": []}), false),
            (json!({"warnings": ["We recognised this applicant"]}), true),
            (json!({"warnings": ["MPI_HIT"]}), true),
            (json!({"warnings": [{"code": "SUPERSEDED"}]}), true),
            (json!({"notes": "This belongs to somebody else"}), true),
            (json!({"notes": "matched to person 9"}), true),
            (json!({"dataMatchingIssues": [{"text": "existing person"}]}), true),
            (json!({"matchIssues": [{"type": "INCOME"}]}), true),
            (json!({"duplicateCheck": "P-9"}), true),
            (json!({"duplicateCheck": "FAILED"}), true),
            (json!({"links": {"existing": "/persons/9"}}), true),
            (json!({"message": "SSN could not be verified with SSA"}), true),
        ] {
            assert_eq!(told_of(&answer, Vec::new()).is_some(), is_doubtful, "{answer}");
        }
    }

    fn says(body: &Value, headers: &[(&str, &str)]) -> bool {
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        told_of(body, headers).is_some()
    }

    #[test]
    fn whatever_may_mean_that_somebody_was_there_is_more_than_a_yes() {
        for answer in [
            json!({"registration": "already_registered"}),
            json!({"type": "existing-member"}),
            json!({"personType": "EXISTING"}),
            json!({"identity": {"resolution": "EXISTING_PERSON"}}),
            json!({"existingCoverage": true}),
            json!({"info": "existing account returned"}),
            json!({"note": "This person already has a policy with us"}),
            json!({"warnings": ["Applicant already has active coverage"]}),
            json!({"messages": [{"text": "record previously submitted"}]}),
            json!({"message": "Person was found on file; returning current coverage"}),
            json!({"previouslyEnrolled": true}),
            json!({"enrolledPreviously": "Y"}),
            json!({"priorEnrollee": true}),
            json!({"returning": true}),
            json!({"isReturning": "Y"}),
            json!({"firstTime": false}),
            json!({"isFirstEnrollment": "N"}),
            json!({"state": "ALREADY_ACTIVE"}),
            json!({"created": 0}),
            json!({"insert": false}),
            json!({"upserted": "updated"}),
            json!({"operation": "UPDATE"}),
            json!({"action": "RETRIEVED"}),
            json!({"unchanged": true}),
            json!({"conflict": true}),
            json!({"sameAs": "P-9"}),
            json!({"resolution": "AUTO_MATCHED"}),
            json!({"status": "RECONCILED"}),
            json!({"message": "Welcome back"}),
            json!({"data": {"outcome": {"code": "SUPERSEDED"}}}),
            json!({"replayed": true}),
            json!({"collision": "Y"}),
            json!({"inSystem": true}),
            json!({"changed": false}),
            json!({"op": "none"}),
            json!({"operation": "NOOP"}),
            json!({"recordSource": "MASTER_INDEX"}),
            json!({"originalApplicationId": "A0"}),
        ] {
            assert!(says(&answer, &[]), "{answer}");
        }
        for (name, value) in [
            ("X-Record-Origin", "existing"),
            ("X-Person", "already known"),
            ("X-Dedupe", "hit"),
            ("X-Action", "updated"),
            ("Duplicate", "true"),
            ("Warning", "299 - \"duplicate of existing person\""),
            ("Link", "</p/9>; rel=\"duplicate\""),
        ] {
            assert!(says(&json!({"id": "M1"}), &[(name, value)]), "{name}: {value}");
        }
    }

    #[test]
    fn ids_amounts_dates_and_a_plain_yes_are_no_more_than_that() {
        for answer in [
            json!({"id": "A1", "policy": "P1"}),
            json!({"applicationId": "A1", "status": "SUBMITTED", "links": {"self": "/a/A1"}}),
            json!({"ok": true, "case": {"no": "C-1"}, "updatedAt": "2013-11-18T10:00:00Z", "lastUpdatedBy": "batch"}),
            json!({"result": "Success", "message": "Enrollment accepted and transmitted to the carrier"}),
            json!({"message": "Thank you. Your application has been received and is being processed."}),
            json!({"created": true, "duplicate": false, "existing": null, "isNewborn": false, "matched": 0}),
            json!({"code": "201", "state": "VA", "returnCode": "00", "premium": {"initial": 0}, "aptc": 120.5}),
            json!({"data": {"enrollment": {"id": 7, "status": "pending_effectuation", "begin": "2014-01-01"}}}),
            json!({"plan": {"name": "Prior Lake Silver", "description": "for existing conditions"}}),
            json!({"message": "No existing record; created", "duplicateCheck": "none", "previousApplicationId": ""}),
            json!({"verification": {"status": "MATCHED"}, "ssnMatched": true, "addressMatched": true}),
            json!({"checks": [{"type": "identity_proofing", "result": "MATCHED"}], "experianResult": "MATCHED"}),
            json!({"members": [{"tobacco": true, "subscriber": true, "isApplying": "Y"}], "source": "WEB", "changed": true}),
            json!({"aptcEligible": true, "valid": true, "hasDental": true, "address": {"normalized": true}}),
            json!({"subscriber": {"firstName": "N", "lastName": "Prior", "address": {"street": "9 Found Rd"}}}),
        ] {
            assert!(!says(&answer, &[]), "{answer}");
        }
        for (name, value) in [
            ("X-Cache", "HIT"),
            ("X-Request-Duplicate", "false"),
            ("X-Duplicate", "0"),
            ("X-Status", "accepted"),
            ("If-None-Match", "exact"),
            ("X-Request-Id", "merge-1"),
            ("Date", "Mon, 18 Nov 2013 10:00:00 GMT"),
        ] {
            assert!(!says(&json!({"id": "M1"}), &[(name, value)]), "{name}: {value}");
        }
    }
}
