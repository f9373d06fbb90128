//! A waypoint that is asked per probe over HTTP and answers JSON.

use super::anatomy::anatomy;
use super::elsewhere::not_of_the_system;
use super::gathered::{Gathered, Several, Unanswered};
use super::grouping::{as_groups, from_members};
use super::heard::{Heard, Whose};
use super::listers::Listers;
use super::look::{Look, Ours, sift};
use super::mapping::{Mapped, items, map_record, note_left_out};
use super::pages::{Page, Then, after, incomplete};
use super::paging::incomplete_by;
use super::questions::{Inquiry, Question, inquiries, one_groups_own, shown};
use super::standing::{Standing, trouble};
use super::tried::Tried;
use crate::clock::{Clock, SystemClock};
use crate::model::{Facts, Field, FieldSet, GroupRecord, IssuerId, Place, Shown, Witness};
use crate::net::{Door, Request, Session, Trace, address, is_same_host, rendered, retry_after};
use crate::target::{Answer, Context, Dialect, Endpoint, JsonApi, JsonPath, Next, NextBy, Template, json_of, xml_of};
use serde_json::Value as Json;
use std::collections::BTreeSet;
use std::sync::Arc;

/// A JSON API waypoint. Clones share connections; looks share nothing else.
#[derive(Debug, Clone)]
pub struct JsonApiFeed {
    door: Door,
    api: Arc<JsonApi>,
    trace: Arc<TraceNames>,
    listers: Arc<Listers>,
    standing: Arc<Standing>,
    heard: Arc<Heard>,
    several: Arc<Several>,
    /// Who is told of each answer; `None`: nobody.
    witness: Option<Arc<dyn Witness>>,
}

/// Templates for what a trace is made of, compiled once.
#[derive(Debug)]
struct TraceNames([Option<Template>; 2]);

impl TraceNames {
    fn new() -> Self {
        Self(["{{ run.id }}", "{{ probe.id }}"].map(|text| Template::compile(text).ok()))
    }

    fn of(&self, ctx: &Context) -> Trace {
        let [run, probe] = self
            .0
            .each_ref()
            .map(|template| template.as_ref().and_then(|template| template.render(ctx).ok()).unwrap_or_default());
        Trace::of(&run, &probe)
    }
}

/// Why an answer to what a redirect made of a question proves no absence.
const LED_AWAY: &str = "a redirect led to another resource, and nobody is there; say its address in the look-up";

/// What one request brought.
enum Reply {
    /// An answer that holds records, or an empty list of them.
    Records {
        /// Its pages.
        answers: Vec<Json>,
        /// By what it says that it is not the whole one.
        incomplete: Option<String>,
        /// It answers the question as that was put: no redirect led to another resource.
        as_asked: bool,
    },
    Absent,
    Blind(Unanswered),
}

impl Reply {
    /// The same, to a question that was put so, or that a redirect made another of: what is not there is not what was asked for.
    fn noting(self, as_asked: bool) -> Self {
        match self {
            Self::Records { answers, incomplete, .. } => Self::Records { answers, incomplete, as_asked },
            Self::Absent if !as_asked => {
                Self::Blind(Unanswered { reason: LED_AWAY.to_owned(), retry_after: None, is_heard: true })
            }
            other => other,
        }
    }
}

impl JsonApiFeed {
    /// A feed over the waypoint's API, reached through the door.
    pub fn new(door: Door, api: &JsonApi) -> Self {
        Self {
            door,
            api: Arc::new(api.clone()),
            trace: Arc::new(TraceNames::new()),
            listers: Arc::default(),
            standing: Arc::default(),
            heard: Arc::default(),
            several: Arc::default(),
            witness: None,
        }
    }

    /// The same, where each answer is shown to a witness.
    #[must_use]
    pub fn witnessed_by(self, witness: Option<Arc<dyn Witness>>) -> Self {
        Self { witness, ..self }
    }

    /// Where it can be asked: each issuer with an API of its own, or `None` alone for the one system that answers for all.
    pub fn endpoints(&self) -> impl Iterator<Item = Option<&IssuerId>> {
        self.api.endpoints.keys().map(Option::as_ref)
    }

    /// The fields that an answer can show.
    pub fn shows(&self) -> FieldSet {
        self.api.shows()
    }

    /// Looks for the probe in `ctx` at an issuer (`None`: at the one system for all), by the look-ups whose names are all known, one
    /// after another until one finds something: ids may have been garbled on the way, and a name or mailbox not. `is_thorough`: all of
    /// them are asked, since one may show a policy that another does not. A look-up per member
    /// asks once for each and is blind where one of the answers is. Nothing is absent unless every look-up that can be asked was
    /// answered, and answered whole: by this look, or by several of them together.
    pub async fn look(&self, issuer: Option<&IssuerId>, (ctx, is_thorough): (&Context, bool), ours: Ours<'_>) -> Look {
        let endpoints = &self.api.endpoints;
        let own = endpoints.get_key_value(&issuer.cloned());
        let Some(at) = own.or_else(|| endpoints.get_key_value(&None)) else {
            let name = issuer.map_or("any issuer", IssuerId::as_str);
            return Look::Blind { reason: format!("the target has no address for `{name}`"), retry_after: None };
        };
        let inquiries = match inquiries(&at.1.dialect, ctx, at.0.as_ref()) {
            Ok(inquiries) => inquiries,
            Err(unknown) => return Look::NotAskable(unknown),
        };
        let whose = (at.0.clone(), self.trace.of(ctx));
        let is_thorough = is_thorough || self.several.has(&whose);
        let mut session = self.door.session(whose.1);
        let all: Vec<String> = inquiries.iter().map(|inquiry| shown(&inquiry.questions)).collect();
        let mut gathered = Gathered::default();
        for (inquiry, asked) in self.heard.longest_unanswered_first(&whose, inquiries.into_iter().zip(&all).collect()) {
            match self.inquire(&mut session, at, inquiry, (ctx, ours)).await {
                Ok((Look::Absent { strangers, possible }, may_be)) => {
                    gathered.nobody((strangers, possible), may_be, asked);
                }
                Ok((Look::Found { records, strangers, partial, possible }, _)) => {
                    gathered.beside(possible);
                    self.heard.forget(&whose);
                    gathered.somebody(records, strangers, partial);
                    // another question may be answered whole, or show another policy
                    if gathered.is_enough() && !is_thorough {
                        break;
                    }
                }
                Ok((other, _)) => return other,
                Err(failed) => {
                    if gathered.unanswered(failed) {
                        break;
                    }
                }
            }
        }
        if gathered.has_several {
            self.several.note(&whose);
        }
        gathered.found(is_thorough).unwrap_or_else(|| self.absent(whose, &all, gathered))
    }

    /// What it means that nobody was found.
    fn absent(&self, whose: Whose, all: &[String], gathered: Gathered) -> Look {
        let Gathered { strangers, possible, in_vain, unanswered, .. } = gathered;
        let Some(Unanswered { reason, retry_after, .. }) = unanswered else {
            self.heard.forget(&whose);
            return Look::Absent { strangers, possible };
        };
        match self.heard.take(whose, all, &in_vain).filter(|_| !possible) {
            Some(age) => Look::AbsentSince { age, strangers, reason, retry_after },
            None => Look::Blind { reason, retry_after },
        }
    }

    /// Asks the questions of one look-up; what it brings, and the records in force that may be the probe's.
    async fn inquire(
        &self,
        session: &mut Session,
        (owner, endpoint): (&Option<IssuerId>, &Endpoint),
        inquiry: Inquiry,
        (ctx, ours): (&Context, Ours<'_>),
    ) -> Result<(Look, Vec<GroupRecord>), Unanswered> {
        let dialect = &*endpoint.dialect;
        let place = Place { source: self.door.redact(&shown(&inquiry.questions)), ..Place::default() };
        let mut answers: Vec<Json> = Vec::new();
        let (mut incomplete, mut unread, mut is_as_asked) = (None, None, true);
        for question in inquiry.questions {
            match self.ask_all(session, endpoint, (question, inquiry.next.as_ref()), ctx).await {
                Reply::Records { answers: pages, incomplete: by, as_asked } => {
                    is_as_asked &= as_asked;
                    for answer in &pages {
                        unread = unread.or(self.standing.lacks(owner.as_ref(), dialect, answer));
                        unread = unread.or_else(|| not_records(dialect, answer));
                    }
                    answers.extend(pages);
                    incomplete = incomplete.or(by);
                }
                Reply::Absent => {}
                Reply::Blind(failed) => {
                    return Err(Unanswered { reason: self.door.redact(&failed.reason), ..failed });
                }
            }
        }
        let mut groups = groups(dialect, &records(dialect, &answers), owner.as_ref(), &place);
        if dialect.members.is_none() {
            // each record is a member: who stands elsewhere in the list may be one, too
            if let Some(answer) = answers.iter().find(|answer| dialect.records.left_out(answer).is_some()) {
                for group in &mut groups {
                    note_left_out(&mut group.facts, Some(&dialect.records), answer);
                }
            }
        }
        let is_of_the_question = self.listers.depends_on_the_question(owner.as_ref(), &self.trace.of(ctx), &groups);
        let partial = incomplete.map(|by| {
            format!("the answer is not the whole one: {by}; whoever it does not show may be on another page")
        });
        let partial = partial.or_else(|| inquiry.of_one_group.map(|name| one_groups_own(&name)));
        let (look, may_be) = sift(groups, (inquiry.by_id && is_as_asked, is_of_the_question), ours);
        match (look, partial) {
            (Look::Found { records, strangers, possible, .. }, partial) => {
                // beside what was read, something was not, or went wrong: who stands there is not absent
                let trouble = || answers.iter().find_map(|answer| trouble(answer, &found_in(dialect, answer)));
                let partial = partial.or(unread).or_else(trouble);
                Ok((Look::Found { records, strangers, partial, possible }, may_be))
            }
            (look, partial) => match partial
                .or(unread)
                .or_else(|| answers.iter().find_map(|answer| trouble(answer, &found_in(dialect, answer))))
                .or_else(|| (!is_as_asked).then(|| LED_AWAY.to_owned()))
            {
                Some(reason) => Err(Unanswered { reason, retry_after: None, is_heard: true }),
                None => Ok((look, may_be)),
            },
        }
    }

    /// Asks whether an issuer (`None`: the one system for all) lets itself be asked: by the waypoint's `probe`, or by the first
    /// look-up that can be asked for whoever is in `ctx`.
    pub async fn try_out(&self, issuer: Option<&IssuerId>, ctx: &Context) -> Tried {
        let Some(endpoint) = self.api.endpoints.get(&issuer.cloned()) else { return Tried::Answers };
        let question = match &endpoint.probe {
            Some(path) => Ok(Question { method: "GET".to_owned(), page: Page { path: path.clone(), body: None } }),
            None => inquiries(&endpoint.dialect, ctx, issuer)
                .and_then(|all| all.into_iter().flat_map(|it| it.questions).next().ok_or_else(BTreeSet::new)),
        };
        let tried = match question.map(|question| self.request(endpoint, &question, ctx)) {
            Err(unknown) => return Tried::NotAskable(unknown),
            Ok(Err(reason)) => Tried::Refuses(reason),
            Ok(Ok(request)) => match self.door.session(self.trace.of(ctx)).send(&request).await {
                Ok(reply) => Tried::of_answer(&reply.answer),
                Err(failure) => Tried::of_failure(&failure),
            },
        };
        tried.cleaned(|words| self.door.redact(words))
    }

    /// Asks a question, and for the further pages of its answer where the target says where they are. A page that is not answered
    /// leaves it incomplete: whoever stands on it would be missing.
    async fn ask_all(
        &self,
        session: &mut Session,
        endpoint: &Endpoint,
        (question, next): (Question, Option<&Next>),
        ctx: &Context,
    ) -> Reply {
        let mut question = Question { page: question.page.first(next), ..question };
        let title = format!("{} {}", question.method, address(&endpoint.base_url, &question.page.path));
        let (mut reply, mut heard) = self.ask(session, endpoint, (&question, &title), ctx).await;
        let (Some(next), dialect) = (next, &*endpoint.dialect) else { return reply };
        for n in 1.. {
            let (Reply::Records { answers, incomplete: is_short, .. }, Some(answer)) = (&mut reply, &heard) else {
                return reply;
            };
            let Some((body, before)) = answers.split_last() else { return reply };
            let at = address(&endpoint.base_url, &question.page.path);
            match after(next, (&question.page, &at), (n, answer, body), (dialect, before)) {
                Then::End => {
                    *is_short = left_out(&dialect.records, body).or_else(|| incomplete(dialect, answer, answers));
                    return reply;
                }
                Then::Unknown(words) => {
                    *is_short = Some(words);
                    return reply;
                }
                Then::Page(page) => question.page = page,
            }
            // where the next page is are the far side's words
            let title = format!("{title}, page {}", n + 1);
            let (page, answered) = self.ask(session, endpoint, (&question, &title), ctx).await;
            match page {
                Reply::Records { answers: more, incomplete: short, as_asked } => {
                    answers.extend(more);
                    *is_short = short;
                    if !as_asked {
                        *is_short = Some("a redirect led to another resource in place of its next page".to_owned());
                        return reply;
                    }
                    heard = answered;
                }
                // whoever counts pages may say of one behind the last that it is not there
                Reply::Absent if matches!(next.by, NextBy::Number { .. }) => {
                    *is_short = incomplete(dialect, answer, answers);
                    return reply;
                }
                Reply::Absent => {
                    *is_short = Some(format!("its page {} is not there, though the one before says that it is", n + 1));
                    return reply;
                }
                // the far side wants to be left alone, or is not there any more
                Reply::Blind(failed) if failed.retry_after.is_some() || !failed.is_heard => {
                    let reason = format!("page {} of the answer: {}", n + 1, failed.reason);
                    return Reply::Blind(Unanswered { reason, ..failed });
                }
                Reply::Blind(failed) => {
                    *is_short = Some(format!("of its page {} nothing is known: {}", n + 1, failed.reason));
                    return reply;
                }
            }
        }
        reply
    }

    /// One request; with it the answer, where one came.
    async fn ask(
        &self,
        session: &mut Session,
        endpoint: &Endpoint,
        (question, title): (&Question, &str),
        ctx: &Context,
    ) -> (Reply, Option<Answer>) {
        let blind = |reason| (Reply::Blind(Unanswered { reason, retry_after: None, is_heard: false }), None);
        match self.request(endpoint, question, ctx) {
            Err(reason) => blind(reason),
            Ok(request) => match session.send(&request).await {
                Ok(reply) => {
                    let read = read(&endpoint.dialect, &reply.answer, ctx).noting(reply.as_asked);
                    self.tell_answer(endpoint, title, (&reply.answer, &read));
                    (read, Some(reply.answer))
                }
                Err(failure) => blind(failure.to_string()),
            },
        }
    }

    /// Tells of an answer and what it is taken for.
    fn tell_answer(&self, endpoint: &Endpoint, title: &str, (answer, read): (&Answer, &Reply)) {
        let Some(witness) = &self.witness else { return };
        let means = match read {
            Reply::Records { incomplete, .. } => {
                incomplete.as_ref().map(|by| format!("it is not the whole answer: {by}"))
            }
            Reply::Absent => Some("it means that nobody is there".to_owned()),
            Reply::Blind(failed) => Some(format!("it says nothing: {}", failed.reason)),
        };
        let lines = anatomy(&endpoint.dialect, answer, means.as_deref());
        let lines = lines.iter().map(|line| self.door.redact(line)).collect();
        let title = self.door.redact(title);
        witness.show(Shown { title, lines, is_anatomy: true });
    }

    /// `Err` in words where it cannot be written.
    fn request(&self, endpoint: &Endpoint, question: &Question, ctx: &Context) -> Result<Request, String> {
        let url = address(&endpoint.base_url, &question.page.path);
        let own_host = is_same_host(&endpoint.base_url, &url);
        let mut request = Request::new(&question.method, url, self.api.within);
        request.body.clone_from(&question.page.body);
        match rendered(&endpoint.headers, ctx) {
            // The endpoint's credentials are for the endpoint; a look-up with a whole address may ask somebody else.
            Ok(headers) if own_host => request.headers = headers,
            Ok(_) => {}
            Err(e) => return Err(format!("a header cannot be written: {e}")),
        }
        if let Some(auth) = endpoint.auth.as_ref().filter(|_| own_host) {
            request.authorize(auth);
        }
        Ok(request)
    }
}

/// Tells records from absence, and absence from an answer that says nothing (401, 403, 429, 5xx, no JSON).
fn read(dialect: &Dialect, answer: &Answer, ctx: &Context) -> Reply {
    let absent = &dialect.absent;
    let by_condition = absent.condition.as_ref().is_some_and(|condition| condition.holds(answer, ctx));
    if by_condition || answer.status == 204 {
        return Reply::Absent;
    }
    if absent.status.contains(&answer.status) {
        let unheard = |reason| Reply::Blind(Unanswered { reason, retry_after: None, is_heard: true });
        return not_of_the_system(answer).map_or(Reply::Absent, unheard);
    }
    if !(200..300).contains(&answer.status) {
        let retry_after = retry_after(&answer.headers, SystemClock.now());
        let reason = format!("the look-up was answered {}", answer.status);
        return Reply::Blind(Unanswered { reason, retry_after, is_heard: true });
    }
    match document(dialect, answer) {
        Ok(json) => {
            let json = dialect.with_keys(json);
            let incomplete = incomplete_by(answer, &json, &found_in(dialect, &json));
            let incomplete = incomplete.or_else(|| left_out(&dialect.records, &json));
            Reply::Records { answers: vec![json], incomplete, as_asked: true }
        }
        Err(reason) => Reply::Blind(Unanswered { reason, retry_after: None, is_heard: true }),
    }
}

/// The answer as what the target's paths lead through.
fn document(dialect: &Dialect, answer: &Answer) -> Result<Json, String> {
    if dialect.records.is_of_elements() {
        let read = if answer.is_html_page() { Err("it is an HTML page") } else { xml_of(&answer.body) };
        return read.map_err(|words| format!("the answer is no XML ({words})"));
    }
    // The parser's text may quote the answer; its position does not.
    json_of(&answer.body).map_err(|e| format!("the answer is no JSON (at line {} column {})", e.line(), e.column()))
}

/// The records that an answer holds.
fn found_in<'a>(dialect: &Dialect, answer: &'a Json) -> Vec<&'a Json> {
    dialect.records.query(answer).into_iter().flat_map(items).collect()
}

/// In words that something stands among the records, or in place of their list, that is none.
fn not_records(dialect: &Dialect, answer: &Json) -> Option<String> {
    let path = &dialect.records;
    // an element of XML that holds nothing is an empty list
    let is_empty = |value: &Json| path.is_of_elements() && value.as_str() == Some("");
    let is_text = |value: &Json| !value.is_null() && !value.is_object() && !value.is_array() && !is_empty(value);
    let lists = path.parent().map(|list| list.query(answer)).unwrap_or_default();
    let in_lists = lists.iter().filter_map(|list| list.as_array()).flatten();
    let leaves = path.query(answer);
    let of_lists = leaves.iter().filter_map(|found| found.as_array()).flatten();
    let is_odd = in_lists.chain(of_lists).any(Json::is_null)
        || leaves.iter().copied().flat_map(items).any(|record| is_text(record) && says_nothing(dialect, record))
        || leaves.is_empty() && lists.into_iter().any(is_text);
    is_odd.then(|| {
        format!(
            "where the target's `records` ({path}) should lead to objects, the answer holds something that is none; correct \
             `records`, or say with `absent` how nobody looks"
        )
    })
}

/// Whether the mapping finds nothing in a record.
fn says_nothing(dialect: &Dialect, record: &Json) -> bool {
    let Mapped { group, members } = map_record(dialect, record);
    let is_empty = |facts: &Facts| facts.stated().iter().all(|field| facts.value(field).is_none());
    is_empty(&group) && members.iter().all(is_empty)
}

/// By what an answer's records are not all of them, where the target takes some by their places.
fn left_out(records: &JsonPath, answer: &Json) -> Option<String> {
    let (taken, all) = records.left_out(answer)?;
    Some(format!("the target's `records` ({records}) leads to {taken} of {all} there"))
}

/// The records of all answers, each with the place of its answer. The same record in the answer to another member's question is the same record, not a
/// second one.
fn records<'a>(dialect: &Dialect, answers: &'a [Json]) -> Vec<(usize, &'a Json)> {
    let mut records: Vec<(usize, &Json)> = Vec::new();
    for (at, answer) in answers.iter().enumerate() {
        let known = records.len();
        for record in dialect.records.query(answer).into_iter().flat_map(items) {
            if !records.iter().take(known).any(|(_, before)| *before == record) {
                records.push((at, record));
            }
        }
    }
    records
}

fn groups(dialect: &Dialect, records: &[(usize, &Json)], issuer: Option<&IssuerId>, place: &Place) -> Vec<GroupRecord> {
    let nothing = |record: &Json| record.is_null() || record.as_array().is_some_and(Vec::is_empty);
    let something = records.iter().filter(|(_, record)| !nothing(record));
    let mapped = something.map(|(answer, record)| (*answer, map_record(dialect, record)));
    let mut groups = if dialect.members.is_some() {
        as_groups(mapped.collect(), place)
    } else {
        from_members(mapped.map(|(_, mapped)| mapped).collect(), place)
    };
    for group in &mut groups {
        if let (Some(issuer), None) = (issuer, group.facts.value(Field::Issuer)) {
            group.facts.set(Field::Issuer, issuer.as_str());
        }
    }
    groups
}
