//! A step that hands over an 834.

use super::Builder;
use super::step::span_of_time;
use crate::model::Field;
use crate::source::{Entry, Node};
use crate::target::flow::Per;
use crate::target::hand_over::{Acknowledged, Broker, HandOver, Organization, OwnFact, TradingPartner};
use crate::target::template::{Mode, Template};
use std::time::Duration;

/// Keys that only a request has.
const REQUEST_ONLY: &[&str] = &[
    "get",
    "post",
    "put",
    "patch",
    "delete",
    "query",
    "headers",
    "auth",
    "json",
    "form",
    "body",
    "content_type",
    "expect",
    "capture",
    "redirects",
    "retry",
    "until",
];
/// The file's name unless the target says another.
const FILE: &str = "834_{{ control_number }}.edi";
/// Known in the file's name.
const IN_NAME: &[&str] = &["control_number"];
/// Known in what is said of each group, and of each member.
const IN_FACTS: &[&str] = &["control_number", "line"];

impl Builder<'_> {
    /// `None` where no folder can be told; what is wrong is reported.
    pub(super) fn hand_over(&mut self, step: &Node, edi: &Entry) -> Option<HandOver> {
        for key in REQUEST_ONLY {
            self.misplaced(step, key, "belongs to a request, and this step hands over an 834");
        }
        let node = &edi.value;
        let facts = self.own_facts(node);
        for fact in &facts {
            self.scope.add_field(fact.field);
        }
        if !self.scope.knows_field(Field::SubscriberId) {
            let message = "an 834 must say who the subscriber is, and nothing says `exchange_assigned_subscriber_id`";
            let help = "add `facts: {exchange_assigned_subscriber_id: \"{{ control_number }}\"}`, or capture it before";
            self.report.error(edi.key_span, message).help(help);
        }
        let (file, is_production) = (self.file_name(node.get("file")), self.is_production(node));
        let acknowledged = node.get("acknowledged").map(|acks| self.acknowledged(node, acks));
        Some(HandOver {
            to: self.directory(node, None)?,
            file,
            sender: partner(node.get("sender")?)?,
            receiver: partner(node.get("receiver")?)?,
            sponsor: node.get("sponsor").and_then(organization),
            payer: node.get("payer").and_then(organization),
            broker: node.get("broker").and_then(broker),
            is_production,
            facts,
            acknowledged: match acknowledged {
                Some(read) => Some(read?),
                None => None,
            },
        })
    }

    fn own_facts(&mut self, node: &Node) -> Vec<OwnFact> {
        let mut facts: Vec<OwnFact> = Vec::new();
        for entry in node.get("facts").map_or(&[][..], Node::entries) {
            // Anything else was refused with the keys.
            let Some(field) = Field::parse(&entry.key).filter(|field| HandOver::OWN.contains(field)) else { continue };
            if facts.iter().any(|fact| fact.field == field) {
                self.report.error(entry.key_span, format!("`{field}` stands here already"));
            }
            (self.scope.per_member, self.scope.beside) = (!field.is_group(), IN_FACTS);
            let value = self.template(&entry.value, Mode::Text);
            (self.scope.per_member, self.scope.beside) = (false, &[]);
            facts.push(OwnFact { field, value });
        }
        facts
    }

    fn file_name(&mut self, node: Option<&Node>) -> Template {
        let Some(node) = node else { return Template::compile(FILE).unwrap_or_else(|_| super::empty_template()) };
        self.scope.beside = IN_NAME;
        let file = self.template(node, Mode::Text);
        self.scope.beside = &[];
        if file.is_fixed() && node.scalar().is_some() {
            let message = "every file would have this name, and none is written over another";
            self.report
                .error(node.span, message)
                .help(format!("write `{FILE}`, or another name that differs each time"));
        }
        file
    }

    /// Production data comes from production targets, which ask for `--confirm`.
    fn is_production(&mut self, node: &Node) -> bool {
        let said = node.get("as");
        if let Some(said) = said.filter(|said| said.text() == Some("production") && !self.is_production_target) {
            let message = "a target with `environment: test` hands over no production data";
            self.report.error(said.span, message).help("leave `as` out, or say `environment: production`");
        }
        said.map_or(self.is_production_target, |said| said.text() == Some("production"))
    }

    fn acknowledged(&mut self, edi: &Node, node: &Node) -> Option<Acknowledged> {
        let within = span_of_time(Some(node), "within").unwrap_or(Duration::from_mins(5));
        let every = span_of_time(Some(node), "every").unwrap_or(Duration::from_secs(1));
        if within < every {
            let span = node.entry("every").or_else(|| node.entry("within")).map_or(node.span, |e| e.value.span);
            self.report.error(span, format!("a pause of {every:?} does not fit into {within:?}"));
        }
        let from = self.directory(node, edi.get("sftp"))?;
        Some(Acknowledged { from, within, every })
    }
}

fn partner(node: &Node) -> Option<TradingPartner> {
    let id = node.text_of("id")?.to_owned();
    let qualifier = node.text_of("qualifier").unwrap_or("ZZ").to_owned();
    let group = node.text_of("group").map_or_else(|| id.clone(), str::to_owned);
    Some(TradingPartner { id, qualifier, group })
}

fn organization(node: &Node) -> Option<Organization> {
    Some(Organization { name: node.text_of("name")?.to_owned(), tax_id: node.text_of("tax_id")?.to_owned() })
}

fn broker(node: &Node) -> Option<Broker> {
    Some(Broker { name: node.text_of("name")?.to_owned(), npn: node.text_of("npn")?.to_owned() })
}

/// For whom a sender's own fact speaks.
pub(super) fn per(field: Field) -> Per {
    if field.is_group() { Per::Group } else { Per::Member }
}
