//! `set`: names for expressions. A name is short for its expression and nothing else, so that whatever is said of a template's places
//! (whether it asks for a person, by what it is proved) holds of what a name is made of.

use super::super::template::Mode;
use super::Builder;
use crate::source::{Entry, Kind, Node, Scalar};

/// Longer expressions are refused: names may stand for names.
const LONGEST: usize = 4_000;

impl Builder<'_> {
    /// The step with every name of `set` written out, its own and those of the steps before it.
    pub(super) fn with_names_written_out(&mut self, step: &Node) -> Node {
        for entry in step.get("set").map_or(&[][..], Node::entries) {
            self.set(entry);
        }
        let mut step = step.clone();
        if let Kind::Map(entries) = &mut step.kind {
            for entry in entries.iter_mut().filter(|entry| entry.key != "set") {
                let is_expression = entry.key == "when";
                self.write_out(&mut entry.value, is_expression);
            }
        }
        step
    }

    fn set(&mut self, entry: &Entry) {
        let Some(scalar) = entry.value.scalar() else { return };
        if self.scope.is_taken(&entry.key) || self.names_set.iter().any(|(name, _)| *name == entry.key) {
            let message = format!("`{}` has a value already, and would have two", entry.key);
            self.report.error(entry.key_span, message).help("call it something else");
            return;
        }
        let mut value = entry.value.clone();
        self.write_out(&mut value, true);
        let expression = value.text().unwrap_or(&scalar.written).to_owned();
        if expression.len() > LONGEST {
            let message = format!("`{}` stands for an expression of more than {LONGEST} characters", entry.key);
            self.report.error(entry.key_span, message).help("let it be made of fewer names");
            return;
        }
        self.template(&value, Mode::Condition);
        self.names_set.push((entry.key.clone(), format!("({expression})")));
    }

    fn write_out(&self, node: &mut Node, is_expression: bool) {
        if self.names_set.is_empty() {
            return;
        }
        match &mut node.kind {
            Kind::Scalar(scalar) => written_out(scalar, &self.names_set, is_expression),
            Kind::List(items) => items.iter_mut().for_each(|item| self.write_out(item, false)),
            Kind::Map(entries) => entries.iter_mut().for_each(|entry| self.write_out(&mut entry.value, false)),
            Kind::Null | Kind::Broken => {}
        }
    }
}

/// Puts expressions in place of names, within `{{ … }}` and `{% … %}`, or everywhere in an expression; references keep their places.
fn written_out(scalar: &mut Scalar, names: &[(String, String)], is_expression: bool) {
    let whole = scalar.written.clone();
    if !is_expression && !whole.contains("{{") && !whole.contains("{%") {
        return;
    }
    let mut written = String::new();
    let mut rest = whole.as_str();
    while !rest.is_empty() {
        let begin = if is_expression { Some(0) } else { rest.find("{{").into_iter().chain(rest.find("{%")).min() };
        let Some(begin) = begin else { break };
        let code = rest.get(begin..).unwrap_or_default();
        let end = code.find("}}").into_iter().chain(code.find("%}")).min().filter(|_| !is_expression);
        let end = end.map_or(rest.len(), |end| begin + end);
        written.push_str(rest.get(..begin).unwrap_or_default());
        written.push_str(&in_code(rest.get(begin..end).unwrap_or_default(), names));
        rest = rest.get(end..).unwrap_or_default();
        if let Some(plain) = rest.get(..2).filter(|_| !is_expression) {
            written.push_str(plain);
            rest = rest.get(2..).unwrap_or_default();
        }
    }
    written.push_str(rest);
    if written == whole {
        return;
    }
    // a reference stands in no code, and so is found again as it was
    let mut from = 0;
    for filled in &mut scalar.filled {
        let reference = whole.get(filled.range.clone()).unwrap_or_default();
        if let Some(at) = written.get(from..).and_then(|rest| rest.find(reference)) {
            filled.range = from + at..from + at + reference.len();
            from = filled.range.end;
        }
    }
    if scalar.filled.is_empty() {
        scalar.text.clone_from(&written);
    }
    scalar.written = written;
}

/// Code with expressions in place of the names that stand for them: no texts, attributes, filters' arguments by name.
fn in_code(code: &str, names: &[(String, String)]) -> String {
    let mut made = String::new();
    let mut quote = None;
    let mut rest = code;
    while let Some(c) = rest.chars().next() {
        let is_word = c.is_ascii_alphabetic() || c == '_';
        let is_after =
            |made: &str| made.trim_end().ends_with(['.', '|']) || made.ends_with(|c: char| c.is_ascii_alphanumeric());
        if quote.is_none() && is_word && !is_after(&made) {
            let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(rest.len());
            let (word, after) = rest.split_at(end);
            let names_an_argument = after.trim_start().starts_with('=') && !after.trim_start().starts_with("==");
            let meant = names.iter().find(|(name, _)| name == word && !names_an_argument);
            made.push_str(meant.map_or(word, |(_, expression)| expression));
            rest = after;
            continue;
        }
        quote = match quote {
            Some(open) => Some(open).filter(|open| *open != c),
            None => Some(c).filter(|c| matches!(c, '\'' | '"')),
        };
        made.push(c);
        rest = rest.get(c.len_utf8()..).unwrap_or_default();
    }
    made
}

#[cfg(test)]
mod tests {
    use super::written_out;
    use crate::source::Scalar;

    #[test]
    fn a_name_is_written_out_where_it_is_code_and_nowhere_else() {
        let names = [("ref".to_owned(), "(a.b ~ '-')".to_owned())];
        for (text, is_expression, expected) in [
            ("/x/{{ ref }}/ref", false, "/x/{{ (a.b ~ '-') }}/ref"),
            (
                "{{ref|upper}}{{ x.ref }}{{ 'ref' }}{{ reference }}",
                false,
                "{{(a.b ~ '-')|upper}}{{ x.ref }}{{ 'ref' }}{{ reference }}",
            ),
            ("{% if ref == 'x' %}ref{% endif %}", false, "{% if (a.b ~ '-') == 'x' %}ref{% endif %}"),
            ("{{ f(ref=ref) }}", false, "{{ f(ref=(a.b ~ '-')) }}"),
            ("ref is defined", true, "(a.b ~ '-') is defined"),
            ("ref", false, "ref"),
        ] {
            let mut scalar = Scalar::new(text, false);
            written_out(&mut scalar, &names, is_expression);
            assert_eq!(scalar.written, expected);
        }
    }
}
