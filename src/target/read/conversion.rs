//! Conversions that do nothing for their field, or never give a value of it.

use super::Builder;
use super::answer::convert;
use crate::model::{Field, Kind, Value};
use crate::source::{Entry, Node, nearest};
use crate::target::convert::{Convert, Unit};

impl Builder<'_> {
    /// Reports what a mapping's conversion keys cannot mean for this field (`None`: a name that is no field).
    pub(super) fn check_conversion(&mut self, node: &Node, field: Option<Field>) {
        let kind = field.map(Field::kind);
        let name = field.map_or_else(|| "a name that is no field".to_owned(), |field| format!("`{field}`"));
        if let (Some(entry), false) = (node.entry("date"), matches!(kind, None | Some(Kind::Date))) {
            self.report.error(entry.key_span, format!("`date` says how a date is read, and {name} is no date"));
        }
        if let (Some(entry), false) = (node.entry("unit"), kind == Some(Kind::Money)) {
            self.report.error(entry.key_span, format!("`unit` says how an amount is read, and {name} is no amount"));
        }
        let converted = convert(node);
        if let (Some(entry), true, Some(Kind::Money), Unit::Dollars) =
            (node.entry("digits"), converted.digits, kind, converted.unit)
        {
            let message = "digits alone make 250.58 dollars 25058 dollars: the point is dropped with the rest";
            self.report
                .error(entry.key_span, message)
                .help("leave `digits` out: `$` and `,` are understood without it");
        }
        if let Some(field) = field {
            for entry in node.get("map").map_or(&[][..], Node::entries) {
                self.check_word(entry, field, &converted);
            }
        }
    }

    /// What a word is mapped to must be a value of the field.
    fn check_word(&mut self, entry: &Entry, field: Field, converted: &Convert) {
        let Some(word) = entry.value.text() else { return };
        let plain = Convert { date: converted.date.clone(), unit: converted.unit, ..Convert::default() };
        let value = plain.apply(Some(field), word);
        let message = format!("`{}` is mapped to `{word}`, which is no value of `{field}`", entry.key);
        match (field.closed_list(), field.kind(), value) {
            (Some(words), _, value) => {
                let said = value.map(|value| value.to_string()).unwrap_or_default();
                if !words.contains(&said.as_str()) {
                    let near = nearest(word, words.iter().copied());
                    let listed: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
                    let error = self.report.error(entry.value.span, message);
                    error.label(format!("expected one of {}", listed.join(", "))).did_you_mean(near);
                }
            }
            (None, Kind::Date | Kind::Money, Some(Value::Text(_))) => {
                self.report.error(entry.value.span, message);
            }
            _ => {}
        }
    }

    /// Cents that stand apart are those of the whole dollars beside them, and of nothing else.
    pub(super) fn check_cents(&mut self, node: &Node, field: Option<Field>) {
        let Some(entry) = node.entry("cents") else { return };
        if field.map(Field::kind) != Some(Kind::Money) {
            let name = field.map_or_else(|| "a name that is no field".to_owned(), |field| format!("`{field}`"));
            self.report.error(entry.key_span, format!("`cents` is a part of an amount, and {name} is no amount"));
        }
        if !["path", "jsonpath", "xpath"].iter().any(|key| node.get(key).is_some()) {
            let message = "`cents` stands beside the place of the whole dollars, and there is none";
            self.report.error(entry.key_span, message).help("say `path` (of a capture: `jsonpath` or `xpath`)");
        }
        for key in ["unit", "regex", "split", "digits"] {
            self.misplaced(node, key, "does not go with `cents`: dollars and cents are whole numbers by themselves");
        }
    }

    /// Several texts joined are no amount, and a date only with something between its parts.
    pub(super) fn check_joined(&mut self, node: &Node, field: Field) {
        let several = node.entry("paths").filter(|entry| entry.value.items().len() > 1);
        let Some(several) = several else { return };
        let joined_by = node.text_of("join").unwrap_or(" ");
        match field.kind() {
            Kind::Money => {
                let message =
                    format!("`{field}` is an amount, and texts that are joined make another: 50 and 7 are not 50.7");
                self.report.error(several.key_span, message).help("name the one place that holds the whole amount");
            }
            Kind::Date if joined_by.is_empty() => {
                let message = format!("`{field}` is a date, and its parts run together: 2014, 1 and 12 are 2014112");
                self.report.error(several.key_span, message).help("write `join: \"-\"`, and `date: \"%Y-%m-%d\"`");
            }
            _ => {}
        }
    }
}
