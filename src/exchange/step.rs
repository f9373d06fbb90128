//! A step that asks over HTTP: request, answer, repeats.

use super::again::{Harm, is_harmless, pause, repeats};
use super::obstacle::Obstacle;
use super::route::{MISADDRESSED, is_misaddressed};
use super::said::{kind_of, said};
use super::verdict::End;
use crate::clock::{Clock, SystemClock};
use crate::net::{Error, Failure, Halt, Request, Session, retry_after};
use crate::target::{Answer, Body, Condition, Context, RequestStep, Selector, Test, Until, no_in};
use std::time::Duration;
use tokio::time::Instant;

/// Gives the words of what was sent.
pub(super) type SentWords<'a> = &'a (dyn Fn() -> Vec<String> + Sync);

/// A step under way.
#[expect(clippy::struct_excessive_bools, reason = "each is a thing that may have happened, beside the others")]
pub(super) struct Attempts<'a> {
    /// The step's name, for reasons.
    pub(super) name: &'a str,
    pub(super) step: &'a RequestStep,
    pub(super) ctx: &'a Context,
    pub(super) harm: Harm,
    /// What was sent, word for word: these words may be told again where an answer has them.
    sent_words: SentWords<'a>,
    /// From then on the far side may have forgotten the key.
    key_is_known_until: Instant,
    /// An earlier attempt at the flow may have done what it asks for.
    may_be_done: bool,
    /// The answer says that what it asks for was there already.
    pub(super) was_there: bool,
    /// The answer is a page that asks for a password, and nobody had sent one: what lets us in has run out.
    pub(super) must_log_in: bool,
    /// It logs in, or opens an account.
    says_a_password: bool,
    /// The request does something to somebody.
    acts: bool,
    /// Ends its pauses.
    halt: &'a Halt,
    /// The last answer is to the request as it was written: no redirect made another of it.
    pub(super) as_written: bool,
    /// The last answer, where somebody is to be told of it.
    pub(super) heard: Option<Answer>,
    /// Whether answers are kept.
    pub(super) is_witnessed: bool,
    /// Requests made so far.
    pub(super) requests: u32,
    /// The last status that came.
    pub(super) status: Option<u16>,
    /// Something may have reached the far side.
    pub(super) sent: bool,
    /// A request was sent and its answer lost: what it asked for may have been done.
    pub(super) lost: bool,
    /// What stood in the way of the last request, where it has no answer.
    pub(super) obstacle: Option<Obstacle>,
    /// Somebody was answered at this step before: it asks at the right place.
    pub(super) is_known_route: bool,
    /// The last answer is a no to the request's address or form, and to nobody.
    pub(super) misaddressed: bool,
}

impl<'a> Attempts<'a> {
    pub(super) fn new(
        (name, step): (&'a str, &'a RequestStep),
        (ctx, sent_words): (&'a Context, SentWords<'a>),
        (harm, key_is_known_until): (Harm, Instant),
        may_be_done: bool,
        halt: &'a Halt,
    ) -> Self {
        Self {
            name,
            step,
            ctx,
            harm,
            sent_words,
            key_is_known_until,
            may_be_done,
            was_there: false,
            must_log_in: false,
            says_a_password: false,
            acts: false,
            as_written: true,
            heard: None,
            is_witnessed: false,
            halt,
            requests: 0,
            status: None,
            sent: false,
            lost: false,
            obstacle: None,
            is_known_route: false,
            misaddressed: false,
        }
    }

    /// What decides whether sending again is harmless now.
    fn harm(&self) -> Harm {
        Harm { keyed: self.harm.keyed && Instant::now() < self.key_is_known_until, ..self.harm }
    }

    /// Sends the step's request until its end is final.
    pub(super) async fn run(&mut self, session: &mut Session, request: &Request) -> End {
        self.acts = request.acts;
        self.says_a_password = request.body.as_ref().is_some_and(|body| says_a_password(&body.bytes));
        match &self.step.until {
            Some(until) => self.poll(session, request, until).await,
            None => self.repeat(session, request).await,
        }
    }

    /// Sends, and sends again where that is harmless and asked for.
    async fn repeat(&mut self, session: &mut Session, request: &Request) -> End {
        let retry = repeats(self.step.retry.as_ref(), self.harm.keyed);
        let mut attempt = 1;
        loop {
            let answer = self.send(session, request).await;
            let end = answer.map_or_else(|end| end, |answer| self.judge(answer));
            self.lost |= matches!(end, End::Lost { .. } | End::Unreadable(_));
            attempt += 1;
            match retry {
                Some(retry) if attempt <= retry.attempts && is_harmless(&end, self.harm()) => {
                    if !self.halt.pause(pause(retry, attempt, end.retry_after())).await {
                        return end;
                    }
                }
                _ => return end,
            }
        }
    }

    /// Asks until the answer is final or time is up.
    async fn poll(&mut self, session: &mut Session, request: &Request, until: &Until) -> End {
        let deadline = Instant::now() + until.within;
        loop {
            let wait = match self.send(session, request).await {
                Ok(answer) => match self.judge_poll(answer, until) {
                    Ok(end) => return end,
                    Err(asked) => asked,
                },
                Err(end) if is_harmless(&end, self.harm()) => end.retry_after(),
                Err(end) => return end,
            };
            let left = deadline.saturating_duration_since(Instant::now());
            // whatever pause is asked for, the last question is asked when time is up, and none comes sooner than the step says
            let wait = wait.unwrap_or_default().min(left).max(until.every);
            if wait > left {
                return self.not_final(&format!("within {}", humantime::format_duration(until.within)));
            }
            if !self.halt.pause(wait).await {
                self.obstacle = Some(Obstacle::Ended);
                return self.not_final("when the run was being ended");
            }
        }
    }

    /// The end of a poll, or `Err` with the pause asked for where the answer is not final.
    fn judge_poll(&mut self, answer: Answer, until: &Until) -> Result<End, Option<Duration>> {
        if let Some(refused) = until.refused.as_ref().filter(|c| c.holds(&answer, self.ctx)) {
            let said = said(&answer, &(self.sent_words)());
            return Ok(End::Declined(format!("{}: the answer is final: {}{said}", self.name, describe(refused))));
        }
        if until.done.holds(&answer, self.ctx) {
            return Ok(self.judge(answer));
        }
        let asked = pause_asked(&answer);
        let by_status = matches!(until.done.select, Selector::Status);
        match answer.status {
            // a status that `expect` names, as a 404 for "not yet", is right, and what is right and no end is asked again
            status if self.step.expect.status.contains(&status) => Err(asked),
            408 | 425 | 500..=599 if !by_status && !self.harm.safe && asked.is_none() => Ok(self.judge(answer)),
            400..=499 if !by_status && !is_unprocessed(&answer) => Ok(self.judge(answer)),
            _ => Err(asked),
        }
    }

    /// One request; `Err` where there is no answer.
    async fn send(&mut self, session: &mut Session, request: &Request) -> Result<Answer, End> {
        match session.send(request).await {
            Ok(reply) => {
                self.requests += reply.requests;
                self.as_written = reply.as_asked;
                self.status = Some(reply.answer.status);
                self.sent = true;
                self.obstacle = None;
                self.heard = self.is_witnessed.then(|| reply.answer.clone());
                Ok(reply.answer)
            }
            Err(failure) => {
                self.requests += failure.requests;
                self.sent |= failure.sent;
                self.obstacle = Some(Obstacle::of(&failure));
                Err(self.failed(&failure))
            }
        }
    }

    fn failed(&self, failure: &Failure) -> End {
        let reason = format!("{}: {failure}", self.name);
        let transient = matches!(
            failure.error,
            Error::NotConnected { .. }
                | Error::TimedOut { .. }
                | Error::BrokenOff { .. }
                | Error::NoToken { refused: false, .. }
        );
        if failure.sent {
            return End::Lost { reason, transient, retry_after: None };
        }
        End::Unsent { reason, temporary: transient }
    }

    /// Holds an answer against what the step expects.
    fn judge(&mut self, answer: Answer) -> End {
        let expect = &self.step.expect;
        if self.was_led_away() && (answer.is_login_page() || is_login_address(&answer.url)) {
            self.must_log_in = true;
            return End::Unreadable(format!("{}: it was redirected to a page that asks for a password", self.name));
        }
        if self.is_there_already(&answer) {
            self.was_there = true;
            return End::Held(Box::new(answer));
        }
        if !is_right(self.step, answer.status) {
            return self.wrong_status(&answer);
        }
        match expect.conditions.iter().find(|condition| !condition.holds(&answer, self.ctx)) {
            Some(_) if !self.says_a_password && answer.is_login_page() => {
                self.must_log_in = true;
                End::Unreadable(format!("{}: the answer is a page that asks for a password", self.name))
            }
            // what was done and not told where the target looks is no refusal
            Some(broken)
                if self.acts
                    && broken.can_be_told(&answer)
                    && broken.finds_nothing(&answer)
                    && no_in(&answer).is_none() =>
            {
                End::Unreadable(format!(
                    "{}: answered {}, and nothing stands where a yes is looked for ({}): neither yes nor no; correct `expect`",
                    self.name,
                    answer.status,
                    describe(broken)
                ))
            }
            Some(broken) if broken.can_be_told(&answer) => {
                let said = said(&answer, &(self.sent_words)());
                End::Refused(format!("{}: not as expected: {}{said}", self.name, describe(broken)))
            }
            Some(broken) => End::Unreadable(format!(
                "{}: the answer is {} where {} was expected ({})",
                self.name,
                kind_of(&answer),
                broken.wants(),
                describe(broken)
            )),
            None if self.is_no_yes(&answer) => {
                self.must_log_in = answer.is_login_page();
                End::Unreadable(format!(
                    "{}: the answer is an HTML page, and nothing says that it means yes: say with `expect` what a yes holds",
                    self.name
                ))
            }
            None => match self.says_no(&answer) {
                Some(why) => {
                    let said = said(&answer, &(self.sent_words)());
                    End::Unreadable(format!("{}: answered {}, and {why}{said}", self.name, answer.status))
                }
                None => End::Held(Box::new(answer)),
            },
        }
    }

    /// In words by what an answer to what acts says no, though its status and what `expect` asks for say yes: whether it was done
    /// somebody has to look. Where the target says by a value in JSON what a yes is, that is asked alone.
    fn says_no(&mut self, answer: &Answer) -> Option<String> {
        if !self.acts || self.says_a_password {
            return None;
        }
        let location = answer.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("location"));
        let to = location.filter(|_| (300..400).contains(&answer.status)).map(|(_, to)| to.as_str());
        if to.is_some_and(|to| is_login_address(to) || crate::target::is_login_path(to.split('#').next().unwrap_or(to)))
        {
            self.must_log_in = true;
            return Some("it leads to where one logs in".to_owned());
        }
        let until = self.step.until.iter().map(|until| &until.done);
        if self.step.expect.conditions.iter().chain(until).any(says_what_yes_is) {
            return None;
        }
        let by = no_in(answer)?;
        Some(format!(
            "it says `{by}`: neither yes nor no; say with `expect` by a JSONPath and its value what a yes holds"
        ))
    }

    /// Whether something that acts was answered with a page, as proxies, log-ins and maintenance answer, where it does not go through
    /// forms and `expect` asks for nothing in the page.
    fn is_no_yes(&self, answer: &Answer) -> bool {
        let goes_through_pages = matches!(self.step.body, Body::Form(_)) || self.step.method == "GET";
        let says_nothing = self.step.expect.conditions.is_empty() && answer.is_html_page();
        self.acts && !self.says_a_password && says_nothing && (answer.is_login_page() || !goes_through_pages)
    }

    /// Whether a request that acts was answered with a redirect to another resource: what that says is no answer to what was asked.
    fn was_led_away(&self) -> bool {
        self.acts && !self.as_written && !self.says_a_password
    }

    /// Whether the answer says that there is already what an earlier request of ours may have created.
    fn is_there_already(&self, answer: &Answer) -> bool {
        let asked = self.step.exists.as_ref().filter(|_| self.may_be_done || self.lost);
        asked.is_some_and(|exists| exists.is_said_by(answer, self.ctx))
    }

    fn wrong_status(&mut self, answer: &Answer) -> End {
        let said = said(answer, &(self.sent_words)());
        let reason = format!("{}: answered {}{}{said}", self.name, answer.status, self.expected());
        let retry_after = pause_asked(answer);
        if self.was_led_away() {
            let reason = format!("{reason}; it was redirected, so that what was asked may have been done");
            return End::Lost { reason, transient: false, retry_after: None };
        }
        if is_unprocessed(answer) {
            return End::Unprocessed { reason, retry_after };
        }
        if !self.is_known_route && is_misaddressed(self.step, answer) {
            self.misaddressed = true;
            return End::Refused(format!("{reason}; {MISADDRESSED}"));
        }
        match answer.status {
            // A conflict with a request of ours whose answer was lost says that it arrived, not that it failed.
            409 if self.lost => End::Lost { reason, transient: false, retry_after },
            // Whoever gave up waiting may have the request, and another host behind it may have carried it out.
            408 | 425 => End::Lost { reason, transient: true, retry_after },
            400..=499 => End::Refused(reason),
            status => End::Lost { reason, transient: status >= 500, retry_after },
        }
    }

    fn expected(&self) -> String {
        let wanted: Vec<_> = self.step.expect.status.iter().map(u16::to_string).collect();
        if wanted.is_empty() { String::new() } else { format!(", expected {}", wanted.join(" or ")) }
    }

    fn not_final(&self, when: &str) -> End {
        let reason = format!("{}: no final answer {when}", self.name);
        End::Lost { reason, transient: false, retry_after: None }
    }
}

/// Whether a condition says by a value in JSON what a yes is. That something is there says so little that a no may hold it too.
pub(super) fn says_what_yes_is(condition: &Condition) -> bool {
    matches!(condition.select, Selector::JsonPath(_)) && !matches!(condition.test, Test::Exists)
}

/// Whether an address is that of a page where one logs in.
pub(super) fn is_login_address(url: &str) -> bool {
    url::Url::parse(url).is_ok_and(|url| crate::target::is_login_path(url.path()))
}

pub(super) fn is_right(step: &RequestStep, status: u16) -> bool {
    match step.expect.status.as_slice() {
        [] => (200..300).contains(&status) || (!step.follow_redirects && (300..400).contains(&status)),
        listed => listed.contains(&status),
    }
}

fn says_a_password(body: &[u8]) -> bool {
    body.windows(5).any(|name| name.eq_ignore_ascii_case(b"passw"))
}

/// Whether the status says that nothing was processed: 429 by definition (RFC 6585); 503 only with `Retry-After`, since a
/// gateway also says 503 when it lost the answer of what stands behind it.
fn is_unprocessed(answer: &Answer) -> bool {
    match answer.status {
        429 => true,
        503 => pause_asked(answer).is_some(),
        _ => false,
    }
}

fn pause_asked(answer: &Answer) -> Option<Duration> {
    retry_after(&answer.headers, SystemClock.now())
}

/// A condition in words, without values of the answer: they may be personal.
pub(super) fn describe(condition: &Condition) -> String {
    let what = place_of(&condition.select);
    match &condition.test {
        Test::Exists => format!("{what} is there"),
        Test::Absent => format!("{what} is not there"),
        Test::Equals(text) => format!("{what} equals `{}`", text.source),
        Test::OneOf(words) => format!("{what} is one of `{}`", words.join("`, `")),
        Test::Matches(regex) => format!("{what} matches `{regex}`"),
    }
}

/// What is looked at, in words.
pub(super) fn place_of(select: &Selector) -> String {
    match select {
        Selector::JsonPath(path) => format!("`{path}`"),
        Selector::Key(path) => format!("names at `{path}`"),
        Selector::Header(name) => format!("header `{name}`"),
        Selector::Cookie(name) => format!("cookie `{name}`"),
        Selector::Css(css) => format!("elements `{css}`"),
        Selector::Regex(regex) => format!("text matching `{regex}`"),
        Selector::Status => "the status".to_owned(),
        Selector::Url => "the address".to_owned(),
    }
}
