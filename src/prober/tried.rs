//! Before anybody is enrolled: whether the waypoints let themselves be asked.

use super::engine::Engine;
use super::look_ups::LookUps;
use super::{Error, News};
use crate::issuer::Tried;
use crate::model::ProbeIndex;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Asks every system that is asked per probe once, for the first household, of which it knows nothing yet. Fails where one is not
/// there or does not let us in; tells of those that could not be tried.
pub(super) async fn try_all(engine: &Engine, waypoints: &[Arc<LookUps>]) -> Result<(), Error> {
    if waypoints.is_empty() || engine.plan.count == 0 {
        return Ok(());
    }
    let sought = engine.sought(ProbeIndex(0));
    for look_ups in waypoints {
        let waypoint = engine.waypoint_name(look_ups.waypoint);
        for issuer in look_ups.feed.endpoints() {
            let whose = issuer.as_ref().map_or_else(String::new, |issuer| format!("issuer {issuer}: "));
            match look_ups.feed.try_out(issuer.as_ref(), &sought).await {
                Tried::Answers => {}
                Tried::Refuses(words) => {
                    return Err(Error::Refused { waypoint, reason: format!("{whose}{words}") });
                }
                Tried::Unclear(words) => {
                    let note = format!("waypoint `{waypoint}` was tried, and cannot be told yet: {whose}{words}");
                    engine.listener.tell(&News::Note(note));
                }
                Tried::NotAskable(names) => engine.listener.tell(&News::Note(untried(&waypoint, &whose, &names))),
            }
        }
    }
    Ok(())
}

fn untried(waypoint: &str, whose: &str, names: &BTreeSet<String>) -> String {
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let why = if names.is_empty() {
        "nothing can be asked yet".to_owned()
    } else {
        format!("its look-ups say `{}`, which the exchange has yet to tell", names.join("`, `"))
    };
    format!(
        "waypoint `{waypoint}` is untried: {whose}{why}; a `probe:` path of the waypoint is asked before anybody is enrolled"
    )
}
