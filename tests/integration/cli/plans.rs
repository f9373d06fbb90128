//! `plan`: the same people whatever is asked beside them, in any process.

use super::{Desk, shipped};

#[test]
fn the_first_300_lines_are_the_same_byte_for_byte_in_another_process_and_whatever_the_count() {
    let (desk, other) = (Desk::new(), Desk::new());
    let (scenario, target) = (shipped("edge-cases.yaml"), shipped("targets/sandbox.yaml"));
    let plan = |desk: &Desk, count: &str| {
        let words = ["plan", &scenario, "--target", &target, "--json", "--seed", "7", "--count", count];
        desk.johndoe(&words).ends(0, &[]).out.clone()
    };
    let (ten, many) = (plan(&desk, "10"), plan(&desk, "5000"));
    assert_eq!((ten.lines().count(), many.lines().count()), (10, 5000));
    assert!(many.starts_with(&ten), "10 and 5,000 begin alike");
    let first: String = many.split_inclusive('\n').take(300).collect();
    assert_eq!(plan(&other, "300"), first);
    for line in ten.lines() {
        serde_json::from_str::<serde_json::Value>(line).expect("JSON Lines");
    }
}

#[test]
fn one_probe_is_its_line_of_the_whole() {
    let desk = Desk::new();
    let scenario = shipped("families.yaml");
    let all = desk.johndoe(&["plan", &scenario, "--json"]).out;
    for probe in [0, 7, 99] {
        let one = desk.johndoe(&["plan", &scenario, "--json", "--probe", &probe.to_string()]);
        assert_eq!(one.ends(0, &[]).out.trim_end(), all.lines().nth(probe).expect("a line"));
    }
    desk.johndoe(&["plan", &scenario, "--probe", "100"]).ends(2, &["not among 0 to 99", "--count"]);
}

#[test]
fn a_rating_area_is_shown_where_one_is_known() {
    let plan = Desk::new().johndoe(&["plan", &shipped("families.yaml"), "--count", "60"]);
    let out = plan.ends(0, &[]).out.clone();
    let counties: Vec<&str> = out.lines().filter_map(|line| line.split_once("(county ")?.1.split(')').next()).collect();
    assert!(counties.len() == 60 && counties.iter().any(|county| county.contains(", R-")), "{counties:?}");
    assert!(counties.iter().all(|county| !county.ends_with(", ")), "{counties:?}");
}

#[test]
fn another_seed_gives_other_people() {
    let desk = Desk::new();
    let plan =
        |seed: &str| desk.johndoe(&["plan", &shipped("families.yaml"), "--json", "--count", "1", "--seed", seed]).out;
    assert_ne!(plan("1"), plan("2"));
}

#[test]
fn the_table_shows_people_and_what_must_be_found() {
    let desk = Desk::new();
    let told = desk.johndoe(&[
        "plan",
        &shipped("families.yaml"),
        "--count",
        "2",
        "--target",
        &shipped("targets/sandbox.yaml"),
    ]);
    for words in ["probe 0: ", "probe 1: ", "must be found (medical): ", "medical plan: ", "never issued", "self"] {
        assert!(told.ends(0, &[]).out.contains(words), "`{words}` is not in {}", told.out);
    }
}
