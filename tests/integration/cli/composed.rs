//! Scenarios put together of parts: what is wrong is shown in the file in which it stands.

use super::{Desk, shipped};

const OWN: &str = "scenario: mine\njourney:\n  - event: enroll\n  - include: parts/rest.yaml\n";

fn desk(part: &str) -> Desk {
    let desk = Desk::new();
    desk.write("mine.yaml", OWN);
    std::fs::create_dir(desk.path("parts")).expect("a folder");
    desk.write("parts/rest.yaml", part);
    desk
}

#[test]
fn a_part_is_read_from_the_folder_of_the_scenario_that_names_it() {
    let desk = desk("- event: change_address\n  after: answered\n- event: cancel\n");
    let target = shipped("targets/sandbox.yaml");
    desk.johndoe(&["check", "mine.yaml", &target]).ends(0, &[]);
    let plan = desk.johndoe(&["run", "mine.yaml", "--target", &target, "--dry-run", "--json"]);
    let plan: serde_json::Value = serde_json::from_str(&plan.ends(0, &[]).out).expect("JSON");
    assert_eq!((&plan["changes"][0]["event"], &plan["cancel_is_probed"]), (&"change_address".into(), &true.into()));
    assert_eq!(plan["terms"]["1"]["after"], "answered");
}

#[test]
fn a_mistake_in_a_part_is_shown_in_its_file() {
    let told = desk("- event: change_adress\n- include: more.yaml\n").johndoe(&["check", "mine.yaml"]);
    told.ends(
        2,
        &[
            "did you mean `change_address`?",
            "--> parts/rest.yaml:1:10",
            "a part of a journey names no further parts",
            "--> parts/rest.yaml:2:12",
        ],
    );
    let no_list = desk("event: cancel\n").johndoe(&["check", "mine.yaml"]);
    no_list.ends(2, &["a part is a list", "--> parts/rest.yaml:1:1"]);
}

#[test]
fn a_part_that_is_not_there_is_shown_where_it_is_named() {
    let desk = Desk::new();
    desk.write("mine.yaml", OWN);
    desk.johndoe(&["check", "mine.yaml"]).ends(2, &["there is no file `parts/rest.yaml`", "--> mine.yaml:4:14"]);
    desk.write("mine.yaml", &OWN.replace("include:", "event: cancel\n    include:"));
    desk.johndoe(&["check", "mine.yaml"]).ends(2, &["`include` stands alone", "--> mine.yaml:5:5"]);
}
