//! Answers of far sides as they may be shown: how they are built, and nothing that may be somebody's.
//!
//! Whoever writes a target must see where things stand in an answer. Values are masked by their shape as [`Evidence`] is. A name
//! of a field may be data as well (`{"Qvrtson": {…}}`), so that it is shown only where it is made of words that fields are called
//! by, or where the target says it itself.

use super::evidence::Evidence;
use super::evidence::shape;
use super::evidence_words::is_word;
use super::field::Field;
use serde_json::Value;
use std::collections::BTreeMap;

/// So many items of a list are written out; the others are alike.
const MOST_ITEMS: usize = 3;
/// So many lines are written of one answer.
const MOST_LINES: usize = 80;
/// So many places of an answer are listed.
const MOST_PLACES: usize = 60;
/// Nothing is looked into deeper.
const DEEPEST: usize = 16;
/// Longer texts have no shape that is worth telling.
const LONGEST_SHAPE: usize = 32;

/// Words that fields are called by, beside those of protocols and of our own fields.
const WORDS: &str = "\
    a aca active actual additional addr address addresses after age agency agent all amount amounts amt an annual app applicant \
    applicants application applications apt aptc apply archived area array as assigned assister at attributes authorized base \
    begin benefit benefits bill billing binder birth birthdate birthday born broker by cancel cancelled carrier case category \
    cell cents change changed changes child children choice cic city claim class client co coinsurance collection comment comments \
    company confirmation consumer contact contacts contract contribution copay count country county cost coverage coverages \
    covered create created credit cs csr csrf current cursor customer date dates day days deductible delete deleted demographic \
    demographics dental dependent dependents desc description destination detail details device dob dod doc document documents dollars \
    done double due duration edges edi effective effectuated effectuation eff elected election electronic eligible email emails \
    employee employer employment end ended ending enroll enrolled enrollee enrollees enrollment enrollments entity entries entry \
    etag event events expiration ext external family fax fed federal fee fein ffm file final first fips flag foreign form full future \
    gender given global good graph group groups guid has head header health hic hios history home hoh household households href hub ids \
    identifier identifiers identity in income index indicator individual individuals info initial inquiry insurance insured insurer \
    integration intent internal is issued issuer issuers item items job joined key keys kind label lang language last late legal \
    level life line lines link links list listed local location locale login long mail mailing main mandatory map marital market \
    marketplace match max maximum mbr medical member members membership meta metadata metal middle min minimum misc mobile mode \
    model modified money month monthly months more moved name names nested net network new next node nodes note notes notice num \
    object occupation of office offset offer old on open option options order org organization origin original other out outcome \
    owner package page pages paging paid paged parent part parts party past patient pay payable payee payer payment payments \
    pending people per percent period person persons phone phones place plan plans policies policy policyholder portal position \
    postal preferred prefix premium premiums present previous price primary prior priority private processing product products \
    profile program progress prop properties property provider public qhp quantity query rate rated rates rating reason received \
    record records ref reference references region registration rel related relation relations relationship relative remaining \
    renewal reply report requested required residence residential resp response responsibility responsible result results retro role \
    row rows sbe sbm search second section selected self sent seq sequence service set sex share short site size smoker source span \
    special spouse ssn stage standard start started state states statuses step street sub submission submit submitted subscriber \
    subscribers subscription subsidy suffix sum summary surname survivor tax taxes telephone tenant term termed terminated \
    termination text tier title tobacco token total totals trace tracking transaction transactions type types uid unique unit updated \
    uri url usage use user uuid valid value values variant verified version void warning warnings web week window work year \
    years yes zip zipcode zone";

/// The words of our own text that stand in an answer as they are: ids that are proved, what was sent, what the target says.
pub type OwnWords<'a> = [&'a str];

/// An answer in JSON, in lines: every name and value that may be somebody's by its shape.
pub fn masked_json(value: &Value, own: &OwnWords<'_>) -> Vec<String> {
    let mut lines = Vec::new();
    write(value, (String::new(), String::new()), own, (&mut lines, DEEPEST));
    if lines.len() > MOST_LINES {
        let left = lines.len() - MOST_LINES;
        lines.truncate(MOST_LINES);
        lines.push(format!("… {left} more lines"));
    }
    lines
}

/// Any other answer, in lines.
pub fn masked_text(text: &str, own: &OwnWords<'_>) -> Vec<String> {
    const LINES: usize = 20;
    let all: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    let mut lines: Vec<String> = all.iter().take(LINES).map(|line| Evidence::knowing(line, own).to_string()).collect();
    if all.len() > LINES {
        lines.push(format!("… {} more lines", all.len() - LINES));
    }
    lines
}

/// Where what stands in an answer in JSON: each place with how often it is there and of what type, and of texts with digits the
/// shape, which says how dates and amounts are written.
pub fn places_of(value: &Value, own: &OwnWords<'_>) -> Vec<String> {
    let mut places = Places::default();
    gather(value, "$".to_owned(), own, (&mut places, DEEPEST));
    let mut lines: Vec<String> = places.order.iter().filter_map(|at| Some(told(at, places.by.get(at)?))).collect();
    if lines.len() > MOST_PLACES {
        let left = lines.len() - MOST_PLACES;
        lines.truncate(MOST_PLACES);
        lines.push(format!("… {left} more places"));
    }
    lines
}

/// A name of a field, as it is where it is no data, else its shape.
pub fn masked_name(name: &str, own: &OwnWords<'_>) -> String {
    if own.contains(&name) || is_name_of_a_field(name) { name.to_owned() } else { name.chars().map(shape).collect() }
}

/// Whether a name is made of nothing but words that fields are called by.
fn is_name_of_a_field(name: &str) -> bool {
    let words = words_of(name);
    !words.is_empty() && name.len() <= 64 && words.iter().all(|word| is_word_of_a_field(word))
}

fn is_word_of_a_field(word: &str) -> bool {
    let is_short_number = word.len() <= 2 && word.bytes().all(|b| b.is_ascii_digit());
    let of_ours = || Field::ALL.iter().any(|field| field.name().split(['.', '_']).any(|part| part == word));
    is_short_number || WORDS.split(' ').any(|known| known == word) || is_word(word) || of_ours()
}

/// `memberFirst_name2` in small letters: `member`, `first`, `name`, `2`. Empty where it holds what names of fields do not.
fn words_of(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut before = ' ';
    for c in name.chars() {
        let is_separator = matches!(c, '_' | '-' | '.' | ':' | '@' | '$');
        if !c.is_ascii_alphanumeric() && !is_separator {
            return Vec::new();
        }
        let goes_on = |before: char| {
            c.is_ascii_digit() == before.is_ascii_digit() && !(c.is_ascii_uppercase() && before.is_ascii_lowercase())
        };
        if c.is_ascii_alphanumeric() {
            match words.last_mut().filter(|_| before.is_ascii_alphanumeric() && goes_on(before)) {
                Some(word) => word.push(c.to_ascii_lowercase()),
                None => words.push(c.to_ascii_lowercase().to_string()),
            }
        }
        before = c;
    }
    words
}

/// Whether a field says how something stands, in words that name nobody: `"status": "submitted"`.
fn is_telling(name: &str, word: &str) -> bool {
    const OF_STATES: [&str; 8] = ["status", "state", "type", "kind", "line", "code", "result", "outcome"];
    words_of(name).last().is_some_and(|last| OF_STATES.contains(&last.as_str())) && is_name_of_a_field(word)
}

fn scalar(value: &Value, own: &OwnWords<'_>) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(yes) => yes.to_string(),
        Value::String(text) => format!("\"{}\"", Evidence::knowing(text, own)),
        other => Evidence::knowing(&other.to_string(), own).to_string(),
    }
}

/// Writes a value with what stands before it in its line (indentation and name) and after it.
fn write(
    value: &Value,
    (indent, before): (String, String),
    own: &OwnWords<'_>,
    (lines, depth): (&mut Vec<String>, usize),
) {
    // of an answer without end nothing more is told; what is left is counted
    let Some(deeper) = depth.checked_sub(1) else { return lines.push(format!("{indent}{before}…")) };
    let inner = format!("{indent}  ");
    match value {
        Value::Array(items) if !items.is_empty() => {
            lines.push(format!("{indent}{before}["));
            for item in items.iter().take(MOST_ITEMS) {
                write(item, (inner.clone(), String::new()), own, (lines, deeper));
            }
            if items.len() > MOST_ITEMS {
                lines.push(format!("{inner}… {} more", items.len() - MOST_ITEMS));
            }
            lines.push(format!("{indent}]"));
        }
        Value::Object(fields) if !fields.is_empty() => {
            lines.push(format!("{indent}{before}{{"));
            for (name, field) in fields {
                let before = format!("\"{}\": ", masked_name(name, own));
                match field.as_str().filter(|word| is_telling(name, word)) {
                    Some(word) => lines.push(format!("{inner}{before}\"{word}\"")),
                    None => write(field, (inner.clone(), before), own, (lines, deeper)),
                }
            }
            lines.push(format!("{indent}}}"));
        }
        Value::Array(_) => lines.push(format!("{indent}{before}[]")),
        Value::Object(_) => lines.push(format!("{indent}{before}{{}}")),
        leaf => lines.push(format!("{indent}{before}{}", scalar(leaf, own))),
    }
}

/// What stands at one place of an answer, over all items of its lists.
#[derive(Default)]
struct AtPlace {
    types: BTreeMap<&'static str, usize>,
    shapes: Vec<String>,
}

#[derive(Default)]
struct Places {
    order: Vec<String>,
    by: BTreeMap<String, AtPlace>,
}

impl Places {
    fn note(&mut self, at: String, kind: &'static str, shape: Option<String>) {
        if !self.by.contains_key(&at) {
            self.order.push(at.clone());
        }
        let place = self.by.entry(at).or_default();
        *place.types.entry(kind).or_default() += 1;
        if let Some(shape) = shape.filter(|shape| place.shapes.len() < MOST_ITEMS && !place.shapes.contains(shape)) {
            place.shapes.push(shape);
        }
    }
}

fn gather(value: &Value, at: String, own: &OwnWords<'_>, (places, depth): (&mut Places, usize)) {
    let Some(deeper) = depth.checked_sub(1) else { return };
    match value {
        Value::Array(items) if items.is_empty() => places.note(at, "an empty list", None),
        Value::Array(items) => items.iter().for_each(|item| gather(item, format!("{at}[*]"), own, (places, deeper))),
        Value::Object(fields) if fields.is_empty() => places.note(at, "an empty object", None),
        Value::Object(fields) => {
            for (name, field) in fields {
                gather(field, format!("{at}{}", step(&masked_name(name, own))), own, (places, deeper));
            }
        }
        Value::Null => places.note(at, "null", None),
        Value::Bool(_) => places.note(at, "true or false", None),
        Value::Number(number) => places.note(at, "number", Some(number.to_string().chars().map(shape).collect())),
        Value::String(text) if text.trim().is_empty() => places.note(at, "empty text", None),
        Value::String(text) => {
            let is_telling = text.len() <= LONGEST_SHAPE && text.bytes().any(|b| b.is_ascii_digit());
            places.note(at, "text", is_telling.then(|| text.chars().map(shape).collect()));
        }
    }
}

/// How a path goes on: `.name`, or `['a name']`.
fn step(name: &str) -> String {
    let is_plain = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if is_plain && !name.starts_with(|c: char| c.is_ascii_digit()) { format!(".{name}") } else { format!("['{name}']") }
}

fn told(at: &str, place: &AtPlace) -> String {
    let types: Vec<String> = place.types.iter().map(|(kind, times)| format!("{kind} ×{times}")).collect();
    let shapes = if place.shapes.is_empty() { String::new() } else { format!("  {}", place.shapes.join("  ")) };
    format!("{at}  {}{shapes}", types.join(", "))
}

#[cfg(test)]
mod tests {
    use super::{WORDS, masked_json, masked_name, masked_text, places_of};
    use serde_json::json;

    #[test]
    fn names_of_fields_are_told_and_names_that_may_be_somebodys_by_their_shape() {
        for name in
            ["firstName", "last_name", "policyId", "address1", "dob", "@type", "HouseholdMembers", "aptc-amount"]
        {
            assert_eq!(masked_name(name, &[]), name);
        }
        for (name, shown) in [("Qvrtson", "Aaaaaaa"), ("219459911", "999999999"), ("Zyx Qvrtson", "Aaa Aaaaaaa")] {
            assert_eq!(masked_name(name, &[]), shown);
        }
        assert_eq!(masked_name("mbrSurnm", &["mbrSurnm"]), "mbrSurnm", "the target says it");
        let words: Vec<&str> = WORDS.split(' ').collect();
        let distinct: std::collections::BTreeSet<_> = words.iter().collect();
        assert_eq!(distinct.len(), words.len());
    }

    #[test]
    fn an_answer_shows_how_it_is_built_and_whose_it_is_only_where_that_is_ours() {
        let answer = json!({"members": [{"name": {"last": "Qvrtson"}, "dob": "1961-11-13", "id": "M-17", "ok": true}],
            "Qvrtson": {"ssn": "219-45-9911"}, "total": 12345, "none": [], "status": "enrolled", "appStatus": "Submitted", "lineCode": "Qvrtson"});
        let lines = masked_json(&answer, &["M-17", "enrolled"]).join("\n");
        for shown in [
            "\"last\": \"Aaaaaaa\"",
            "\"dob\": \"9999-99-99\"",
            "\"id\": \"M-17\"",
            "\"ok\": true",
            "enrolled",
            "Submitted",
        ] {
            assert!(lines.contains(shown), "{shown} in {lines}");
        }
        for hidden in ["Qvrtson", "1961", "219", "12345"] {
            assert!(!lines.contains(hidden), "{hidden} in {lines}");
        }
        let places = places_of(&answer, &[]);
        assert!(places.contains(&"$.members[*].dob  text ×1  9999-99-99".to_owned()), "{places:?}");
        assert!(places.contains(&"$.Aaaaaaa.ssn  text ×1  999-99-9999".to_owned()), "{places:?}");
        assert!(places.contains(&"$.members[*].name.last  text ×1".to_owned()), "{places:?}");
    }

    #[test]
    fn long_answers_are_cut_and_text_is_masked() {
        let many: Vec<_> = (0..50).map(|n| json!({"id": n})).collect();
        let lines = masked_json(&json!(many), &[]);
        assert!(lines.len() < 15 && lines.iter().any(|line| line.contains("… 47 more")), "{lines:?}");
        let deep = (0..100).fold(json!(1), |inner, _| json!([inner]));
        assert!(masked_json(&deep, &[]).len() < 40 && places_of(&deep, &[]).len() < 2);
        assert_eq!(masked_text("<p>Zyx</p>\n\nnot found", &[]), ["<a>Aaa</a>", "not found"]);
    }
}
