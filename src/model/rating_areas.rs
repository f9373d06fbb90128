//! Rating areas by county and ZIP code, as a target's file says them: no public source of them was reachable.

use super::{Address, STATES};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fmt;

/// The first line that counts.
const HEAD: &str = "state,county,zip,rating_area";

/// Which rating area a residence is in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RatingAreas {
    /// By county (five-digit FIPS), and ZIP code where a county is divided; with the line that says it.
    areas: BTreeMap<(String, Option<String>), (String, usize)>,
}

/// A line that cannot be meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrongLine {
    /// Counted from 1; 0 where the file as a whole is meant.
    pub line: usize,
    /// What was found, and what was expected.
    pub why: String,
}

impl fmt::Display for WrongLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => f.write_str(&self.why),
            line => write!(f, "line {line}: {}", self.why),
        }
    }
}

impl RatingAreas {
    /// Reads a file: the head `state,county,zip,rating_area`, then a line for each county, or for each ZIP code of a county that is divided. Empty lines and
    /// those that begin with `#` are passed over. Every wrong line is told.
    pub fn parse(text: &str) -> Result<Self, Vec<WrongLine>> {
        let is_said = |(_, line): &(usize, &str)| !line.is_empty() && !line.starts_with('#');
        let mut lines = (1..).zip(text.trim_start_matches('\u{feff}').lines().map(str::trim)).filter(is_said);
        let mut wrong = Vec::new();
        match lines.next() {
            Some((_, HEAD)) => {}
            Some((line, found)) => wrong.push(WrongLine { line, why: format!("found `{found}`, expected `{HEAD}`") }),
            None => {
                let why = format!("found nothing, expected `{HEAD}` and lines below it");
                wrong.push(WrongLine { line: 0, why });
            }
        }
        let mut areas = Self::default();
        for (line, text) in lines {
            if let Err(why) = areas.take(line, text) {
                wrong.push(WrongLine { line, why });
            }
        }
        if wrong.is_empty() && areas.areas.is_empty() {
            wrong.push(WrongLine { line: 0, why: "found a head alone, expected a line for each county".to_owned() });
        }
        if wrong.is_empty() { Ok(areas) } else { Err(wrong) }
    }

    fn take(&mut self, line: usize, text: &str) -> Result<(), String> {
        let cells: Vec<&str> = text.split(',').map(str::trim).collect();
        let [state, county, zip, area] = cells.as_slice() else {
            return Err(format!("found {} cells, expected 4: `{HEAD}`", cells.len()));
        };
        let is = |text: &str, digits: usize| text.len() == digits && text.bytes().all(|b| b.is_ascii_digit());
        let number = area.strip_prefix("R-").and_then(|rest| rest.strip_prefix(*state));
        if !STATES.contains(state) {
            return Err(format!("found state `{state}`, expected two capital letters, such as `VA`"));
        }
        if !is(county, 5) {
            return Err(format!("found county `{county}`, expected five digits (FIPS), such as `51087`"));
        }
        if !zip.is_empty() && !is(zip, 5) {
            return Err(format!("found ZIP code `{zip}`, expected five digits, or nothing for the whole county"));
        }
        if !number.is_some_and(|number| is(number, 3)) {
            return Err(format!(
                "found rating area `{area}`, expected `R-{state}` and three digits, as 834 files say it"
            ));
        }
        let zip = (!zip.is_empty()).then(|| (*zip).to_owned());
        match self.areas.entry(((*county).to_owned(), zip)) {
            Entry::Occupied(before) => {
                Err(format!("found the place of line {} again, expected each once", before.get().1))
            }
            Entry::Vacant(free) => {
                free.insert(((*area).to_owned(), line));
                Ok(())
            }
        }
    }

    /// Whether nothing is said of any place.
    pub fn is_empty(&self) -> bool {
        self.areas.is_empty()
    }

    /// The area of a residence, by its ZIP code first; `None` where the file does not have it.
    pub fn of(&self, address: &Address) -> Option<&str> {
        let at = |zip: Option<&str>| self.areas.get(&(address.county.clone(), zip.map(str::to_owned)));
        at(Some(&address.zip)).or_else(|| at(None)).map(|(area, _)| area.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::RatingAreas;
    use crate::model::Address;

    fn wrong(text: &str) -> Vec<String> {
        RatingAreas::parse(text).unwrap_err().iter().map(ToString::to_string).collect()
    }

    fn lives(county: &str, zip: &str) -> Address {
        let (county, zip) = (county.to_owned(), zip.to_owned());
        Address { street_1: String::new(), street_2: None, city: String::new(), state: "VA".into(), zip, county }
    }

    #[test]
    fn a_zip_code_is_asked_before_its_county_and_what_is_not_said_is_not_known() {
        let text = "# of 2026\nstate,county,zip,rating_area\n\nVA,51087,,R-VA007\nVA, 51087 ,23233,R-VA012\n";
        let areas = RatingAreas::parse(text).unwrap();
        assert_eq!(areas.of(&lives("51087", "23233")), Some("R-VA012"));
        assert_eq!(areas.of(&lives("51087", "23228")), Some("R-VA007"));
        assert_eq!(areas.of(&lives("51001", "23233")), None);
    }

    #[test]
    fn each_wrong_line_is_told_with_what_was_found_and_expected() {
        let text = "state,county,zip,rating_area\nVA,51087,,R-OH007\nva,51087,,R-VA007\nVA,5187,,R-VA007\nVA,51087,232,R-VA007\n\
                    VA,51087\nVA,51001,,R-VA001\nVA,51001,,R-VA002\n";
        let told = wrong(text);
        assert_eq!(told.len(), 6);
        assert_eq!(
            told[0],
            "line 2: found rating area `R-OH007`, expected `R-VA` and three digits, as 834 files say it"
        );
        assert_eq!(told[4], "line 6: found 2 cells, expected 4: `state,county,zip,rating_area`");
        assert_eq!(told[5], "line 8: found the place of line 7 again, expected each once");
    }

    #[test]
    fn a_file_without_head_or_lines_is_none() {
        assert!(wrong("")[0].starts_with("found nothing"));
        assert!(wrong("state,county,zip,rating_area\n")[0].starts_with("found a head alone"));
        assert!(wrong("VA,51087,,R-VA007\n")[0].starts_with("line 1: found `VA,51087"));
    }
}
