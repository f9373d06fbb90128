//! CSS selectors over pages.

use scraper::{Html, Selector};
use std::fmt;
use std::sync::Arc;

/// Picks elements out of a page, and of each an attribute or its text.
#[derive(Clone)]
pub struct Css {
    /// As the file has it.
    source: String,
    selector: Arc<Selector>,
    attribute: Option<String>,
}

impl Css {
    /// Reads a selector; `Err` says in words what cannot be understood. `attribute`: what is taken of each element; `None`: its text.
    pub fn parse(source: &str, attribute: Option<&str>) -> Result<Self, String> {
        let selector = Selector::parse(source).map_err(|error| error.to_string())?;
        Ok(Self { source: source.to_owned(), selector: Arc::new(selector), attribute: attribute.map(str::to_owned) })
    }

    /// What it takes of a page, in the page's order; blanks of texts as browsers show them. Elements without the attribute have none.
    pub fn select(&self, page: &str) -> Vec<String> {
        let page = Html::parse_document(page);
        let text_of = |element: scraper::ElementRef<'_>| {
            let text: String = element.text().collect();
            text.split_whitespace().collect::<Vec<_>>().join(" ")
        };
        let value = |element: scraper::ElementRef<'_>| match &self.attribute {
            Some(name) => element.value().attr(name).map(str::to_owned),
            None => Some(text_of(element)),
        };
        page.select(&self.selector).filter_map(value).collect()
    }
}

impl fmt::Debug for Css {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Css({self})")
    }
}

impl fmt::Display for Css {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.attribute {
            Some(name) => write!(f, "{} @{name}", self.source),
            None => f.write_str(&self.source),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Css;

    #[test]
    fn elements_of_a_page_give_an_attribute_or_their_text() {
        let page = "<html><form><input name=csrf value='a&amp;b'><input name=x></form><p class='no'>Case\n <b>77</b>";
        let take = |source, attribute| Css::parse(source, attribute).unwrap().select(page);
        assert_eq!(take("input[name=csrf]", Some("value")), ["a&b"]);
        assert_eq!(take("form input", Some("value")), ["a&b"], "one has none");
        assert_eq!(take("p.no", None), ["Case 77"]);
        assert!(take("p.yes", None).is_empty());
        assert!(Css::parse("p[", None).is_err());
    }
}
