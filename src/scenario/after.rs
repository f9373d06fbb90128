//! `after` of a step: its keys, and what they come to.

use crate::model::{After, WaypointName};
use crate::source::{Fault, Key, Leaf, Node, Report, Shape, clock_time, duration};
use chrono::NaiveDateTime;

/// `after` of a step.
pub(super) static AFTER: Shape = Shape::Either(&[&TEXT, &PLACES]);

static TEXT: Shape = Shape::Leaf(Leaf {
    expected: "`settled`, `answered`, a duration such as 10m, a time of day such as 06:00, or a day and time such as 2026-12-15 06:00",
    pattern: None,
    fault: |s| Fault::unless(text(&s.text).is_some()),
});

static PLACES: Shape = Shape::Keys {
    name: "`after`",
    keys: &[
        Key::optional(
            "seen",
            &NAMES,
            "A waypoint, or several, at which the step before must have been seen, or given up.",
        ),
        Key::optional(
            "window",
            &Shape::Text,
            "The waypoint whose next delivery window must have passed, with its grace.",
        ),
    ],
};

static NAMES: Shape = Shape::Either(&[&Shape::Text, &LIST]);
static LIST: Shape = Shape::List(&Shape::Text);

/// What a step's `after` says.
pub(super) fn after(node: &Node, report: &mut Report) -> After {
    if !node.is_map() {
        return node.text().and_then(text).unwrap_or_default();
    }
    let (seen, window) = (node.get("seen"), node.get("window"));
    if node.entries().is_empty() || seen.is_some() && window.is_some() {
        report
            .error(node.span, "a step waits for one thing: `seen`, or `window`")
            .help("with `seen`, also of several waypoints; leave `after` out to wait for all of them");
    }
    let name = |node: &Node| node.text().map(WaypointName::new);
    match (seen, window.and_then(name)) {
        (None, Some(window)) => After::Window(window),
        (seen, _) => After::Seen(seen.map_or(&[][..], Node::items_or_self).iter().filter_map(name).collect()),
    }
}

fn text(text: &str) -> Option<After> {
    let text = text.trim();
    match text {
        "settled" => return Some(After::Settled),
        "answered" => return Some(After::Answered),
        _ => {}
    }
    let moment = || NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").ok().map(After::Moment);
    duration(text).map(After::Pause).or_else(|| clock_time(text).map(After::ClockTime)).or_else(moment)
}
