//! People who have nothing to do with us, as they stand among ours in every file and every answer. They look real and are
//! invented; nothing of them may be found in anything the prober keeps.

use super::application::{Applicant, Home};
use super::edi::{Enrollment, Insured};
use chrono::{NaiveDate, Utc};

/// Texts that belong to strangers alone.
pub(super) const TRACES: &[&str] = &[
    "QUILLFEATHER",
    "BRANDYBANK",
    "OKONJO-VALE",
    "HESTERLY",
    "TAMSIN",
    "ORSOLYA",
    "77 CINDER MILL LN",
    "LANTERN FERRY",
    "900662211",
    "900662212",
    "2675558811",
    "TAMSIN.Q@MAIL.EXAMPLE.NET",
    "XQ-8",
    "XM-8",
    "XP-8",
];

const FAMILIES: &[(&str, &[(&str, &str, &str)])] = &[
    ("QUILLFEATHER", &[("TAMSIN", "18", "19790312"), ("BARTHOLOMEW", "01", "19770901"), ("ORSOLYA", "19", "20090704")]),
    ("BRANDYBANK", &[("BARTHOLOMEW", "18", "19550101")]),
    ("OKONJO-VALE", &[("ORSOLYA", "18", "19880229"), ("TAMSIN", "19", "20120515")]),
    ("HESTERLY", &[("TAMSIN", "18", "19690820"), ("ORSOLYA", "53", "19700101")]),
];

/// The n-th stranger's enrollment, at an issuer.
pub(super) fn enrollment(n: usize, plan: &str) -> Enrollment {
    let (family, members) = FAMILIES[n % FAMILIES.len()];
    let people = members.iter().enumerate().map(|(i, (given, relation, born))| Insured {
        number: format!("XM-8{n:04}{i}"),
        premium_cents: 20_000,
        who: applicant(n, family, (given, relation, born)),
    });
    Enrollment {
        policy: format!("XP-8{n:05}"),
        subscriber: format!("XQ-8{n:05}"),
        case: format!("XC-8{n:05}"),
        dental: false,
        plan: plan.to_owned(),
        start: NaiveDate::from_ymd_opt(2014, 1, 1).unwrap_or_default(),
        credit_cents: Some(5_000),
        premium_cents: 20_000 * i64::try_from(members.len()).unwrap_or(1),
        area: "R-PA003".to_owned(),
        people: people.collect(),
        mail: None,
        guardian: None,
        submitted_at: Utc::now(),
        cancelled: n % 7 == 6,
    }
}

fn applicant(n: usize, family: &str, (given, relation, born): (&str, &str, &str)) -> Applicant {
    let own = relation == "18";
    Applicant {
        line: String::new(),
        family: family.to_owned(),
        given: given.to_owned(),
        middle: String::new(),
        suffix: String::new(),
        born: NaiveDate::parse_from_str(born, "%Y%m%d").unwrap_or_default(),
        sex: "F".to_owned(),
        relation: relation.to_owned(),
        ssn: if own { format!("90066221{}", 1 + n % 2) } else { String::new() },
        tobacco: false,
        marital: "single".to_owned(),
        phone: "2675558811".to_owned(),
        email: if own { "TAMSIN.Q@MAIL.EXAMPLE.NET".to_owned() } else { String::new() },
        language: String::new(),
        home: Home {
            line_1: "77 CINDER MILL LN".to_owned(),
            line_2: String::new(),
            city: "LANTERN FERRY".to_owned(),
            state: "PA".to_owned(),
            zip: "19103".to_owned(),
            fips: "42101".to_owned(),
        },
    }
}
