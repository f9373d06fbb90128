//! What an API waypoint may leave out of sight without being broken: told by `check`.

use super::deployment::Target;
use super::template::{Template, first_segment};
use super::waypoint::{Dialect, Endpoint, Feed, Lookup};
use std::collections::BTreeSet;

/// Sentences about paths that take some of a list, and about look-ups that ask the same for everybody; none twice.
pub(super) fn notices(target: &Target) -> Vec<String> {
    let mut told = BTreeSet::new();
    for waypoint in &target.waypoints {
        let Some(api) = waypoint.feed.api() else { continue };
        for endpoint in api.endpoints.values() {
            let of_paths = of_paths(&endpoint.dialect, target.carries.members == Some(1));
            let is_list = matches!(waypoint.feed, Feed::List(_));
            let of_look_ups = if is_list { Vec::new() } else { of_look_ups(endpoint) };
            told.extend(of_paths.into_iter().chain(of_look_ups).map(|what| (waypoint.name.clone(), what)));
        }
    }
    told.into_iter().map(|(name, what)| format!("waypoint `{name}`: {what}")).collect()
}

fn of_paths(dialect: &Dialect, is_one_person: bool) -> Vec<String> {
    let members = dialect.members.as_ref().and_then(|path| Some(("members", path, path.all_items()?)));
    let records = dialect.records.all_items().map(|all| ("records", &dialect.records, all));
    let told = [members.filter(|_| !is_one_person), records].into_iter().flatten();
    told.map(|(key, path, all)| {
        let follows = match key {
            "members" => "of a larger household nobody else is seen, and who is missing is not compared",
            _ => "whoever stands elsewhere in it is not seen, and an answer that holds more proves nobody's absence",
        };
        format!(
            "`{key}` ({path}) takes some of a list by their places: {follows}; write `{all}` where all of it is meant"
        )
    })
    .collect()
}

fn of_look_ups(endpoint: &Endpoint) -> Vec<String> {
    let headers = endpoint.headers.iter().any(|(_, template)| !template.places().is_empty());
    let constant = endpoint.dialect.lookups.iter().filter(|lookup| !headers && is_the_same_for_everybody(lookup));
    constant
        .map(|lookup| {
            format!(
                "the look-up `{} {}` names nobody, so every household gets the same answer: it is read as a list of everybody, in \
                 which a record is somebody's only by what it shows itself (an id, the mailbox, an SSN, a name beside more), and whoever \
                 is not in it is missing; say with `{{{{ … }}}}` whom it asks for, unless that is meant",
                lookup.method,
                lookup.path.source
            )
        })
        .collect()
}

/// Whether it asks by nothing that differs from household to household.
fn is_the_same_for_everybody(lookup: &Lookup) -> bool {
    let of_body = lookup.body.templates().into_iter().flat_map(Template::places);
    lookup.path.places().into_iter().chain(of_body).all(|place| first_segment(&place) == "run")
}

#[cfg(test)]
mod tests {
    use super::notices;
    use crate::target::parse;
    use crate::target::secrets::NoReferences;

    fn told(waypoint: &str, more: &str) -> Vec<String> {
        let text = format!(
            "target: t\nenvironment: test\nexchange:\n  base_url: http://127.0.0.1:9\n  flows:\n    enroll:\n      - {{post: /apply, \
             json: '{{{{ application }}}}'}}\nwaypoints:\n  - name: issuer\n    feed: json_api\n    base_url: http://127.0.0.1:9\n    \
             fields: {{member.email: $.mail}}\n{waypoint}{more}"
        );
        notices(&parse(&text, "t.yaml", &NoReferences).unwrap_or_else(|e| panic!("{e}")))
    }

    const LOOKUP: &str = "    lookup: {get: '/members?mail={{ probe.marker }}'}\n";

    #[test]
    fn a_path_that_takes_some_of_a_list_by_their_places_is_told() {
        let of = |paths: &str, more: &str| told(&format!("{LOOKUP}{paths}"), more);
        for path in ["$.people[0]", "$.people[0:3:]", "$.people[-1]"] {
            let told = of(&format!("    records: $.hits[*]\n    members: {path}\n"), "");
            assert_eq!(told.len(), 1, "{path}: {told:?}");
            assert!(told[0].starts_with(&format!("waypoint `issuer`: `members` ({path})")), "{told:?}");
            assert!(told[0].contains("write `$.people[*]`"), "{told:?}");
        }
        assert!(of("    records: $.hits[*]\n    members: $.people[0]\n", "carries: {members: 1}\n").is_empty());
        assert!(of("    records: $.hits[*]\n    members: $.people[*]\n", "").is_empty());
        let told = of("    records: $.hits[0]\n    members: $.people[*]\n", "");
        assert!(told.len() == 1 && told[0].starts_with("waypoint `issuer`: `records` ($.hits[0])"), "{told:?}");
    }

    #[test]
    fn a_look_up_that_asks_the_same_for_everybody_is_told() {
        for constant in [
            "    lookup: {get: /members}\n",
            "    lookup: {get: '/members?all=1'}\n",
            "    lookup: {post: /search, json: {kind: all}}\n",
        ] {
            let told = told(constant, "");
            assert_eq!(told.len(), 1, "{constant}: {told:?}");
            assert!(told[0].contains("names nobody, so every household gets the same answer"), "{told:?}");
        }
        for own in [
            LOOKUP,
            "    lookup: {post: /search, json: {last: '{{ subscriber.name.last }}'}}\n",
            "    lookup: {get: /members}\n    headers: {X-Who: '{{ probe.marker }}'}\n",
        ] {
            assert_eq!(told(own, ""), Vec::<String>::new(), "{own}");
        }
    }
}
