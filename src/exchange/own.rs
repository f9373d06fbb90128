//! What is our household's alone: whether a request says it, and whether an answer's record shows it. It is looked for by its value
//! in what is sent, so that whatever only counts, cuts or tests it says nothing of it.

use super::facts_of_probe::FactsOfProbe;
use super::kinds::{KINDS, bare_id, ids_by_kind, is_of_policies, kinds_of};
use super::known::Known;
use super::known_before::{SOMEBODY, has_one_of};
use super::record::SaidOfOurs;
use super::shared::Shared;
use crate::model::{Captures, Household};
use crate::net::Request;
use crate::target::{
    Answer, Capture, FlowStep, IDS, RequestStep, Selector, Standing, is_id as is_id_name, is_shared_name, may_be_id,
    says_which, text_of,
};
use percent_encoding::percent_decode_str;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use url::Url;

/// A shorter value of our own in an answer or a body proves nothing: it may stand there by chance.
const SHORTEST_OWN: usize = 4;
/// A free name's value without a digit is a word, unless it is so long or its name says that it is an id.
const LONGEST_WORD: usize = 16;

/// No id is longer, an address among them.
const LONGEST_ID: usize = 300;
/// Names of lists and of their items.
const LISTS: [&str; 24] = [
    "list",
    "rows",
    "row",
    "items",
    "item",
    "results",
    "hits",
    "hit",
    "records",
    "record",
    "matches",
    "match",
    "entries",
    "entry",
    "values",
    "elements",
    "docs",
    "nodes",
    "edges",
    "cases",
    "people",
    "persons",
    "clients",
    "customers",
];

/// Where a step's templates read an id that is proved.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reads {
    in_path: bool,
    anywhere: bool,
}

impl Reads {
    /// `anywhere`: the places that all of its request reads.
    pub(super) fn of(step: &FlowStep, anywhere: &BTreeSet<String>, known: &Known) -> Self {
        let captured = &known.proved.captures().other;
        let is_id_of = |place: &String| {
            let first = place.split(['.', '[']).next().unwrap_or_default();
            let last = place.rsplit('.').next().unwrap_or_default();
            let is_own = |name: &str| captured.contains_key(name) && known.is_proved(name);
            is_id_name(last) || is_own(first) || is_own(last)
        };
        // a body may hold a whole group with its ids; a path has no room for one
        let is_whole = |place: &String| {
            let name = place.split('[').next().unwrap_or_default();
            !place.contains('.') && ["groups", "group", "members", "member"].contains(&name)
        };
        let anywhere = anywhere.iter().any(|place| is_id_of(place) || is_whole(place));
        Self { in_path: step.read_in_path().iter().any(is_id_of), anywhere }
    }
}

/// What nobody else has.
#[derive(Debug, Default)]
pub(super) struct Own {
    /// Ids that are proved, as they were told.
    ids: BTreeSet<String>,
    /// What no stranger has and nobody has to tell.
    marks: BTreeSet<String>,
    /// What was proved of what a household has one of, by the place of its kind.
    kinds: BTreeMap<usize, BTreeSet<String>>,
}

/// Where in a request something is said, best last.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Where {
    #[default]
    Nowhere,
    /// In query, headers or body.
    BesideThePath,
    /// As a part of the path.
    InThePath,
}

/// What a request says of it.
#[derive(Debug, Default)]
pub(super) struct Said {
    /// An id that is proved.
    pub(super) id: Where,
    /// A mark of ours.
    pub(super) mark: Where,
    /// Everything of it that is long enough not to stand somewhere by chance.
    ours: SaidOfOurs,
    /// Ids that were proved before, whether it says them or not.
    known: BTreeSet<String>,
    /// What was proved before of what a household has one of, by the place of its kind.
    kinds: BTreeMap<usize, BTreeSet<String>>,
}

/// How a question of a flow after the enrollment was put, as far as that decides what a single value of its answer names.
#[derive(Debug, Clone, Copy)]
pub(super) struct Put {
    /// It creates, changes or ends something.
    pub(super) acts: bool,
    /// A part of its path is our own.
    pub(super) is_addressed: bool,
    /// The answer's status.
    pub(super) status: u16,
}

impl Own {
    /// What is known to be the household's alone. `shared`: what other households of the process were told too.
    pub(super) fn of(known: &Known, probe: &FactsOfProbe, shared: &Shared) -> Self {
        let ctx = &known.proved;
        let household = ctx.household();
        let Captures { groups, members, other, .. } = ctx.captures();
        let facts = groups.iter().map(|group| &group.facts).chain(members);
        let (words, numbers) = (words_of(household), numbers_of(household));
        let is_own = |text: &str| {
            let bare = bare(text);
            !words.contains(&bare) && !is_of_nobody(&bare) && !shared.is_told_to_others(household.index, &folded(text))
        };
        let told = facts.flat_map(|facts| IDS.iter().filter_map(|id| facts.text(*id)));
        let mut ids: BTreeSet<String> =
            told.map(str::trim).filter(|text| is_own(text)).map(ToOwned::to_owned).collect();
        for (name, value) in other.iter().filter(|(name, _)| known.is_proved(name)) {
            let texts = texts(value).into_iter().filter(|text| is_id(name, text) && !numbers.contains(&bare(text)));
            ids.extend(texts.map(|text| text.trim().to_owned()).filter(|text| is_own(text)));
        }
        let mailboxes = household.people.iter().filter_map(|person| person.email.as_deref());
        let marks = mailboxes.chain([household.marker.as_str(), &probe.probe, &probe.idempotency_key]);
        let kinds = kinds_of(known);
        Self { ids, kinds, marks: marks.map(folded).filter(|mark| !mark.is_empty()).collect() }
    }

    /// What a request says of it. What stands there by chance is not said: an id counts only where the step reads one there, in its path
    /// or beside it. A key or a correlation in a header is about the request, and about nobody.
    pub(super) fn said_in(&self, request: &Request, reads: Reads) -> Said {
        let (path, other, headers) = (path_of(&request.url), query_and_body(request), headers(request));
        let best = |values: &BTreeSet<String>, beside: &str, may: (bool, bool)| match values {
            values if may.0 && values.iter().any(|value| stands_in_path(value, &path)) => Where::InThePath,
            values if may.1 && values.iter().any(|value| is_within(value, beside)) => Where::BesideThePath,
            _ => Where::Nowhere,
        };
        let with_headers = format!("{other}\n{headers}");
        let id = best(&self.ids.iter().map(|id| folded(id)).collect(), &with_headers, (reads.in_path, reads.anywhere));
        let mark = best(&self.marks, &other, (true, true));
        let is_said = |value: &&String| {
            let value = folded(value);
            value.len() >= SHORTEST_OWN && (stands_in_path(&value, &path) || is_within(&value, &with_headers))
        };
        let said = |values: &BTreeSet<String>| values.iter().filter(is_said).cloned().collect();
        let ours =
            SaidOfOurs { ids: said(&self.ids), marks: said(&self.marks), asked_as: names_of_query(&request.url) };
        Said { id, mark, ours, known: self.ids.clone(), kinds: self.kinds.clone() }
    }
}

impl Said {
    /// The same for a step that begins policies in the place of others: theirs are other ids than those that were told before.
    pub(super) fn of_new_policies(mut self) -> Self {
        self.kinds.retain(|kind, _| !is_of_policies(*kind));
        self
    }

    /// Whether everything that a step takes from its answer stands in a record that holds what the request says of our own. Of what
    /// is not taken by a JSONPath nobody can tell in what record it stands.
    pub(super) fn is_shown_by(&self, request: &RequestStep, answer: &Answer) -> bool {
        let standings = standings(request, answer).filter(|standings| !standings.is_empty());
        standings.is_some_and(|standings| standings.iter().all(|standing| self.ours.is_shown_around(standing)))
    }

    /// Whether a step takes from an answer what was proved before, and nothing else.
    pub(super) fn says_again(&self, capture: &Capture, answer: &Answer) -> bool {
        let taken = capture.select.select(answer);
        !taken.is_empty() && taken.iter().all(|value| self.is_known(value))
    }

    fn is_known(&self, value: &Value) -> bool {
        text_of(value).is_some_and(|text| self.known.contains(text.trim()))
    }

    /// Whether what is said in these words somewhere in a record is said of an application, a policy or the like that is proved to be
    /// ours: they name what it is, and nobody, and whatever ids of that kind the record shows are ours.
    pub(super) fn is_of_ours(&self, record: &Value, told: &[String]) -> bool {
        if has_one_of(told, SOMEBODY) {
            return false;
        }
        let mut named = BTreeMap::new();
        ids_by_kind(record, "", &mut named);
        let shows = |kind: usize, ours: &BTreeSet<String>| match named.get(&kind) {
            Some(ids) => ids.is_subset(ours),
            None => bare_id(record).is_some_and(|id| ours.contains(id.trim())),
        };
        let of_kind =
            |kind: usize| KINDS.get(kind).is_some_and(|words| words.iter().any(|word| has_one_of(told, word)));
        self.kinds.iter().any(|(kind, ours)| of_kind(*kind) && shows(*kind, ours))
    }

    /// Whether the request says nothing that is the household's alone.
    pub(super) fn says_nothing(&self) -> bool {
        self.id == Where::Nowhere && self.mark == Where::Nowhere
    }

    /// Whether an answer names an application, a case or the like, and another than was told to us; of its policies each has its own.
    pub(super) fn names_another_application(&self, body: &Value) -> bool {
        let mut named = BTreeMap::new();
        ids_by_kind(body, "", &mut named);
        named.retain(|kind, _| !is_of_policies(*kind));
        self.are_contradicted_by(&named)
    }

    /// Whether an answer names what a household has one of, and something else than was told to us.
    fn is_contradicted_by(&self, body: &Value) -> bool {
        let mut named = BTreeMap::new();
        ids_by_kind(body, "", &mut named);
        self.are_contradicted_by(&named)
    }

    fn are_contradicted_by(&self, named: &BTreeMap<usize, BTreeSet<String>>) -> bool {
        named.iter().any(|(kind, ids)| self.kinds.get(kind).is_some_and(|known| ids.is_disjoint(known)))
    }

    /// Whether the innermost record around a value names something of ours by another id than was told to us.
    fn is_contradicted_within(&self, standing: &Standing<'_>) -> bool {
        let record = standing.around.first().and_then(|(node, _)| node.as_object());
        let said = record.into_iter().flatten().filter(|(_, field)| !field.is_object() && !field.is_array());
        self.is_contradicted_by(&Value::Object(said.map(|(key, field)| (key.clone(), field.clone())).collect()))
    }

    /// Whether what a step of a later flow takes so from an answer that proves may name whom another step acts on. What was known
    /// before may; else it must stand in JSON or XML, where it can be told what stands beside it, and be one id: in a record that shows what is
    /// ours, in the answer to an act at an address of ours, or alone in the answer to what says an id of ours. An expression over a
    /// page, a header, a list, what is keyed by ids and a whole piece of the answer name whoever stands there.
    pub(super) fn is_certain(&self, (capture, captures): (&Capture, &[Capture]), answer: &Answer, put: Put) -> bool {
        let taken = capture.select.select(answer);
        if taken.iter().all(|value| self.is_known(value)) {
            return true;
        }
        let is_created = put.acts && put.status == 201;
        let Selector::JsonPath(path) = &capture.select else {
            let is_location = |name: &str| name.eq_ignore_ascii_case("location");
            return is_created && matches!(&capture.select, Selector::Header(name) if is_location(name));
        };
        let Some(body) = answer.document(path) else { return false };
        let standings = path.standings(body);
        if !taken.iter().all(is_one_id) {
            return false;
        }
        let is_of_another = |standing: &Standing<'_>| self.is_contradicted_within(standing);
        if standings.iter().any(is_of_another) {
            return false;
        }
        if standings.iter().all(|standing| self.ours.is_shown_around(standing)) {
            return true;
        }
        // what names another policy or application than the one that was told is of somebody else
        if self.is_contradicted_by(body) {
            return false;
        }
        if put.acts && put.is_addressed {
            return true;
        }
        let is_listed = standings.len() > 1 || standings.iter().any(is_of_a_list);
        let others = || self.ours.are_others_in(body, &taken_by(captures, answer));
        !is_listed && (is_created || put.is_addressed || put.acts && !others())
    }
}

/// What a step takes from its answer, as text.
fn taken_by(captures: &[Capture], answer: &Answer) -> BTreeSet<String> {
    let values = captures.iter().flat_map(|capture| capture.select.select(answer));
    values.filter_map(|value| text_of(&value)).map(|text| text.trim().to_owned()).collect()
}

/// Whether a value can be one id: no list, no piece of a document, no text of several words.
fn is_one_id(value: &Value) -> bool {
    let is_part = |c: char| !c.is_whitespace() && !c.is_control() && !"<>{}[]\"',;|".contains(c);
    match value {
        Value::String(text) => text.trim().len() <= LONGEST_ID && text.trim().chars().all(is_part),
        Value::Number(_) => true,
        _ => false,
    }
}

/// Whether a value stands in a list, or in what a list of one becomes on its way from XML.
fn is_of_a_list(standing: &Standing<'_>) -> bool {
    let names = standing.around.iter().skip(1).filter_map(|(_, name)| name.as_deref());
    standing.is_in_a_list() || names.map(str::to_ascii_lowercase).any(|name| LISTS.contains(&name.as_str()))
}

/// What a capture of a free name told, one by one.
pub(super) fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::Array(items) => items.iter().filter_map(text_of).collect(),
        other => text_of(other).into_iter().collect(),
    }
}

/// Whether a value of a free name may be an id: what is called like a thing that many share is none, nor is a word.
fn is_id(name: &str, text: &str) -> bool {
    let is_word = text.len() < LONGEST_WORD && !text.bytes().any(|byte| byte.is_ascii_digit());
    !is_shared_name(name) && (!is_word || says_which(name) || may_be_id(name))
}

/// What a household says of itself, and strangers may say too: whoever gives it back tells no id.
fn words_of(household: &Household) -> BTreeSet<String> {
    let mut said: Vec<String> = [household.rating_area.clone(), household.income_cents.to_string()].into();
    let mut dates = vec![household.coverage_begin, household.as_of];
    let homes = household.people.iter().filter_map(|person| person.address.as_ref()).chain(&household.mailing);
    for home in homes.chain([&household.address]) {
        said.extend([&home.street_1, &home.city, &home.state, &home.zip, &home.county].map(Clone::clone));
        said.extend(home.street_2.clone());
    }
    for person in &household.people {
        let name = &person.name;
        said.extend([name.first.clone(), name.last.clone(), name.to_string()]);
        said.extend([&name.middle, &person.phone].into_iter().flatten().cloned());
        dates.push(person.birth_date);
    }
    let forms = ["%Y%m%d", "%m%d%Y", "%d%m%Y"];
    said.extend(dates.iter().flat_map(|date| forms.map(|form| date.format(form).to_string())));
    said.iter().map(|text| bare(text)).collect()
}

/// Numbers of its people that an exchange may know them by, but that nothing proves under a free name.
fn numbers_of(household: &Household) -> BTreeSet<String> {
    household.people.iter().filter_map(|person| person.ssn.as_ref()).map(|ssn| bare(ssn.as_str())).collect()
}

/// Whether a value is a word for everybody or nobody, or says nothing: no id, whatever it is called.
fn is_of_nobody(bare: &str) -> bool {
    let words = [
        "all",
        "any",
        "none",
        "null",
        "nil",
        "na",
        "unknown",
        "undefined",
        "pending",
        "new",
        "self",
        "me",
        "mine",
        "my",
        "current",
        "latest",
        "default",
        "true",
        "false",
        "yes",
        "no",
        "ok",
        "test",
    ];
    words.contains(&bare) || bare.bytes().all(|byte| byte == b'0')
}

/// A text's letters and digits.
fn bare(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect()
}

/// A text as it is compared.
pub(super) fn folded(text: &str) -> String {
    text.trim().to_ascii_lowercase()
}

/// The path of an address as it is compared: decoded, without what a server may ignore behind a semicolon.
fn path_of(url: &str) -> Vec<String> {
    let Ok(url) = Url::parse(url) else { return Vec::new() };
    let segments = url.path_segments().into_iter().flatten();
    segments
        .map(|segment| segment.split(';').next().unwrap_or_default())
        .map(|segment| folded(&decoded(segment)))
        .collect()
}

/// Whether a value is a segment of the path, be it with an ending such as `.json` or in brackets; or, where it is a path of its own
/// such as a `Location`, some segments.
fn stands_in_path(value: &str, path: &[String]) -> bool {
    let is_long = value.len() >= SHORTEST_OWN;
    // a whole address that an answer gave: its path is what stands there
    if let Some(address) = Url::parse(value).ok().filter(Url::has_host) {
        return is_long && address.path().len() > 1 && stands_in_path(&folded(&decoded(address.path())), path);
    }
    path.iter().any(|segment| segment == value || is_long && is_within(value, segment))
        || is_long && value.contains('/') && is_within(value.trim_end_matches('/'), &format!("/{}", path.join("/")))
}

/// What a request says in its query and body, decoded too.
fn query_and_body(request: &Request) -> String {
    let query = request.url.split_once('?').map(|(_, query)| query).unwrap_or_default();
    let body = request.body.as_ref().map(|body| String::from_utf8_lossy(&body.bytes)).unwrap_or_default();
    let all = [query, body.as_ref()].join("\n");
    let plain = decoded(&all);
    folded(&if plain == all { all } else { format!("{all}\n{plain}") })
}

fn headers(request: &Request) -> String {
    folded(&request.headers.iter().map(|(_, value)| value.as_str()).collect::<Vec<_>>().join("\n"))
}

fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

/// Whether a value stands in a text, and is no part of a longer word there.
fn is_within(value: &str, text: &str) -> bool {
    let is_part = |letter: Option<char>| letter.is_some_and(char::is_alphanumeric);
    !value.is_empty()
        && text.match_indices(value).any(|(at, _)| {
            let before = text.get(..at).and_then(|before| before.chars().next_back());
            let after = text.get(at + value.len()..).and_then(|after| after.chars().next());
            !is_part(before) && !is_part(after)
        })
}

/// The names of an address's query.
fn names_of_query(url: &str) -> BTreeSet<String> {
    let Ok(url) = Url::parse(url) else { return BTreeSet::new() };
    url.query_pairs().map(|(name, _)| name.to_ascii_lowercase()).collect()
}

/// Where everything stands that a step takes; `None` where it takes something otherwise than by a JSONPath.
fn standings<'a>(request: &RequestStep, answer: &'a Answer) -> Option<Vec<Standing<'a>>> {
    request.captures.iter().map(|capture| standings_of(capture, answer)).try_fold(Vec::new(), |mut all, standings| {
        all.extend(standings?);
        Some(all)
    })
}

fn standings_of<'a>(capture: &Capture, answer: &'a Answer) -> Option<Vec<Standing<'a>>> {
    match &capture.select {
        Selector::JsonPath(path) => Some(path.standings(answer.document(path)?)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Put, bare, headers, is_id, is_within, path_of, query_and_body, stands_in_path};
    use crate::model::Field;
    use crate::net::{Payload, Request};
    use crate::target::{Answer, Capture, Convert, JsonPath, Per, Selector};
    use std::time::Duration;

    #[test]
    fn an_id_stands_in_a_path_as_a_segment_of_it() {
        let is_in = |value: &str, path: &str| stands_in_path(value, &path_of(&format!("http://a.test{path}")));
        for (value, path) in [
            ("app-17", "/applications/APP-17"),
            ("app-17", "/applications/app%2D17.json?x=1"),
            ("app-17", "/applications('app-17')/members"),
            ("7", "/applications/7/members"),
            ("run/7", "/mine/run%2F7"),
            ("/applications/17", "/applications/17/members"),
        ] {
            assert!(is_in(value, path), "{value} {path}");
        }
        for (value, path) in [
            ("app-17", "/applications/app-171"),
            ("app-17", "/applications?id=app-17"),
            ("app-17", "/applications;id=app-17"),
            ("app-17", "/applications#app-17"),
            ("7", "/v1.7/applications"),
            ("/applications/17", "/applications/171"),
        ] {
            assert!(!is_in(value, path), "{value} {path}");
        }
    }

    #[test]
    fn what_is_said_beside_the_path_is_found_decoded() {
        let mut request = Request::new("POST", "http://a.test/x?who=a%40b.test".to_owned(), Duration::from_secs(1));
        request.headers.push(("X-Case".to_owned(), "C-17".to_owned()));
        request.body = Some(Payload { content_type: "text/plain".to_owned(), bytes: "id=Case%2D9&n=12".into() });
        let said = query_and_body(&request);
        for value in ["a@b.test", "case-9", "12"] {
            assert!(is_within(value, &said), "{value} in {said}");
        }
        assert!(is_within("c-17", &headers(&request)) && !is_within("c-17", &said));
        assert!(!is_within("c-1", &said) && !is_within("b.tes", &said) && !is_within("", &said));
    }

    #[test]
    fn a_free_name_tells_an_id_where_neither_its_name_nor_its_value_says_otherwise() {
        for (name, text) in
            [("ref", "A-17"), ("case_no", "abc"), ("app", "17"), ("thing", "k3"), ("x", "abcdefghijklmnop")]
        {
            assert!(is_id(name, text), "{name} {text}");
        }
        for (name, text) in
            [("tenant", "t-2013"), ("tenantId", "7"), ("plan_id", "12345VA0010001"), ("csrf", "c-17"), ("thing", "abc")]
        {
            assert!(!is_id(name, text), "{name} {text}");
        }
        assert_eq!(bare("1980-01-02"), "19800102");
    }

    #[test]
    fn a_policy_that_begins_has_another_id_and_an_application_stays_what_it_is() {
        let known = |kind: usize, id: &str| (kind, [id.to_owned()].into());
        let said = || super::Said {
            kinds: std::collections::BTreeMap::from([known(0, "P1"), known(1, "A1")]),
            ..super::Said::default()
        };
        let (new_policy, other_application) =
            (serde_json::json!({"policy": "P2"}), serde_json::json!({"policy": "P2", "application": "A2"}));
        assert!(said().is_contradicted_by(&new_policy));
        assert!(!said().of_new_policies().is_contradicted_by(&new_policy));
        assert!(said().of_new_policies().is_contradicted_by(&other_application));
    }

    #[test]
    fn an_answer_in_xml_tells_the_id_of_a_new_policy_where_one_in_json_does() {
        let known = |kind: usize, id: &str| (kind, [id.to_owned()].into());
        let said = super::Said { kinds: [known(0, "P1"), known(1, "A1")].into(), ..super::Said::default() };
        let said = said.of_new_policies();
        let xml = "<Reply><Application no='A1'/><Policies><Policy><Number>P7</Number></Policy><Policy><Number>P8</Number></Policy>\
                   </Policies></Reply>";
        let json = r#"{"application": {"no": "A1"}, "policies": [{"number": "P7"}, {"number": "P8"}]}"#;
        for (path, body) in [("$.policies[*].number", json), ("/Reply/Policies/Policy/Number", xml)] {
            let capture = Capture {
                name: "exchange_assigned_policy_id".to_owned(),
                field: Some(Field::PolicyId),
                select: Selector::JsonPath(Box::new(JsonPath::parse(path).unwrap())),
                cents: None,
                per: Per::Group,
                convert: Convert::default(),
                required: true,
                secret: false,
            };
            let is_certain = |body: &str, is_addressed: bool| {
                let answer = Answer { status: 200, body: body.as_bytes().to_vec(), ..Answer::default() };
                let put = Put { acts: true, is_addressed, status: 200 };
                said.is_certain((&capture, std::slice::from_ref(&capture)), &answer, put)
            };
            assert!(is_certain(body, true), "{path}: the address is ours");
            assert!(!is_certain(body, false), "{path}: nobody knows whose they are");
        }
    }
}
