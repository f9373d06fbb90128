//! The report as comma-separated values: what became of each group at each waypoint, and each difference, a line each.

use super::clean::tame;
use super::worst::fates;
use crate::model::{Discrepancy, Equivalence, GroupAtWaypoint, GroupSummary, ProbeSummary, Severity, Summary};

const HEAD: [&str; 17] = [
    "run",
    "probe",
    "submission",
    "good",
    "line",
    "issuer",
    "step",
    "waypoint",
    "arrival",
    "integrity",
    "limit_at",
    "first_seen_at",
    "place",
    "member",
    "field",
    "expected",
    "found",
];

/// The summary as CSV, quoted as RFC 4180 has it, with a heading and line feeds. A cell that a spreadsheet would reckon begins with an apostrophe.
pub fn csv(summary: &Summary) -> String {
    let mut page = row(&HEAD.map(str::to_owned));
    for probe in &summary.probes {
        for group in &probe.groups {
            for (at, step) in fates(group) {
                let differing = at.discrepancies.iter().map(Differing::of);
                let mut differing: Vec<Differing> =
                    differing.chain(at.equivalences.iter().map(Differing::alike)).collect();
                if differing.is_empty() {
                    differing.push(Differing::default());
                }
                for of in &differing {
                    page += &line(summary, (probe, group), (at, step.trim()), of);
                }
            }
        }
    }
    page
}

/// One difference of a line, with how much it matters behind the field.
#[derive(Default)]
struct Differing {
    member: String,
    field: String,
    expected: String,
    found: String,
}

impl Differing {
    fn of(of: &Discrepancy) -> Self {
        let severity = if of.severity == Severity::Minor { " (minor)" } else { "" };
        Self {
            member: of.member.clone(),
            field: format!("{}{severity}", of.field),
            expected: of.expected.clone().unwrap_or_default(),
            found: of.found.clone().unwrap_or_default(),
        }
    }

    /// One that a rule explains: no error, and told all the same.
    fn alike(of: &Equivalence) -> Self {
        Self {
            member: of.member.clone(),
            field: format!("{} (equivalent: {})", of.field, of.rule),
            expected: of.expected.clone().unwrap_or_default(),
            found: of.found.clone().unwrap_or_default(),
        }
    }
}

fn line(
    summary: &Summary,
    (probe, group): (&ProbeSummary, &GroupSummary),
    (at, step): (&GroupAtWaypoint, &str),
    of: &Differing,
) -> String {
    let moment = |at: Option<chrono::DateTime<chrono::Utc>>| {
        at.map_or_else(String::new, |at| at.to_rfc3339_opts(chrono::SecondsFormat::Millis, true))
    };
    let text = |text: Option<&String>| text.cloned().unwrap_or_default();
    row(&[
        summary.run.id.clone(),
        probe.index.to_string(),
        probe.submission.to_string(),
        probe.good.map_or_else(String::new, |good| good.to_string()),
        group.line.to_string(),
        text(group.issuer.as_ref()),
        if step.is_empty() { "enroll".to_owned() } else { step.to_owned() },
        at.name.clone(),
        at.arrival.to_string(),
        at.integrity.map_or_else(String::new, |integrity| integrity.to_string()),
        moment(at.limit_at),
        moment(at.first_seen_at),
        text(at.place.as_ref()),
        of.member.clone(),
        of.field.clone(),
        of.expected.clone(),
        of.found.clone(),
    ])
}

fn row(cells: &[String]) -> String {
    let cells: Vec<String> = cells.iter().map(|text| cell(text)).collect();
    cells.join(",") + "\n"
}

fn cell(text: &str) -> String {
    let text = tame(text);
    let is_formula = text.trim_start().starts_with(['=', '+', '-', '@']);
    let text = if is_formula { format!("'{text}") } else { text.into_owned() };
    if text.contains([',', '"', '\'']) || text.starts_with(' ') || text.ends_with(' ') {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::cell;

    #[test]
    fn a_cell_is_text_whatever_it_holds() {
        for (text, told) in [
            ("O'Neal", "\"O'Neal\""),
            ("a,\"b\"", "\"a,\"\"b\"\"\""),
            ("=HYPERLINK(1)", "\"'=HYPERLINK(1)\""),
            (" +1", "\"' +1\""),
            ("@SUM", "\"'@SUM\""),
            ("-3", "\"'-3\""),
            ("a\nb", "a\\u000ab"),
            ("a\u{202e}b", "a\\u202eb"),
            ("plain", "plain"),
        ] {
            assert_eq!(cell(text), told, "{text}");
        }
    }
}
