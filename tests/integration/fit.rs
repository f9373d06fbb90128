//! What a target lacks of what a scenario asks for: told before anybody is sent.

use johndoe::prober::check_fit;
use johndoe::scenario::{self, Scenario};
use johndoe::target::{self, Target};

struct Nothing;

impl target::References for Nothing {
    fn env(&self, _: &str) -> Option<String> {
        None
    }

    fn file(&self, path: &str) -> Result<String, String> {
        Err(path.to_owned())
    }
}

fn scenario(population: &str) -> Scenario {
    let text = format!("scenario: s\npopulation: {{{population}}}\njourney: [{{event: enroll}}]\n");
    scenario::parse(&text, "s.yaml").unwrap_or_else(|e| panic!("{e}"))
}

fn target(flow: &str, more: &str) -> Target {
    let text = format!(
        "target: t\nexchange:\n  base_url: http://127.0.0.1:9\n  flows:\n    enroll:\n{flow}\n\
         waypoints: [{{name: edi, feed: edi_folder, path: out}}]\n{more}"
    );
    target::parse(&text, "t.yaml", &Nothing).unwrap_or_else(|e| panic!("{e}"))
}

const WHOLE: &str = "      - {post: /apply, json: \"{{ application }}\"}";

fn misfit(population: &str, target: &Target) -> String {
    check_fit(&scenario(population), target).map_or_else(|error| error.to_string(), |()| String::new())
}

#[test]
fn a_state_or_a_line_without_a_plan_is_refused() {
    let target = target(
        WHOLE,
        "plans:\n  - {plan_id: 12345VA0010001, state: VA}\n  - {plan_id: 12345OH0010001, state: OH}\n  \
         - {plan_id: 12345VA0020001, state: VA, line: dental}\n",
    );
    assert_eq!(misfit("states: [VA, OH]", &target), "");
    assert_eq!(misfit("states: [VA], dental: 10%", &target), "");
    assert!(misfit("states: [VA, OH, TX, FL]", &target).contains("offers no medical plan in TX, FL, and"));
    let both = misfit("states: [VA, OH, TX], dental: 10%", &target);
    assert!(both.contains("no medical plan in TX and no dental plan in OH, TX"), "{both}");
    assert!(both.contains("`population.dental` to 0"), "{both}");
}

#[test]
fn where_the_flow_chooses_the_plan_nothing_is_known_of_states() {
    assert_eq!(misfit("states: [VA, OH]", &target(WHOLE, "")), "");
}
