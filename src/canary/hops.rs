//! What a run says of the hops it passes: who is on the way to a waypoint, and when the first of them arrived.
//!
//! The people of one run are one window: they travel together, and their silence is one silence.

use super::outcomes::stream_name;
use crate::model::{Arrival, GroupAtWaypoint, Summary};
use chrono::{DateTime, Utc};
use johndoe_vigil::stream::{Delivered, Entry, Kind};
use std::collections::BTreeMap;

/// What of a run the tests for stopped hops were not told yet. `told` says of a stream's window whether it is waited for (`false`) or
/// done with; `is_over`: nobody looks any more, so that who was not seen for want of a look is waited for no more.
pub fn hop_news(summary: &Summary, told: &BTreeMap<(String, DateTime<Utc>), bool>, is_over: bool) -> Vec<Entry> {
    let window_at = summary.run.started_at;
    let mut news = Vec::new();
    for waypoint in &summary.waypoints {
        let stream = stream_name(&summary.run.scenario, Kind::Stalled, &waypoint.name);
        let groups = summary.probes.iter().flat_map(|probe| &probe.groups).flat_map(|group| &group.waypoints);
        let there: Vec<&GroupAtWaypoint> =
            groups.filter(|place| place.name == waypoint.name && place.arrival != Arrival::NotDue).collect();
        let known = told.get(&(stream.clone(), window_at)).copied();
        if there.is_empty() || known == Some(true) {
            continue;
        }
        let mut tell = |told| news.push(Entry::Delivered { stream: stream.clone(), told });
        if known.is_none() {
            tell(Delivered::Sent { window_at });
        }
        let arrived = there.iter().filter_map(|place| place.first_seen_at).min();
        // what was missed by healthy looks is a silence; what nobody could see, or did not wait for, is none
        let is_silence = there.iter().any(|place| place.arrival == Arrival::Missing);
        match arrived {
            Some(at) => tell(Delivered::Arrived { window_at, at }),
            None if is_over && !is_silence => tell(Delivered::Unknown { window_at }),
            None => {
                let looked = there.iter().filter_map(|place| place.last_absent_at).max();
                if let Some(at) = looked {
                    tell(Delivered::Looked { at });
                }
            }
        }
    }
    news
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    const STARTED: &str = "2026-06-01T12:00:00Z";

    fn summary(places: &[Value]) -> Summary {
        let groups: Vec<Value> = places
            .iter()
            .map(|place| json!({"line": "medical", "issuer": null, "plan_id": null, "cleanup": "gone", "waypoints": [place]}))
            .collect();
        let probe = json!({"probe": "run/0", "index": 0, "submission": "accepted", "existence": "accepted", "good": null,
                           "first_divergent_hop": null, "groups": groups, "findings": []});
        let none = json!({"due": 0, "on_time": 0, "late": 0, "missing": 0, "altered": 0, "blind": 0, "pending": 0, "undecided": 0});
        let mut waypoint = json!({"name": "issuer", "feed": "json_api", "people_due": 0, "people_arrived": 0, "not_compared": [],
                                  "latency_seconds": {"p50": null, "p90": null, "p95": null, "p99": null}});
        waypoint.as_object_mut().unwrap().extend(none.as_object().unwrap().clone());
        let rate = json!({"errors": 0, "trials": 0, "estimate": null, "wilson": null, "clopper_pearson": null, "confidence": 0.95});
        let counts = serde_json::to_value(crate::model::Counts::default()).unwrap();
        let whole = json!({
            "schema": "johndoe.report/1", "verdict": "inconclusive", "exit_code": 3, "reasons": [], "waypoints": [waypoint],
            "run": {"id": "run", "scenario": "s", "target": "t", "seed": 1, "started_at": STARTED, "finished_at": null},
            "steps": [], "probes": [probe], "edge_cases": [], "missed_slots": 0, "error_rate": rate, "counts": counts,
        });
        serde_json::from_value(whole).unwrap()
    }

    fn place(arrival: &str, absent: Option<&str>, seen: Option<&str>) -> Value {
        json!({"name": "issuer", "arrival": arrival, "integrity": null, "matched_by": null, "limit_at": null,
               "last_absent_at": absent, "first_seen_at": seen, "discrepancies": [], "equivalences": []})
    }

    fn told(places: &[Value], known: Option<bool>, is_over: bool) -> Vec<String> {
        let window = ("s hop issuer".to_owned(), STARTED.parse().unwrap());
        let known = known.map(|known| (window, known)).into_iter().collect();
        let word = |entry: &Entry| match entry {
            Entry::Delivered { told: Delivered::Sent { .. }, .. } => "sent".to_owned(),
            Entry::Delivered { told: Delivered::Arrived { at, .. }, .. } => format!("arrived {}", at.format("%H:%M")),
            Entry::Delivered { told: Delivered::Unknown { .. }, .. } => "unknown".to_owned(),
            Entry::Delivered { told: Delivered::Looked { at }, .. } => format!("looked {}", at.format("%H:%M")),
            Entry::Outcome { .. } => "outcome".to_owned(),
        };
        hop_news(&summary(places), &known, is_over).iter().map(word).collect()
    }

    #[test]
    fn the_first_who_arrives_is_the_window_and_it_is_told_once() {
        let places = [
            place("pending", Some("2026-06-01T12:07:00Z"), None),
            place("on_time", None, Some("2026-06-01T12:05:00Z")),
            place("on_time", None, Some("2026-06-01T12:04:00Z")),
        ];
        assert_eq!(told(&places, None, false), ["sent", "arrived 12:04"]);
        assert_eq!(told(&places, Some(false), false), ["arrived 12:04"]);
        assert!(told(&places, Some(true), true).is_empty());
    }

    #[test]
    fn a_silence_is_what_healthy_looks_did_not_find() {
        let absent = Some("2026-06-01T12:07:00Z");
        assert_eq!(told(&[place("pending", absent, None)], Some(false), false), ["looked 12:07"]);
        assert!(told(&[place("pending", None, None)], Some(false), false).is_empty(), "nobody has looked");
        assert_eq!(
            told(&[place("missing", absent, None)], Some(false), true),
            ["looked 12:07"],
            "it is waited for still"
        );
        assert_eq!(told(&[place("blind", None, None)], Some(false), true), ["unknown"]);
        assert_eq!(told(&[place("pending", absent, None)], Some(false), true), ["unknown"], "nobody waited for it");
        assert!(told(&[place("not_due", None, None)], None, false).is_empty());
    }
}
