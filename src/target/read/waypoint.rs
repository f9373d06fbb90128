//! Places to look: names, windows, limits.

use super::Builder;
use crate::model::{Limit, WaypointName, Windows};
use crate::source::{Deadline, Node, clock_time, deadline, nearest};
use crate::target::waypoint::{Feed, Waypoint};
use chrono_tz::Tz;
use std::time::Duration;

impl Builder<'_> {
    pub(super) fn waypoints(&mut self, root: &Node, zone: Tz) -> Vec<Waypoint> {
        let items = root.get("waypoints").map_or(&[][..], Node::items);
        let by_name = root.get("windows");
        let mut waypoints: Vec<Waypoint> = Vec::new();
        for item in items {
            let Some(waypoint) = self.waypoint(item, items, (by_name, zone)) else { continue };
            if waypoints.iter().any(|w| w.name == waypoint.name) {
                let span = item.get("name").map_or(item.span, |n| n.span);
                self.report.error(span, format!("a second waypoint is called `{}`", waypoint.name));
            }
            waypoints.push(waypoint);
        }
        self.check_window_names(by_name, items);
        waypoints
    }

    fn waypoint(&mut self, node: &Node, waypoints: &[Node], (by_name, zone): (Option<&Node>, Tz)) -> Option<Waypoint> {
        let name = node.text_of("name")?;
        let feed = match node.text_of("feed")? {
            "json_api" => Feed::JsonApi(Box::new(self.json_api(node))),
            "list" => Feed::List(Box::new(self.list(node))),
            "edi_folder" => Feed::EdiFolder(self.edi_folder(node)),
            "ack" => Feed::Ack(self.ack_folder(node, waypoints)?),
            "eligibility" => Feed::Eligibility(Box::new(self.eligibility(node))),
            _ => return None,
        };
        let named = by_name.and_then(|w| w.entry(name));
        if let (Some(named), Some(_)) = (named, node.get("windows")) {
            self.report.error(named.key_span, format!("windows of `{name}` are given here and at the waypoint"));
        }
        let windows = node.get("windows").or(named.map(|e| &e.value)).and_then(|w| self.windows(w, zone));
        let within = node.get("within").and_then(|n| limit(n.text()?));
        if let (Some(Limit::Windows(_)), None) = (&within, &windows) {
            let span = node.get("within").map_or(node.span, |n| n.span);
            self.report.error(span, format!("a limit in windows, and `{name}` has no `windows`"));
        }
        let absent_aptc_is_zero = super::flag(node, "absent_aptc_is_zero").unwrap_or(false);
        let without_cancellations = super::flag(node, "cancellations") == Some(false);
        let holds_applications = node.text_of("holds") == Some("applications");
        let (name, carries) = (WaypointName::new(name), self.carried_at(node));
        Some(Waypoint {
            name,
            feed,
            within,
            windows,
            absent_aptc_is_zero,
            holds_applications,
            without_cancellations,
            carries,
        })
    }

    fn windows(&mut self, node: &Node, zone: Tz) -> Option<Windows> {
        let grace = super::step::span_of_time(Some(node), "grace");
        if let (true, given @ ((true, true) | (false, false))) =
            (node.is_map(), (node.get("at").is_some(), node.get("every").is_some()))
        {
            let how = if given.0 { "both `at` and `every`" } else { "neither `at` nor `every`" };
            self.report.error(node.span, format!("windows with {how}, expected one of the two"));
            return None;
        }
        if let Some(period) = super::step::span_of_time(Some(node), "every") {
            return Some(Windows::Every { period, grace: grace.unwrap_or(Duration::from_secs(2)) });
        }
        let listed = node.get("at").unwrap_or(node).items().iter();
        let mut times: Vec<_> = listed.filter_map(|n| clock_time(n.text()?)).collect();
        times.sort_unstable();
        times.dedup();
        let grace = grace.unwrap_or(Duration::from_mins(15));
        (!times.is_empty()).then_some(Windows::Daily { times, zone, grace })
    }

    fn check_window_names(&mut self, by_name: Option<&Node>, waypoints: &[Node]) {
        let names: Vec<&str> = waypoints.iter().filter_map(|w| w.text_of("name")).collect();
        for entry in by_name.map_or(&[][..], Node::entries) {
            if !names.contains(&entry.key.as_str()) {
                let near = nearest(&entry.key, names.iter().copied());
                let error = self.report.error(entry.key_span, format!("no waypoint is called `{}`", entry.key));
                error.did_you_mean(near);
            }
        }
    }
}

/// A waypoint's node, and those of its issuers.
pub(super) fn with_issuers(node: &Node) -> impl Iterator<Item = &Node> {
    let issuers = node.get("per_issuer").map_or(&[][..], Node::entries);
    std::iter::once(node).chain(issuers.iter().map(|entry| &entry.value))
}

fn limit(text: &str) -> Option<Limit> {
    Some(match deadline(text)? {
        Deadline::Within(duration) => Limit::Within(duration),
        Deadline::Windows(count) => Limit::Windows(count),
        Deadline::ClockTime(time) => Limit::ClockTime(time),
    })
}
