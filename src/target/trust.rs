//! What an answer may be trusted with: an id is acted on only where our own act gave it.

use super::flow::{Flow, FlowStep, StepKind};
use super::personal::{asks_for_a_person, is_of_household, looks_for_people};
use crate::model::LifeEvent;
use std::collections::BTreeSet;

/// What kind of step an answer was given to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// It created or changed something of our household's, or reads back what goes by a proved id: it proves the ids that it gives.
    OwnAct,
    /// It is about nobody that we know of: a form, a list, a login, a page that a redirect led to. What it gives lets later requests
    /// in, and names nobody.
    Page,
    /// It looks for people, or says that they were known before: whom it names may be strangers.
    Search,
}

/// What was asked, as far as it decides what the answer proves.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own about one request")]
pub struct Given<'a> {
    /// The step.
    pub step: &'a FlowStep,
    /// What its flow is for.
    pub event: LifeEvent,
    /// Places that the request reads, dotted.
    pub places: &'a BTreeSet<String>,
    /// It may be what enrolls: the flow says so, or says nothing of any step.
    pub commits: bool,
    /// The answer's status.
    pub status: u16,
    /// The answer is to the request as it was written: no redirect made another of it.
    pub as_written: bool,
    /// Nothing in it came from an answer that proves nothing.
    pub untainted: bool,
    /// It says an id that is proved.
    pub says_proved: bool,
    /// It says what no stranger has and nobody has to tell.
    pub says_a_mark: bool,
    /// A part of its path is our own: a proved id, or a mark of ours.
    pub is_addressed: bool,
    /// Whatever is taken of the answer stands in a record that shows what is our own as well.
    pub shows_own: bool,
    /// An earlier step of the flow created or changed something of our household's.
    pub created: bool,
}

impl Source {
    /// What the answer may be trusted with.
    pub fn of(given: &Given<'_>) -> Self {
        let step = given.step;
        // 208: Already Reported
        if matches!(given.status, 208 | 409) {
            return Self::Search;
        }
        if given.untainted && (step.reads == Some(false) || given.is_own_act()) {
            return Self::OwnAct;
        }
        if step.reads() && looks_for_people(given.places) { Self::Search } else { Self::Page }
    }
}

impl Given<'_> {
    fn is_own_act(&self) -> bool {
        let (step, places) = (self.step, self.places);
        let says_own = self.says_proved || self.created && self.says_a_mark;
        if !self.as_written || step.logs_in() {
            return false;
        }
        if step.reads() {
            // who does not know a parameter of a query answers with everybody
            return says_own && !asks_for_a_person(places) && (self.is_addressed || self.shows_own);
        }
        if self.event == LifeEvent::Enroll {
            let carries = places.iter().any(|place| is_of_household(place));
            return carries || says_own || self.created || self.commits || self.status == 201;
        }
        // nobody new comes of a later flow: who is asked for by name and birth date alone is looked for, and a request that says
        // nothing of ours is about anybody, whatever was done before it
        self.says_proved || self.says_a_mark
    }
}

impl Flow {
    /// Whether the step at this place does something to somebody: it must not go by what nothing proves. In a flow that has only
    /// steps which read, its last one is what carries it out; in one for somebody who is enrolled, so does each whose path says that
    /// it acts (`GET /cancel`).
    pub fn acts_at(&self, event: LifeEvent, at: usize) -> bool {
        let Some(step) = self.steps.get(at) else { return false };
        let has_act = self.steps.iter().any(FlowStep::acts);
        let is_last = at + 1 == self.steps.len();
        step.acts() || event != LifeEvent::Enroll && (!has_act && is_last || step.says_that_it_acts())
    }

    /// Whether the step at this place may be the one that enrolls: it says so, or none does.
    pub fn commits_at(&self, at: usize) -> bool {
        let Some(step) = self.steps.get(at) else { return false };
        step.commits == Some(true) || !self.says_what_commits() && step.commits.is_none() && step.acts()
    }

    /// Whether a step says that it is the one that enrolls.
    pub fn says_what_commits(&self) -> bool {
        self.steps.iter().any(|step| step.commits == Some(true))
    }
}

impl FlowStep {
    /// Whether it creates, changes or ends something that is somebody's.
    pub fn acts(&self) -> bool {
        self.commits == Some(true) || !self.reads() && !self.logs_in()
    }

    /// Whether it only logs in: a POST without anything in its path that was captured, whose path ends in a word for that.
    pub fn logs_in(&self) -> bool {
        let StepKind::Request(request) = &self.kind else { return false };
        let is_written_out = !request.path.source.contains("{{");
        request.method == "POST" && is_written_out && self.reads.is_none() && is_login_path(&request.path.source)
    }
}

/// Whether a path ends in a word for logging in.
pub fn is_login_path(path: &str) -> bool {
    let path = path.split(['?', ';']).next().unwrap_or_default().to_ascii_lowercase();
    let end = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let end = end.split('.').next().unwrap_or_default();
    let plain: String = end.chars().filter(char::is_ascii_alphanumeric).collect();
    let words = ["login", "logon", "signin", "signon", "session", "sessions", "token", "auth", "authenticate", "oauth"];
    words.contains(&plain.as_str())
}

#[cfg(test)]
mod tests {
    use super::{Given, Source};
    use crate::model::LifeEvent;
    use crate::target::parse;
    use crate::target::personal::is_mark;
    use crate::target::secrets::NoReferences;
    use std::collections::BTreeSet;

    fn source(event: LifeEvent, step: &str, more: impl FnOnce(&mut Given<'_>)) -> Source {
        let enroll = if event == LifeEvent::Enroll { step } else { "{post: /apply, capture: {application_id: $.id}}" };
        let cancel = if event == LifeEvent::Enroll { "{post: /cancel}" } else { step };
        let text = format!(
            "target: t\nenvironment: test\nallow_hosts: [127.0.0.1]\nexchange:\n  base_url: http://127.0.0.1:9\n  flows:\n    \
             enroll: [{enroll}]\n    cancel: [{cancel}]\nlimits: {{rate: 1/s}}\nwaypoints: [{{name: w, feed: edi_folder, path: out}}]\n"
        );
        let target = parse(&text, "t.yaml", &NoReferences).unwrap_or_else(|e| panic!("{e}"));
        let step = &target.exchange.flows[&event].steps[0];
        let places: BTreeSet<String> = step.places(&target.exchange);
        let mut given = Given {
            step,
            event,
            places: &places,
            commits: target.exchange.flows[&event].commits_at(0),
            status: 200,
            as_written: true,
            untainted: true,
            says_proved: false,
            says_a_mark: places.iter().any(|place| is_mark(place)),
            is_addressed: false,
            shows_own: false,
            created: false,
        };
        more(&mut given);
        Source::of(&given)
    }

    #[test]
    fn an_act_for_our_household_proves_and_a_login_or_an_empty_post_does_not() {
        use LifeEvent::Enroll;
        let is = |step: &str| source(Enroll, step, |_| {});
        assert_eq!(is("{post: /apply, json: {last: '{{ subscriber.name.last }}'}}"), Source::OwnAct);
        assert_eq!(is("{post: /apply, json: {all: '{{ application }}'}}"), Source::OwnAct);
        let open = "{post: /open, json: {a: b}, commits: false}";
        assert_eq!(is("{post: /open, json: {a: b}}"), Source::OwnAct, "no step says that it commits: any may");
        assert_eq!(is(open), Source::Page);
        assert_eq!(source(Enroll, open, |given| given.status = 201), Source::OwnAct);
        assert_eq!(is("{post: /open, json: {a: b}, commits: false, reads: false}"), Source::OwnAct);
        assert_eq!(is("{post: /login, form: {user: '{{ subscriber.email }}'}}"), Source::Page);
        assert_eq!(source(Enroll, "{post: /sessions}", |given| given.status = 201), Source::Page);
        let apply = "{post: /apply, json: {last: '{{ subscriber.name.last }}'}}";
        assert_eq!(source(Enroll, apply, |given| given.as_written = false), Source::Page);
        assert_eq!(source(Enroll, apply, |given| given.status = 409), Source::Search);
        assert_eq!(source(Enroll, apply, |given| given.untainted = false), Source::Page);
    }

    #[test]
    fn whoever_is_asked_for_by_name_may_be_a_stranger_however_the_name_is_said() {
        use LifeEvent::Cancel;
        for step in [
            "{get: '/x?last={{ subscriber.name.last }}'}",
            "{get: '/x?last={{ groups[0].members[0].name.last }}&id={{ application_id }}'}",
            "{get: '/x?{% for g in groups %}{% for m in g.members %}{{ m.birth_date }}{% endfor %}{% endfor %}'}",
            "{get: \"/x?last={{ subscriber['name']['last'] }}&id={{ application_id }}\"}",
            "{get: '/x?x={% set s = subscriber %}{{ s.birth_date }}'}",
            "{post: /search.do, json: {last: '{{ subscriber.name.last }}'}}",
            "{post: /memberSearch, json: {last: '{{ subscriber.name.last }}'}}",
        ] {
            let found = source(Cancel, step, |given| {
                given.created = true;
                given.says_proved = step.contains("application_id");
            });
            assert_eq!(found, Source::Search, "{step}");
        }
        let by_name = "{post: /members.json, json: {last: '{{ subscriber.name.last }}'}}";
        assert_eq!(source(Cancel, by_name, |given| given.created = true), Source::Page);
        let empty = "{post: /worklist, json: {plan: '{{ plan_id }}'}}";
        assert_eq!(source(Cancel, empty, |given| given.created = true), Source::Page, "it says nothing of ours");
        let by_id = "{get: '/x?id={{ groups[0].application_id }}'}";
        for (is_addressed, shows_own, expected) in
            [(true, false, Source::OwnAct), (false, true, Source::OwnAct), (false, false, Source::Page)]
        {
            let found = source(Cancel, by_id, |given| {
                (given.says_proved, given.is_addressed, given.shows_own) = (true, is_addressed, shows_own);
            });
            assert_eq!(found, expected, "{is_addressed} {shows_own}");
        }
        assert_eq!(source(Cancel, "{get: /clients}", |given| given.created = true), Source::Page);
    }
}
