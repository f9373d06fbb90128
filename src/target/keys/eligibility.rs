//! The keys of an eligibility service.

use super::carries::CARRIES_HERE;
use super::exchange::AUTH;
use super::forms::{BASE_URL, DURATION, ISSUER, PLAN_ID};
use super::json_api::POLL;
use crate::source::{Fault, Key, KeysOfKind, Leaf, Shape, Words};

pub(super) const ELIGIBILITY: KeysOfKind = KeysOfKind {
    word: "eligibility",
    keys: &[
        Key::optional("base_url", &BASE_URL, "Address of the service, where one answers for all issuers."),
        Key::optional("per_issuer", &PER_ISSUER, "Where each issuer's payer is asked."),
        Key::optional("auth", &AUTH, "Credentials of the observer in HTTP itself."),
        Key::optional("login", &LOGIN, "User name and password in the envelope."),
        Key::optional("envelope", &ENVELOPE, "`soap` (unless said) or `mime`."),
        Key::optional("payer", &PAYER, "Who is asked (NM1*PR)."),
        Key::required("provider", &PROVIDER, "Who asks (NM1*1P): `{npi: \"…\", name: …}`."),
        Key::optional("sender_id", &PARTNER_ID, "SenderID of the envelope, ISA06 and GS02."),
        Key::optional("receiver_id", &PARTNER_ID, "ReceiverID of the envelope, ISA08 and GS03."),
        Key::optional("trace_company", &TRACE_COMPANY, "TRN03, who numbers the questions."),
        Key::optional(
            "ask_by",
            &ASK_BY,
            "`member_id` (unless said: the issuer's own, where it was captured or an earlier waypoint showed it, else by name) or `name` (and birth date).",
        ),
        Key::optional(
            "dependents",
            &DEPENDENTS,
            "Asked for `as_themselves` (unless said), or `under_subscriber` (HL03 23) while their own id is not known.",
        ),
        Key::optional("date", &DATE, "The day asked for, `begin` of coverage (unless said) or `today`."),
        Key::required(
            "before_payment",
            &BEFORE_PAYMENT,
            "What the payer answers before the first premium is paid: `active`, or `inactive` (also: not found), which makes nobody missing who has not paid.",
        ),
        Key::optional("plan_names", &PLAN_NAMES, "Plan ids by the names that answers show (EB05)."),
        Key::optional("poll", &POLL, "When to look."),
        Key::optional(
            "request_within",
            &DURATION,
            "One question may take this long; 1m unless said, as CAQH CORE wants.",
        ),
    ],
};

static PER_ISSUER: Shape = Shape::Map { key: &ISSUER, value: &ISSUER_PAYER };
static ISSUER_PAYER: Shape = Shape::Keys {
    name: "an issuer of `per_issuer`",
    keys: &[
        Key::optional("base_url", &BASE_URL, "Address of the service."),
        Key::optional("auth", &AUTH, "Credentials; the waypoint's unless said, as all below."),
        Key::optional("login", &LOGIN, "User name and password in the envelope."),
        Key::optional("envelope", &ENVELOPE, "`soap` or `mime`."),
        Key::optional("payer", &PAYER, "Who is asked."),
        Key::optional("sender_id", &PARTNER_ID, "SenderID, ISA06 and GS02."),
        Key::optional("receiver_id", &PARTNER_ID, "ReceiverID, ISA08 and GS03."),
        Key::optional("carries", &CARRIES_HERE, "What this issuer does not tell apart, in place of the waypoint's."),
    ],
};

static LOGIN: Shape = Shape::Keys {
    name: "`login`",
    keys: &[
        Key::required("user", &Shape::Text, "User name in the envelope."),
        Key::required("password", &Shape::Text, "Password in the envelope, best as `${env:NAME}` or `${file:PATH}`."),
    ],
};
static ENVELOPE: Shape = Shape::Words(Words { what: "envelope", words: || vec!["soap", "mime"] });
static PAYER: Shape = Shape::Keys {
    name: "`payer`",
    keys: &[
        Key::required("id", &Shape::Text, "The payer's id (NM109 with PI)."),
        Key::optional("name", &Shape::Text, "The payer's name (NM103)."),
    ],
};
static PROVIDER: Shape = Shape::Keys {
    name: "`provider`",
    keys: &[
        Key::required("npi", &NPI, "National provider identifier (NM109 with XX)."),
        Key::required("name", &Shape::Text, "The provider's name (NM103)."),
    ],
};
static NPI: Shape = Shape::Leaf(Leaf {
    expected: "an NPI of ten digits, in quotes",
    pattern: Some("\\d{10}"),
    fault: |s| Fault::unless(s.text.len() == 10 && s.text.bytes().all(|b| b.is_ascii_digit())),
});
pub(super) static PARTNER_ID: Shape = Shape::Leaf(Leaf {
    expected: "an id of at most 15 characters",
    pattern: Some("[ -~]{1,15}"),
    fault: |s| Fault::unless((1..=15).contains(&s.text.len()) && s.text.bytes().all(|b| matches!(b, b' '..=b'~'))),
});
static TRACE_COMPANY: Shape = Shape::Leaf(Leaf {
    expected: "ten characters, `9` and an id of your own or `1` and a tax id",
    pattern: Some("[139][ -~]{9}"),
    fault: |s| {
        let begins = s.text.starts_with(['1', '3', '9']);
        Fault::unless(begins && s.text.len() == 10 && s.text.bytes().all(|b| matches!(b, b' '..=b'~')))
    },
});
static ASK_BY: Shape = Shape::Words(Words { what: "`ask_by`", words: || vec!["member_id", "name"] });
static DEPENDENTS: Shape =
    Shape::Words(Words { what: "`dependents`", words: || vec!["as_themselves", "under_subscriber"] });
static DATE: Shape = Shape::Words(Words { what: "`date`", words: || vec!["begin", "today"] });
static BEFORE_PAYMENT: Shape = Shape::Words(Words { what: "`before_payment`", words: || vec!["active", "inactive"] });
static PLAN_NAMES: Shape = Shape::Map { key: &Shape::Text, value: &PLAN_ID };
