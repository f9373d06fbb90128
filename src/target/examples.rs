//! Examples of filters, letters of formats and conversions, as `johndoe keys target` shows them; tests try each.

/// A filter's expression and what comes of it, in the order of [`super::FILTERS`].
pub(super) const OF_FILTERS: &[(&str, &str)] = &[
    ("'1980-02-29' | date('%m/%d/%Y')", "02/29/1980"),
    ("'(804) 555-0123' | digits", "8045550123"),
    ("'77' | pad(9)", "000000077"),
    ("'Doe' | upper", "DOE"),
    ("'Doe' | lower", "doe"),
    ("'spouse' | map({'spouse': '01'})", "01"),
    ("'child' | relationship_code", "19"),
    ("'Montgomery' | truncate_to(4)", "Mont"),
    ("'Zoë' | ascii", "Zoe"),
    ("['a', 1] | tojson", "[\"a\",1]"),
    ("'a b/c' | urlencode", "a%20b%2Fc"),
];

/// Letters of date formats, and how each writes 18 November 2013.
pub(super) const LETTERS: &[(&str, &str)] = &[
    ("%Y", "2013"),
    ("%y", "13"),
    ("%m", "11"),
    ("%d", "18"),
    ("%b", "Nov (read in any case)"),
    ("%B", "November"),
    ("%j", "322, the day of the year"),
];

/// A field, what its mapping says, what the system writes, and what is read.
pub(super) const OF_CONVERSIONS: &[(&str, &str, &str, &str)] = &[
    ("birth_date", "date: \"%d-%b-%Y\"", "18-NOV-2013", "2013-11-18"),
    ("birth_date", "date: epoch_seconds", "1384732800", "2013-11-18"),
    ("birth_date", "date: epoch_millis", "1384732800000", "2013-11-18"),
    ("aptc", "unit: cents", "25058", "250.58"),
    ("relationship", "map: {SP: spouse}", "SP", "spouse"),
    ("ssn", "regex: \"^SSN-(.*)$\"", "SSN-900401234", "900401234"),
    ("phone", "digits: true", "+1 (804) 555-0123", "8045550123"),
    ("last_name", "case: upper", "Doe", "DOE"),
    ("last_name", "split: \",\", part: 0", "Doe,Ann", "Doe"),
    ("middle_name", "none: [N/A]", "n/a", "(there is none)"),
];

/// All of it, in lines.
pub(super) fn told() -> (String, String, String) {
    let filters = OF_FILTERS.iter().map(|(expression, result)| format!("  {{{{ {expression} }}}} is {result}\n"));
    let letters = LETTERS.iter().map(|(letter, result)| format!("  {letter}: {result}\n"));
    let conversions = OF_CONVERSIONS
        .iter()
        .map(|(field, says, theirs, ours)| format!("  {field}: {{path: $.x, {says}}} reads {theirs} as {ours}\n"));
    (filters.collect(), letters.collect(), conversions.collect())
}

#[cfg(test)]
mod tests {
    use super::{LETTERS, OF_CONVERSIONS, OF_FILTERS};
    use crate::target::secrets::NoReferences;
    use crate::target::{Context, FILTERS, Feed, Template, parse};
    use chrono::NaiveDate;
    use std::collections::BTreeMap;

    #[test]
    fn each_filter_has_an_example_that_comes_out_as_it_says() {
        assert_eq!(OF_FILTERS.len(), FILTERS.len());
        let household = crate::target::read::sample_household();
        let context = Context::new(&household, &BTreeMap::new(), &crate::model::RunId::new("r"));
        for ((expression, result), filter) in OF_FILTERS.iter().zip(FILTERS) {
            assert!(expression.contains(&format!("| {filter}")), "{expression} {filter}");
            let rendered = Template::compile(&format!("{{{{ {expression} }}}}")).unwrap().render(&context).unwrap();
            assert_eq!(rendered, *result, "{expression}");
        }
    }

    #[test]
    fn letters_and_conversions_come_out_as_they_say() {
        let day = NaiveDate::from_ymd_opt(2013, 11, 18).unwrap();
        for (letter, written) in LETTERS {
            let first = written.split([' ', ',']).next().unwrap();
            assert_eq!(day.format(letter).to_string(), first);
        }
        for (field, says, theirs, ours) in OF_CONVERSIONS {
            let text = format!(
                "target: t\nexchange:\n  base_url: http://127.0.0.1:9\n  flows: {{enroll: [{{post: /a}}]}}\nwaypoints:\n  \
                 - {{name: i, feed: json_api, base_url: \"http://127.0.0.1:9\", lookup: {{get: /x}}, fields: {{{field}: {{path: $.x, {says}}}}}}}\n\
                 allow_hosts: [127.0.0.1]\n"
            );
            let target = parse(&text, "t.yaml", &NoReferences).unwrap_or_else(|e| panic!("{e}"));
            let Feed::JsonApi(api) = &target.waypoints[0].feed else { panic!("{field}") };
            let mapping = &api.endpoints.values().next().unwrap().dialect.fields[0];
            let part =
                mapping.part.as_ref().map(|(separator, part)| theirs.split(separator.as_str()).nth(*part).unwrap());
            let read = mapping.convert.apply(Some(mapping.field), part.unwrap_or(theirs));
            let read = read.map_or_else(|| "(there is none)".to_owned(), |value| value.to_string());
            assert_eq!(read, *ours, "{field} {says}");
        }
    }
}
