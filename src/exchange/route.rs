//! Whether a no is to the address or the form of a request, and not to whom it is about: then nobody was refused, and the target
//! asks at the wrong place.

use crate::model::LifeEvent;
use crate::target::{Answer, Body, RequestStep};
use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

/// So much of an answer is looked at.
const LOOKED_AT: usize = 2048;

/// What routers and frameworks say of an address at which there is nothing.
const NO_ROUTE: [&str; 8] = [
    "no route",
    "no such route",
    "route not found",
    "default backend",
    "page not found",
    "endpoint not found",
    "unknown endpoint",
    "no static resource",
];

/// What such an answer says, to follow what was answered.
pub(super) const MISADDRESSED: &str =
    "that is said of the request's address, method or form and of no household: nobody was refused";

/// Steps that some household got an answer about itself to, so that they ask at the right place: by event, place in the flow, and
/// whether it is one of `session`.
#[derive(Debug, Default)]
pub(super) struct Routes(Mutex<BTreeSet<Route>>);

/// A step: of which event's flow, at which place from 0, or under way in `session`.
pub(super) type Route = (LifeEvent, usize, bool);

impl Routes {
    /// Notes that somebody was answered there.
    pub(super) fn note(&self, route: Route) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(route);
    }

    /// Whether anybody was.
    pub(super) fn is_known(&self, route: Route) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).contains(&route)
    }
}

/// Whether an answer that is no yes says that nothing takes such a request: by its status (RFC 9110 sections 15.5.6, 15.5.16 and 15.6.2),
/// or a 404 at an address that says nothing of any household, or that a router gave. An API's 404 at an address with an id in it is
/// about that id; a portal's page may be, too.
pub(super) fn is_misaddressed(step: &RequestStep, answer: &Answer) -> bool {
    let goes_through_pages = matches!(step.body, Body::Form(_)) || step.method == "GET";
    match answer.status {
        405 | 415 | 501 => true,
        404 => step.path.is_fixed() || says_no_route(answer) || answer.is_html_page() && !goes_through_pages,
        _ => false,
    }
}

fn says_no_route(answer: &Answer) -> bool {
    let text = String::from_utf8_lossy(answer.body.get(..LOOKED_AT).unwrap_or(&answer.body)).to_ascii_lowercase();
    NO_ROUTE.iter().any(|words| text.contains(words))
}

#[cfg(test)]
mod tests {
    use super::{Routes, is_misaddressed};
    use crate::model::LifeEvent;
    use crate::target::{Answer, NoReferences, RequestStep, StepKind, parse};

    /// A step that asks there, with this body.
    fn step(path: &str, body: &str) -> RequestStep {
        let text = format!(
            "target: t\nexchange:\n  base_url: https://a.test\n  flows:\n    enroll:\n      - {{post: /first, commits: true, \
             capture: {{id: $.id}}}}\n      - {{post: \"{path}\", {body}}}\nwaypoints: [{{name: w, feed: edi_folder, path: out}}]\n"
        );
        let target = parse(&text, "t.yaml", &NoReferences).unwrap_or_else(|e| panic!("{e}"));
        match &target.exchange.flows[&LifeEvent::Enroll].steps[1].kind {
            StepKind::Request(request) => (**request).clone(),
            StepKind::HandOver(_) => panic!("a request"),
        }
    }

    #[test]
    fn a_no_to_the_address_is_told_from_a_no_to_the_household() {
        let (fixed, of_id) = (step("/apply", "json: {}"), step("/apply/{{ id }}", "json: {}"));
        let portal = step("/apply/{{ id }}", "form: {a: b}");
        let answer = |status, body: &str| Answer { status, body: body.as_bytes().to_vec(), ..Answer::default() };
        let page = "<!DOCTYPE html><html><p>Cannot POST</html>";
        for (step, status, body, expected) in [
            (&fixed, 404, r#"{"error": "no such household"}"#, true),
            (&fixed, 422, "no route", false),
            (&fixed, 400, "", false),
            (&of_id, 404, r#"{"error": "no such household"}"#, false),
            (&of_id, 404, "", false),
            (&of_id, 404, r#"{"error": "no Route matched"}"#, true),
            (&of_id, 404, page, true),
            (&portal, 404, page, false),
            (&of_id, 405, "", true),
            (&of_id, 415, "", true),
            (&of_id, 501, "", true),
            (&of_id, 503, "", false),
        ] {
            assert_eq!(is_misaddressed(step, &answer(status, body)), expected, "{status} {body}");
        }
    }

    #[test]
    fn a_route_is_known_by_its_event_and_place() {
        let routes = Routes::default();
        routes.note((LifeEvent::Enroll, 1, false));
        assert!(routes.is_known((LifeEvent::Enroll, 1, false)));
        for other in [(LifeEvent::Enroll, 0, false), (LifeEvent::Cancel, 1, false), (LifeEvent::Enroll, 1, true)] {
            assert!(!routes.is_known(other), "{other:?}");
        }
    }
}
