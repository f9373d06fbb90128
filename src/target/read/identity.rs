//! By what the target of a file is known again.

use crate::source::{Kind, Node, Scalar};
use crate::target::fingerprint::Identity;
use url::Url;

/// Keys whose values say where a target leads.
const PLACES: &[&str] = &["base_url", "path", "feed", "of"];
/// Keys under which only the names of credentials count.
const CREDENTIALS: &[&str] = &["auth", "login", "sftp"];
/// Keys under which a `path` is no place, or that say how and not where.
const PASSED_OVER: &[&str] =
    &["flows", "headers", "lookup", "lookups", "records", "members", "fields", "status", "absent", "host_key"];
/// Keys of a request under which a whole address may stand.
const METHODS: &[&str] = &["get", "post", "put", "patch", "delete"];

/// Name, environment, addresses, folders and the names of credentials; of flows only where they lead elsewhere than to
/// the exchange's own address.
pub(super) fn identity(root: &Node) -> Identity {
    let mut identity = Identity::default();
    identity.add_written("target", root.text_of("target").unwrap_or_default());
    match root.get("environment").and_then(Node::scalar) {
        Some(scalar) => place(&mut identity, "environment", scalar),
        None => identity.add_written("environment", "test"),
    }
    if let Some(exchange) = root.get("exchange") {
        walk(&mut identity, "exchange", exchange, false);
        for flow in exchange.get("flows").map_or(&[][..], Node::entries) {
            let steps = flow.value.get("steps").unwrap_or(&flow.value).items();
            for (number, step) in (1..).zip(steps) {
                add_step(&mut identity, &format!("exchange.flows.{}.{number}", flow.key), step);
            }
        }
    }
    let waypoints = root.get("waypoints").map_or(&[][..], Node::items);
    let names: Vec<&str> = waypoints.iter().filter_map(|w| w.text_of("name")).collect();
    identity.add_written("waypoints", &names.join(", "));
    for (waypoint, name) in waypoints.iter().filter_map(|w| Some((w, w.text_of("name")?))) {
        walk(&mut identity, &format!("waypoints.{name}"), waypoint, false);
    }
    identity
}

fn walk(identity: &mut Identity, at: &str, node: &Node, is_credential: bool) {
    for entry in node.entries().iter().filter(|e| !PASSED_OVER.contains(&e.key.as_str())) {
        let at = format!("{at}.{}", entry.key);
        let is_credential = is_credential || CREDENTIALS.contains(&entry.key.as_str());
        match &entry.value.kind {
            Kind::Scalar(scalar) if is_credential => credential(identity, &at, scalar),
            Kind::Scalar(scalar) if PLACES.contains(&entry.key.as_str()) => place(identity, &at, scalar),
            _ => walk(identity, &at, &entry.value, is_credential),
        }
    }
}

/// A file goes where its folder is; a request may have a whole address of its own.
fn add_step(identity: &mut Identity, at: &str, step: &Node) {
    if let Some(edi) = step.get("edi") {
        walk(identity, &format!("{at}.edi"), edi, false);
    }
    for method in METHODS {
        let Some(scalar) = step.get(method).and_then(Node::scalar) else { continue };
        if let Ok(url) = Url::parse(&scalar.text) {
            add(identity, &format!("{at}.{method}"), &url.origin().ascii_serialization(), scalar);
        }
    }
}

fn place(identity: &mut Identity, at: &str, scalar: &Scalar) {
    // Written in another way it is the same address still.
    let address = Url::parse(&scalar.text).map(String::from);
    let text = address.as_ref().unwrap_or(&scalar.text);
    add(identity, at, text.trim_end_matches('/'), scalar);
}

fn add(identity: &mut Identity, at: &str, value: &str, scalar: &Scalar) {
    if scalar.filled.iter().any(|filled| filled.is_secret) || value.contains('@') {
        identity.add_hidden(at, value);
    } else {
        identity.add_written(at, value);
    }
}

/// By which references it comes; one that stands in the file has no name, and its value must not be told.
fn credential(identity: &mut Identity, at: &str, scalar: &Scalar) {
    let names: Vec<&str> = scalar.filled.iter().filter_map(|f| scalar.written.get(f.range.clone())).collect();
    identity.add_hidden(at, &names.join(" "));
}
