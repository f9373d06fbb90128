//! The keys of a step that hands over an 834.

use super::eligibility::PARTNER_ID;
use super::forms::{DURATION, TEMPLATE};
use super::sftp::{FOLDER, SFTP};
use crate::source::{Fault, Key, Leaf, Shape, Words};
use crate::target::hand_over::HandOver;

pub(super) static HAND_OVER: Shape = Shape::Keys {
    name: "`edi`",
    keys: &[
        Key::required("path", &FOLDER, "The folder it is put into, or `sftp://[user@]host[:port]/path`."),
        Key::optional("sftp", &SFTP, "Who logs in to `sftp://`, and the server's host key."),
        Key::optional("file", &TEMPLATE, "Its name; `834_{{ control_number }}.edi` unless said."),
        Key::required(
            "sender",
            &PARTNER,
            "Who sends it. Its control numbers are the ledger's own: they begin at random and are not given twice, so that several ledgers may send for one.",
        ),
        Key::required("receiver", &PARTNER, "For whom it is."),
        Key::optional("sponsor", &ORGANIZATION, "Who sponsors the coverage (N1*P5); the subscriber unless said."),
        Key::optional("payer", &ORGANIZATION, "Whose plans they are (N1*IN); as `issuers` says unless said."),
        Key::optional("broker", &BROKER, "Who helped (N1*BO); nobody unless said."),
        Key::optional("as", &USAGE, "What the file says it is (ISA15); as `environment` says unless said."),
        Key::optional(
            "facts",
            &FACTS,
            "What the sender itself decides, by field, and expects downstream: ids, premiums. `control_number`, `line` and `member` are known.",
        ),
        Key::optional(
            "acknowledged",
            &ACKNOWLEDGED,
            "Where its acknowledgements come; without it the step is done once the file is in place.",
        ),
    ],
};

static PARTNER: Shape = Shape::Keys {
    name: "a trading partner",
    keys: &[
        Key::required("id", &PARTNER_ID, "The id on the interchange (ISA06, ISA08)."),
        Key::optional("qualifier", &QUALIFIER, "What kind of id it is (ISA05, ISA07); ZZ unless said."),
        Key::optional("group", &PARTNER_ID, "The id on the functional group (GS02, GS03); `id` unless said."),
    ],
};
static QUALIFIER: Shape = Shape::Leaf(Leaf {
    expected: "two characters such as ZZ, or \"30\" for a tax id",
    pattern: Some("[0-9A-Z]{2}"),
    fault: |s| {
        let allowed = |b: u8| b.is_ascii_digit() || b.is_ascii_uppercase();
        Fault::unless(s.text.len() == 2 && s.text.bytes().all(allowed))
    },
});
static ORGANIZATION: Shape = Shape::Keys {
    name: "an organization",
    keys: &[
        Key::required("name", &Shape::Text, "Its name (N102)."),
        Key::required("tax_id", &TAX_ID, "Its tax id (N104 with FI)."),
    ],
};
static TAX_ID: Shape = Shape::Leaf(Leaf {
    expected: "a tax id of nine digits, in quotes",
    pattern: Some("[0-9]{9}"),
    fault: |s| Fault::unless(s.text.len() == 9 && s.text.bytes().all(|b| b.is_ascii_digit())),
});
static BROKER: Shape = Shape::Keys {
    name: "a broker",
    keys: &[
        Key::required("name", &Shape::Text, "Their name (N102)."),
        Key::required("npn", &Shape::Text, "Their National Producer Number (N104)."),
    ],
};
static USAGE: Shape = Shape::Words(Words { what: "`as`", words: || vec!["test", "production"] });
static FACTS: Shape = Shape::Map { key: &OWN_FIELD, value: &TEMPLATE };
static OWN_FIELD: Shape = Shape::Words(Words { what: "fact of a sender's own", words: own_words });

/// The fields a sender decides, by their dotted and their short names.
fn own_words() -> Vec<&'static str> {
    let names = HandOver::OWN.iter().map(|field| field.name());
    names.flat_map(|name| [name, name.split_once('.').map_or(name, |(_, short)| short)]).collect()
}

static ACKNOWLEDGED: Shape = Shape::Keys {
    name: "`acknowledged`",
    keys: &[
        Key::required("path", &FOLDER, "The folder of TA1 and 999 files, or its `sftp://` address."),
        Key::optional("sftp", &SFTP, "Login and host key; the step's unless said."),
        Key::optional("within", &DURATION, "So long after the file is in place; 5m unless said."),
        Key::optional("every", &DURATION, "Pause between two readings of the folder; 1s unless said."),
    ],
};
