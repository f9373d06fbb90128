//! Steps as whoever tries a target is told of them: what was said, what came back, what of it each expectation and capture finds.

use super::flow::{Answered, Exchange};
use super::progress::{Progress, secrets_of, texts};
use super::said::{kind_of, words_of};
use super::step::{describe, is_right, place_of};
use crate::model::{JourneyStep, OwnWords, Shown, masked_json, masked_text};
use crate::net::Request;
use crate::target::{
    Answer, Capture, Condition, Context, FlowStep, Per, RequestStep, Test, is_secret_field, is_token_header, text_of,
};

/// So many lines of a request's body are shown.
const MOST_LINES: usize = 80;
/// So many values of one capture are shown.
const MOST_VALUES: usize = 4;

/// What a request came to.
pub(super) struct Asked<'a> {
    pub(super) sent: &'a Request,
    /// The last answer, where one came.
    pub(super) heard: Option<&'a Answer>,
    pub(super) requests: u32,
    /// Why the step did not hold, where it did not.
    pub(super) reason: Option<&'a str>,
}

impl Exchange {
    /// Tells of a request of a flow.
    pub(super) fn tell_request(
        &self,
        progress: &Progress<'_>,
        (step, request, ctx): (&FlowStep, &RequestStep, &Context),
        asked: &Asked<'_>,
    ) {
        let Some(witness) = &self.witness else { return };
        let hidden = secrets_of(&[progress.hidden_values(), progress.taken.unproved_values()].concat());
        let clean = |text: &str| hidden.redact(&self.door.redact(text));
        let own = own_words(progress, (request, ctx), asked.sent, &clean);
        let own: Vec<&str> = own.iter().map(String::as_str).collect();
        let mut lines = said(asked.sent, &clean);
        match asked.heard {
            Some(answer) => {
                lines.extend(heard(answer, (&own, asked.requests), &clean));
                lines.extend(expectations(request, answer, ctx).iter().map(|line| clean(line)));
                lines.extend(request.captures.iter().map(|capture| clean(&taken(capture, answer, (progress, &own)))));
            }
            None => lines.push("< no answer".to_owned()),
        }
        lines.extend(asked.reason.map(|reason| format!("! {}", clean(reason))));
        witness.show(Shown { title: title(progress, step), lines, is_anatomy: false });
    }

    /// Tells of a step that is no request, or was not carried out.
    pub(super) fn tell_other(&self, progress: &Progress<'_>, step: &FlowStep, line: &str) {
        let Some(witness) = &self.witness else { return };
        let line = progress.hidden().redact(&self.door.redact(line));
        witness.show(Shown { title: title(progress, step), lines: vec![line], is_anatomy: false });
    }

    /// Tells what a flow came to.
    pub(super) fn tell_end(&self, action: JourneyStep, answered: &Answered) {
        let Some(witness) = &self.witness else { return };
        let lines = answered.reason.iter().map(|reason| format!("! {reason}")).collect();
        let title = format!("`{}`: {}", action.event, answered.submission);
        witness.show(Shown { title, lines, is_anatomy: false });
    }
}

/// Words that may stand in an answer as they are: those that were sent, those that the target says, what is proved; and nothing that
/// may be somebody else's.
fn own_words(
    progress: &Progress<'_>,
    (request, ctx): (&RequestStep, &Context),
    sent: &Request,
    clean: &dyn Fn(&str) -> String,
) -> Vec<String> {
    let mut own = words_of(sent, clean);
    for condition in conditions(request) {
        match &condition.test {
            Test::Equals(template) => own.extend(template.render(ctx)),
            Test::OneOf(words) => own.extend(words.iter().cloned()),
            Test::Exists | Test::Absent | Test::Matches(_) => {}
        }
    }
    let kept = &progress.taken.kept;
    kept.other.values().for_each(|value| texts(value, &mut own));
    let facts = kept.groups.iter().map(|group| &group.facts).chain(&kept.members);
    own.extend(facts.flat_map(|facts| facts.values().map(|(_, value)| value.to_string()).collect::<Vec<_>>()));
    own.retain(|word| clean(word) == *word);
    own
}

fn title(progress: &Progress<'_>, step: &FlowStep) -> String {
    let event = progress.action.event;
    if progress.log_in.is_under_way {
        return format!("`session` before `{event}`: {}", step.name);
    }
    let turn = progress.turn.map_or_else(String::new, |turn| format!(", {}", turn.in_words()));
    format!("`{event}`, step {} of {}: {}{turn}", progress.at + 1, progress.flow.steps.len(), step.name)
}

/// A request, line by line, without credentials.
fn said(sent: &Request, clean: &dyn Fn(&str) -> String) -> Vec<String> {
    let mut lines = vec![format!("> {} {}", sent.method, clean(&sent.url))];
    if sent.authorization.is_some() || sent.oauth2.is_some() {
        lines.push("> authorization: [REDACTED]".to_owned());
    }
    for (name, value) in &sent.headers {
        let value = if is_token_header(name) { "[REDACTED]".to_owned() } else { clean(value) };
        lines.push(format!("> {name}: {value}"));
    }
    let Some(body) = &sent.body else { return lines };
    let text = String::from_utf8_lossy(&body.bytes);
    let is_form = body.content_type.contains("form-urlencoded");
    let shown = if is_form { without_credentials(&text) } else { pretty(&text) };
    let all: Vec<&str> = shown.lines().collect();
    lines.extend(all.iter().take(MOST_LINES).map(|line| format!("> {}", clean(line))));
    if all.len() > MOST_LINES {
        lines.push(format!("> … {} more lines", all.len() - MOST_LINES));
    }
    lines
}

/// A form, a field a line; of credentials their names alone.
fn without_credentials(form: &str) -> String {
    let field = |pair: &str| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        if is_secret_field(name) { format!("{name}=[REDACTED]") } else { format!("{name}={value}") }
    };
    form.split('&').map(field).collect::<Vec<_>>().join("\n")
}

/// JSON over several lines, without credentials; any other text as it is.
fn pretty(text: &str) -> String {
    let Ok(mut json) = serde_json::from_str::<serde_json::Value>(text) else { return text.to_owned() };
    blot_out(&mut json);
    serde_json::to_string_pretty(&json).unwrap_or_else(|_| text.to_owned())
}

fn blot_out(json: &mut serde_json::Value) {
    match json {
        serde_json::Value::Object(fields) => {
            for (name, value) in fields {
                if is_secret_field(name) && !value.is_object() && !value.is_array() {
                    *value = "[REDACTED]".into();
                } else {
                    blot_out(value);
                }
            }
        }
        serde_json::Value::Array(items) => items.iter_mut().for_each(blot_out),
        _ => {}
    }
}

fn heard(answer: &Answer, (own, requests): (&OwnWords<'_>, u32), clean: &dyn Fn(&str) -> String) -> Vec<String> {
    let times = if requests > 1 { format!(", after {requests} requests") } else { String::new() };
    let bytes = answer.body.len();
    let mut lines = vec![format!("< {} ({}, {bytes} bytes{times})", answer.status, kind_of(answer))];
    let body = match answer.json().or_else(|| answer.xml()) {
        Some(json) => masked_json(json, own),
        None => masked_text(&String::from_utf8_lossy(&answer.body), own),
    };
    lines.extend(body.iter().map(|line| format!("< {}", clean(line))));
    lines
}

fn conditions(request: &RequestStep) -> Vec<&Condition> {
    let until = request.until.iter().flat_map(|until| std::iter::once(&until.done).chain(&until.refused));
    request.expect.conditions.iter().chain(until).collect()
}

fn expectations(request: &RequestStep, answer: &Answer, ctx: &Context) -> Vec<String> {
    let yes = |holds: bool| if holds { "yes" } else { "no" };
    let listed: Vec<String> = request.expect.status.iter().map(u16::to_string).collect();
    let wanted = if listed.is_empty() { "2xx".to_owned() } else { listed.join(" or ") };
    let mut lines = vec![format!("expect   status {wanted}: {}", yes(is_right(request, answer.status)))];
    let mut add = |what: &str, condition: &Condition| {
        let holds = if condition.can_be_told(answer) {
            yes(condition.holds(answer, ctx)).to_owned()
        } else {
            format!("it cannot be told: the answer is {}", kind_of(answer))
        };
        lines.push(format!("{what:8} {}: {holds}", describe(condition)));
    };
    request.expect.conditions.iter().for_each(|condition| add("expect", condition));
    if let Some(until) = &request.until {
        add("until", &until.done);
        until.refused.iter().for_each(|refused| add("refused", refused));
    }
    lines
}

/// What a capture finds, and what may be done with it.
fn taken(capture: &Capture, answer: &Answer, (progress, own): (&Progress<'_>, &OwnWords<'_>)) -> String {
    let found = capture.select.select(answer);
    let head = format!("capture  {} ({})", capture.name, place_of(&capture.select));
    let whose = match capture.per {
        _ if progress.turn.is_some() => "",
        Per::Flow => "",
        Per::Member => ", one for each member",
        Per::Group => ", one for each group",
    };
    let found: Vec<&serde_json::Value> = match (found.as_slice(), capture.per) {
        ([serde_json::Value::Array(list)], Per::Member | Per::Group) if progress.turn.is_none() => {
            list.iter().collect()
        }
        _ => found.iter().filter(|value| !value.is_null()).collect(),
    };
    if found.is_empty() {
        let then = if capture.required { "and the step needs it" } else { "and it is not required" };
        return format!("{head}: nothing there, {then}");
    }
    let count = if found.len() == 1 { "1 value".to_owned() } else { format!("{} values", found.len()) };
    let is_known = progress.taken.has(&capture.name, capture.field);
    if capture.secret {
        return format!("{head}: {count}{whose}, secret");
    }
    let proved = is_known && progress.taken.is_proved(&capture.name);
    let values: Vec<String> = found.iter().take(MOST_VALUES).map(|value| shown(capture, value, proved, own)).collect();
    let use_of_it = match (is_known, proved) {
        (false, _) => "; not taken, as the step did not hold",
        (true, true) => "; proved ours",
        (true, false) => "; it proves nobody to be ours, and nobody is acted on by it",
    };
    format!("{head}: {count}{whose}: {}{use_of_it}", values.join(", "))
}

/// A value as it was converted; by its shape where it is not proved.
fn shown(capture: &Capture, value: &serde_json::Value, proved: bool, own: &OwnWords<'_>) -> String {
    let text = text_of(value).unwrap_or_default();
    if !proved {
        return masked_text(&text, own).join(" ");
    }
    match capture.convert.apply(capture.field, &text).map(|value| value.to_string()) {
        Some(converted) if converted != text => format!("{text} (read as {converted})"),
        Some(_) => text,
        None => format!("{text} (read as none)"),
    }
}
