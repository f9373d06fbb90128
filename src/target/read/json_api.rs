//! A JSON API asked per probe.

use super::step::{REQUEST_WITHIN, span_of_time};
use super::{Builder, flag, words};
use crate::model::{Field, IssuerId};
use crate::source::{Entry, Node, rate_per_second};
use crate::target::flow::Body;
use crate::target::path::JsonPath;
use crate::target::template::Template;
use crate::target::tokens::is_token_header;
use crate::target::waypoint::{
    Absent, Asked, Dialect, Endpoint, FieldMapping, JsonApi, Lookup, Next, NextBy, Poll, StatusMapping,
};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

/// Whoever has more pages of one household lists everybody.
const MOST_PAGES: u32 = 50;

impl Builder<'_> {
    pub(super) fn json_api(&mut self, node: &Node) -> JsonApi {
        let shared = Arc::new(self.dialect(node));
        self.check_kind(node, &shared);
        JsonApi {
            endpoints: self.endpoints(node, &shared),
            poll: poll(node.get("poll")),
            within: span_of_time(Some(node), "request_within").unwrap_or(REQUEST_WITHIN),
        }
    }

    /// What a node says of how a system is asked and answers.
    fn dialect(&mut self, node: &Node) -> Dialect {
        Dialect {
            lookups: self.lookups(node),
            records: json_path(node.get("records")).unwrap_or_default(),
            members: json_path(node.get("members")),
            fields: self.fields(node),
            status: node.get("status").and_then(|status| self.status(node, status)),
            absent: self.absent(node.get("absent")),
        }
    }

    /// An issuer's own dialect: what it does not say is the waypoint's.
    fn own_dialect(&mut self, node: &Node, shared: &Arc<Dialect>) -> Arc<Dialect> {
        let says = |keys: &[&str]| keys.iter().any(|key| node.get(key).is_some());
        if !says(&["lookup", "lookups", "records", "members", "fields", "status", "absent"]) {
            return Arc::clone(shared);
        }
        let (own, mut dialect) = (self.dialect(node), Dialect::clone(shared));
        if says(&["lookup", "lookups"]) {
            dialect.lookups = own.lookups;
        }
        if says(&["records"]) {
            dialect.records = own.records;
        }
        // Other records have other members, or are members themselves.
        if says(&["records", "members"]) {
            dialect.members = own.members;
        }
        if says(&["fields"]) {
            dialect.fields = own.fields;
        }
        if says(&["status"]) {
            dialect.status = own.status;
        }
        if says(&["absent"]) {
            dialect.absent = own.absent;
        }
        Arc::new(dialect)
    }

    /// Every endpoint must be askable and show something, by itself or by the waypoint.
    fn check_dialects(&mut self, node: &Node, endpoints: &BTreeMap<Option<IssuerId>, Endpoint>) {
        let lacks = |what: fn(&Dialect) -> bool| {
            endpoints.is_empty() || endpoints.values().any(|endpoint| what(&endpoint.dialect))
        };
        if lacks(|dialect| dialect.lookups.is_empty()) && node.get("lookup").is_none() && node.get("lookups").is_none()
        {
            self.report.error(node.span, needs_a_lookup(node));
        }
        if lacks(|dialect| dialect.fields.is_empty()) && node.get("fields").is_none() {
            self.report.error(node.span, format!("a `{}` without `fields` shows nothing to compare", feed(node)));
        }
    }

    /// All places of one dialect lead through JSON, or all through the elements of XML.
    fn check_kind(&mut self, node: &Node, dialect: &Dialect) {
        let fields = dialect.fields.iter().flat_map(|field| field.paths.iter().chain(&field.cents));
        let status = dialect.status.iter().map(|status| &status.path);
        let next = dialect.lookups.iter().filter_map(|lookup| match &lookup.next.as_ref()?.by {
            NextBy::Address(path) | NextBy::Cursor { path, .. } => Some(path),
            NextBy::Link | NextBy::Number { .. } => None,
        });
        let mut all = fields.chain(&dialect.members).chain(status).chain(next);
        let records = &dialect.records;
        let Some(odd) = all.find(|path| path.is_of_elements() != records.is_of_elements()) else { return };
        let span = node.entry("records").map_or(node.span, |entry| entry.value.span);
        let message = format!(
            "`records` ({records}) and `{odd}` lead through different things, one through JSON and one through XML"
        );
        self.report.error(span, message).help(
            "of XML all places are paths through elements: `records: /Response/Member`, `fields: {last_name: ./Name/Last}`",
        );
    }

    fn endpoints(&mut self, node: &Node, dialect: &Arc<Dialect>) -> BTreeMap<Option<IssuerId>, Endpoint> {
        let mut endpoints = BTreeMap::new();
        let shared = self.endpoint(node, None, Arc::clone(dialect));
        if node.get("base_url").is_some() == node.get("per_issuer").is_some() {
            self.report.error(node.span, format!("a `{}` needs one of `base_url` and `per_issuer`", feed(node)));
        }
        for entry in node.get("per_issuer").map_or(&[][..], Node::entries) {
            if entry.value.is_map() && entry.value.get("base_url").is_none() {
                self.report.error(entry.key_span, format!("issuer `{}` has no `base_url`", entry.key));
            }
            let own = self.own_dialect(&entry.value, dialect);
            if !Arc::ptr_eq(&own, dialect) {
                self.check_kind(&entry.value, &own);
            }
            let endpoint = self.endpoint(&entry.value, Some(&shared), own);
            endpoints.insert(Some(IssuerId::new(entry.key.as_str())), endpoint);
        }
        if node.get("base_url").is_some() {
            endpoints.insert(None, shared);
        }
        self.check_dialects(node, &endpoints);
        endpoints
    }

    /// An endpoint; credentials and headers that it does not say are the waypoint's.
    fn endpoint(&mut self, node: &Node, shared: Option<&Endpoint>, dialect: Arc<Dialect>) -> Endpoint {
        let base_url = self.base_url(node.get("base_url"));
        let auth = self.auth(node.get("auth")).or_else(|| shared.and_then(|s| s.auth.clone()));
        let own = node.get("headers").map(|headers| self.templates(Some(headers)));
        self.check_tokens(node.get("headers"), own.as_deref().unwrap_or_default());
        let headers = own.or_else(|| shared.map(|s| s.headers.clone())).unwrap_or_default();
        let probe = node.text_of("probe").map(str::to_owned).or_else(|| shared.and_then(|s| s.probe.clone()));
        Endpoint { base_url, auth, headers, probe, dialect }
    }

    fn lookups(&mut self, node: &Node) -> Vec<Lookup> {
        let given: Vec<&Node> = match (node.get("lookup"), node.get("lookups")) {
            (Some(one), None) => vec![one],
            (None, Some(several)) => several.items().iter().collect(),
            (None, None) => Vec::new(),
            (Some(_), Some(_)) => {
                self.report.error(node.span, "a `json_api` needs one of `lookup` and `lookups`");
                Vec::new()
            }
        };
        given.into_iter().map(|lookup| self.lookup(lookup)).collect()
    }

    fn lookup(&mut self, node: &Node) -> Lookup {
        let asked = match node.text_of("per") {
            Some("member") => Asked::PerMember,
            Some("group") => Asked::PerGroup,
            _ => Asked::PerHousehold,
        };
        self.scope.per_member = asked == Asked::PerMember;
        let (method, path) = self.method(node, &[("get", "GET"), ("post", "POST")], "a look-up");
        let body: Body = self.body(node, &method);
        self.scope.per_member = false;
        let next = node.get("next").and_then(|next| self.next(next));
        if let (Some(entry), Body::Raw { .. }, Some(NextBy::Cursor { .. } | NextBy::Number { .. })) =
            (node.entry("next"), &body, next.as_ref().map(|next| &next.by))
        {
            self.report
                .error(entry.key_span, "nobody knows where in `body` the next page is to be said")
                .help("write the body as `json` or `form`");
        }
        Lookup { method, path, body, asked, next }
    }

    fn next(&mut self, node: &Node) -> Option<Next> {
        let given: Vec<&str> =
            ["path", "link", "cursor", "number"].into_iter().filter(|key| node.get(key).is_some()).collect();
        if given.len() != 1 && node.is_map() {
            self.report.error(node.span, "`next` needs one of `path`, `link`, `cursor` and `number`");
        }
        if (node.get("cursor").is_some()) != (node.get("as").is_some()) {
            self.report
                .error(node.span, "`cursor` and `as` go together: what stands there, and under which name it is said");
        }
        if node.get("number").is_none() {
            self.misplaced(node, "from", "says which number the first page has, and there is no `number`");
        }
        let by = match *given.first()? {
            "path" => NextBy::Address(json_path(node.get("path"))?),
            "link" => NextBy::Link,
            "cursor" => NextBy::Cursor { path: json_path(node.get("cursor"))?, name: node.text_of("as")?.to_owned() },
            _ => NextBy::Number {
                name: node.text_of("number")?.to_owned(),
                from: super::number(Some(node), "from").unwrap_or(1),
            },
        };
        Some(Next { by, most: super::number(Some(node), "pages").unwrap_or(MOST_PAGES) })
    }

    fn fields(&mut self, node: &Node) -> Vec<FieldMapping> {
        let Some(fields) = node.get("fields") else { return Vec::new() };
        let mut mappings: Vec<FieldMapping> = Vec::new();
        for entry in fields.entries() {
            let Some(mapping) = self.mapping(entry) else { continue };
            if mappings.iter().any(|m| m.field == mapping.field) {
                let message = format!("`{}` is `{}`, which stands here already", entry.key, mapping.field);
                self.report.error(entry.key_span, message);
            }
            mappings.push(mapping);
        }
        mappings
    }

    fn mapping(&mut self, entry: &Entry) -> Option<FieldMapping> {
        let node = &entry.value;
        let field = Field::parse(&entry.key)?;
        let single = if node.is_map() { node.get("path") } else { Some(node) };
        let several = node.get("paths").map_or(&[][..], Node::items);
        let places = ["path", "paths"].iter().filter(|key| node.get(key).is_some()).count();
        if node.is_map() && places + usize::from(flag(node, "key") == Some(true)) != 1 {
            self.report.error(entry.key_span, format!("`{}` needs one of `path`, `paths` and `key`", entry.key));
        }
        if node.is_map() && node.get("split").is_some() != node.get("part").is_some() {
            self.report.error(entry.key_span, "`split` and `part` go together");
        }
        if node.get("paths").is_none() {
            self.misplaced(node, "join", "joins `paths`, and there are none");
        }
        self.check_conversion(node, Some(field));
        self.check_joined(node, field);
        self.check_cents(node, Some(field));
        let key = (flag(node, "key") == Some(true)).then(JsonPath::of_key);
        let part = node.text_of("split").zip(node.text_of("part").and_then(|p| p.parse().ok()));
        Some(FieldMapping {
            field,
            paths: single.into_iter().chain(several).filter_map(|n| json_path(Some(n))).chain(key).collect(),
            cents: json_path(node.get("cents")),
            joined_by: node.text_of("join").unwrap_or(" ").to_owned(),
            part: part.map(|(separator, part)| (separator.to_owned(), part)),
            convert: super::answer::convert(node),
        })
    }

    fn status(&mut self, waypoint: &Node, node: &Node) -> Option<StatusMapping> {
        let [active, pending, cancelled, terminated] =
            ["active", "pending", "cancelled", "terminated"].map(|key| words(node.get(key)));
        let mut all: Vec<String> =
            [&active, &pending, &cancelled, &terminated].into_iter().flatten().cloned().collect();
        if all.is_empty() && node.is_map() {
            self.report.error(node.span, "`status` gives no word a meaning").help("add `active: …` or `cancelled: …`");
        }
        let count = all.len();
        all.sort();
        all.dedup();
        if all.len() < count {
            self.report.error(node.span, "`status` gives one word two meanings");
        }
        let fields = waypoint.get("fields").map_or(&[][..], Node::entries);
        if let Some(entry) = fields.iter().find(|e| Field::parse(&e.key) == Some(Field::PolicyStatus)) {
            self.report.error(entry.key_span, "the policy status is read by `status` already");
        }
        Some(StatusMapping { path: json_path(node.get("path"))?, active, pending, cancelled, terminated })
    }

    /// What a flow captures is secret where its steps say it in a header of tokens, and ends with the flow; a waypoint is asked long
    /// after that, and what is kept for it lies in the ledger as it came.
    fn check_tokens(&mut self, node: Option<&Node>, headers: &[(String, Template)]) {
        let nodes = node.map_or(&[][..], Node::entries);
        for ((name, template), node) in headers.iter().zip(nodes).filter(|((name, _), _)| is_token_header(name)) {
            for captured in self.scope.free_captures().filter(|captured| template.uses(captured)) {
                let message = format!(
                    "`{captured}` is captured in a flow and stands in the header `{name}` of a waypoint: a credential that a waypoint \
                     is asked with would lie in the ledger in clear"
                );
                self.report
                    .error(node.value.span, message)
                    .help("give the waypoint credentials of its own with `auth`");
            }
        }
    }

    fn absent(&mut self, node: Option<&Node>) -> Absent {
        let status = super::answer::statuses(node.and_then(|n| n.get("status")));
        let condition = node.and_then(|n| self.condition(n, false));
        Absent { status: if status.is_empty() { vec![404] } else { status }, condition }
    }
}

pub(super) fn poll(node: Option<&Node>) -> Poll {
    let time = |key: &str, default: u64| span_of_time(node, key).unwrap_or(Duration::from_secs(default));
    let every = time("every", 2);
    Poll {
        first_after: time("first_after", 1),
        every,
        at_most: time("at_most", 60).max(every),
        budget_per_second: node.and_then(|n| n.text_of("budget")).and_then(rate_per_second),
    }
}

/// The feed that a waypoint's file names.
fn feed(node: &Node) -> &str {
    node.text_of("feed").unwrap_or("json_api")
}

fn needs_a_lookup(node: &Node) -> &'static str {
    match feed(node) {
        "list" => "a `list` needs a `lookup`",
        _ => "a `json_api` needs one of `lookup` and `lookups`",
    }
}

fn json_path(node: Option<&Node>) -> Option<JsonPath> {
    JsonPath::parse(node?.text()?).ok()
}
