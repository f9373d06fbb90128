//! The submitting side: base address, credentials, flows.

use super::{Builder, flag, hosts, session, showable};
use crate::model::{LifeEvent, RunId};
use crate::source::Node;
use crate::target::context::Context;
use crate::target::flow::{Auth, ClientAuth, Exchange, Flow, FlowStep, OAuth2, StepKind};
use chrono_tz::Tz;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

/// Exchanges that know requests by a key do so for a day at least, unless the file says otherwise.
const KEY_IS_KNOWN_FOR: Duration = Duration::from_hours(24);

impl Builder<'_> {
    pub(super) fn exchange(&mut self, node: &Node) -> Exchange {
        let zone = node.text_of("timezone").and_then(|t| t.parse().ok()).unwrap_or(Tz::America__New_York);
        let effective_dates = self.effective_dates(node.get("effective_dates"));
        let base_url = self.base_url(node.get("base_url"));
        let auth = self.auth(node.get("auth"));
        let mut headers = self.templates(node.get("headers"));
        if let Some(defaults) = node.get("defaults") {
            let own: Vec<String> = headers.iter().map(|(name, _)| name.to_ascii_lowercase()).collect();
            let more = self.templates(defaults.get("headers")).into_iter();
            headers.extend(more.filter(|(name, _)| !own.contains(&name.to_ascii_lowercase())));
            self.defaults = self.defaults_of(defaults.get("expect"));
        }
        let mut flows = BTreeMap::new();
        let mut session = Vec::new();
        for event in LifeEvent::ALL.iter().copied() {
            // `cancel` comes after `enroll`, and knows what it has captured.
            if let Some(flow) = node.get("flows").and_then(|f| f.get(event.as_str())) {
                if event != LifeEvent::Cancel {
                    self.misplaced(flow, "cancels_paid", "says something of `cancel` alone");
                }
                let read = self.flow(flow);
                self.check_can_run(event, flow, &read);
                flows.insert(event, read);
            }
            if event == LifeEvent::Enroll {
                session = self.session(node.get("session"));
            }
        }
        self.check_base_url(node, &flows);
        session::mark(&mut flows, &mut session);
        self.check_session(node, &flows, &session);
        Exchange { base_url, zone, effective_dates, auth, headers, flows, session }
    }

    /// Whoever asks over HTTP must know where.
    fn check_base_url(&mut self, node: &Node, flows: &BTreeMap<LifeEvent, Flow>) {
        let asks = |flow: &Flow| flow.steps.iter().any(|step| matches!(step.kind, StepKind::Request(_)));
        if node.is_map() && node.get("base_url").is_none() && flows.values().any(asks) {
            let message =
                "key `base_url` is missing in `exchange`, expected an address such as https://exchange.example/api";
            self.report.error(node.span, message).help("Prefix of every path");
        }
    }

    /// A flow that sends nothing does nothing, and nothing done is nothing that an exchange could take for a cancellation.
    fn check_can_run(&mut self, event: LifeEvent, node: &Node, flow: &Flow) {
        let context = Context::new(&super::scope::sample_household(), &BTreeMap::new(), &RunId::new("run"));
        let never = |step: &FlowStep| step.when.as_ref().is_some_and(|when| when.never_holds(&context));
        if !flow.steps.is_empty() && flow.steps.iter().all(never) {
            let message = format!("no step of the flow `{event}` can ever be carried out: `when` is always false");
            self.report.error(node.span, message).help("take `when` away from a step that does the work");
        }
    }

    fn flow(&mut self, node: &Node) -> Flow {
        self.names_set.clear();
        let steps = node.get("steps").unwrap_or(node).items();
        let hands_over = steps.iter().any(|step| step.get("edi").is_some());
        if hands_over {
            for key in ["idempotency_header", "idempotency"] {
                self.misplaced(node, key, "says nothing to who reads a file");
            }
        }
        let (nodes, steps): (Vec<&Node>, _) = steps.iter().filter_map(|node| Some((node, self.step(node)?))).unzip();
        let idempotency = node.get("idempotency");
        if idempotency.is_some() {
            self.misplaced(node, "idempotency_header", "says what `header` of `idempotency` says");
        }
        let header = idempotency.map_or_else(|| node.text_of("idempotency_header"), |keys| keys.text_of("header"));
        let key_is_known_for = super::step::span_of_time(idempotency, "for").unwrap_or(KEY_IS_KNOWN_FOR);
        let cancels_paid = flag(node, "cancels_paid").unwrap_or(false);
        let flow = Flow { steps, idempotency_header: header.map(str::to_owned), key_is_known_for, cancels_paid };
        self.check_repeats(&flow, &nodes);
        flow
    }

    /// An address without the slash at its end; its host is noted.
    pub(super) fn base_url(&mut self, node: Option<&Node>) -> String {
        let Some((node, scalar)) = node.and_then(|n| Some((n, n.scalar()?))) else { return String::new() };
        self.note_host(node, &scalar.text);
        scalar.text.trim_end_matches('/').to_owned()
    }

    /// Notes the host of a whole address, to be checked against `allow_hosts`.
    pub(super) fn note_host(&mut self, node: &Node, address: &str) {
        if let (Some(host), Some(scalar)) = (hosts::host_of(address), node.scalar()) {
            self.hosts.push(hosts::Named { host, span: node.span, shown: showable(scalar).to_owned() });
        }
    }

    pub(super) fn auth(&mut self, node: Option<&Node>) -> Option<Auth> {
        let node = node?;
        let bearer = node.text_of("bearer").map(|token| Auth::Bearer(token.into()));
        let basic = node.get("basic").and_then(|b| b.text_of("user").zip(b.text_of("password")));
        let given = ["bearer", "basic", "oauth2"].iter().filter(|key| node.get(key).is_some()).count();
        if node.is_map() && given != 1 {
            self.report.error(node.span, "`auth` needs one of `bearer`, `basic` and `oauth2`");
        }
        if let Some((user, password)) = basic {
            self.pairs.push((user.to_owned(), password.to_owned()));
        }
        let basic = basic.map(|(user, password)| Auth::Basic { user: user.to_owned(), password: password.into() });
        bearer.or(basic).or_else(|| self.oauth2(node.get("oauth2")?))
    }

    fn oauth2(&mut self, node: &Node) -> Option<Auth> {
        let token_url = node.get("token_url")?;
        self.note_host(token_url, token_url.text()?);
        let (id, secret) = (node.text_of("client_id")?, node.text_of("client_secret")?);
        let as_form = |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        self.pairs.push((as_form(id), as_form(secret)));
        Some(Auth::OAuth2(Arc::new(OAuth2 {
            token_url: token_url.text()?.to_owned(),
            client_id: id.into(),
            client_secret: secret.into(),
            scope: node.text_of("scope").map(str::to_owned),
            client_auth: if node.text_of("client_auth") == Some("body") { ClientAuth::Body } else { ClientAuth::Basic },
        })))
    }
}
