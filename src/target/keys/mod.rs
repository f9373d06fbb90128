//! The keys of a target file: one description for the check and for the JSON Schema.

mod carries;
mod edi_folder;
mod effective_dates;
mod eligibility;
mod exchange;
mod forms;
mod hand_over;
mod json_api;
mod list;
mod sftp;
mod waypoint;

use crate::source::{Key, Shape, Words};
use forms::{BASE_URL, FILE, HOST, HOST_NAME, ISSUER, NAME, PLAN_ID, RATE};
pub(crate) use forms::{DURATION, ZONE};

/// A whole target file.
pub(super) static TARGET: Shape = Shape::Keys {
    name: "the target",
    keys: &[
        Key::required("target", &NAME, "Name of the target; `--confirm` asks for it in production."),
        Key::optional(
            "extends",
            &FILE,
            "Another target's file, beside this one: what this one does not say is as it says there, key by key.",
        ),
        Key::optional("environment", &ENVIRONMENT, "`test` (unless said) or `production`, which asks for --confirm."),
        Key::optional(
            "allow_payment",
            &Shape::Bool,
            "Whether premiums may be paid in production, for people who do not exist; `false` unless said.",
        ),
        Key::required("exchange", &exchange::EXCHANGE, "Where and how events are carried out."),
        Key::required("waypoints", &WAYPOINTS, "Places to look, in pipeline order."),
        Key::optional("windows", &WINDOWS, "Delivery windows by waypoint name."),
        Key::optional("issuers", &ISSUERS, "Issuers with the names and tax ids by which 834 files call them."),
        Key::optional("plans", &PLANS, "Plans on offer; left out where the flow itself chooses and captures one."),
        Key::optional(
            "places",
            &FILE,
            "A file of rating areas by county and ZIP code (`state,county,zip,rating_area`); without it areas are given where a source says \
             them, and are empty elsewhere.",
        ),
        Key::optional(
            "carries",
            &carries::CARRIES,
            "What of a household it can carry; everything, as it is, unless said.",
        ),
        Key::optional("limits", &LIMITS, "Caps that no scenario may exceed."),
        Key::optional("allow_hosts", &HOSTS, "Hosts that may be reached; those of the base addresses unless said."),
        Key::optional(
            "proxy",
            &PROXY,
            "The HTTP proxy through which hosts are reached; whom it reaches must be allowed by name. No proxy of the environment is used.",
        ),
        Key::optional("tls", &TLS, "Certificate authorities, and client certificates."),
    ],
};

static ENVIRONMENT: Shape = Shape::Words(Words { what: "environment", words: || vec!["test", "production"] });
static WAYPOINTS: Shape = Shape::List(&waypoint::WAYPOINT);

static WINDOWS: Shape = Shape::Map { key: &Shape::Text, value: &waypoint::WINDOW };

static ISSUERS: Shape = Shape::Map { key: &ISSUER, value: &ISSUER_FACTS };
static ISSUER_FACTS: Shape = Shape::Keys {
    name: "an issuer",
    keys: &[
        Key::optional("name", &Shape::Text, "The name by which 834 files call it (N102)."),
        Key::optional("tax_ids", &TEXTS, "Tax ids and other ids by which 834 files call it (N104)."),
    ],
};
static TEXTS: Shape = Shape::List(&Shape::Text);

static PLANS: Shape = Shape::List(&PLAN);
static PLAN: Shape = Shape::Keys {
    name: "a plan",
    keys: &[
        Key::required("plan_id", &PLAN_ID, "14 characters, or 16 with the cost-sharing variant."),
        Key::required("state", &STATE, "State it is offered in."),
        Key::optional("line", &LINE, "`medical` (unless said) or `dental`."),
    ],
};
static STATE: Shape = Shape::Words(Words { what: "state", words: || crate::model::STATES.to_vec() });
static LINE: Shape = Shape::Words(Words { what: "coverage line", words: || vec!["medical", "dental"] });

static LIMITS: Shape = Shape::Keys {
    name: "`limits`",
    keys: &[
        Key::optional("rate", &RATE, "Flows started a second, at most; 50/s unless said."),
        Key::optional("in_flight", &CAP, "Flows at once, at most; 1000 unless said."),
        Key::optional("probes", &PROBES, "Probes a run, at most; 100000 unless said."),
        Key::optional("look_ups", &CAP, "Look-ups at once at each waypoint, at most; 64 unless said."),
    ],
};
static CAP: Shape = Shape::Integer { min: 1, max: 100_000 };
static PROBES: Shape = Shape::Integer { min: 1, max: 10_000_000 };
static HOSTS: Shape = Shape::List(&HOST);
static TLS: Shape = Shape::Keys {
    name: "`tls`",
    keys: &[
        Key::optional("ca_file", &FILE, "Extra certificate authorities, a PEM file."),
        Key::optional(
            "clients",
            &CLIENTS,
            "Who we are to hosts that ask for a certificate, the exchange, waypoints and token servers among them.",
        ),
    ],
};
static CLIENTS: Shape = Shape::Map { key: &HOST_NAME, value: &CLIENT };
static CLIENT: Shape = Shape::Keys {
    name: "a client of `clients`",
    keys: &[
        Key::optional("certificate", &Shape::Text, "Certificates in PEM, our own first, best as `${file:PATH}`."),
        Key::optional("key", &Shape::Text, "Its private key in PEM and not locked, best as `${file:PATH}`."),
        Key::optional("pkcs12", &FILE, "In place of both: a file of PKCS#12 (`.p12`, `.pfx`)."),
        Key::optional("password", &Shape::Text, "pkcs12: what it is locked with, best as `${env:NAME}`."),
    ],
};

static PROXY: Shape = Shape::Keys {
    name: "`proxy`",
    keys: &[
        Key::required("url", &BASE_URL, "Its address, such as http://proxy.example:3128."),
        Key::optional("user", &Shape::Text, "User name of `Proxy-Authorization: Basic`."),
        Key::optional("password", &Shape::Text, "Its password, best as `${env:NAME}` or `${file:PATH}`."),
        Key::optional("except", &PLAIN_HOSTS, "Hosts that are reached without it."),
    ],
};
static PLAIN_HOSTS: Shape = Shape::List(&HOST_NAME);
