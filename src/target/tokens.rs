//! Where in a request a value only lets it in, and where it says whom the request is about.

use super::template::Template;

/// A header whose name holds one of these carries a credential.
const OF_HEADERS: [&str; 13] = [
    "authorization",
    "authentication",
    "x-auth",
    "jwt",
    "bearer",
    "cookie",
    "token",
    "csrf",
    "xsrf",
    "session",
    "api-key",
    "apikey",
    "secret",
];

/// Fields of forms and bodies that hold one of these carry what a page gave along to be sent back: they let a request in, and name
/// nobody.
const OF_FIELDS: [&str; 14] = [
    "token",
    "csrf",
    "xsrf",
    "session",
    "nonce",
    "viewstate",
    "eventvalidation",
    "captcha",
    "challenge",
    "execution",
    "samlresponse",
    "relaystate",
    "secret",
    "etag",
];
/// The same, where the whole name is this.
const WHOLE_FIELDS: [&str; 3] = ["lt", "if-match", "cookie"];
/// Words of fields that hold what a session goes on by.
const OF_SESSIONS: [&str; 5] = ["session", "sessionid", "jsessionid", "sid", "sso"];
/// Words of headers that let their bearer in.
const OF_PASSES: [&str; 5] = ["ticket", "access", "assertion", "credential", "auth"];
/// Words of fields that say what is chosen: no person goes by it.
const OF_CHOICES: [&str; 6] = ["plan", "product", "premium", "area", "period", "year"];
/// Words that may stand beside them. With any other, such as in `plan_member_id`, a field may name somebody.
const BESIDE_CHOICES: [&str; 18] = [
    "id", "ids", "code", "name", "number", "no", "type", "level", "metal", "variant", "amount", "rating", "service",
    "hios", "selected", "chosen", "medical", "dental",
];

/// Words of names under which an answer tells what many share: who is asked for, and not whom it is about.
const OF_MANY: [&str; 64] = [
    "tenant",
    "org",
    "organization",
    "organisation",
    "carrier",
    "issuer",
    "payer",
    "insurer",
    "broker",
    "agent",
    "agency",
    "navigator",
    "assister",
    "site",
    "region",
    "county",
    "state",
    "country",
    "zip",
    "city",
    "market",
    "marketplace",
    "exchange",
    "sponsor",
    "employer",
    "program",
    "season",
    "version",
    "page",
    "size",
    "count",
    "total",
    "status",
    "step",
    "type",
    "kind",
    "lang",
    "language",
    "locale",
    "currency",
    "name",
    "first",
    "last",
    "birth",
    "dob",
    "date",
    "day",
    "sex",
    "gender",
    "phone",
    "schema",
    "env",
    "environment",
    "server",
    "node",
    "host",
    "next",
    "channel",
    "batch",
    "wave",
    "cohort",
    "queue",
    "import",
    "campaign",
];
/// Words of names under which it tells one thing from all others.
const OF_IDS: [&str; 22] = [
    "id",
    "number",
    "no",
    "ref",
    "reference",
    "key",
    "uuid",
    "guid",
    "application",
    "app",
    "policy",
    "policie",
    "case",
    "enrollment",
    "record",
    "submission",
    "ticket",
    "confirmation",
    "link",
    "location",
    "href",
    "account",
];

/// Words beside them under which an answer shows whose a record is.
const OF_OWNERS: [&str; 9] = ["num", "nr", "identifier", "subscriber", "member", "external", "marker", "mail", "email"];
/// The same, also where a name is written in one (`policyid`).
const WRITTEN_IN_ONE: [&str; 14] = [
    "application",
    "policy",
    "policies",
    "enrollment",
    "enrolment",
    "subscriber",
    "member",
    "reference",
    "identifier",
    "confirmation",
    "submission",
    "account",
    "appid",
    "caseid",
];
/// Words of names that tell when or how much, or what many have: an id that reads like it stands there by chance.
const OF_MEASURES: [&str; 29] = [
    "year", "month", "day", "date", "time", "dob", "birth", "born", "age", "amount", "premium", "price", "cost",
    "cents", "income", "total", "count", "size", "page", "limit", "offset", "plan", "product", "version", "area",
    "zip", "phone", "ssn", "score",
];
/// Words of names that lead to somebody or something else.
const OF_OTHERS: [&str; 29] = [
    "previous",
    "prior",
    "next",
    "duplicate",
    "replaced",
    "replaces",
    "replacing",
    "superseded",
    "supersedes",
    "similar",
    "related",
    "possible",
    "spouse",
    "broker",
    "agent",
    "merged",
    "linked",
    "other",
    "another",
    "parent",
    "sibling",
    "neighbour",
    "neighbor",
    "former",
    "old",
    "alternate",
    "compared",
    "referred",
    "suggestion",
];
/// Values from outside the file that are called like this are credentials too.
const OF_SECRETS: [&str; 4] = ["passw", "pwd", "credential", "signature"];

/// Whether a header, a field or a variable of this name holds a credential: with a newer one in its place the same is asked in the
/// same name.
pub(super) fn is_credential(name: &str) -> bool {
    let name = name.to_ascii_lowercase().replace('_', "-");
    let is_key = name.split('-').next_back() == Some("key");
    is_key || OF_HEADERS.iter().chain(&OF_FIELDS).chain(&OF_SECRETS).any(|word| name.contains(word))
}

/// Whether a header of this name carries a credential.
pub fn is_token_header(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    OF_HEADERS.iter().any(|word| name.contains(word))
}

/// Whether a field of a form of this name carries a credential that was told before.
pub fn is_secret_field(name: &str) -> bool {
    let name = name.to_ascii_lowercase().replace('-', "_");
    let words = ["access_token", "refresh_token", "id_token", "auth_token", "client_secret", "jwt", "bearer", "passw"];
    words.iter().any(|word| name.contains(word))
}

/// Whether what stands under this name in a query, a form or a body lets its bearer in, and must not be kept.
fn bears_secret(name: &str) -> bool {
    is_secret_field(name) || words_of_name(name).iter().any(|word| is_one_of(word, &OF_SESSIONS))
}

/// Whether a header holds a proof of who asks that is no id.
fn is_proof(name: &str) -> bool {
    name.to_ascii_lowercase().contains("dpop") || words_of_name(name).iter().any(|word| word == "sso")
}

/// Whether what stands in a header of this name lets its bearer in, and must not be kept.
fn header_bears_secret(name: &str) -> bool {
    let is_proof = name.to_ascii_lowercase().contains("dpop");
    is_proof
        || is_token_header(name)
        || bears_secret(name)
        || words_of_name(name).iter().any(|word| is_one_of(word, &OF_PASSES))
}

/// Whether a field of this name lets a request in, or says what is chosen.
fn is_token_field(name: &str) -> bool {
    if is_choice(name) {
        return true;
    }
    let name = name.to_ascii_lowercase();
    WHOLE_FIELDS.contains(&name.as_str()) || OF_FIELDS.iter().any(|word| name.contains(word))
}

/// Whether every word of a field's name (`planId`, `plan_id`, `plan-id`) is of what is chosen.
fn is_choice(name: &str) -> bool {
    let words = words_of_name(name);
    let chooses = |word: &String| is_one_of(word, &OF_CHOICES);
    words.iter().any(chooses) && words.iter().all(|word| chooses(word) || BESIDE_CHOICES.contains(&word.as_str()))
}

/// Whether a captured name is that of something which many have, so that nobody is found by it alone.
pub fn is_shared_name(name: &str) -> bool {
    is_choice(name) || is_credential(name) || words_of_name(name).iter().any(|word| is_one_of(word, &OF_MANY))
}

/// Whether a name says that it tells one thing from all others.
pub fn says_which(name: &str) -> bool {
    words_of_name(name).iter().any(|word| is_one_of(word, &OF_IDS))
}

/// Whether what stands under this name in an answer may be an id of whom the record is about: no date, year, amount or count, and
/// nobody else's.
pub fn may_be_id(name: &str) -> bool {
    let words = words_of_name(name);
    let is_of_ids = words.iter().any(|word| is_one_of(word, &OF_IDS) || is_one_of(word, &OF_OWNERS));
    let in_one = words.concat();
    let is_no_id = |word: &String| is_one_of(word, &OF_MEASURES) || is_one_of(word, &OF_OTHERS);
    !words.iter().any(is_no_id) && (is_of_ids || WRITTEN_IN_ONE.iter().any(|kind| in_one.contains(kind)))
}

/// Whether a name leads to somebody or something else than its record is about: `previousPolicy`, `duplicates`.
pub fn leads_to_others(name: &str) -> bool {
    words_of_name(name).iter().any(|word| is_one_of(word, &OF_OTHERS))
}

/// Whether every word of a name is one of these, or several of them.
pub fn is_made_of(name: &str, list: &[&str]) -> bool {
    let words = words_of_name(name);
    !words.is_empty() && words.iter().all(|word| is_one_of(word, list))
}

/// Whether one of a name's words is one of these, or several of them.
pub fn has_word_of(name: &str, list: &[&str]) -> bool {
    words_of_name(name).iter().any(|word| is_one_of(word, list))
}

/// The words of a name in small letters: of `planId`, `plan_id` and `plan-id` both.
pub fn words_of_name(name: &str) -> Vec<String> {
    let mut apart = String::new();
    for (at, letter) in name.char_indices() {
        let begins = at > 0 && letter.is_uppercase() && !name[..at].ends_with(|before: char| before.is_uppercase());
        apart.extend(begins.then_some(' '));
        apart.extend(letter.to_lowercase());
    }
    let words = apart.split(|c: char| !c.is_ascii_alphabetic()).filter(|word| !word.is_empty());
    words.map(str::to_owned).collect()
}

/// Whether a word is one of these, or several of them.
fn is_one_of(word: &str, list: &[&str]) -> bool {
    let single = word.strip_suffix('s').unwrap_or(word);
    list.iter().any(|one| *one == word || *one == single)
}

/// What stands around a template in a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place<'a> {
    /// In the address: path and what follows it.
    Address,
    /// In the header of this name.
    Header(&'a str),
    /// In the field of this name: of the query, a form or JSON.
    Field(&'a str),
    /// In a body of its own making.
    Text,
}

impl Place<'_> {
    /// Whether what was captured under this name may stand here although nothing proves whose it is: as a credential, not as a
    /// name of whom the request is about.
    pub fn takes_unproved(self, template: &Template, capture: &str) -> bool {
        match self {
            Self::Header(name) => {
                is_token_header(name) || is_proof(name) || is_token_field(name) || is_token_header(capture)
            }
            Self::Field(name) => is_token_field(name) || stands_after(&template.source, capture, is_token_field),
            Self::Address | Self::Text => stands_after(&template.source, capture, is_token_field),
        }
    }

    /// Whether what was captured under this name lets its bearer in where it stands here, so that it must not be kept.
    pub(super) fn bears_secret(self, template: &Template, capture: &str) -> bool {
        let bears = match self {
            Self::Header(name) => header_bears_secret(name),
            Self::Field(name) => bears_secret(name),
            Self::Address | Self::Text => false,
        };
        template.uses(capture) && (bears || stands_after(&template.source, capture, bears_secret))
    }
}

/// Whether the capture stands in a template's text after such names only: `csrf={{ csrf }}`, `"token": "{{ t }}"`,
/// `<nonce>{{ n }}</nonce>`.
fn stands_after(text: &str, capture: &str, such: impl Fn(&str) -> bool) -> bool {
    let says = |code: &str| code.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).any(|word| word == capture);
    let mut found = false;
    let mut rest = text;
    let mut before = String::new();
    while let Some(at) = rest.find("{{").into_iter().chain(rest.find("{%")).min() {
        let (plain, code) = rest.split_at(at);
        before.push_str(plain);
        let end = code.find("}}").into_iter().chain(code.find("%}")).min().map_or(code.len(), |end| end + 2);
        let (code, after) = code.split_at(end);
        if says(code) {
            if code.starts_with("{%") || !key_before(&before).is_some_and(&such) {
                return false;
            }
            found = true;
        }
        rest = after;
    }
    found
}

/// The name at the end of a text, before what parts it from its value.
pub(super) fn key_before(text: &str) -> Option<&str> {
    let text = text.trim_end_matches(|c: char| c == '"' || c == '\'' || c.is_whitespace());
    let text = text.strip_suffix(['=', ':', '>'])?;
    let text = text.trim_end_matches(|c: char| c == '"' || c == '\'' || c.is_whitespace());
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    let start =
        text.rfind(|c: char| !is_part(c)).map_or(0, |at| at + text[at..].chars().next().map_or(1, char::len_utf8));
    text.get(start..).filter(|key| !key.is_empty())
}

#[cfg(test)]
mod tests {
    use super::Place;
    use crate::target::Template;

    #[test]
    fn what_lets_its_bearer_in_is_known_by_its_place() {
        for (place, text, bears) in [
            (Place::Header("Authorization"), "Token {{ ref }}", true),
            (Place::Header("DPoP"), "{{ ref }}", true),
            (Place::Header("SSO"), "{{ ref }}", true),
            (Place::Header("X-Ticket"), "{{ ref }}", true),
            (Place::Header("X-Access"), "{{ ref }}", true),
            (Place::Header("X-Application"), "{{ ref }}", false),
            (Place::Header("DPoP"), "{{ other }}", false),
            (Place::Field("access_token"), "{{ ref }}", true),
            (Place::Field("sessionId"), "{{ ref }}", true),
            (Place::Field("sid"), "{{ ref }}", true),
            (Place::Field("csrf"), "{{ ref }}", false),
            (Place::Field("application"), "{{ ref }}", false),
            (Place::Field("envelope"), "session={{ ref }}", true),
            (Place::Address, "/apply?access_token={{ ref }}", true),
            (Place::Address, "/sessions/{{ ref }}", false),
            (Place::Text, "<accessJwt>{{ ref }}</accessJwt>", true),
            (Place::Text, "<case>{{ ref }}</case>", false),
        ] {
            let template = Template::compile(text).unwrap();
            assert_eq!(place.bears_secret(&template, "ref"), bears, "{place:?} {text}");
        }
    }

    #[test]
    fn a_credential_has_its_place_and_an_id_has_none() {
        for (place, text, takes) in [
            (Place::Address, "/cancel/{{ ref }}", false),
            (Place::Address, "/cancel?id={{ ref }}", false),
            (Place::Address, "/apply?_csrf={{ ref }}", true),
            (Place::Address, "/apply;jsessionid={{ ref }}?id={{ ref }}", false),
            (Place::Address, "/token/{{ ref }}", false),
            (Place::Address, "{{ ref }}", false),
            (Place::Text, "<nonce>{{ ref }}</nonce>", true),
            (Place::Text, "<case>{{ ref }}</case>", false),
            (Place::Text, "{\"csrf\": \"{{ ref }}\"}", true),
            (Place::Text, "{\"csrf\": \"{{ ref }}\", \"case\": {{ ref | tojson }}}", false),
            (Place::Text, "{% if ref %}1{% endif %}token={{ ref }}", false),
            (Place::Field("csrf_token"), "{{ ref }}", true),
            (Place::Field("__VIEWSTATE"), "{{ ref }}", true),
            (Place::Field("plan"), "{{ ref }}", true),
            (Place::Field("id"), "{{ ref }}", false),
            (Place::Field("planId"), "{{ ref }}", true),
            (Place::Field("selected_plans"), "{{ ref }}", true),
            (Place::Field("medicalPlanID"), "{{ ref }}", true),
            (Place::Field("rating-area"), "{{ ref }}", true),
            (Place::Field("planEnrollmentId"), "{{ ref }}", false),
            (Place::Field("enrolled_plan_id"), "{{ ref }}", false),
            (Place::Field("plan_member_id"), "{{ ref }}", false),
            (Place::Field("explanation"), "{{ ref }}", false),
            (Place::Field("name"), "{{ ref }}", false),
            (Place::Field("sid"), "{{ ref }}", false),
            (Place::Field("state"), "{{ ref }}", false),
            (Place::Field("version"), "{{ ref }}", false),
            (Place::Header("X-CSRF"), "{{ ref }}", true),
            (Place::Header("DPoP"), "{{ ref }}", true),
            (Place::Header("X-Ticket"), "{{ ref }}", false),
            (Place::Header("X-Application"), "{{ ref }}", false),
        ] {
            let template = Template::compile(text).unwrap();
            assert_eq!(place.takes_unproved(&template, "ref"), takes, "{place:?} {text}");
        }
    }
}
