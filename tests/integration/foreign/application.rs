//! What applicants tell the marketplace: read from its XML and JSON.

use chrono::{Datelike, NaiveDate};
use regex::Regex;
use serde_json::Value;

#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Home {
    pub(super) line_1: String,
    pub(super) line_2: String,
    pub(super) city: String,
    pub(super) state: String,
    pub(super) zip: String,
    pub(super) fips: String,
}

#[derive(Debug, Clone)]
pub(super) struct Applicant {
    /// The number the applicant's form gave this person.
    pub(super) line: String,
    pub(super) family: String,
    pub(super) given: String,
    pub(super) middle: String,
    pub(super) suffix: String,
    pub(super) born: NaiveDate,
    pub(super) sex: String,
    /// INS02.
    pub(super) relation: String,
    /// Nine digits, or empty.
    pub(super) ssn: String,
    pub(super) tobacco: bool,
    pub(super) marital: String,
    /// Ten digits, or empty.
    pub(super) phone: String,
    pub(super) email: String,
    pub(super) language: String,
    pub(super) home: Home,
}

impl Applicant {
    pub(super) fn is_self(&self) -> bool {
        self.relation == "18"
    }

    pub(super) fn age_on(&self, day: NaiveDate) -> i32 {
        let ahead = (day.month(), day.day()) < (self.born.month(), self.born.day());
        day.year() - self.born.year() - i32::from(ahead)
    }
}

#[derive(Debug, Clone)]
pub(super) struct Case {
    pub(super) number: String,
    pub(super) start: NaiveDate,
    pub(super) income_cents: i64,
    pub(super) area: String,
    pub(super) mail: Option<Home>,
    pub(super) people: Vec<Applicant>,
    /// Somebody on the application who does not want coverage.
    pub(super) guardian: Option<(String, String)>,
    pub(super) polls: u32,
    pub(super) denied: bool,
    /// The exchange has gone through with it.
    pub(super) enrolled: bool,
}

/// Text of the first element of this name; entities undone.
pub(super) fn element(xml: &str, name: &str) -> Option<String> {
    let expression = Regex::new(&format!("(?s)<{name}>(.*?)</{name}>")).ok()?;
    expression.captures(xml).map(|c| unescaped(&c[1])).filter(|text| !text.trim().is_empty())
}

fn unescaped(text: &str) -> String {
    let entities = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#x27;", "'"),
        ("&#39;", "'"),
        ("&#x2f;", "/"),
        ("&amp;", "&"),
    ];
    entities.iter().fold(text.to_owned(), |text, (entity, plain)| text.replace(entity, plain))
}

/// A new case from the marketplace's XML; an answer in words where it is not one.
pub(super) fn case_of_xml(number: String, xml: &str) -> Result<Case, String> {
    let needed = |name: &str| element(xml, name).ok_or(format!("<{name}> is missing"));
    let start = NaiveDate::parse_from_str(&needed("CoverageStart")?, "%m/%d/%Y").map_err(|e| e.to_string())?;
    let mail = element(xml, "Mailing").is_some().then(|| Home {
        line_1: element(xml, "Line1").unwrap_or_default(),
        line_2: element(xml, "Line2").unwrap_or_default(),
        city: element(xml, "City").unwrap_or_default(),
        state: element(xml, "State").unwrap_or_default(),
        zip: element(xml, "Zip").unwrap_or_default(),
        fips: String::new(),
    });
    let income_cents = needed("YearlyIncomeCents")?.parse().map_err(|_| "income".to_owned())?;
    let (area, people) = (needed("RatingArea")?, Vec::new());
    let case = Case {
        number,
        start,
        income_cents,
        area,
        mail,
        people,
        guardian: None,
        polls: 0,
        denied: false,
        enrolled: false,
    };
    Ok(case)
}

/// The persons of the marketplace's JSON.
pub(super) fn persons_of_json(body: &Value) -> Result<Vec<Applicant>, String> {
    let list = body["persons"].as_array().ok_or("persons must be a list")?;
    list.iter().map(person_of_json).collect()
}

fn person_of_json(person: &Value) -> Result<Applicant, String> {
    let text = |pointer: &str| person.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned();
    let ssn = text("/identity/ssn");
    let dashed = Regex::new(r"^\d{3}-\d{2}-\d{4}$").map_err(|e| e.to_string())?;
    if !ssn.is_empty() && !dashed.is_match(&ssn) {
        return Err("ssn must look like 000-00-0000".to_owned());
    }
    let phone = text("/reach/phone");
    let written = Regex::new(r"^\(\d{3}\) \d{3}-\d{4}$").map_err(|e| e.to_string())?;
    if !phone.is_empty() && !written.is_match(&phone) {
        return Err("phone must look like (000) 000-0000".to_owned());
    }
    let born = text("/identity/born");
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    Ok(Applicant {
        line: text("/line"),
        family: text("/identity/name/family"),
        given: text("/identity/name/given"),
        middle: text("/identity/name/middle"),
        suffix: text("/identity/name/suffix"),
        born: NaiveDate::parse_from_str(&born, "%m/%d/%Y").map_err(|_| "born must be MM/DD/YYYY".to_owned())?,
        sex: text("/identity/sexCd"),
        relation: text("/relCd"),
        ssn: digits(&ssn),
        tobacco: text("/tobaccoInd") == "Y",
        marital: text("/identity/marital"),
        phone: digits(&phone),
        email: text("/reach/email"),
        language: text("/reach/language"),
        home: Home {
            line_1: text("/residence/line1"),
            line_2: text("/residence/line2"),
            city: text("/residence/city"),
            state: text("/residence/state"),
            zip: text("/residence/zip"),
            fips: text("/residence/countyFips"),
        },
    })
}
