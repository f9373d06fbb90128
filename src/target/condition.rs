//! Conditions on an answer.

use super::context::Context;
use super::selector::{Answer, Selector, text_of};
use super::template::Template;

/// A condition on an answer.
#[derive(Debug, Clone)]
pub struct Condition {
    /// What is looked at.
    pub select: Selector,
    /// What it must be.
    pub test: Test,
}

/// What a selected value must be.
#[derive(Debug, Clone)]
pub enum Test {
    /// There at all.
    Exists,
    /// Not there.
    Absent,
    /// This text (a template).
    Equals(Template),
    /// One of these texts.
    OneOf(Vec<String>),
    /// Matching this expression.
    Matches(regex::Regex),
}

impl Condition {
    /// Whether the answer says anything to this condition, yes or no: an HTML page says nothing of a place in JSON, whatever
    /// stands in it.
    pub fn can_be_told(&self, answer: &Answer) -> bool {
        match (&self.select, &self.test) {
            (Selector::JsonPath(_), Test::Absent) if answer.is_empty() => true,
            (Selector::JsonPath(path), _) => {
                answer.document(path).is_some_and(|body| body.is_object() || body.is_array())
            }
            (Selector::Css(_), _) => answer.has_elements(),
            _ => true,
        }
    }

    /// Whether it compares a value with others, and the answer has none at that place.
    pub fn finds_nothing(&self, answer: &Answer) -> bool {
        let compares = matches!(self.test, Test::Equals(_) | Test::OneOf(_) | Test::Matches(_));
        compares && self.select.select(answer).iter().find_map(text_of).is_none()
    }

    /// What it leads through: JSON, XML or a page.
    pub fn wants(&self) -> &'static str {
        match &self.select {
            Selector::Css(_) => "an HTML page",
            Selector::JsonPath(path) if path.is_of_elements() => "XML",
            _ => "JSON",
        }
    }

    /// Whether any selected value meets the test (for [`Test::Absent`]: whether none is there; `null` is not there). A
    /// template that cannot be rendered is met by nothing, and what cannot be read meets nothing.
    pub fn holds(&self, answer: &Answer, context: &Context) -> bool {
        if !self.can_be_told(answer) {
            return false;
        }
        let found: Vec<String> = self.select.select(answer).iter().filter_map(text_of).collect();
        match &self.test {
            Test::Exists => !found.is_empty(),
            Test::Absent => found.is_empty(),
            Test::Equals(template) => template.render(context).is_ok_and(|wanted| found.contains(&wanted)),
            Test::OneOf(words) => found.iter().any(|f| words.contains(f)),
            Test::Matches(expression) => found.iter().any(|f| expression.is_match(f)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Condition, Test};
    use crate::target::{Answer, Context, JsonPath, Selector, Template};

    fn answer() -> Answer {
        Answer {
            status: 201,
            headers: vec![("Location".into(), "/a/7".into())],
            body: br#"{"status": "done", "n": 5, "none": null, "ids": ["x", "y"]}"#.to_vec(),
            url: "https://a.example/a/7".into(),
            cookies: vec![("sid".into(), "abc".into())],
            ..Answer::default()
        }
    }

    fn path(text: &str) -> Selector {
        Selector::JsonPath(Box::new(JsonPath::parse(text).unwrap()))
    }

    fn holds(select: Selector, test: Test) -> bool {
        let household = crate::target::read::sample_household();
        let context = Context::new(&household, &std::collections::BTreeMap::new(), &crate::model::RunId::new("r"));
        Condition { select, test }.holds(&answer(), &context)
    }

    #[test]
    fn selectors_find_what_they_name() {
        let texts = |s: Selector| s.select(&answer()).iter().filter_map(crate::target::text_of).collect::<Vec<_>>();
        assert_eq!(texts(path("$.ids[*]")), ["x", "y"]);
        assert_eq!(texts(path("$.none")), Vec::<String>::new());
        assert_eq!(texts(Selector::Header("location".into())), ["/a/7"]);
        assert_eq!(texts(Selector::Cookie("sid".into())), ["abc"]);
        assert_eq!(texts(Selector::Regex(regex::Regex::new(r#""([xy])""#).unwrap())), ["x", "y"]);
        assert_eq!(texts(Selector::Status), ["201"]);
        assert_eq!(texts(Selector::Url), ["https://a.example/a/7"]);
        assert!(path("$.a").select(&Answer::default()).is_empty(), "a body that is no JSON holds nothing");
    }

    #[test]
    fn what_cannot_be_read_meets_no_condition_and_breaks_none() {
        let household = crate::target::read::sample_household();
        let context = Context::new(&household, &std::collections::BTreeMap::new(), &crate::model::RunId::new("r"));
        let absent = Condition { select: path("$.error"), test: Test::Absent };
        let body = |text: &str| Answer { body: text.as_bytes().to_vec(), ..Answer::default() };
        for (text, told, holds) in [
            ("<html>Sign in</html>", false, false),
            ("\"maintenance\"", false, false),
            (" ", true, true),
            ("{}", true, true),
            ("{\"error\": 1}", true, false),
        ] {
            let answer = body(text);
            assert_eq!((absent.can_be_told(&answer), absent.holds(&answer, &context)), (told, holds), "{text}");
        }
        let there = Condition { select: path("$.id"), test: Test::Exists };
        assert!(!there.can_be_told(&body("")) && there.can_be_told(&body("{}")));
    }

    #[test]
    fn tests_hold_for_any_selected_value_and_null_is_not_there() {
        assert!(holds(path("$.status"), Test::Equals(Template::compile("do{{ 'ne' }}").unwrap())));
        assert!(!holds(path("$.status"), Test::Equals(Template::compile("{{ nobody }}").unwrap())));
        assert!(holds(path("$.n"), Test::OneOf(vec!["4".into(), "5".into()])));
        assert!(holds(path("$.ids[*]"), Test::Matches(regex::Regex::new("^y$").unwrap())));
        assert!(holds(path("$.none"), Test::Absent) && !holds(path("$.none"), Test::Exists));
        assert!(holds(Selector::Header("X".into()), Test::Absent));
    }
}
