//! The keys of a folder of 834 files, and of one of their acknowledgements.

use super::carries::CARRIES_HERE;
use super::forms::{DURATION, ISSUER, NAME};
use super::sftp::{FOLDER, SFTP};
use crate::source::{Key, KeysOfKind, Shape};

pub(super) const EDI_FOLDER: KeysOfKind = KeysOfKind {
    word: "edi_folder",
    keys: &[
        Key::optional("path", &FOLDER, PATH),
        Key::optional("sftp", &SFTP, LOGIN),
        Key::optional("per_issuer", &PER_ISSUER, "Where each issuer's files lie."),
        Key::optional("names", &NAMES, NAMES_ABOUT),
        Key::optional("every", &DURATION, EVERY),
        Key::optional(
            "cancellations",
            &Shape::Bool,
            "Whether cancellations pass here too; true unless said. False where issuers confirm enrollments, which they do not take back.",
        ),
    ],
};

pub(super) const ACK: KeysOfKind = KeysOfKind {
    word: "ack",
    keys: &[
        Key::optional("path", &FOLDER, PATH),
        Key::optional("sftp", &SFTP, LOGIN),
        Key::optional("per_issuer", &PER_ISSUER, "Where each issuer's files lie."),
        Key::optional("names", &NAMES, NAMES_ABOUT),
        Key::optional("every", &DURATION, EVERY),
        Key::optional(
            "of",
            &NAME,
            "The `edi_folder` whose files are acknowledged; may be left out where there is one.",
        ),
    ],
};

const PATH: &str = "The folder, or `sftp://[user@]host[:port]/path`.";
const LOGIN: &str = "Who logs in to `sftp://`, and the server's host key.";
const NAMES_ABOUT: &str = "Names of files to read, with `*` and `?`.";
const EVERY: &str = "Pause between two readings of the folder; 1s unless said.";
static NAMES: Shape = Shape::List(&Shape::Text);

static PER_ISSUER: Shape = Shape::Map { key: &ISSUER, value: &ISSUER_FOLDER };
static ISSUER_FOLDER: Shape = Shape::Keys {
    name: "an issuer of `per_issuer`",
    keys: &[
        Key::optional("path", &FOLDER, "The folder of this issuer's files, or its `sftp://` address."),
        Key::optional("sftp", &SFTP, "Login and host key; the waypoint's unless said."),
        Key::optional("carries", &CARRIES_HERE, "What this issuer does not tell apart, in place of the waypoint's."),
    ],
};
