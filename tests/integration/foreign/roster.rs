//! The issuers' systems. One row for each member, amounts in cents, days as eight digits, name in one text.

use super::edi::{Enrollment, carried, dollars};
use super::strangers;
use serde_json::{Value, json};

/// A contract in an issuer's books.
#[derive(Debug, Clone)]
pub(super) struct Contract {
    pub(super) enrollment: Enrollment,
    /// The issuer's own number.
    pub(super) number: String,
    /// `A`, or `X` once it is taken out.
    pub(super) status: &'static str,
}

/// An issuer's books.
#[derive(Debug, Default)]
pub(super) struct Books {
    pub(super) contracts: Vec<Contract>,
    next: u32,
}

impl Books {
    pub(super) fn load(&mut self, enrollment: Enrollment) {
        self.next += 1;
        let number = format!("C{:07}", self.next);
        self.contracts.push(Contract { enrollment, number, status: "A" });
    }

    /// Takes every contract of the policy out.
    pub(super) fn cancel(&mut self, policy: &str) {
        for contract in self.contracts.iter_mut().filter(|c| c.enrollment.policy == policy) {
            contract.status = "X";
        }
    }

    /// Rows of everybody whose exchange number or case is asked for, and of a stranger whose number begins alike: this
    /// search is not exact.
    pub(super) fn find(&self, key: &str) -> Vec<Value> {
        let own = self.contracts.iter().filter(|c| c.enrollment.subscriber == key || c.enrollment.case == key);
        let mut rows: Vec<Value> = own.flat_map(rows_of).collect();
        if !rows.is_empty() {
            let plan = self.contracts.first().map(|c| c.enrollment.plan.clone()).unwrap_or_default();
            let mut stranger = strangers::enrollment(key.len(), &plan);
            stranger.cancelled = false;
            rows.extend(rows_of(&Contract { enrollment: stranger, number: "C9999999".to_owned(), status: "A" }));
            rows.reverse();
        }
        rows
    }
}

/// How the second issuer answers: one contract each, its lives within, amounts in dollars, days in words of their own.
pub(super) fn nested(books: &Books, key: &str) -> Vec<Value> {
    let own = books.contracts.iter().filter(|c| c.enrollment.subscriber == key || c.enrollment.case == key);
    own.map(contract_of).collect()
}

fn contract_of(contract: &Contract) -> Value {
    let enrollment = &contract.enrollment;
    let lives = enrollment.people.iter().rev().map(|person| {
        let who = &person.who;
        json!({
            "member": person.number, "given": carried(&who.given, 35), "family": carried(&who.family, 60),
            "suffix": carried(&who.suffix, 10), "born": who.born.format("%d-%b-%Y").to_string(),
            "gender": if who.sex == "M" { "Male" } else { "Female" }, "insurable": who.relation,
            "taxNo": if who.ssn.is_empty() { "NONE".to_owned() } else { format!("{}-{}-{}", &who.ssn[..3], &who.ssn[3..5], &who.ssn[5..]) },
            "uses": if who.age_on(enrollment.start) > 18 { json!(if who.tobacco { "Y" } else { "N" }) } else { Value::Null },
            "county": who.home.fips,
            "home": format!("{};{};{}", carried(&who.home.line_1, 55).replace(';', " "), who.home.state, who.home.zip),
        })
    });
    json!({
        "contract": contract.number,
        "exchange": { "policy": enrollment.policy, "holder": enrollment.subscriber, "case": enrollment.case },
        "product": enrollment.plan,
        "kind": if enrollment.dental { "DENTAL" } else { "HEALTH" },
        "starts": enrollment.start.format("%Y-%m-%dT00:00:00-05:00").to_string(),
        "money": { "premium": dollars(enrollment.premium_cents), "credit": enrollment.credit_cents.map(dollars),
                   "due": dollars(enrollment.owed_cents()) },
        "state": if contract.status == "A" { "IN FORCE" } else { "VOID" },
        "lives": lives.collect::<Vec<_>>(),
    })
}

fn rows_of(contract: &Contract) -> Vec<Value> {
    let enrollment = &contract.enrollment;
    let rows = enrollment.people.iter().map(|person| {
        let who = &person.who;
        let day = |day: chrono::NaiveDate| day.format("%Y%m%d").to_string();
        let middle = who.middle.chars().next().map(|c| format!(" {}", carried(&c.to_string(), 1))).unwrap_or_default();
        let own = who.is_self();
        let cancelled_on = if contract.status == "X" { day(enrollment.start) } else { String::new() };
        json!({
            "contract": contract.number,
            "pol": enrollment.policy,
            "sub": enrollment.subscriber,
            "mem": person.number,
            "case": enrollment.case,
            "nm": format!("{}, {}{middle}", carried(&who.family, 60), carried(&who.given, 35)),
            "sfx": carried(&who.suffix, 10),
            "dob": day(who.born),
            "sx": if who.sex == "M" { 1 } else { 2 },
            "rel": who.relation,
            "ssn": who.ssn,
            "tel": if who.phone.len() == 10 {
                format!("{}.{}.{}", &who.phone[..3], &who.phone[3..6], &who.phone[6..])
            } else {
                String::new()
            },
            "mail": who.email.to_uppercase(),
            "adr": { "l": [carried(&who.home.line_1, 55), carried(&who.home.line_2, 55)], "c": carried(&who.home.city, 30),
                     "s": who.home.state, "z": if who.home.zip.len() == 5 { format!("{}-4321", who.home.zip) } else { who.home.zip.clone() } },
            "fips": who.home.fips,
            "smk": match who.age_on(enrollment.start) { 19.. => json!(who.tobacco), _ => Value::Null },
            "plan": format!("{}-{}", &enrollment.plan[..14], &enrollment.plan[14..]),
            "ln": if enrollment.dental { "D" } else { "M" },
            "eff": day(enrollment.start),
            "trm": cancelled_on,
            "prem": if own { json!(enrollment.premium_cents) } else { Value::Null },
            "crd": if own { json!(enrollment.credit_cents) } else { Value::Null },
            "due": if own { json!(enrollment.owed_cents()) } else { Value::Null },
            "area": if own { json!(enrollment.area) } else { Value::Null },
            "st": contract.status,
        })
    });
    rows.collect()
}
