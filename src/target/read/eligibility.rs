//! An eligibility service.

use super::Builder;
use super::json_api::poll;
use super::step::span_of_time;
use crate::model::{IssuerId, PlanId};
use crate::source::Node;
use crate::target::eligibility::{AskBy, AskedDate, Dependents, Eligibility, EnvelopeKind, Login, Named, Payer};
use std::collections::BTreeMap;
use std::time::Duration;

/// A connection is kept this long (CAQH CORE 156: an answer is due within 20 seconds, and nobody hangs up before 60).
const REQUEST_WITHIN: Duration = Duration::from_mins(1);
/// TRN03: `9` and an id of one's own choosing.
const TRACE_COMPANY: &str = "9JOHNDOE00";

impl Builder<'_> {
    pub(super) fn eligibility(&mut self, node: &Node) -> Eligibility {
        let names = node.get("plan_names").map_or(&[][..], Node::entries);
        let plan = |text: &str| PlanId::parse(text);
        Eligibility {
            endpoints: self.payers(node),
            provider: named(node.get("provider"), "npi"),
            ask_by: if node.text_of("ask_by") == Some("name") { AskBy::Name } else { AskBy::MemberId },
            dependents: match node.text_of("dependents") {
                Some("under_subscriber") => Dependents::UnderSubscriber,
                _ => Dependents::AsThemselves,
            },
            date: if node.text_of("date") == Some("today") { AskedDate::Today } else { AskedDate::Begin },
            due_when_paid: node.text_of("before_payment") == Some("inactive"),
            plan_names: names.iter().filter_map(|e| Some((e.key.to_uppercase(), plan(e.value.text()?)))).collect(),
            trace_company: node.text_of("trace_company").unwrap_or(TRACE_COMPANY).to_owned(),
            poll: poll(node.get("poll")),
            within: span_of_time(Some(node), "request_within").unwrap_or(REQUEST_WITHIN),
        }
    }

    fn payers(&mut self, node: &Node) -> BTreeMap<Option<IssuerId>, Payer> {
        let mut payers = BTreeMap::new();
        if node.get("base_url").is_some() == node.get("per_issuer").is_some() {
            self.report.error(node.span, "an `eligibility` waypoint needs one of `base_url` and `per_issuer`");
        }
        if node.get("base_url").is_some() {
            let payer = self.payer(&[node]);
            payers.insert(None, payer);
        }
        for entry in node.get("per_issuer").map_or(&[][..], Node::entries) {
            if entry.value.is_map() && entry.value.get("base_url").is_none() {
                self.report.error(entry.key_span, format!("issuer `{}` has no `base_url`", entry.key));
            }
            let payer = self.payer(&[&entry.value, node]);
            payers.insert(Some(IssuerId::new(entry.key.as_str())), payer);
        }
        payers
    }

    /// A payer by what the nodes say, the first that says something first.
    fn payer(&mut self, nodes: &[&Node]) -> Payer {
        let said = |key: &str| nodes.iter().find_map(|node| node.get(key));
        let own = nodes.first().copied();
        for key in ["payer", "sender_id", "receiver_id"] {
            if let (None, Some(own)) = (said(key), own.filter(|node| node.is_map())) {
                self.report.error(own.span, format!("an `eligibility` service needs `{key}`"));
            }
        }
        let text = |key: &str| said(key).and_then(Node::text).unwrap_or_default().to_owned();
        let login = said("login").and_then(|login| {
            let (user, password) = login.text_of("user").zip(login.text_of("password"))?;
            Some(Login { user: user.to_owned(), password: password.into() })
        });
        Payer {
            url: self.base_url(own.and_then(|node| node.get("base_url"))),
            auth: self.auth(said("auth")),
            login,
            envelope: if text("envelope") == "mime" { EnvelopeKind::Mime } else { EnvelopeKind::Soap },
            payer: named(said("payer"), "id"),
            sender_id: text("sender_id"),
            receiver_id: text("receiver_id"),
        }
    }
}

fn named(node: Option<&Node>, id: &str) -> Named {
    let text = |key: &str| node.and_then(|node| node.text_of(key)).unwrap_or_default().to_owned();
    Named { name: text("name"), id: text(id) }
}
