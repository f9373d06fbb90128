//! What an address asks for.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use url::form_urlencoded;

/// What is written out in a part of an address: everything that is not of a run's id.
const WRITTEN_OUT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_');

/// A page, as its address names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// The state of everything.
    Now,
    /// Runs, the latest first.
    History {
        /// Only those of this scenario.
        scenario: Option<String>,
        /// Only those at this target.
        target: Option<String>,
        /// So many are passed over.
        from: usize,
    },
    /// One run: an id, its beginning, or `latest`.
    Run(String),
    /// The punch list of a run.
    Punch(String),
    /// One household of a run, by its index.
    Probe(String, u32),
    /// Whatever bears a word.
    Search {
        /// The word: an id, the name of a synthetic person, or of a file.
        word: String,
        /// So many runs are passed over.
        from: usize,
    },
    /// The form that asks for the token.
    Login,
}

impl Asked {
    /// Reads path and query. Nothing where there is no such page.
    pub fn parse(path: &str, query: Option<&str>) -> Option<Self> {
        let parts: Vec<String> = path
            .split('/')
            .filter(|part| !part.is_empty())
            .map(|part| percent_decode_str(part).decode_utf8().ok().map(Into::into))
            .collect::<Option<_>>()?;
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        let value = |name: &str| {
            let mut pairs = form_urlencoded::parse(query.unwrap_or_default().as_bytes());
            pairs
                .find(|(key, _)| key == name)
                .map(|(_, value)| value.trim().to_owned())
                .filter(|value| !value.is_empty())
        };
        let from = || value("from").and_then(|from| from.parse().ok()).unwrap_or(0);
        match parts.as_slice() {
            [] => Some(Self::Now),
            ["history"] => Some(Self::History { scenario: value("scenario"), target: value("target"), from: from() }),
            ["runs", run] => Some(Self::Run((*run).to_owned())),
            ["runs", run, "punch"] => Some(Self::Punch((*run).to_owned())),
            ["runs", run, "probes", index] => Some(Self::Probe((*run).to_owned(), index.parse().ok()?)),
            ["search"] => Some(Self::Search { word: value("q").unwrap_or_default(), from: from() }),
            ["login"] => Some(Self::Login),
            _ => None,
        }
    }

    /// Its address.
    pub fn address(&self) -> String {
        let segment = |text: &str| utf8_percent_encode(text, WRITTEN_OUT).to_string();
        match self {
            Self::Now => "/".to_owned(),
            Self::History { scenario, target, from } => {
                let of = [("scenario", scenario.clone()), ("target", target.clone()), ("from", some(*from))];
                format!("/history{}", query(of))
            }
            Self::Run(run) => format!("/runs/{}", segment(run)),
            Self::Punch(run) => format!("/runs/{}/punch", segment(run)),
            Self::Probe(run, index) => format!("/runs/{}/probes/{index}", segment(run)),
            Self::Search { word, from } => {
                format!("/search{}", query([("q", Some(word.clone())), ("from", some(*from))]))
            }
            Self::Login => "/login".to_owned(),
        }
    }
}

fn some(from: usize) -> Option<String> {
    (from > 0).then(|| from.to_string())
}

fn query<const N: usize>(pairs: [(&str, Option<String>); N]) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    for (name, value) in pairs {
        if let Some(value) = value {
            query.append_pair(name, &value);
        }
    }
    let query = query.finish();
    if query.is_empty() { query } else { format!("?{query}") }
}

#[cfg(test)]
mod tests {
    use super::Asked;

    fn read(address: &str) -> Option<Asked> {
        let (path, query) = address.split_once('?').map_or((address, None), |(path, query)| (path, Some(query)));
        Asked::parse(path, query)
    }

    #[test]
    fn an_address_that_is_written_is_read_as_it_was_meant() {
        let scenario = || Some("a&b=c/d ü?#".to_owned());
        for asked in [
            Asked::Now,
            Asked::History { scenario: scenario(), target: None, from: 50 },
            Asked::History { scenario: None, target: scenario(), from: 0 },
            Asked::Run("019ab6c2".to_owned()),
            Asked::Punch("../x".to_owned()),
            Asked::Probe("latest".to_owned(), 7),
            Asked::Search { word: "Zoë <b>".to_owned(), from: 200 },
            Asked::Login,
        ] {
            assert_eq!(read(&asked.address()), Some(asked.clone()), "{}", asked.address());
        }
    }

    #[test]
    fn what_names_no_page_is_none() {
        for address in ["/x", "/runs", "/runs/a/b", "/runs/a/probes/x", "/runs/a/probes/-1", "/runs/%ff", "/history/x"]
        {
            assert_eq!(read(address), None, "{address}");
        }
    }
}
