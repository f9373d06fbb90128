//! Reports that are opened elsewhere: a browser, a build server, a spreadsheet, a ticket. Their figures are those of the JSON report,
//! and nothing that a name or an answer brought runs in them.

use super::trial::{EDI, ISSUER, Trial, family, message, snapshot};
use johndoe::model::{Event, Field, Summary};
use johndoe::report;
use quick_xml::events::Event as Xml;

/// Letters that end a text, a tag, an attribute or a cell, or turn the direction of writing.
const HOSTILE: &str = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>&amp;]]>\u{202e}\u{200b}|`=1+1";

/// Four good households, one lost, and one whose name came back otherwise.
fn judged() -> Summary {
    let mut trial = Trial::new();
    for index in 0..4 {
        trial = trial.accepted(family(index)).arrived(&family(index));
    }
    let mut altered = message(&family(4), 0);
    altered.members[0].set(Field::NameLast, "Someone Else".to_owned());
    trial = trial.accepted(family(4)).seen(EDI, 20, altered).seen(ISSUER, 40, snapshot(&family(4), 0));
    trial.accepted(family(5)).looked(900).push(1000, Event::Finished).judged()
}

/// The same, with hostile text wherever others may have written.
fn hostile() -> Summary {
    let mut summary = judged();
    let bad = || Some(HOSTILE.to_owned());
    summary.reasons.push(HOSTILE.to_owned());
    summary.rests_on = HOSTILE.to_owned();
    summary.run.scenario = HOSTILE.to_owned();
    summary.run.target = HOSTILE.to_owned();
    summary.never_varied.push(HOSTILE.to_owned());
    for line in &mut summary.punch {
        line.what = HOSTILE.to_owned();
        line.silence = bad();
        line.places.insert(0, HOSTILE.to_owned());
        line.examples.insert(0, HOSTILE.to_owned());
    }
    for waypoint in &mut summary.waypoints {
        waypoint.name = HOSTILE.to_owned();
    }
    for of in &mut summary.rates {
        of.of = HOSTILE.to_owned();
    }
    for probe in &mut summary.probes {
        probe.reason = bad();
        probe.first_divergent_hop = bad();
        for at in probe.groups.iter_mut().flat_map(|group| &mut group.waypoints) {
            at.name = HOSTILE.to_owned();
            (at.place, at.not_found) = (bad(), bad());
            for of in &mut at.discrepancies {
                (of.member, of.expected, of.found) = (HOSTILE.to_owned(), bad(), bad());
            }
        }
    }
    summary
}

/// Every start of an element and every text, where it is well formed.
fn read(page: &str) -> (Vec<String>, String) {
    let (mut elements, mut texts) = (Vec::new(), String::new());
    let mut reader = quick_xml::Reader::from_str(page);
    let mut open = Vec::new();
    loop {
        match reader.read_event().unwrap_or_else(|e| panic!("{e} at {}", reader.error_position())) {
            Xml::Start(of) => open.push(of.name().as_ref().to_owned()),
            Xml::End(_) => drop(open.pop()),
            Xml::Text(of) => texts.push_str(&of),
            Xml::Eof => break,
            _ => {}
        }
        elements.extend(open.last().cloned());
    }
    assert!(open.is_empty(), "{open:?}");
    (elements, texts)
}

/// HTML's void elements are closed for a reader of XML.
fn as_xml(page: &str) -> String {
    let page = page.replace("<!DOCTYPE html>", "").replace("<br>", "<br/>");
    regex::Regex::new(r"<meta ([^>]*)>").unwrap().replace_all(&page, "<meta $1/>").into_owned()
}

#[test]
fn nothing_that_others_wrote_runs_in_the_page_or_turns_it_around() {
    let page = report::html(&hostile());
    let (elements, texts) = read(&as_xml(&page));
    for element in ["script", "img", "iframe", "object", "link", "form", "input", "a"] {
        assert!(!elements.contains(&element.to_owned()), "{element}");
    }
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;") && texts.contains("alert(1)"));
    assert!(!page.contains(['\u{202e}', '\u{200b}']) && page.contains("\\u202e"));
    assert!(
        !page.contains(" onerror=alert(1)>")
            && !page.contains("http://")
            && !page.contains("https://")
            && !page.contains("url(")
    );
    assert!(page.contains("default-src &#39;none&#39;") || page.contains("default-src 'none'"));
}

#[test]
fn the_page_shows_the_figures_of_the_json_report() {
    let summary = judged();
    let page = report::html(&summary);
    let percent = |share: f64| format!("{:.2} %", share * 100.0);
    let rate = &summary.error_rate;
    assert!(page.contains(&format!("{} of {} enrollment groups", rate.errors, rate.trials)), "the rate");
    for [low, high] in [rate.wilson, rate.clopper_pearson, rate.any_time, rate.widest].into_iter().flatten() {
        let row = format!("<td class=\"n\">{}</td><td class=\"n\">{}</td>", percent(low), percent(high));
        assert!(page.contains(&row), "{row}");
    }
    for line in &summary.punch {
        assert!(
            page.contains(&format!("{} people · {} of {} households", line.people, line.households, line.of)),
            "{line:?}"
        );
    }
    assert_eq!(page.matches("<li><strong>").count(), summary.punch.len(), "each line of the punch list once");
    for at in &summary.waypoints {
        let row = format!("<td class=\"n\">{}</td><td class=\"n\">{}</td>", at.people_due, at.people_arrived);
        assert!(page.contains(&row), "{row}");
        assert!(!at.arrival_curve.is_empty());
        for step in &at.arrival_curve {
            assert!(page.contains(&format!("<td class=\"n\">{}</td>", percent(step.share))), "{step:?}");
        }
    }
    for of in &summary.rates {
        assert!(
            page.contains(&format!("<td class=\"n\">{}</td><td class=\"n\">{}</td>", of.rate.errors, of.rate.trials)),
            "{of:?}"
        );
    }
    assert!(page.contains(">Someone Else</td>") && page.contains("id=\"probe-4\"") && page.contains("id=\"probe-5\""));
    let (elements, _) = read(&as_xml(&page));
    assert!(elements.iter().filter(|element| *element == "svg").count() > 4);
}

#[test]
fn every_chart_has_a_title_and_a_table_behind_it() {
    let page = report::html(&judged());
    let charts = page.matches("<svg ").count();
    assert_eq!(
        (page.matches("<svg viewBox=").count(), page.matches("role=\"img\" aria-label=").count()),
        (charts, charts)
    );
    assert_eq!(page.matches("<details>").count(), charts, "a table for each");
}

#[test]
fn junit_counts_a_case_for_the_objective_and_one_for_each_household() {
    let summary = judged();
    let page = report::junit(&summary);
    let (elements, texts) = read(&page);
    assert!(
        elements.contains(&"failure".to_owned()) && texts.contains("expected Lee, found Someone Else")
            || texts.contains("Someone Else")
    );
    assert_eq!(page.matches("<testcase ").count(), summary.probes.len() + 1);
    assert!(page.contains("tests=\"7\" failures=\"3\" errors=\"0\" skipped=\"0\""), "{page}");
    assert_eq!(page.matches("<failure ").count(), 3);
    let (elements, _) = read(&report::junit(&hostile()));
    assert!(!elements.contains(&"script".to_owned()) && !elements.contains(&"img".to_owned()));
    // who is not known passes nothing
    let open = Trial::new().accepted(family(0)).judged();
    assert!(report::junit(&open).contains("skipped=\"2\""), "{}", report::junit(&open));
}

#[test]
fn markdown_and_csv_hold_text_and_neither_markup_nor_formulas() {
    let page = report::markdown(&hostile());
    assert!(
        !page.contains("<script") && !page.contains(['\u{202e}', '\u{200b}']) && page.contains("&lt;script&gt;"),
        "{page}"
    );
    assert!(
        page.lines()
            .filter(|line| line.starts_with("| "))
            .all(|line| line.replace("\\|", "").matches('|').count() == 7),
        "{page}"
    );
    let page = report::csv(&judged());
    assert!(page.starts_with("run,probe,submission,good,line,issuer,step,waypoint,"), "{page}");
    assert!(page.lines().any(|line| line.contains(",member.name.last,") && line.ends_with(",Someone Else")), "{page}");
    let written_otherwise = super::trial::shown(1, |_, record| {
        record.members[0].set(Field::NameLast, "O'NEAL");
        record.members[0].set(Field::Language, "es");
    });
    let page = report::csv(&written_otherwise);
    let told = |field: &str| page.lines().any(|line| line.contains(field));
    assert!(told(",member.name.last (equivalent: letter_case),"), "{page}");
    let formulas =
        |page: &str| page.split(['\n', ',']).any(|cell| cell.trim_start_matches('"').starts_with(['=', '+', '@']));
    assert!(!formulas(&report::csv(&hostile())));
}
