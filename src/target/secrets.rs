//! Values that came from outside the file, and how every output is cleaned of them.

use base64::Engine as _;
use std::collections::BTreeSet;
use std::fmt;

/// Where references lead: the environment and files. The caller reads; this module stays pure.
pub trait References {
    /// The variable's value, where it is set.
    fn env(&self, name: &str) -> Option<String>;

    /// The file's content, or why it cannot be read.
    fn file(&self, path: &str) -> Result<String, String>;
}

/// What stands where a secret stood.
const REDACTED: &str = "[REDACTED]";
/// Shorter values are not looked for: they would blot out ordinary text.
const SHORTEST: usize = 4;

/// Every secret of a target in every form in which it may leave the program. `Debug` shows how many.
#[derive(Clone, Default)]
pub struct Secrets {
    /// Longest first, so that a secret within a secret does not leave the rest standing.
    forms: Vec<String>,
    /// Values and the references that brought them in, longest first.
    references: Vec<(String, String)>,
}

impl Secrets {
    /// Secrets of these values, and of user names with their passwords as basic authentication sends them.
    pub fn new<'a>(values: impl IntoIterator<Item = &'a str>, pairs: &[(String, String)]) -> Self {
        let mut forms: BTreeSet<String> = BTreeSet::new();
        let values = values.into_iter().filter(|v| v.trim().chars().count() >= SHORTEST);
        for value in values {
            forms.extend(forms_of(value));
            forms.extend(forms_of(value.trim()));
        }
        for (name, password) in pairs {
            forms.insert(base64::engine::general_purpose::STANDARD.encode(format!("{name}:{password}")));
        }
        let mut forms: Vec<String> = forms.into_iter().collect();
        forms.sort_by_key(|form| std::cmp::Reverse(form.len()));
        Self { forms, references: Vec::new() }
    }

    /// The same, with the reference that brought each value in, such as `${env:NAME}`.
    #[must_use]
    pub(super) fn brought_in_by<'a>(mut self, references: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let references = references.into_iter().filter(|(value, _)| value.trim().chars().count() >= SHORTEST);
        self.references = references.map(|(value, reference)| (value.to_owned(), without_default(reference))).collect();
        self.references.sort_by_key(|(value, _)| std::cmp::Reverse(value.len()));
        self
    }

    /// A place such as a folder's path, with `${env:NAME}` in it for what came from there: it says what to look at, and not
    /// what is presumed secret.
    pub fn place(&self, text: &str) -> String {
        let mut told = text.to_owned();
        for (value, reference) in &self.references {
            told = told.replace(value.trim_end_matches('/'), reference);
        }
        self.redact(&told)
    }

    /// The text with every form of every secret replaced by `[REDACTED]`.
    pub fn redact(&self, text: &str) -> String {
        let mut clean = text.to_owned();
        for form in self.forms.iter().filter(|form| text.contains(form.as_str())) {
            clean = clean.replace(form.as_str(), REDACTED);
        }
        clean
    }

    /// Whether the text is a form of a secret, and nothing else.
    pub fn has(&self, text: &str) -> bool {
        let text = text.trim();
        self.forms.iter().any(|form| form.trim() == text)
    }

    /// Whether there is nothing to hide.
    pub fn is_empty(&self) -> bool {
        self.forms.is_empty()
    }
}

/// `${env:NAME}` of `${env:NAME:-default}`.
pub(super) fn without_default(reference: &str) -> String {
    reference.split_once(":-").map_or_else(|| reference.to_owned(), |(named, _)| format!("{named}}}"))
}

/// As it is, as JSON writes it, percent-encoded in both ways, and in base64.
fn forms_of(value: &str) -> Vec<String> {
    let json = serde_json::Value::from(value).to_string();
    let percent = super::filters::percent_encode(value, b"");
    vec![
        value.to_owned(),
        json.trim_matches('"').to_owned(),
        percent.to_lowercase(),
        percent.replace("%20", "+"),
        super::filters::percent_encode(value, b"/"),
        percent,
        value.escape_debug().to_string(),
        base64::engine::general_purpose::STANDARD.encode(value),
    ]
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secrets({} forms)", self.forms.len())
    }
}

/// For tests: nothing is set, and no file is there.
#[cfg(test)]
pub(crate) struct NoReferences;

#[cfg(test)]
impl References for NoReferences {
    fn env(&self, _: &str) -> Option<String> {
        None
    }

    fn file(&self, path: &str) -> Result<String, String> {
        Err(path.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::Secrets;

    #[test]
    fn every_form_of_a_secret_is_blotted_out() {
        let secrets = Secrets::new(["p\"ss word/1"], &[("ann".into(), "p\"ss word/1".into())]);
        for text in ["x p\"ss word/1 y", "{\"p\\\"ss word/1\"}", "?k=p%22ss%20word%2F1", "?k=p%22ss+word%2F1"] {
            let clean = secrets.redact(text);
            assert!(clean.contains("[REDACTED]") && !clean.contains("word"), "{clean}");
        }
        assert_eq!(secrets.redact("Basic YW5uOnAic3Mgd29yZC8x"), "Basic [REDACTED]");
        assert!(!format!("{secrets:?}").contains("word"));
    }

    #[test]
    fn a_place_is_told_by_what_it_was_read_from() {
        let read = [("/srv/secret/", "${env:DROP:-./drop}"), ("/srv/secret/deep", "${env:DEEP}"), ("out", "${env:O}")];
        let secrets = Secrets::new(read.map(|(value, _)| value), &[]).brought_in_by(read);
        for (place, told) in [
            ("/home/ann/x", "/home/ann/x"),
            ("/srv/secret/out", "${env:DROP}/out"),
            ("/srv/secret/deep/out", "${env:DEEP}/out"),
        ] {
            assert_eq!(secrets.place(place), told);
        }
    }

    #[test]
    fn short_values_do_not_blot_out_ordinary_text() {
        assert_eq!(Secrets::new(["yes"], &[]).redact("yes or no"), "yes or no");
    }
}
