//! What is taken from an answer: selectors, conditions, captures, conversions.

use super::{Builder, flag, words};
use crate::model::Field;
use crate::source::{Entry, Node};
use crate::target::condition::{Condition, Test};
use crate::target::convert::{Case, Convert, Unit};
use crate::target::css::Css;
use crate::target::each::Each;
use crate::target::flow::{Capture, Per};
use crate::target::path::JsonPath;
use crate::target::selector::Selector;
use crate::target::template::Mode;
use regex::Regex;

/// What a condition looks at.
const PLACES: [&str; 7] = ["jsonpath", "xpath", "css", "header", "cookie", "regex", "url"];

impl Builder<'_> {
    /// The condition that stands in a mapping, perhaps among other keys; its absence is an error where it is `needed`.
    pub(super) fn condition(&mut self, node: &Node, needed: bool) -> Option<Condition> {
        let given: Vec<&Entry> = PLACES.iter().filter_map(|k| node.entry(k)).collect();
        let tests: Vec<&Entry> =
            ["exists", "equals", "one_of", "matches"].iter().filter_map(|k| node.entry(k)).collect();
        if let Some(second) = given.get(1).or_else(|| tests.get(1)) {
            let help = "several conditions go under `all` of `expect`, one mapping each";
            self.report.error(second.key_span, format!("`{}` makes a second condition", second.key)).help(help);
        }
        let Some(first) = given.first() else {
            if (needed || !tests.is_empty()) && node.is_map() {
                let expected = "expected one of `jsonpath`, `xpath`, `css`, `header`, `cookie`, `regex`, `url`";
                self.report.error(node.span, format!("the condition does not say what is looked at, {expected}"));
            }
            return None;
        };
        let select = self.selector(node, first)?;
        let test = tests.first().map_or(Some(Test::Exists), |entry| self.test(entry))?;
        Some(Condition { select, test })
    }

    fn selector(&mut self, node: &Node, entry: &Entry) -> Option<Selector> {
        let text = entry.value.text()?;
        if entry.key != "css" {
            self.misplaced(node, "attribute", "is one of an element that `css` finds, and there is no `css`");
        }
        Some(match entry.key.as_str() {
            "jsonpath" | "xpath" => return json_path_selector(&entry.value),
            "css" => Selector::Css(Css::parse(text, node.text_of("attribute")).ok()?),
            "header" => Selector::Header(text.to_owned()),
            "cookie" => Selector::Cookie(text.to_owned()),
            "regex" => Selector::Regex(Regex::new(text).ok()?),
            "url" => Selector::Url,
            _ => Selector::Status,
        })
    }

    fn test(&mut self, entry: &Entry) -> Option<Test> {
        Some(match entry.key.as_str() {
            "exists" if entry.value.text() == Some("false") => Test::Absent,
            "exists" => Test::Exists,
            "equals" => Test::Equals(self.template(&entry.value, Mode::Text)),
            "one_of" => Test::OneOf(words(Some(&entry.value))),
            _ => Test::Matches(Regex::new(entry.value.text()?).ok()?),
        })
    }

    /// What a step takes from its answer; of a step that is carried out for each it speaks of the one whose turn it is.
    pub(super) fn captures(&mut self, node: Option<&Node>, each: Option<Each>) -> Vec<Capture> {
        let entries = node.map_or(&[][..], Node::entries);
        entries.iter().filter_map(|entry| self.capture(entry, each)).collect()
    }

    /// For whom a capture speaks.
    fn per(&mut self, node: &Node, each: Option<Each>) -> Per {
        let said = match node.text_of("per") {
            Some("member") => Some(Per::Member),
            Some("group") => Some(Per::Group),
            _ => None,
        };
        let of_turn = each.map(|each| if each == Each::Members { Per::Member } else { Per::Group });
        if let (Some(entry), true) = (node.entry("per"), of_turn.is_some() && said != of_turn) {
            let message = "each answer of this step tells of the one whose turn it is, as `for_each` says";
            self.report.error(entry.key_span, message).help("leave `per` out");
        }
        of_turn.or(said).unwrap_or(Per::Flow)
    }

    fn capture(&mut self, entry: &Entry, each: Option<Each>) -> Option<Capture> {
        let node = &entry.value;
        let per = self.per(node, each);
        let field = captured_field(&entry.key, per);
        self.check_per(entry, field, per);
        let select = if node.is_map() { self.capture_selector(entry)? } else { json_path_selector(node)? };
        let select = self.by_key(node, select);
        self.check_conversion(node, field);
        self.check_cents(node, field);
        let cents = node.text_of("cents").and_then(|path| JsonPath::parse(path).ok());
        let mut conversion = convert(node);
        if matches!(select, Selector::Regex(_)) {
            conversion.extract = None;
        }
        let required = flag(node, "required").unwrap_or(true);
        let is_cookie = matches!(&select, Selector::Cookie(_))
            || matches!(&select, Selector::Header(name) if name.eq_ignore_ascii_case("set-cookie"));
        let secret = flag(node, "secret").unwrap_or(is_cookie && field.is_none());
        if secret && let Some(field) = field {
            let message =
                format!("`{field}` is a field of the record, which is written down and judged; it cannot be `secret`");
            self.report.error(entry.key_span, message).help("capture a credential under a name that is no field");
        }
        Some(Capture { name: entry.key.clone(), field, select, cents, per, convert: conversion, required, secret })
    }

    /// The name under which something stands, in place of what stands there.
    fn by_key(&mut self, node: &Node, select: Selector) -> Selector {
        match (flag(node, "key"), select) {
            (Some(true), Selector::JsonPath(path)) if !path.is_of_elements() => Selector::Key(path),
            (Some(true), other) => {
                self.misplaced(
                    node,
                    "key",
                    "takes the name under which a JSONPath finds something, and there is no `jsonpath`",
                );
                other
            }
            (_, select) => select,
        }
    }

    fn check_per(&mut self, entry: &Entry, field: Option<Field>, per: Per) {
        match (field, per) {
            (Some(field), Per::Member) if field.is_group() => {
                let message = format!("`{field}` is said once per group, not per member");
                let help =
                    "use `per: group`, or leave `per` out; a step `for_each: members` tells of one member at a time";
                self.report.error(entry.key_span, message).help(help);
            }
            (Some(field), Per::Flow | Per::Group) if !field.is_group() => {
                let message = format!("`{field}` is said once per member");
                let help = "add `per: member`, or capture it in a step `for_each: members`";
                self.report.error(entry.key_span, message).help(help);
            }
            _ => {}
        }
    }

    fn capture_selector(&mut self, entry: &Entry) -> Option<Selector> {
        let node = &entry.value;
        let given: Vec<&Entry> = ["jsonpath", "xpath", "css", "header", "cookie", "url", "status"]
            .iter()
            .filter_map(|k| node.entry(k))
            .collect();
        if let Some(second) = given.get(1) {
            self.report.error(second.key_span, format!("`{}` makes a second place, expected one", second.key));
        }
        let place = given.first().copied().or_else(|| node.entry("regex"));
        if place.is_none() {
            let expected = "expected one of `jsonpath`, `xpath`, `css`, `header`, `cookie`, `regex`, `url`, `status`";
            self.report.error(entry.key_span, format!("`{}` does not say where it is, {expected}", entry.key));
        }
        self.selector(node, place?)
    }
}

/// The conversion keys of a mapping.
pub(super) fn convert(node: &Node) -> Convert {
    let map = node.get("map").map_or(&[][..], Node::entries).iter();
    Convert {
        none: words(node.get("none")),
        extract: node.text_of("regex").and_then(|r| Regex::new(r).ok()),
        digits: flag(node, "digits").unwrap_or(false),
        case: match node.text_of("case") {
            Some("upper") => Some(Case::Upper),
            Some("lower") => Some(Case::Lower),
            _ => None,
        },
        map: map.filter_map(|e| Some((e.key.clone(), e.value.text()?.to_owned()))).collect(),
        date: node.text_of("date").map(str::to_owned),
        unit: if node.text_of("unit") == Some("cents") { Unit::Cents } else { Unit::Dollars },
    }
}

/// The field of a capture's name. Short names that are everyday words of a web page (`status`, `state`, `email`) mean
/// the record's field only per member, or spelled out: `group.policy_status`.
fn captured_field(name: &str, per: Per) -> Option<Field> {
    let field = Field::parse(name)?;
    let spelled_out = field.name() == name;
    let short_group_name = field.is_group() && field.name().strip_prefix("group.") == Some(name);
    (spelled_out || short_group_name || (per == Per::Member && !field.is_group())).then_some(field)
}

fn json_path_selector(node: &Node) -> Option<Selector> {
    Some(Selector::JsonPath(Box::new(JsonPath::parse(node.text()?).ok()?)))
}

/// Status codes of a number or a list.
pub(super) fn statuses(node: Option<&Node>) -> Vec<u16> {
    node.map_or(&[][..], Node::items_or_self).iter().filter_map(|n| n.text()?.parse().ok()).collect()
}

/// Stands where a condition could not be read; the error is reported.
pub(super) fn never() -> Condition {
    Condition { select: Selector::Status, test: Test::Absent }
}
