//! Names of the target, its waypoints, steps and issuers: they stand in reports, ledger and errors for everybody to read, so
//! none may come from where secrets come from.

use super::Builder;
use crate::source::Node;

impl Builder<'_> {
    /// Reports every name that a reference has a part in.
    pub(super) fn check_written_names(&mut self, root: &Node) {
        let exchange = root.get("exchange");
        let flows = exchange.and_then(|e| e.get("flows")).map_or(&[][..], Node::entries);
        let steps = flows.iter().flat_map(|flow| flow.value.get("steps").unwrap_or(&flow.value).items());
        let session = items(exchange.and_then(|e| e.get("session")));
        let issuers = root.get("issuers").map_or(&[][..], Node::entries).iter().map(|issuer| &issuer.value);
        let named = items(root.get("waypoints")).iter().chain(steps).chain(session).chain(issuers);
        for name in named.filter_map(|node| node.get("name")).chain(root.get("target")) {
            if name.scalar().is_some_and(|scalar| !scalar.filled.is_empty()) {
                self.report
                    .error(name.span, "a name cannot come from the environment or a file")
                    .help("write it out: it stands in reports and in the ledger, for everybody to read");
            }
        }
    }
}

fn items(node: Option<&Node>) -> &[Node] {
    node.map_or(&[], Node::items)
}
