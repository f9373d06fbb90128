//! Where to probe: target text to a checked [`Target`], and the templates and selectors in it. Pure; the caller reads
//! the file and the environment.

mod asked;
mod bounds;
mod condition;
mod context;
mod convert;
mod css;
mod deployment;
mod each;
mod element_path;
mod eligibility;
mod examples;
mod filters;
mod fingerprint;
mod flow;
mod hand_over;
mod household;
mod json_template;
mod json_text;
mod keys;
mod looks;
mod notices;
mod outline;
mod path;
mod people;
mod personal;
mod read;
mod reading;
mod secrets;
mod selector;
mod sftp;
mod template;
mod tokens;
mod trouble;
mod trust;
mod unproved;
mod waypoint;
mod xml;

// What reaches the network knows the nouns through what it is told of the target.
pub use crate::model::Evidence;
pub use condition::{Condition, Test};
pub use context::Context;
pub use convert::{Case, Convert, Unit, dollars_and_cents};
pub use css::Css;
pub use deployment::{Caps, ClientCertificate, Environment, OfferedPlan, Proxy, Target};
pub use each::{Each, Turn};
pub use eligibility::{AskBy, AskedDate, Dependents, Eligibility, EnvelopeKind, Login, Named, Payer};
pub use filters::FILTERS;
pub use fingerprint::{Fingerprint, Identity};
pub use flow::{
    Auth, Body, Capture, ClientAuth, Exchange, Expect, Flow, FlowStep, OAuth2, Per, RequestStep, Retry, StepKind, Until,
};
pub use hand_over::{Acknowledged, Broker, HandOver, Organization, OwnFact, TradingPartner};
pub use json_template::JsonTemplate;
pub use json_text::json_of;
pub(crate) use keys::{DURATION, ZONE};
pub use notices::{notices, without_address};
pub use outline::outline;
pub use path::{JsonPath, Standing};
pub use personal::{IDS, asks_for_a_person, is_id, is_mark, names_nobody};
pub(crate) use read::look_up;
pub use read::parse;
#[cfg(test)]
pub(crate) use read::sample_household;
#[cfg(test)]
pub(crate) use secrets::NoReferences;
pub use secrets::{References, Secrets};
pub use selector::{Answer, Selector, text_of};
pub use sftp::{HostKey, SftpAddress, SftpFolder};
pub use template::{Template, TemplateError};
pub use tokens::{
    Place, has_word_of, is_made_of, is_secret_field, is_shared_name, is_token_header, leads_to_others, may_be_id,
    says_which, words_of_name,
};
pub use trouble::{no_in, trouble_in};
pub use trust::{Given, Source, is_login_path};
pub use waypoint::{
    Absent, AckFolder, Asked, Dialect, Directory, EdiFolder, Endpoint, Feed, FieldMapping, JsonApi, Lookup, Next,
    NextBy, Poll, StatusMapping, Waypoint,
};
pub use xml::xml_of;

/// The keys that a target file has at its top.
pub fn keys() -> Vec<&'static str> {
    keys::TARGET.names()
}

/// The JSON Schema of a target file, for editors; the same description checks the files.
pub fn schema() -> serde_json::Value {
    keys::TARGET.document("johndoe target")
}
