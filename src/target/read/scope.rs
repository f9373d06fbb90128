//! What templates may ask for at a place of the file: the household, and what earlier steps have captured.

use crate::model::{
    Address, Agent, CoverageLine, Field, Household, Person, PersonName, ProbeIndex, Relationship, Renewal, RunId, Sex,
    Wishes,
};
use crate::source::{Report, Span, nearest};
use crate::target::context::Context;
use crate::target::flow::{Capture, Per};
use crate::target::people::OF_A_GROUP;
use crate::target::template::{Template, TemplateError, first_segment};
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet};

/// What is known where templates are read.
#[derive(Clone)]
pub(super) struct Scope {
    /// A household that has everything, to ask which names there are.
    sample: Context,
    captures: Vec<(String, Option<Field>, Per)>,
    /// What was captured and is known in flows alone.
    hidden: BTreeSet<String>,
    /// Whether `member` is one person here.
    pub(super) per_member: bool,
    /// Whether `group` is one group here.
    pub(super) per_group: bool,
    /// Names that are known at this place alone.
    pub(super) beside: &'static [&'static str],
}

impl Scope {
    pub(super) fn new() -> Self {
        let household = sample_household();
        let plan = |line| (line, crate::model::PlanId::new("12345VA0010001"));
        let plans = BTreeMap::from([plan(CoverageLine::Medical), plan(CoverageLine::Dental)]);
        let sample = Context::new(&household, &plans, &RunId::new("run"));
        Self { sample, captures: Vec::new(), hidden: BTreeSet::new(), per_member: false, per_group: false, beside: &[] }
    }

    /// From here on these are known too.
    pub(super) fn add(&mut self, captures: &[Capture]) {
        self.captures.extend(captures.iter().map(|c| (c.name.clone(), c.field, c.per)));
    }

    /// From here on these are no longer known: they are gone with the flow.
    pub(super) fn hide(&mut self, secret: BTreeSet<String>) {
        self.captures.retain(|(name, ..)| !secret.contains(name));
        self.hidden = secret;
    }

    /// From here on this field is known.
    pub(super) fn add_field(&mut self, field: Field) {
        let name = field.name();
        let short = name.split_once('.').map_or(name, |(_, short)| short);
        self.captures.push((short.to_owned(), Some(field), super::hand_over::per(field)));
    }

    /// The names under which something was captured that is no field of the record.
    pub(super) fn free_captures(&self) -> impl Iterator<Item = &str> {
        self.captures.iter().filter(|(_, field, _)| field.is_none()).map(|(name, ..)| name.as_str())
    }

    /// Whether something goes by this name already.
    pub(super) fn is_taken(&self, name: &str) -> bool {
        ["member", "group"].contains(&name) || self.knows(name)
    }

    /// Whether something that was captured says this field.
    pub(super) fn knows_field(&self, field: Field) -> bool {
        self.captures.iter().any(|(_, of, _)| *of == Some(field))
    }

    /// Reports names and filters that do not exist.
    pub(super) fn check(&self, template: &Template, span: Span, report: &mut Report) {
        if let Some(reading) = template.reading() {
            self.check_places(reading, span, report);
        }
        let unknown: Vec<String> = template.names().into_iter().filter(|name| !self.knows(name)).collect();
        for name in &unknown {
            self.report_unknown(name, span, report);
        }
        if unknown.is_empty()
            && let Err(error @ TemplateError::NoSuchFilter(_)) = template.render(&self.rehearsal())
        {
            let help = format!("filters beside minijinja's own: {}", crate::target::FILTERS.join(", "));
            report.error(span, error.to_string()).help(help);
        }
    }

    fn knows(&self, name: &str) -> bool {
        let (first, rest) = name.split_once('.').unwrap_or((name, ""));
        match first {
            "member" if !self.per_member => false,
            "member" => rest.is_empty() || self.sample.has(&format!("subscriber.{rest}")) || self.captured(rest, true),
            "group" if self.per_group && OF_A_GROUP.contains(&first_segment(rest)) => true,
            "group" => rest.is_empty() || self.captured(rest, false),
            _ if self.beside.contains(&name) => true,
            // what rows give is the scenario's to say
            "values" => true,
            _ => self.sample.has(name) || self.captured(first, false) || self.captured(name, false),
        }
    }

    /// Whether a capture goes by this name, or is of the field of this name.
    pub(super) fn captured(&self, name: &str, per_member: bool) -> bool {
        let field = Field::parse(name);
        self.captures.iter().any(|(captured, of, per)| {
            let for_whom = !per_member || *per == Per::Member;
            let named = captured == name || first_segment(name) == captured || (field.is_some() && *of == field);
            for_whom && named
        })
    }

    fn report_unknown(&self, name: &str, span: Span, report: &mut Report) {
        if first_segment(name) == "member" && !self.per_member {
            let error =
                report.error(
                span,
                "`member` is known in steps with `for_each: members`, in look-ups with `per: member`, and in facts of members, only",
            );
            error.help("`subscriber` and `members` are known everywhere");
            return;
        }
        if let Some(secret) = self.hidden.get(first_segment(name)).or_else(|| self.hidden.get(name)) {
            let message = format!("`{secret}` is secret: it is known in flows alone, and not here");
            report.error(span, message).help("give the waypoint credentials of its own with `auth`");
            return;
        }
        let known = self.candidates();
        let near = nearest(name, known.iter().map(String::as_str));
        let captured: Vec<String> = self.captures.iter().map(|(name, ..)| format!("`{name}`")).collect();
        let error = report.error(span, format!("`{name}` is not known here"));
        let so_far = if captured.is_empty() { "nothing".to_owned() } else { captured.join(", ") };
        error.label(format!("captured so far: {so_far}")).did_you_mean(near);
    }

    /// Every name that a typing slip may have meant.
    fn candidates(&self) -> Vec<String> {
        let mut names: Vec<String> = self.captures.iter().map(|(name, ..)| name.clone()).collect();
        names.extend(self.beside.iter().map(|name| (*name).to_owned()));
        for top in self.sample.top_names() {
            if let Some(value) = serde_json::to_value(self.sample.get(&top)).ok().filter(|_| top != "application") {
                dotted(&top, &value, &mut names);
                if self.per_member && top == "subscriber" {
                    dotted("member", &value, &mut names);
                }
            }
            names.push(top);
        }
        names
    }

    /// The value of a name of the first level, where it is the household's.
    pub(super) fn sample_value(&self, name: &str) -> Option<minijinja::Value> {
        self.sample.get(name)
    }

    /// What a person has, in dotted names.
    pub(super) fn names_of_a_person(&self) -> Vec<String> {
        let mut names = Vec::new();
        if let Ok(value) = serde_json::to_value(self.sample.get("subscriber")) {
            dotted("", &value, &mut names);
        }
        names.iter().map(|name| name.trim_start_matches('.').to_owned()).collect()
    }

    /// The sample with a value for every capture, to try filters on.
    fn rehearsal(&self) -> Context {
        let mut context = self.sample.with_member(0);
        for name in self.captures.iter().map(|(name, ..)| name.as_str()).chain(self.beside.iter().copied()) {
            context = context.with(name, "0".into());
        }
        context
    }
}

fn dotted(prefix: &str, value: &serde_json::Value, names: &mut Vec<String>) {
    for (key, value) in value.as_object().into_iter().flatten() {
        let name = format!("{prefix}.{key}");
        dotted(&name, value, names);
        names.push(name);
    }
}

/// One adult in Virginia.
pub(crate) fn sample_household() -> Household {
    let day = NaiveDate::from_ymd_opt(2013, 11, 15).unwrap_or_default();
    let text = |text: &str| Some(text.to_owned());
    let address = Address {
        street_1: "1 Main St".into(),
        street_2: None,
        city: "Richmond".into(),
        state: "VA".into(),
        zip: "23219".into(),
        county: "51760".into(),
    };
    let person = Person {
        name: PersonName { first: "Ann".into(), middle: None, last: "Doe".into(), suffix: None },
        birth_date: day,
        sex: Sex::Female,
        relationship: Relationship::SelfSubscriber,
        applying: true,
        ssn: None,
        tobacco: false,
        marital_status: text("single"),
        phone: text("8045550123"),
        email: text("ann@example.com"),
        language: text("eng"),
        address: None,
        tribal_member: false,
        since: None,
    };
    Household {
        index: ProbeIndex(0),
        marker: "sample".into(),
        people: vec![person],
        mailing: Some(address.clone()),
        address,
        moves_to: None,
        renewal: Some(Renewal::Passive),
        rating_area: "R-VA007".into(),
        agent: Some(Agent::of_number(0)),
        income_cents: 4_000_000,
        coverage_begin: day,
        as_of: day,
        lines: vec![CoverageLine::Medical, CoverageLine::Dental],
        edge_cases: Vec::new(),
        wishes: Wishes::default(),
    }
}
