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

#[test]
fn who_is_helped_by_an_agent_must_say_so() {
    let says = |what: &str| target(&format!("      - {{post: /apply, json: {{a: \"{what}\"}}}}"), "");
    let refused = misfit("agents: 25%", &says("{{ household.marker }}"));
    assert!(refused.contains("nothing in the flow `enroll` of target `t` says which"), "{refused}");
    assert_eq!(misfit("agents: 0", &says("{{ household.marker }}")), "");
    for said in ["{{ household.agent.npn }}", "{{ household.agent }}", "{{ application.agent.npn }}", "{{ household }}"]
    {
        assert_eq!(misfit("agents: 25%", &says(said)), "", "{said}");
    }
    assert_eq!(misfit("agents: 25%", &target(WHOLE, "")), "");
}

/// A flow of steps that name their people one by one.
fn one_by_one(count: usize) -> String {
    let step = |at| {
        format!(
            "      - {{post: /apply, json: {{born: '{{{{ members[{at}].birth_date }}}}'}}, when: 'members | length > {at}'}}\n"
        )
    };
    (0..count).map(step).collect()
}

#[test]
fn a_household_that_a_target_cannot_carry_is_refused_where_it_is_known() {
    let of_four = target(&one_by_one(4), "");
    assert_eq!(misfit("household_size: {1: 1, 4: 2}", &of_four), "");
    let refused = misfit("household_size: {1: 3, 6: 1}, count: 40", &of_four);
    assert!(refused.contains("the target carries 4 members (so many are written out"), "{refused}");
    assert!(refused.contains("this household has 6"), "{refused}");
    let declared = target(WHOLE, "carries: {members: 2}\n");
    assert_eq!(misfit("household_size: {2: 1}", &declared), "");
    let refused = misfit("household_size: {3: 1}, count: 7", &declared);
    assert!(refused.starts_with("7 of the households that would be sent are too large"), "{refused}");
    assert!(refused.contains("the target carries 2 members (`carries.members`), this household has 3"), "{refused}");
}

#[test]
fn a_line_that_no_flow_asks_for_is_refused() {
    let medical = "      - {post: /apply, json: {people: \"{{ members }}\", plan: \"{{ plan_id }}\"}}";
    assert!(
        misfit("dental: 25%", &target(medical, "")).contains("nothing in the flow `enroll` of target `t` asks for one")
    );
    assert_eq!(misfit("dental: 0", &target(medical, "")), "");
    for line in
        ["{{ dental_plan_id }}", "{{ dental_plan_id | default(none) }}", "{{ groups }}", "{{ household.lines }}"]
    {
        let both = medical.replace("{{ plan_id }}", line);
        assert_eq!(misfit("dental: 25%", &target(&both, "")), "", "{line}");
    }
}

#[test]
fn what_is_never_told_is_named_and_what_carries_leaves_out_is_not() {
    let told = |more: &str| {
        let flow = "      - {post: /apply, json: {people: \"{% for m in members %}{{ m.name.full }}{{ m.birth_date }}{% endfor %}\"}}";
        johndoe::target::notices(&target(flow, more)).join("\n")
    };
    assert!(told("").contains("no template of the flow `enroll` tells"), "{}", told(""));
    assert!(told("").contains("`member.tobacco`") && !told("").contains("`member.birth_date`"), "{}", told(""));
    assert!(!told("carries: {not_asked: [tobacco]}\n").contains("`member.tobacco`"));
}

#[test]
fn rules_of_effective_dates_that_nothing_is_told_for_are_named() {
    let told = |capture: &str| {
        let text = format!(
            "target: t\nexchange:\n  base_url: http://127.0.0.1:9\n  effective_dates: {{rules: state, today: theirs}}\n  \
             flows: {{enroll: [{{post: /apply, json: '{{{{ application }}}}', capture: {{{capture}: $.a}}}}]}}\n\
             waypoints: [{{name: edi, feed: edi_folder, path: out}}]\n"
        );
        let target = target::parse(&text, "t.yaml", &Nothing).unwrap_or_else(|e| panic!("{e}"));
        johndoe::target::notices(&target).join("\n")
    };
    assert!(told("aptc").contains("no flow captures one: capture `group.benefit_begin_date`"), "{}", told("aptc"));
    assert!(!told("benefit_begin_date").contains("effective_dates"), "{}", told("benefit_begin_date"));
}

#[test]
fn every_word_of_every_closed_list_can_be_looked_up() {
    let told = std::process::Command::new(env!("CARGO_BIN_EXE_johndoe")).arg("fields").output().unwrap();
    let told = String::from_utf8(told.stdout).unwrap();
    for word in ["niece_or_nephew", "court_appointed", "domestic_partner", "anti_duplication", "inactive", "06"] {
        assert!(told.contains(word), "{word}: {told}");
    }
}

#[test]
fn a_status_that_no_waypoint_shows_is_told() {
    let text = "scenario: s\njourney:\n  - {event: enroll, expect: {policy_status: initial}}\n  \
                - {event: cancel, expect: {policy_status: cancelled}}\n";
    let scenario = scenario::parse(text, "s.yaml").unwrap_or_else(|e| panic!("{e}"));
    let told = johndoe::prober::statuses_not_shown(&scenario, &target(WHOLE, ""));
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].contains("shows a policy status after `enroll`"), "{told:?}");
}

#[test]
fn whoever_pays_can_be_taken_out_and_pays_in_production_only_where_that_is_allowed() {
    let misfit_of = |event: &str, more: &str, cancel: &str, fields: &str| {
        let journey = format!("scenario: s\njourney: [{{event: enroll}}, {{event: {event}}}]\n");
        let scenario = scenario::parse(&journey, "s.yaml");
        let text = format!(
            "target: t\n{more}exchange:\n  base_url: http://127.0.0.1:9\n  flows:\n    enroll:\n{WHOLE}\n    {event}: [{{post: /p}}]\n    \
             cancel: {{{cancel}steps: [{{post: \"/c/{{{{ probe.marker }}}}\"}}]}}\nwaypoints:\n  - name: issuer\n    feed: json_api\n    \
             base_url: http://127.0.0.1:9\n    records: $.members[*]\n    lookups: [{{get: \"/m?email={{{{ subscriber.email }}}}\"}}]\n    \
             fields: {{last_name: $.last, {fields}}}\n"
        );
        let target = target::parse(&text, "t.yaml", &Nothing).unwrap_or_else(|e| panic!("{e}"));
        let fit = check_fit(&scenario.unwrap_or_else(|e| panic!("{e}")), &target);
        fit.map_or_else(|error| error.to_string(), |()| String::new())
    };
    let misfit = |more: &str, cancel: &str, fields: &str| misfit_of("pay", more, cancel, fields);
    let (paid, status) = ("cancels_paid: true, ", "policy_status: $.status");
    assert_eq!(misfit("", paid, status), "");
    assert!(misfit("", "", status).contains("`cancels_paid: true`"), "{}", misfit("", "", status));
    assert!(misfit("", "cancels_paid: false, ", status).contains("`cancels_paid: true`"));
    assert!(misfit("", paid, "birth_date: $.dob").contains("no waypoint of target `t` shows what the payment changes"));
    let production = "environment: production\n";
    assert!(misfit(production, paid, status).contains("allows no payment"), "{}", misfit(production, paid, status));
    let allowed = format!("{production}allow_payment: true\n");
    assert_eq!(misfit(&allowed, paid, status), "");
    // nobody has paid who never pays
    assert_eq!(misfit_of("miss_payment", "", "", status), "");
    let refused = misfit_of("miss_payment", production, "", status);
    assert!(refused.contains("the journey has `miss_payment`") && refused.contains("allows no payment"), "{refused}");
    assert_eq!(misfit_of("miss_payment", &allowed, "", status), "");
    // next year's premiums become due
    let refused = misfit_of("renew", production, "", status);
    assert!(refused.contains("the journey has `renew`") && refused.contains("allows no payment"), "{refused}");
    assert_eq!(misfit_of("renew", &allowed, "", status), "");
}

#[test]
fn whoever_is_renewed_is_taken_out_of_both_years_and_told_of_the_next_ones_plan() {
    let misfit_of = |how: &str, (enroll, renew, cancel): (&str, &str, &str), plans: &str| {
        let text = format!("scenario: s\njourney: [{{event: enroll}}, {{event: renew, how: {how}}}]\n");
        let scenario = scenario::parse(&text, "s.yaml").unwrap_or_else(|e| panic!("{e}"));
        let text = format!(
            "target: t\nexchange:\n  base_url: http://127.0.0.1:9\n  flows:\n    enroll: [{{post: /e, json: \"{{{{ application }}}}\"{enroll}}}]\n    \
             renew: [{renew}]\n    cancel: [{cancel}]\nwaypoints: [{{name: edi, feed: edi_folder, path: out}}]\n{plans}"
        );
        let target = target::parse(&text, "t.yaml", &Nothing).unwrap_or_else(|e| panic!("{e}"));
        check_fit(&scenario, &target).map_or_else(|error| error.to_string(), |()| String::new())
    };
    let by_marker = "{post: \"/c/{{ probe.marker }}\"}";
    let plain = "{post: /r, json: {how: \"{{ household.renewal }}\", plan: \"{{ plan_id }}\"}}";
    for how in ["passive", "active", "plan", "issuer"] {
        assert_eq!(misfit_of(how, ("", plain, by_marker), ""), "", "{how}");
    }
    assert_eq!(misfit_of("passive", ("", "{post: /r}", by_marker), ""), "", "what the exchange does itself");
    let silent = misfit_of("active", ("", "{post: /r}", by_marker), "");
    assert!(silent.contains("renewal"), "{silent}");
    // ids of policies: both have to be known by what both have
    let enroll = ", capture: {exchange_assigned_policy_id: $.p, application_id: $.a}";
    let renew = "{post: /r, capture: {exchange_assigned_policy_id: $.p}}";
    for cancel in [
        "{post: \"/c/{{ exchange_assigned_policy_id }}\"}",
        "{post: \"/c/{{ application_id }}\", json: {policies: \"{{ groups }}\"}}",
        "{post: \"/c/{{ application_id }}\", for_each: groups}",
    ] {
        let refused = misfit_of("passive", (enroll, renew, cancel), "");
        assert!(refused.contains("the flow `cancel` of target `t` takes out one policy"), "{cancel}: {refused}");
    }
    assert_eq!(misfit_of("passive", (enroll, renew, "{post: \"/c/{{ application_id }}\"}"), ""), "");
    let unnamed = misfit_of("passive", (enroll, "{post: /r}", "{post: \"/c/{{ application_id }}\"}"), "");
    assert!(unnamed.contains("policy_id"), "{unnamed}");
    // another plan has to be on offer
    let plans = "plans: [{plan_id: 12345VA0010001, state: VA}, {plan_id: 54321VA0010001, state: VA}]\n";
    assert_eq!(misfit_of("issuer", ("", plain, by_marker), plans), "");
    let refused = misfit_of("plan", ("", plain, by_marker), plans);
    assert!(refused.contains("could change to one (`renew`)") && refused.contains("say `how: issuer`"), "{refused}");
}

/// Why a journey with this change does not fit a target whose flow of corrections says this and whose issuer is asked so.
fn change_misfit(what: &str, flow: &str, issuer: &str) -> String {
    let text = format!("scenario: s\njourney: [{{event: enroll}}, {{event: correct_person, what: {what}}}]\n");
    let scenario = scenario::parse(&text, "s.yaml").unwrap_or_else(|e| panic!("{e}"));
    let text = format!(
        "target: t\nexchange:\n  base_url: http://127.0.0.1:9\n  flows:\n    enroll:\n{WHOLE}\n    correct_person:\n{flow}\n\
         waypoints:\n  - name: issuer\n    feed: json_api\n    base_url: http://127.0.0.1:9\n    records: $.members[*]\n{issuer}\n"
    );
    let target = target::parse(&text, "t.yaml", &Nothing).unwrap_or_else(|e| panic!("{e}"));
    check_fit(&scenario, &target).map_or_else(|error| error.to_string(), |()| String::new())
}

#[test]
fn a_change_that_nobody_could_tell_see_or_ask_for_is_refused() {
    let issuer =
        "    lookups: [{get: \"/m?email={{ subscriber.email }}\"}]\n    fields: {last_name: $.last, birth_date: $.dob}";
    for said in ["{{ application }}", "{{ subscriber.name.last }}", "{{ subscriber.name.full }}"] {
        let flow = format!("      - {{put: \"/a/{{{{ probe.marker }}}}\", json: \"{said}\"}}");
        assert_eq!(change_misfit("last_name", &flow, issuer), "", "{said}");
    }
    let flow = "      - {put: \"/a\", json: {born: \"{{ subscriber.birth_date }}\"}}";
    let unsaid = change_misfit("last_name", flow, issuer);
    assert!(unsaid.contains("says nothing of what the correction of the family name changes"), "{unsaid}");
    assert_eq!(change_misfit("birth_date", flow, issuer), "");
    let unseen = change_misfit("birth_date", flow, &issuer.replace(", birth_date: $.dob", ""));
    assert!(
        unseen.contains("no waypoint of target `t` shows what the correction of the birth date changes"),
        "{unseen}"
    );
    let by_it = issuer.replace("email={{ subscriber.email }}", "dob={{ subscriber.birth_date }}");
    let asked = change_misfit("birth_date", flow, &by_it);
    assert!(asked.contains("every look-up of waypoint `issuer` asks by what the correction"), "{asked}");
    let beside = by_it.replace("lookups: [", "lookups: [{get: \"/m?email={{ subscriber.email }}\"}, ");
    assert_eq!(change_misfit("birth_date", flow, &beside), "");
}
