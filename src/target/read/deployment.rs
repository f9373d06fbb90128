//! The top of a target file.

use super::{Builder, flag, hosts, number, words};
use crate::model::{CoverageLine, IssuerId, PlanId, RatingAreas};
use crate::source::{Entry, Node, rate_per_second};
use crate::target::deployment::{Caps, ClientCertificate, Environment, OfferedPlan, Proxy, Target};
use std::collections::BTreeMap;

impl Builder<'_> {
    /// What the tree says; `None` where its root is no mapping or holds no exchange.
    pub(super) fn target(mut self, root: &Node, rating_areas: RatingAreas) -> Option<Target> {
        self.is_production_target = root.text_of("environment") == Some("production");
        self.check_written_names(root);
        let exchange = self.exchange(root.get("exchange")?);
        let waypoints = self.waypoints(root, exchange.zone);
        let environment = self.environment(root);
        let allow_hosts = self.allow_hosts(root.get("allow_hosts"));
        Some(Target {
            name: root.text_of("target").unwrap_or_default().to_owned(),
            environment,
            allow_payment: flag(root, "allow_payment").unwrap_or(false),
            exchange,
            waypoints,
            issuers: issuers(root.get("issuers")),
            plans: self.plans(root.get("plans")),
            rating_areas,
            carries: self.carries(root.get("carries")),
            limits: caps(root.get("limits")),
            allow_hosts,
            ca_file: root.get("tls").and_then(|t| t.text_of("ca_file")).map(Into::into),
            proxy: self.proxy(root.get("proxy")),
            clients: self.clients(root.get("tls")),
            secrets: self.secrets(root),
            identity: super::identity::identity(root),
        })
    }

    /// Who we are to which host.
    fn clients(&mut self, tls: Option<&Node>) -> BTreeMap<String, ClientCertificate> {
        let Some(tls) = tls else { return BTreeMap::new() };
        if tls.is_map() && tls.get("ca_file").is_none() && tls.get("clients").is_none() {
            self.report.error(tls.span, "`tls` needs one of `ca_file` and `clients`");
        }
        let entries = tls.get("clients").map_or(&[][..], Node::entries).iter();
        entries.filter_map(|entry| Some((entry.key.to_ascii_lowercase(), self.client(entry)?))).collect()
    }

    fn client(&mut self, entry: &Entry) -> Option<ClientCertificate> {
        let says = |key: &str| entry.value.get(key).is_some();
        let is_sound = match (says("pkcs12"), says("certificate"), says("key")) {
            (true, false, false) => true,
            (false, true, true) => !says("password"),
            _ => false,
        };
        if entry.value.is_map() && !is_sound {
            let message = "a client certificate is `certificate` and `key` in PEM, or `pkcs12` with its `password`";
            self.report.error(entry.key_span, message);
        }
        let text = |key: &str| entry.value.text_of(key).map(str::to_owned);
        if let Some(file) = text("pkcs12") {
            let password = text("password").unwrap_or_default().into();
            return Some(ClientCertificate::Pkcs12 { file: file.into(), password });
        }
        Some(ClientCertificate::Pem { certificate: text("certificate")?, key: text("key")?.into() })
    }

    /// A proxy is asked for names that it looks up itself: whom it reaches is known by name alone.
    fn proxy(&mut self, node: Option<&Node>) -> Option<Proxy> {
        let node = node?;
        let url = node.text_of("url")?.trim_end_matches('/').to_owned();
        let (user, password) = (node.text_of("user"), node.text_of("password"));
        if user.is_some() != password.is_some() {
            self.report.error(node.span, "`user` and `password` of `proxy` go together");
        }
        let login = user.zip(password).map(|(user, password)| (user.to_owned(), password.into()));
        self.pairs.extend(user.zip(password).map(|(user, password)| (user.to_owned(), password.to_owned())));
        Some(Proxy { url, login, except: words(node.get("except")) })
    }

    fn environment(&mut self, root: &Node) -> Environment {
        let Some(entry) = root.entry("environment").filter(|e| e.value.text() == Some("production")) else {
            return Environment::Test;
        };
        let flows = root.get("exchange").and_then(|e| e.get("flows"));
        if flows.is_some_and(|f| f.get("cancel").is_none()) {
            self.report
                .error(entry.value.span, "a production target without a flow for `cancel`")
                .help("add `cancel` to `flows`: what is enrolled in production must be taken out again");
        }
        Environment::Production
    }

    /// The file's list, or every host of its addresses.
    fn allow_hosts(&mut self, node: Option<&Node>) -> Vec<String> {
        if let Some(node) = node {
            hosts::check(&self.hosts, node, self.report);
            return words(Some(node));
        }
        let mut hosts: Vec<String> = self.hosts.iter().map(|n| n.host.clone()).collect();
        hosts.sort();
        hosts.dedup();
        hosts
    }

    fn plans(&mut self, node: Option<&Node>) -> Vec<OfferedPlan> {
        let mut plans: Vec<OfferedPlan> = Vec::new();
        for item in node.map_or(&[][..], Node::items) {
            let Some((plan_id, state)) = item.text_of("plan_id").zip(item.text_of("state")) else { continue };
            let line = item.text_of("line").and_then(CoverageLine::parse).unwrap_or(CoverageLine::Medical);
            let plan = OfferedPlan { plan_id: PlanId::parse(plan_id), state: state.to_owned(), line };
            if plans.contains(&plan) {
                self.report.error(item.span, format!("plan `{}` stands in the list a second time", plan.plan_id));
            } else {
                plans.push(plan);
            }
        }
        plans
    }
}

/// Tax ids first, then the name: what an 834 may call the issuer.
fn issuers(node: Option<&Node>) -> BTreeMap<IssuerId, Vec<String>> {
    let called = |facts: &Node| {
        let mut called = words(facts.get("tax_ids"));
        called.extend(facts.text_of("name").map(str::to_owned));
        called
    };
    let entries = node.map_or(&[][..], Node::entries);
    entries.iter().map(|e| (IssuerId::new(e.key.as_str()), called(&e.value))).collect()
}

fn caps(node: Option<&Node>) -> Caps {
    Caps {
        rate_per_second: node.and_then(|n| n.text_of("rate")).and_then(rate_per_second).unwrap_or(50.0),
        in_flight: number(node, "in_flight").unwrap_or(1_000),
        probes: number(node, "probes").unwrap_or(100_000),
        look_ups: number(node, "look_ups").unwrap_or(64),
    }
}
