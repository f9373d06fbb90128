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

const ROWS: &str = "scenario: given\npopulation:\n  ssn: never_issued\n  rows:\n    - include: families.csv\n    - {state: OH, income: 52000}\n\
    journey:\n  - event: enroll\n  - event: cancel\n";
const FAMILIES: &str = "household,state,income,plan,people.first_name,people.last_name,people.birth_date,people.sex,people.relationship,values.promo\n\
    1,VA,41000.50,12345VA0010001,Ann,O'Neal,1980-02-29,female,,A7\n\
    1,,,,Bo,\"O'Neal, Jr.\",2010-05-06,male,child,\n\
    2,VA,30000,,Cy,Roe,1990-01-02,male,,B 8\n";

/// A desk with rows in a table, and the lines that `johndoe plan` prints of it.
fn given(families: &str, more: &[&str]) -> (Desk, Vec<serde_json::Value>) {
    let desk = Desk::new();
    desk.write("given.yaml", ROWS);
    desk.write("families.csv", families);
    let told = desk.johndoe(&[&["plan", "given.yaml", "--json"], more].concat());
    let lines = told.ends(0, &[]).out.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    (desk, lines)
}

#[test]
fn households_given_in_a_table_are_who_their_rows_say_and_whatever_is_not_given_is_drawn() {
    let (desk, lines) = given(FAMILIES, &["--target", &shipped("targets/sandbox.yaml")]);
    assert_eq!(lines.len(), 3, "as many as rows");
    let household = &lines[0]["household"];
    let people = household["people"].as_array().expect("people");
    let said = |person: &serde_json::Value| {
        let name = |part: &str| person["name"][part].as_str().unwrap_or_default().to_owned();
        format!(
            "{} {} {} {} {}",
            name("first"),
            name("last"),
            person["birth_date"],
            person["sex"],
            person["relationship"]
        )
    };
    assert_eq!(said(&people[0]), "Ann O'Neal \"1980-02-29\" \"female\" \"self\"");
    assert_eq!(said(&people[1]), "Bo O'Neal, Jr. \"2010-05-06\" \"male\" \"child\"");
    assert_eq!((people.len(), &household["address"]["state"]), (2, &"VA".into()));
    assert_eq!(
        (&household["income_cents"], &household["wishes"]["values"]["promo"]),
        (&4_100_050.into(), &"A7".into())
    );
    assert_eq!(lines[0]["plans"]["medical"], "12345VA0010001");
    let marks = [&people[0]["ssn"], &people[0]["phone"], &people[0]["email"], &household["address"]["street_1"]];
    assert!(marks.iter().all(|drawn| drawn.as_str().is_some_and(|text| !text.is_empty())), "{household}");
    assert_eq!(
        (&lines[2]["household"]["address"]["state"], &lines[2]["household"]["income_cents"]),
        (&"OH".into(), &5_200_000.into())
    );
    let more = desk.johndoe(&["plan", "given.yaml", "--json", "--count", "5"]);
    let more = &more.ends(0, &[]).out;
    let beyond: serde_json::Value = serde_json::from_str(more.lines().last().expect("a line")).expect("JSON");
    assert_eq!((more.lines().count(), &beyond["household"]["wishes"]), (5, &serde_json::Value::Null), "drawn");
}

#[test]
fn a_mistake_in_a_table_is_shown_at_its_cell() {
    let (desk, _) = given(FAMILIES, &[]);
    desk.write(
        "families.csv",
        &FAMILIES.replace("2010-05-06,male,child", "2010-05-06,male,kid").replace("income", "incme"),
    );
    let told = desk.johndoe(&["check", "given.yaml"]);
    told.ends(
        2,
        &["unknown relationship `kid`", "--> families.csv:3:39", "did you mean `income`?", "--> families.csv:1:17"],
    );
}

#[test]
fn what_a_target_cannot_give_a_row_is_told_before_anybody_is_sent() {
    let (desk, _) = given(FAMILIES, &[]);
    let target = std::fs::read_to_string(shipped("targets/sandbox.yaml")).expect("the target");
    let dry = |target: &str| {
        desk.write("target.yaml", target);
        desk.johndoe(&["run", "given.yaml", "--target", "target.yaml", "--dry-run"])
    };
    let wants = |value: &str| {
        target.replacen("post: /api/accounts\n", &format!("post: '/api/accounts?code={{{{ {value} }}}}'\n"), 1)
    };
    let wanted = dry(&wants("values.promo"));
    wanted.ends(2, &["row 3 of `population.rows` gives no value `promo`", "`{{ values.promo }}`"]);
    dry(&wants("values.promo | default(1)")).ends(0, &[]);
    desk.write("families.csv", &FAMILIES.replace("12345VA0010001", "99999VA0010002"));
    dry(&target).ends(2, &["row 1 of `population.rows` asks for the medical plan 99999VA0010002", "do not have in VA"]);
    desk.write(
        "given.yaml",
        &ROWS.replace("{state: OH, income: 52000}", "{edge_cases: [hyphenated_surname, very_long_surname]}"),
    );
    desk.write("families.csv", FAMILIES);
    dry(&target)
        .ends(2, &["row 3 of `population.rows` asks for the edge case `very_long_surname`, which does not fit"]);
}
