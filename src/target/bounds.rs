//! What keeps a template's memory within bounds: its text is written into a buffer that takes so much and no more, and
//! whatever gathers text elsewhere is no part of what a template may say.

use super::template::TemplateError;
use std::io::{Error, Result, Write};

/// Longest text that a template may make; a household of a hundred takes a twentieth.
pub(super) const MOST_BYTES: usize = 4 << 20;

/// Operators that join two values into a longer one, in all statements of a template together. Each can double what it is
/// given, and statements give names to it.
const MOST_JOINS: usize = 16;

/// Statements that write what they are given and gather nothing: text in the others does not pass through the buffer.
const STATEMENTS: &[&str] =
    &["if", "elif", "else", "endif", "for", "endfor", "set", "with", "endwith", "raw", "endraw"];

/// A buffer that fails when it would grow too large.
#[derive(Debug, Default)]
pub(super) struct Bounded {
    text: Vec<u8>,
    is_over: bool,
}

impl Bounded {
    /// What was written, where everything found room.
    pub(super) fn into_text(self) -> std::result::Result<String, TemplateError> {
        String::from_utf8(self.text).map_err(|e| TemplateError::Failed(e.to_string()))
    }

    /// Whether something found no room.
    pub(super) fn is_over(&self) -> bool {
        self.is_over
    }
}

impl Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        if self.text.len() + bytes.len() > MOST_BYTES {
            self.is_over = true;
            return Err(Error::other("the text is too long"));
        }
        self.text.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> Result<()> {
        Ok(())
    }
}

/// Refuses statements that could gather text without end: macros, captured blocks, recursion, and the like.
pub(super) fn check_statements(text: &str) -> std::result::Result<(), TemplateError> {
    let mut joins = 0;
    for statement in text.split("{%").skip(1) {
        let statement =
            statement.split("%}").next().unwrap_or_default().trim_matches(['-', '+', ' ', '\n', '\r', '\t']);
        let word = statement.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').next().unwrap_or_default();
        let gathers = word == "set" && !statement.contains('=') || word == "for" && statement.ends_with("recursive");
        if gathers || !STATEMENTS.contains(&word) {
            let shown = if gathers { statement } else { word };
            return Err(TemplateError::Syntax(format!(
                "`{{% {shown} %}}` is not taken, because its text could grow without bound; templates know `if`, `for`, \
                 `set NAME = …` and `with`"
            )));
        }
        joins += statement.matches(['~', '+', '*']).count();
    }
    if joins > MOST_JOINS {
        return Err(TemplateError::Syntax(format!(
            "its statements join values {joins} times, and at most {MOST_JOINS} times are taken; write them out with `{{{{ … }}}}`"
        )));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::MOST_BYTES;
    use crate::target::template::tests::context;
    use crate::target::{Template, TemplateError};

    fn refused(text: &str) -> String {
        Template::compile(text).expect_err(text).to_string()
    }

    #[test]
    fn a_text_that_grows_too_long_is_given_up_while_it_is_written() {
        let piece = "x".repeat(MOST_BYTES / 8_000);
        let long = Template::compile(&format!("{{% for a in range(9000) %}}{piece}{{% endfor %}}")).unwrap();
        let error = long.render(&context()).unwrap_err();
        assert_eq!(error, TemplateError::TooLong);
        assert!(error.to_string().contains("4194304 bytes"), "{error}");
        let fits = Template::compile(&format!("{{% for a in range(7000) %}}{piece}{{% endfor %}}")).unwrap();
        assert_eq!(fits.render(&context()).unwrap().len(), 7_000 * piece.len());
    }

    #[test]
    fn nothing_in_a_template_gathers_text_from_round_to_round() {
        for text in [
            "{% macro twice(s, n) %}{{ s }}{% endmacro %}",
            "{% set all %}{% for a in range(9999) %}x{% endfor %}{% endset %}",
            "{%- filter upper -%}x{% endfilter %}",
            "{% for a in [1] recursive %}{{ loop([1]) }}{% endfor %}",
            "{% call x() %}{% endcall %}",
        ] {
            assert!(refused(text).contains("could grow without bound"), "{}", refused(text));
        }
        let doubling = "{% set a = a ~ a %}".repeat(40);
        assert!(refused(&format!("{{% set a = 'x' %}}{doubling}{{{{ a }}}}")).contains("40 times"));
        let kept =
            "{% set ns = namespace(s='x') %}{% for a in range(40) %}{% set ns.s = ns.s ~ ns.s %}{% endfor %}{{ ns.s }}";
        let error = Template::compile(kept).unwrap().render(&context()).unwrap_err();
        assert!(error.to_string().contains("namespace"), "{error}");
        let usual = "{% set n = 2 %}{% for a in range(n) %}{% if not loop.last %}{{ a ~ 'x' }}{% endif %}{% endfor %}";
        assert_eq!(Template::compile(usual).unwrap().render(&context()).unwrap(), "0x");
    }
}
