//! A waypoint that is asked per probe over HTTP and answers JSON.

use super::anatomy::anatomy;
use super::answers::{LED_AWAY, Reply, found_in, groups, left_out, not_records, read, records};
use super::gathered::{Gathered, Several, Unanswered};
use super::heard::{Heard, Whose};
use super::listers::Listers;
use super::look::{Look, Ours, Sought, sift};
use super::mapping::note_left_out;
use super::pages::{Page, Then, after, incomplete, without_repeated};
use super::probe_feed::{ProbeFeed, Sorting};
use super::questions::{Inquiry, Question, ask_for_ended, inquiries, one_groups_own, shown, some_groups_own};
use super::standing::{Standing, trouble};
use super::tried::Tried;
use crate::model::{FieldSet, GroupRecord, IssuerId, Place, Shown, Witness};
use crate::net::{Door, Request, Session, Trace, address, is_same_host, rendered};
use crate::target::{Answer, Context, Endpoint, JsonApi, Next, NextBy, Template};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
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

impl ProbeFeed for JsonApiFeed {
    fn endpoints(&self) -> Vec<Option<IssuerId>> {
        self.api.endpoints.keys().cloned().collect()
    }

    fn look<'a>(&'a self, issuer: Option<&'a IssuerId>, sought: &'a Sought, by: Sorting<'a>) -> BoxFuture<'a, Look> {
        self.look_for(issuer, (&sought.context, &sought.ended, sought.is_thorough), by.ours).boxed()
    }

    fn try_out<'a>(&'a self, issuer: Option<&'a IssuerId>, sought: &'a Sought) -> BoxFuture<'a, Tried> {
        Self::try_out(self, issuer, &sought.context).boxed()
    }
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

/// What the questions of one look-up brought, all pages together.
struct Answered {
    groups: Vec<GroupRecord>,
    /// By what an answer says that it is not the whole one.
    incomplete: Option<String>,
    /// What was not understood, or went wrong beside what was read.
    unread: Option<String>,
    /// No redirect led to another resource.
    is_as_asked: bool,
    /// What may be wrong with how it was asked.
    hint: Option<String>,
}

/// Everybody whom a list shows.
pub(super) struct Everybody {
    pub(super) groups: Vec<GroupRecord>,
    /// Why they are not all, where they are not.
    pub(super) partial: Option<String>,
    /// What may be wrong with how it was asked.
    pub(super) hint: Option<String>,
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
        self.look_for(issuer, (ctx, &[], is_thorough), ours).await
    }

    /// The same; `ended`: what is known of policies that have ended, for which all is asked that is not asked already.
    async fn look_for(
        &self,
        issuer: Option<&IssuerId>,
        (ctx, ended, is_thorough): (&Context, &[Context], bool),
        ours: Ours<'_>,
    ) -> Look {
        let Some(at) = self.endpoint(issuer) else {
            return Look::Blind { reason: no_address(issuer), retry_after: None };
        };
        let mut inquiries = match inquiries(&at.1.dialect, ctx, at.0.as_ref()) {
            Ok(inquiries) => inquiries,
            Err(unknown) => return Look::NotAskable(unknown),
        };
        ask_for_ended(&mut inquiries, (&at.1.dialect, at.0.as_ref()), ended);
        let whose = (at.0.clone(), self.trace.of(ctx));
        let is_thorough = is_thorough || self.several.has(&whose);
        let mut session = self.door.session(whose.1);
        let all: Vec<String> = inquiries.iter().map(|inquiry| shown(&inquiry.questions)).collect();
        let mut gathered = Gathered::default();
        for (inquiry, asked) in self.heard.longest_unanswered_first(&whose, inquiries.into_iter().zip(&all).collect()) {
            let of_some = inquiry.of_some_groups.as_deref().map(some_groups_own);
            match self.inquire(&mut session, at, inquiry, (ctx, ours)).await {
                Ok((Look::Absent { strangers, possible }, may_be)) => {
                    gathered.spoke(of_some, !possible);
                    gathered.nobody((strangers, possible), may_be, asked);
                }
                Ok((Look::NotKnown { words, strangers }, may_be)) => {
                    gathered.spoke(of_some, true);
                    gathered.hint = gathered.hint.take().or(Some(words));
                    gathered.nobody((strangers, false), may_be, asked);
                }
                Ok((Look::Found { records, strangers, partial, possible }, _)) => {
                    gathered.beside(possible);
                    self.heard.forget(&whose);
                    gathered.spoke(of_some, partial.is_none());
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
    fn absent(&self, whose: Whose, all: &[String], mut gathered: Gathered) -> Look {
        let untold = gathered.untold();
        let Gathered { strangers, possible, in_vain, unanswered, hint, .. } = gathered;
        let Some(Unanswered { reason, retry_after, .. }) = unanswered else {
            if let Some(reason) = untold {
                return Look::Blind { reason, retry_after: None };
            }
            self.heard.forget(&whose);
            return hinting(Look::Absent { strangers, possible }, hint);
        };
        match self.heard.take(whose, all, &in_vain).filter(|_| !possible && untold.is_none()) {
            Some(age) => Look::AbsentSince { age, strangers, reason, retry_after },
            None => Look::Blind { reason, retry_after },
        }
    }

    /// Asks the questions of one look-up, and reads the answers.
    async fn gather(
        &self,
        session: &mut Session,
        (owner, endpoint): (&Option<IssuerId>, &Endpoint),
        inquiry: Inquiry,
        ctx: &Context,
    ) -> Result<Answered, Unanswered> {
        let dialect = &*endpoint.dialect;
        let place = Place { source: self.door.redact(&shown(&inquiry.questions)), ..Place::default() };
        let mut answers: Vec<(usize, Json)> = Vec::new();
        let (mut incomplete, mut unread, mut is_as_asked, mut odd) = (None, None, true, None);
        for (nth, question) in inquiry.questions.into_iter().enumerate() {
            match self.ask_all(session, endpoint, (question, inquiry.next.as_ref()), ctx).await {
                Reply::Records { answers: pages, incomplete: by, as_asked, hint } => {
                    is_as_asked &= as_asked;
                    odd = odd.or(hint);
                    for answer in &pages {
                        unread = unread.or(self.standing.lacks(owner.as_ref(), dialect, answer));
                        unread = unread.or_else(|| not_records(dialect, answer));
                    }
                    answers.extend(pages.into_iter().map(|page| (nth, page)));
                    incomplete = incomplete.or(by);
                }
                Reply::Absent => {}
                Reply::Blind(failed) => {
                    return Err(Unanswered { reason: self.door.redact(&failed.reason), ..failed });
                }
            }
        }
        let mut groups = groups(dialect, &records(dialect, &answers, inquiry.is_list), owner.as_ref(), &place);
        if dialect.members.is_none() {
            // each record is a member: who stands elsewhere in the list may be one, too
            if let Some((_, answer)) = answers.iter().find(|(_, answer)| dialect.records.left_out(answer).is_some()) {
                for group in &mut groups {
                    note_left_out(&mut group.facts, Some(&dialect.records), answer);
                }
            }
        }
        // beside what was read, something was not, or went wrong: who stands there is not absent
        let trouble = || answers.iter().find_map(|(_, answer)| trouble(answer, &found_in(dialect, answer)));
        let unread = unread.or_else(trouble);
        Ok(Answered { groups, incomplete, unread, is_as_asked, hint: odd })
    }

    /// Asks the questions of one look-up; what it brings, and the records in force that may be the probe's.
    async fn inquire(
        &self,
        session: &mut Session,
        (owner, endpoint): (&Option<IssuerId>, &Endpoint),
        inquiry: Inquiry,
        (ctx, ours): (&Context, Ours<'_>),
    ) -> Result<(Look, Vec<GroupRecord>), Unanswered> {
        let (by_id, of_one_group) = (inquiry.by_id, inquiry.of_one_group.clone());
        let answered = self.gather(session, (owner, endpoint), inquiry, ctx).await?;
        let Answered { groups, incomplete, unread, is_as_asked, hint } = answered;
        let is_of_the_question = self.listers.depends_on_the_question(owner.as_ref(), &self.trace.of(ctx), &groups);
        let partial = incomplete.as_deref().map(not_whole).or_else(|| of_one_group.map(|name| one_groups_own(&name)));
        let (look, may_be) = sift(groups, (by_id && is_as_asked, is_of_the_question), ours);
        let partial = partial.or(unread);
        match look {
            Look::Found { records, strangers, possible, .. } => {
                Ok((Look::Found { records, strangers, partial, possible }, may_be))
            }
            look => match partial.or_else(|| (!is_as_asked).then(|| LED_AWAY.to_owned())) {
                Some(reason) => Err(Unanswered { reason, retry_after: None, is_heard: true }),
                None => Ok((hinting(look, hint), may_be)),
            },
        }
    }

    /// Everybody whom a list shows, asked with what is known to all.
    pub(super) async fn everybody(&self, issuer: Option<&IssuerId>, ctx: &Context) -> Result<Everybody, Unanswered> {
        let silent = |reason: String| Unanswered { reason, retry_after: None, is_heard: false };
        let Some(at) = self.endpoint(issuer) else { return Err(silent(no_address(issuer))) };
        let inquiries = inquiries(&at.1.dialect, ctx, issuer);
        let first = inquiries.into_iter().flatten().next();
        let Some(inquiry) = first.map(|first| Inquiry { is_list: true, ..first }) else {
            return Err(silent("the list cannot be asked for".to_owned()));
        };
        let mut session = self.door.session(self.trace.of(ctx));
        let Answered { groups, incomplete, unread, is_as_asked, hint } =
            self.gather(&mut session, at, inquiry, ctx).await?;
        let led_away = (!is_as_asked).then(|| LED_AWAY.to_owned());
        Ok(Everybody { groups, partial: incomplete.as_deref().map(not_whole).or(unread).or(led_away), hint })
    }

    fn endpoint(&self, issuer: Option<&IssuerId>) -> Option<(&Option<IssuerId>, &Endpoint)> {
        let endpoints = &self.api.endpoints;
        endpoints.get_key_value(&issuer.cloned()).or_else(|| endpoints.get_key_value(&None))
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
            let (Reply::Records { answers, incomplete: is_short, hint, .. }, Some(answer)) = (&mut reply, &heard)
            else {
                return reply;
            };
            let Some((body, before)) = answers.split_last() else { return reply };
            let at = address(&endpoint.base_url, &question.page.path);
            match after(next, (&question.page, &at), (n, answer, body), (dialect, before)) {
                Then::End => {
                    *is_short = left_out(&dialect.records, body).or_else(|| incomplete(dialect, answer, answers));
                    *hint = without_repeated(next, dialect, answers);
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
                Reply::Records { answers: more, incomplete: short, as_asked, .. } => {
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

/// The same where nobody was found, with what may be wrong with how it was asked.
fn hinting(look: Look, hint: Option<String>) -> Look {
    match (look, hint) {
        (Look::Absent { strangers, possible: false }, Some(words)) => Look::NotKnown { words, strangers },
        (look, _) => look,
    }
}

pub(super) fn no_address(issuer: Option<&IssuerId>) -> String {
    format!("the target has no address for `{}`", issuer.map_or("any issuer", IssuerId::as_str))
}

fn not_whole(by: &str) -> String {
    format!("the answer is not the whole one: {by}; whoever it does not show may be on another page")
}
