//! The keys of an API that tells everybody of the day, and is read once for all.

use super::carries::CARRIES_HERE;
use super::exchange::{AUTH, TEMPLATES};
use super::forms::{ADDRESS, BASE_URL, DURATION, ISSUER, PLACE, TEMPLATE};
use super::json_api::{ABSENT, ABSENT_ABOUT, FIELDS, MEMBERS, NEXT, RECORDS, STATUS};
use crate::source::{Key, KeysOfKind, Shape};

pub(super) const LIST: KeysOfKind = KeysOfKind {
    word: "list",
    keys: &[
        Key::optional("base_url", &BASE_URL, "Prefix of every path, where one list has the people of all issuers."),
        Key::optional("per_issuer", &PER_ISSUER, "Where each issuer's list is."),
        Key::optional("auth", &AUTH, "Credentials of the observer in HTTP itself."),
        Key::optional("headers", &TEMPLATES, "Headers of every request."),
        Key::optional(
            "lookup",
            &LOOKUP,
            "The request that brings the list; `today`, `yesterday` and `run.id` are known in it.",
        ),
        Key::optional("records", &PLACE, RECORDS),
        Key::optional("members", &PLACE, MEMBERS),
        Key::optional("fields", &FIELDS, "Where each field stands."),
        Key::optional("status", &STATUS, "Where the status stands, and what its words mean."),
        Key::optional("absent", &ABSENT, ABSENT_ABOUT),
        Key::optional(
            "every",
            &DURATION,
            "Pause between two readings of the list, all its pages together; 30s unless said.",
        ),
        Key::optional("request_within", &DURATION, "One request may take this long; 30s unless said."),
    ],
};

static PER_ISSUER: Shape = Shape::Map { key: &ISSUER, value: &ISSUER_LIST };
static ISSUER_LIST: Shape = Shape::Keys {
    name: "an issuer of `per_issuer`",
    keys: &[
        Key::optional("base_url", &BASE_URL, "Prefix of every path."),
        Key::optional("auth", &AUTH, "Credentials; the waypoint's unless said, as all below."),
        Key::optional("headers", &TEMPLATES, "Headers."),
        Key::optional("lookup", &LOOKUP, "The request that brings this issuer's list."),
        Key::optional("records", &PLACE, "The records in this issuer's list."),
        Key::optional(
            "members",
            &PLACE,
            "The members within a record; with `records` and without this, each record is one member.",
        ),
        Key::optional("fields", &FIELDS, "Where each field stands in this issuer's list."),
        Key::optional("status", &STATUS, "This issuer's status words."),
        Key::optional("absent", &ABSENT, "How this issuer says that the list is empty."),
        Key::optional("carries", &CARRIES_HERE, "What this issuer does not tell apart, in place of the waypoint's."),
    ],
};

static LOOKUP: Shape = Shape::Keys {
    name: "the list's `lookup`",
    keys: &[
        Key::optional("get", &ADDRESS, "Path of a GET request."),
        Key::optional("post", &ADDRESS, "Path of a POST request."),
        Key::optional("json", &Shape::Any, "JSON body whose texts are templates."),
        Key::optional("form", &TEMPLATES, "Form body."),
        Key::optional("body", &TEMPLATE, "Body as rendered."),
        Key::optional("content_type", &Shape::Text, "Content type of `body`; application/json unless said."),
        Key::optional("next", &NEXT, "The list has several pages, and this says where the next one is."),
    ],
};
