//! One step of a flow: a request, or an 834 that is handed over.

use super::{Builder, flag};
use crate::source::{Node, Report, Span, duration};
use crate::target::each::Each;
use crate::target::flow::{Auth, Body, Expect, FlowStep, RequestStep, Retry, StepKind, Until};
use crate::target::json_template::JsonTemplate;
use crate::target::template::{Mode, Template};
use std::time::Duration;

/// Methods by the keys that name them.
const METHODS: &[(&str, &str)] =
    &[("get", "GET"), ("post", "POST"), ("put", "PUT"), ("patch", "PATCH"), ("delete", "DELETE")];
/// One attempt may take this long unless the file says.
pub(super) const REQUEST_WITHIN: Duration = Duration::from_secs(30);

/// What every step expects unless it says otherwise.
#[derive(Debug, Clone, Default)]
pub(super) struct Defaults {
    expect: Option<Expect>,
    within: Option<Duration>,
}

impl Builder<'_> {
    /// `None` where what is to be handed over cannot be told; what is wrong is reported.
    pub(super) fn step(&mut self, node: &Node) -> Option<FlowStep> {
        let each = self.each(node);
        (self.scope.per_member, self.scope.per_group) = (each == Some(Each::Members), each == Some(Each::Groups));
        let written_out = self.with_names_written_out(node);
        let step = self.step_of(&written_out, each);
        (self.scope.per_member, self.scope.per_group) = (false, false);
        step
    }

    /// For whom a step is carried out, once each.
    fn each(&mut self, node: &Node) -> Option<Each> {
        if let (Some(entry), Some(_)) = (node.entry("for_each"), node.entry("edi")) {
            let error = self.report.error(entry.key_span, "`for_each` belongs to a request: an 834 holds everybody");
            error.help("leave it out; `facts` are said of each member and group by themselves");
        }
        match node.text_of("for_each")? {
            "members" => Some(Each::Members),
            _ => Some(Each::Groups),
        }
    }

    fn step_of(&mut self, node: &Node, each: Option<Each>) -> Option<FlowStep> {
        let when = node.get("when").map(|when| self.template(when, Mode::Condition));
        let (usual, kind) = if let Some(edi) = node.entry("edi") {
            ("hand over 834".to_owned(), StepKind::HandOver(Box::new(self.hand_over(node, edi)?)))
        } else {
            let request = self.request(node, each);
            (format!("{} {}", request.method, request.path.source), StepKind::Request(Box::new(request)))
        };
        let name = node.text_of("name").map_or(usual, str::to_owned);
        Some(FlowStep { name, kind, commits: flag(node, "commits"), reads: flag(node, "reads"), each, when })
    }

    fn request(&mut self, node: &Node, each: Option<Each>) -> RequestStep {
        let (method, path) = self.method(node, METHODS, "a step");
        let expect = node.get("expect");
        let step = RequestStep {
            query: self.templates(node.get("query")),
            headers: self.templates(node.get("headers")),
            auth: self.step_auth(node.get("auth")),
            body: self.body(node, &method),
            expect: self.expect_or_default(expect),
            exists: node.get("exists").map(|exists| self.expect(Some(exists))),
            captures: self.captures(node.get("capture"), each),
            follow_redirects: flag(node, "redirects").unwrap_or(true),
            within: span_of_time(expect, "within").or(self.defaults.within).unwrap_or(REQUEST_WITHIN),
            retry: node.get("retry").map(retry),
            until: node.get("until").map(|until| self.until(until)),
            method,
            path,
        };
        self.scope.add(&step.captures);
        step
    }

    /// The one method and its address.
    pub(super) fn method(&mut self, node: &Node, methods: &[(&str, &str)], what: &str) -> (String, Template) {
        let given: Vec<_> = methods.iter().filter_map(|(key, method)| Some((node.entry(key)?, *method))).collect();
        let [(entry, method)] = given.as_slice() else {
            if node.is_map() {
                report_methods(
                    methods,
                    &given.iter().map(|(e, _)| e.key_span).collect::<Vec<_>>(),
                    (node.span, what),
                    self.report,
                );
            }
            return (String::new(), super::empty_template());
        };
        let path = self.template(&entry.value, Mode::Address);
        if path.source.starts_with("http") {
            let fixed: String = path.source.split("{{").next().unwrap_or_default().to_owned();
            self.note_host(&entry.value, &fixed);
        }
        ((*method).to_owned(), path)
    }

    #[expect(clippy::option_option, reason = "a step may say nothing, or that no credentials are sent")]
    fn step_auth(&mut self, node: Option<&Node>) -> Option<Option<Auth>> {
        let node = node?;
        Some(if node.is_map() { self.auth(Some(node)) } else { None })
    }

    pub(super) fn body(&mut self, node: &Node, method: &str) -> Body {
        let given: Vec<_> = ["json", "form", "body"].iter().filter_map(|key| node.entry(key)).collect();
        if let Some(second) = given.get(1) {
            self.report.error(second.key_span, "a second body, expected one of `json`, `form` and `body`");
        }
        if node.get("body").is_none() {
            self.misplaced(node, "content_type", "says what `body` is, and there is no `body`");
        }
        if let (Some(entry), "GET") = (given.first(), method) {
            self.report.error(entry.key_span, "a GET request has no body").help("use `post`, or `query`");
        }
        let Some(entry) = given.first() else { return Body::Empty };
        match entry.key.as_str() {
            "json" => {
                let (scope, report) = (&self.scope, &mut *self.report);
                Body::Json(JsonTemplate::of(&entry.value, &mut |span, template| match template {
                    Ok(template) => scope.check(template, span, report),
                    Err(error) => {
                        report.error(span, error.to_string());
                    }
                }))
            }
            "form" => Body::Form(self.templates(Some(&entry.value))),
            _ => Body::Raw {
                content_type: node.text_of("content_type").unwrap_or("application/json").to_owned(),
                text: self.template(&entry.value, Mode::Text),
            },
        }
    }

    /// What every step expects unless it says otherwise.
    pub(super) fn defaults_of(&mut self, expect: Option<&Node>) -> Defaults {
        Defaults { expect: expect.map(|node| self.expect(Some(node))), within: span_of_time(expect, "within") }
    }

    /// What a step expects; of what it says nothing, the default.
    fn expect_or_default(&mut self, node: Option<&Node>) -> Expect {
        let mut own = self.expect(node);
        if let Some(usual) = &self.defaults.expect {
            if own.status.is_empty() {
                own.status.clone_from(&usual.status);
            }
            if own.conditions.is_empty() {
                own.conditions.clone_from(&usual.conditions);
            }
        }
        own
    }

    fn expect(&mut self, node: Option<&Node>) -> Expect {
        let Some(node) = node else { return Expect { status: Vec::new(), conditions: Vec::new() } };
        let mut conditions: Vec<_> = self.condition(node, false).into_iter().collect();
        for item in node.get("all").map_or(&[][..], Node::items) {
            conditions.extend(self.condition(item, true));
        }
        Expect { status: super::answer::statuses(node.get("status")), conditions }
    }

    fn until(&mut self, node: &Node) -> Until {
        let done = self.condition(node, true).unwrap_or_else(super::answer::never);
        let refused = node.get("refused").and_then(|refused| self.condition(refused, true));
        let every = span_of_time(Some(node), "every").unwrap_or(Duration::from_secs(1));
        let within = span_of_time(Some(node), "within").unwrap_or(Duration::from_mins(1));
        if within < every {
            let span = node.entry("every").or_else(|| node.entry("within")).map_or(node.span, |e| e.value.span);
            self.report.error(span, format!("a pause of {every:?} does not fit into {within:?}"));
        }
        Until { done, refused, every, within }
    }
}

fn report_methods(methods: &[(&str, &str)], given: &[Span], (span, what): (Span, &str), report: &mut Report) {
    let keys: Vec<String> = methods.iter().map(|(key, _)| format!("`{key}`")).collect();
    match given.get(1) {
        Some(second) => report.error(*second, format!("a second method, expected one of {}", keys.join(", "))),
        None => report.error(span, format!("{what} says no method, expected one of {}", keys.join(", "))),
    };
}

fn retry(node: &Node) -> Retry {
    Retry {
        attempts: super::number(Some(node), "attempts").unwrap_or(3),
        pause: span_of_time(Some(node), "pause").unwrap_or(Duration::from_millis(500)),
    }
}

/// A duration of a mapping's key.
pub(super) fn span_of_time(node: Option<&Node>, key: &str) -> Option<Duration> {
    node?.text_of(key).and_then(duration)
}
