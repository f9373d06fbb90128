//! An API that tells everybody of the day, read once for all.

use super::Builder;
use super::step::span_of_time;
use crate::source::Node;
use crate::target::template::first_segment;
use crate::target::waypoint::{JsonApi, Lookup, Poll};
use std::time::Duration;

/// Pause between two readings.
const EVERY: Duration = Duration::from_secs(30);
/// What is known where nobody is asked for.
const KNOWN: [&str; 3] = ["today", "yesterday", "run"];

impl Builder<'_> {
    /// A list is read like the answers of an API that is asked once, and says the same to everybody.
    pub(super) fn list(&mut self, node: &Node) -> JsonApi {
        self.scope.beside = &["today", "yesterday"];
        let api = self.json_api(node);
        self.scope.beside = &[];
        for issuer in super::waypoint::with_issuers(node) {
            self.names_nobody(issuer, &api);
        }
        let every = span_of_time(Some(node), "every").unwrap_or(EVERY);
        JsonApi { poll: Poll { first_after: every, every, at_most: every, budget_per_second: None }, ..api }
    }

    /// A look-up that is the same for all says nothing of one household.
    fn names_nobody(&mut self, node: &Node, api: &JsonApi) {
        let Some(entry) = node.entry("lookup") else { return };
        let lookups = api.endpoints.values().flat_map(|endpoint| &endpoint.dialect.lookups);
        let mut names = lookups.flat_map(Lookup::names);
        let Some(odd) = names.find(|name| !KNOWN.contains(&first_segment(name))) else { return };
        let message = format!("`{odd}` is one household's, and a list is read once for all of them");
        self.report
            .error(entry.key_span, message)
            .help("known here are `today` and `yesterday`, as in `/enrollments?since={{ yesterday }}`, and `run.id`; whoever must be asked for each household by itself is the feed `json_api`");
    }
}
