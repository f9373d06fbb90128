//! By what the target of a file is known again.

use crate::source::{Kind, Node, Scalar};
use crate::target::fingerprint::{Identity, OF_HEADERS};
use crate::target::secrets::without_default;
use crate::target::tokens::{is_credential, key_before};
use std::borrow::Cow;
use url::Url;

/// Keys whose values say where a target leads.
const PLACES: &[&str] = &["base_url", "path", "feed", "of"];
/// Keys under which only the names of credentials count.
const CREDENTIALS: &[&str] = &["auth", "login", "sftp"];
/// Keys under which a `path` is no place, or that say how and not where.
const PASSED_OVER: &[&str] =
    &["flows", "headers", "lookup", "lookups", "records", "members", "fields", "status", "absent", "host_key"];
/// Keys whose values are written into what is sent, at whatever depth under them.
const WRITTEN: &[&str] = &[
    "get",
    "post",
    "put",
    "patch",
    "delete",
    "probe",
    "query",
    "headers",
    "json",
    "form",
    "body",
    "set",
    "sender",
    "receiver",
    "sender_id",
    "receiver_id",
    "payer",
    "provider",
];
/// Keys that say how an answer is read.
const OF_ANSWERS: &[&str] =
    &["expect", "exists", "until", "capture", "records", "members", "fields", "status", "absent", "host_key"];
/// Keys of a request under which a whole address may stand.
const METHODS: &[&str] = &["get", "post", "put", "patch", "delete"];

/// Name, environment, addresses, folders and the names of credentials; of flows only where they lead elsewhere than to
/// the exchange's own address, and what they say from outside the file.
pub(super) fn identity(root: &Node) -> Identity {
    let mut identity = Identity::default();
    for key in ["exchange", "waypoints"] {
        root.get(key).into_iter().for_each(|node| add_references(&mut identity, node, None));
    }
    if let Some(scalar) = root.get("proxy").and_then(|proxy| proxy.get("url")).and_then(Node::scalar) {
        place(&mut identity, "proxy.url", scalar);
    }
    identity.add_written("target", root.text_of("target").unwrap_or_default());
    match root.get("environment").and_then(Node::scalar) {
        Some(scalar) => place(&mut identity, "environment", scalar),
        None => identity.add_written("environment", "test"),
    }
    if let Some(exchange) = root.get("exchange") {
        walk(&mut identity, "exchange", exchange, false);
        add_headers(&mut identity, "exchange", exchange);
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
        add_headers(&mut identity, &format!("waypoints.{name}"), waypoint);
        for issuer in waypoint.get("per_issuer").map_or(&[][..], Node::entries) {
            add_headers(&mut identity, &format!("waypoints.{name}.per_issuer.{}", issuer.key), &issuer.value);
        }
    }
    identity
}

fn walk(identity: &mut Identity, at: &str, node: &Node, is_credential: bool) {
    for entry in node.entries().iter().filter(|e| !PASSED_OVER.contains(&e.key.as_str())) {
        let at = format!("{at}.{}", entry.key);
        let is_credential = is_credential || CREDENTIALS.contains(&entry.key.as_str());
        match &entry.value.kind {
            // whoever gives tokens is told the client's secret
            Kind::Scalar(scalar) if entry.key == "token_url" => place(identity, &at, scalar),
            Kind::Scalar(scalar) if is_credential => credential(identity, &at, scalar),
            Kind::Scalar(scalar) if PLACES.contains(&entry.key.as_str()) => place(identity, &at, scalar),
            _ => walk(identity, &at, &entry.value, is_credential),
        }
    }
}

/// The headers of every request there, but for credentials: a tenant's name in one leads elsewhere as an address does. They are told
/// where there are none, too, so that one which comes later is seen; versions before did not write them down.
fn add_headers(identity: &mut Identity, at: &str, node: &Node) {
    let headers = node.get("headers").map_or(&[][..], Node::entries);
    let told = headers.iter().filter(|header| !is_credential(&header.key));
    let told: Vec<_> =
        told.filter_map(|header| Some((header.key.to_ascii_lowercase(), header.value.scalar()?))).collect();
    let is_filled = |scalar: &Scalar| scalar.filled.iter().any(|filled| filled.is_secret) || scalar.text.contains('@');
    // what comes from outside the file is compared by its reference, unless it is a credential
    let shown = |scalar: &Scalar| if is_filled(scalar) { scalar.written.clone() } else { scalar.text.clone() };
    let mut lines: Vec<String> = told.iter().map(|(name, scalar)| format!("{name}: {}", shown(scalar))).collect();
    lines.sort();
    identity.add_written(&format!("{at}{OF_HEADERS}"), &lines.join(", "));
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

/// What comes from outside the file and is written into what is sent: a tenant's name in a path, a header or a field leads
/// elsewhere as an address does. `name`: of the header or field that it stands in; `None`: in nothing that is sent.
fn add_references(identity: &mut Identity, node: &Node, name: Option<&str>) {
    match &node.kind {
        Kind::Scalar(scalar) => name.into_iter().for_each(|name| references(identity, name, scalar)),
        Kind::List(items) => items.iter().for_each(|item| add_references(identity, item, name)),
        Kind::Map(entries) => {
            for entry in entries {
                let key = entry.key.as_str();
                if name.is_some() || WRITTEN.contains(&key) {
                    add_references(identity, &entry.value, Some(key));
                } else if let Some(scope) = entry.value.get("oauth2").and_then(|oauth2| oauth2.get("scope")) {
                    // for what a token is asked is no secret
                    add_references(identity, scope, Some("scope"));
                } else if !CREDENTIALS.contains(&key) && !OF_ANSWERS.contains(&key) {
                    add_references(identity, &entry.value, None);
                }
            }
        }
        Kind::Null | Kind::Broken => {}
    }
}

fn references(identity: &mut Identity, name: &str, scalar: &Scalar) {
    for filled in &scalar.filled {
        let reference = without_default(scalar.written.get(filled.range.clone()).unwrap_or_default());
        // what stands in a file of its own is a credential
        let Some(variable) = reference.strip_prefix("${env:").and_then(|rest| rest.strip_suffix('}')) else { continue };
        let before = scalar.written.get(..filled.range.start).and_then(key_before);
        let names = [Some(name), before, Some(variable)];
        if !names.into_iter().flatten().any(is_credential) {
            identity.add_hidden(&reference, as_address(&filled.value).trim_end_matches('/'));
        }
    }
}

/// Written in another way it is the same address still.
fn as_address(text: &str) -> Cow<'_, str> {
    Url::parse(text).map_or(Cow::Borrowed(text), |address| Cow::Owned(address.into()))
}

fn place(identity: &mut Identity, at: &str, scalar: &Scalar) {
    add(identity, at, as_address(&scalar.text).trim_end_matches('/'), scalar);
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
