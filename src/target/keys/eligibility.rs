//! The keys that only an eligibility service has.

use super::forms::PLAN_ID;
use crate::source::{Fault, Key, Leaf, Shape, Words};

pub(super) static LOGIN: Shape = Shape::Keys {
    name: "`login`",
    keys: &[
        Key::required("user", &Shape::Text, "User name in the envelope."),
        Key::required("password", &Shape::Text, "Password in the envelope, best as `${env:NAME}` or `${file:PATH}`."),
    ],
};
pub(super) static ENVELOPE: Shape = Shape::Words(Words { what: "envelope", words: || vec!["soap", "mime"] });
pub(super) static PAYER: Shape = Shape::Keys {
    name: "`payer`",
    keys: &[
        Key::required("id", &Shape::Text, "The payer's id (NM109 with PI)."),
        Key::optional("name", &Shape::Text, "The payer's name (NM103)."),
    ],
};
pub(super) static PROVIDER: Shape = Shape::Keys {
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
pub(super) static TRACE_COMPANY: Shape = Shape::Leaf(Leaf {
    expected: "ten characters, `9` and an id of your own or `1` and a tax id",
    pattern: Some("[139][ -~]{9}"),
    fault: |s| {
        let begins = s.text.starts_with(['1', '3', '9']);
        Fault::unless(begins && s.text.len() == 10 && s.text.bytes().all(|b| matches!(b, b' '..=b'~')))
    },
});
pub(super) static ASK_BY: Shape = Shape::Words(Words { what: "`ask_by`", words: || vec!["member_id", "name"] });
pub(super) static DEPENDENTS: Shape =
    Shape::Words(Words { what: "`dependents`", words: || vec!["as_themselves", "under_subscriber"] });
pub(super) static DATE: Shape = Shape::Words(Words { what: "`date`", words: || vec!["begin", "today"] });
pub(super) static BEFORE_PAYMENT: Shape =
    Shape::Words(Words { what: "`before_payment`", words: || vec!["active", "inactive"] });
pub(super) static PLAN_NAMES: Shape = Shape::Map { key: &Shape::Text, value: &PLAN_ID };
