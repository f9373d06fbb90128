//! The keys of a waypoint: those of every feed, and beside them those of its own.

use super::carries::CARRIES_HERE;
use super::edi_folder::{ACK, EDI_FOLDER};
use super::eligibility::ELIGIBILITY;
use super::forms::{CLOCK_TIME, DURATION, LIMIT, NAME};
use super::json_api::JSON_API;
use super::list::LIST;
use crate::source::{Key, KeysOfKind, Shape, Words};

pub(super) static WAYPOINT: Shape = Shape::Kinds {
    name: "a waypoint",
    tag: "feed",
    what: "feed",
    common: &[
        Key::required("name", &NAME, "Its name, in reports and in a scenario's limits."),
        Key::required("feed", &FEED, "How it is read."),
        Key::optional("within", &LIMIT, "When an enrollment must be seen, where the scenario gives no limit."),
        Key::optional("windows", &WINDOW, "Its delivery windows."),
        Key::optional("absent_aptc_is_zero", &Shape::Bool, "Whether no APTC and an APTC of zero are the same here."),
        Key::optional("carries", &CARRIES_HERE, "What is not told apart here, beside the target's own `carries`."),
    ],
    kinds: FEEDS,
};

/// Every feed, as a file names it; one file each.
static FEEDS: &[KeysOfKind] = &[JSON_API, LIST, EDI_FOLDER, ACK, ELIGIBILITY];
static FEED: Shape = Shape::Words(Words { what: "feed", words: || FEEDS.iter().map(|feed| feed.word).collect() });

pub(super) static WINDOW: Shape = Shape::Either(&[&TIMES, &WINDOW_KEYS]);
static TIMES: Shape = Shape::List(&CLOCK_TIME);
static WINDOW_KEYS: Shape = Shape::Keys {
    name: "`windows`",
    keys: &[
        Key::optional("at", &TIMES, "Times of day in the exchange's zone."),
        Key::optional("every", &DURATION, "Distance of two windows, counted from 1970."),
        Key::optional(
            "grace",
            &DURATION,
            "Allowed after a window for the batch to be written and read; 15m unless said (2s with `every`).",
        ),
    ],
};
