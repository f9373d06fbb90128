//! One request of a flow: written, sent, and what is taken from its answer.

use super::again::Harm;
use super::capture::{Whose, take};
use super::compose::{compose, is_untainted};
use super::distrusted::Distrusted;
use super::flow::{Exchange, captures_something};
use super::kinds::is_called_otherwise;
use super::known::{Haul, Known};
use super::known_before::{Ours, says_known_before, says_more_than_yes};
use super::log_in::{is_its_own, lets_in};
use super::obstacle::Obstacle;
use super::of_another::is_of_another;
use super::own::{Own, Put, Reads, Said, Where};
use super::progress::{Outcome, Progress, secrets_of};
use super::said::words_of;
use super::step::Attempts;
use super::tell::Asked;
use super::verdict::{End, is_safe, may_enroll};
use crate::life;
use crate::model::{Captures, Field, GroupCapture, Household, LifeEvent};
use crate::net::Request;
use crate::target::{Answer, Capture, FlowStep, Given, IDS, RequestStep, Selector, Source, names_nobody, text_of};
use serde_json::Value;

impl Exchange {
    /// `Err` where the request cannot even be written.
    pub(super) async fn request(
        &self,
        progress: &mut Progress<'_>,
        (step, request): (&FlowStep, &RequestStep),
        (known, acts): (&Known, bool),
    ) -> Result<Outcome, String> {
        let header = progress.flow.idempotency_header.as_deref().filter(|_| !progress.log_in.is_under_way);
        let of_step = progress.key_of_step(known.proved.household());
        let key = header.map(|name| (name, of_step.as_str()));
        let harm = Harm { safe: is_safe(step) && !acts, keyed: key.is_some() };
        let composed = compose(&self.settings, request, (known, acts, progress.action.event), key)
            .map_err(|e| format!("{}: {}", step.name, known.explain(&e)))?;
        let is_of_nobody = names_nobody(&self.settings, request, &|name| known.is_proved(name));
        let says_nothing = || self.said(progress, (step, known), &composed).says_nothing();
        let acts_later = acts && progress.action.event != LifeEvent::Enroll;
        check_named(progress, step, acts_later && (is_of_nobody || says_nothing()))?;
        // whoever an unproved value is about did not tell it to us
        let hidden = [progress.hidden_values(), progress.taken.unproved_values()].concat();
        // only an answer that is no yes asks for them
        let sent_words = || words_of(&composed, |text| secrets_of(&hidden).redact(&self.door.redact(text)));
        let enrolls = !progress.log_in.is_under_way && may_enroll(progress.flow, progress.at);
        // whoever is out already is out: a cancellation that did its part before goes on to what is left of it
        let may_be_done = progress.earlier.may_have_done(enrolls) || progress.action.event == LifeEvent::Cancel;
        let known_until = progress.key_is_known_until();
        let mut attempts = Attempts::new(
            (&step.name, request),
            (&known.passing, &sent_words),
            (harm, known_until),
            may_be_done,
            self.door.halt(),
        );
        attempts.is_witnessed = self.witness.is_some();
        let route = (progress.action.event, progress.at, progress.log_in.is_under_way);
        attempts.is_known_route = self.routes.is_known(route);
        let mut end = attempts.run(&mut progress.session, &composed).await;
        if let End::Held(answer) = &end {
            let told = (&composed, &**answer, attempts.as_written, attempts.was_there);
            end = self.learn(progress, (step, request), (known, acts), told).unwrap_or(end);
        }
        let Attempts { sent, lost, status, requests, obstacle, must_log_in, misaddressed, heard, .. } = attempts;
        let asked = Asked { sent: &composed, heard: heard.as_ref(), requests, reason: end.reason() };
        self.tell_request(progress, (step, request, &known.passing), &asked);
        let is_in = end.reason().is_none() && status.is_some_and(|status| status < 400);
        let logs_in = progress.log_in.is_under_way || step.logs_in();
        if logs_in && is_in && !is_of_nobody {
            let household = known.proved.household();
            let says_so = matches!(&end, End::Held(answer) if lets_in(request, answer, household));
            let given = progress.given();
            let is_own = is_its_own(&self.shared, household, given.iter().map(String::as_str));
            progress.log_in.is_own |= says_so && is_own;
        }
        let kind = |status| self.kind_of((&end, status), &composed, (enrolls, must_log_in));
        let obstacle = obstacle.or_else(|| misaddressed.then_some(Obstacle::Misaddressed)).or_else(|| status.map(kind));
        if matches!((&end, obstacle), (End::Held(_), _) | (_, Some(Obstacle::Refused))) {
            self.routes.note(route);
        }
        Ok(Outcome { end, sent, lost, status, requests, obstacle })
    }

    /// Takes from an answer that is as expected what it may be trusted with. Comes back with another end where it lacks something.
    fn learn(
        &self,
        progress: &mut Progress<'_>,
        (step, request): (&FlowStep, &RequestStep),
        (known, acts): (&Known, bool),
        (sent, answer, as_written, was_there): (&Request, &Answer, bool, bool),
    ) -> Option<End> {
        let untainted = acts || known.is_all_proved() || is_untainted(&self.settings, request, known, sent);
        let said = self.said(progress, (step, known), sent);
        let shows_own = said.is_shown_by(request, answer);
        let source = self.source(progress, (step, &said), (answer.status, as_written), (untainted, shows_own));
        let put = Put { acts: !step.reads(), is_addressed: is_addressed(progress, &said), status: answer.status };
        let is_later = progress.action.event != LifeEvent::Enroll && step.reads != Some(false);
        let is_uncertain = |capture: &Capture| {
            is_later && may_name(capture) && !said.is_certain((capture, &request.captures), answer, put)
        };
        let before = &known.proved.captures().other;
        let whose = Whose { probe: &progress.probe, turn: progress.turn, before };
        let (haul, missing) = haul((request, &is_uncertain), answer, whose);
        // whom it names as there already may be a stranger
        let is_of_ours = |record: &Value, told: &[String]| said.is_of_ours(record, told);
        let ours = Ours { is_of_ours: &is_of_ours, was_looked_for: step.reads() && shows_own };
        let is_told = !may_be_known(step, (progress.action.event, put)) && says_known_before(answer, ours);
        let may_be_doubtful = progress.action.event == LifeEvent::Enroll
            && put.acts
            && !put.is_addressed
            && proves_nothing_itself((step, request), answer, known.proved.household());
        let doubt = may_be_doubtful.then(|| more_than_yes(answer)).flatten();
        let says_known = doubt.is_some()
            || request.exists.as_ref().is_some_and(|exists| exists.is_said_by(answer, &known.passing))
            || is_told
            || progress.action.event == LifeEvent::Enroll && is_of_another_application((step, known), &said, answer)
            || is_of_another(answer, known.proved.household());
        // words disown nobody who is proved: what was told before and is told again is known
        let is_again = |capture: &&Capture| is_told && may_name(capture) && said.says_again(capture, answer);
        let again: Vec<&Capture> = request.captures.iter().filter(is_again).collect();
        let (again, haul) = haul.apart(&again);
        if says_known && source == Source::OwnAct && !was_there && progress.action.event == LifeEvent::Enroll {
            let names: Vec<&Capture> = request.captures.iter().filter(|capture| may_name(capture)).collect();
            progress.distrusts = progress.distrusts.take().or_else(|| Distrusted::of(step, doubt, &names, &haul.open));
        }
        let source = if was_there || says_known { Source::Search } else { source };
        progress.created |= source == Source::OwnAct && missing.is_empty() && acts;
        let haul = believed(haul, (source, progress.action.event), (step, put, shows_own), known);
        let haul = if progress.turn.is_some() { haul.of_a_turn(source, known) } else { haul };
        progress.taken.keep(source, haul);
        if progress.turn.is_none() {
            progress.taken.keep(Source::OwnAct, again);
        }
        self.shared.note(known.proved.household().index, &progress.taken.kept);
        lacking(step, &missing)
    }

    /// What a request says of what is the household's alone, where something may hang on it.
    fn said(&self, progress: &Progress<'_>, (step, known): (&FlowStep, &Known), sent: &Request) -> Said {
        if step.acts() && !captures_something(step) && progress.action.event == LifeEvent::Enroll {
            return Said::default();
        }
        let reads = Reads::of(step, &step.places(&self.settings), known);
        let said = Own::of(known, &progress.probe, &self.shared).said_in(sent, reads);
        let begins_policies = step.acts() && life::replaces_policies(progress.action.event);
        if begins_policies { said.of_new_policies() } else { said }
    }

    /// What the answer to a step may be trusted with: by its status, by whether it is to the request as that was written, and by
    /// whether that says only what is proved.
    fn source(
        &self,
        progress: &Progress<'_>,
        (step, said): (&FlowStep, &Said),
        (status, as_written): (u16, bool),
        (untainted, shows_own): (bool, bool),
    ) -> Source {
        let (event, created) = (progress.action.event, progress.created);
        let given = Given {
            step,
            event,
            places: &step.places(&self.settings),
            commits: progress.flow.commits_at(progress.at),
            status,
            as_written,
            untainted,
            says_proved: said.id > Where::Nowhere,
            says_a_mark: said.mark > Where::Nowhere,
            is_addressed: is_addressed(progress, said),
            shows_own,
            created,
        };
        match Source::of(&given) {
            // who logs in again does nothing for anybody
            Source::OwnAct if progress.log_in.is_under_way => Source::Page,
            source => source,
        }
    }

    /// What an answer with this status stands for. A definite no to a request that says a secret of the target is one to who
    /// asks: a portal answers a wrong password with a page of its own.
    fn kind_of(&self, (end, status): (&End, u16), asked: &Request, (enrolls, must_log_in): (bool, bool)) -> Obstacle {
        let says_secret = || {
            let body = asked.body.as_ref().map(|body| String::from_utf8_lossy(&body.bytes));
            body.is_some_and(|body| self.door.redact(&body) != body)
        };
        match end {
            End::Refused(_) if matches!(status, 401 | 403 | 407) || says_secret() => Obstacle::Denied,
            End::Refused(_) | End::Declined(_) => Obstacle::Refused,
            // no token in the answer to a password: a portal says no like this
            End::Unreadable(_) if must_log_in || (!enrolls && says_secret()) => Obstacle::Denied,
            End::Unreadable(_) => Obstacle::Unreadable,
            _ => Obstacle::Answered(status),
        }
    }
}

/// By what the answer to an enrollment says more than a plain yes.
fn more_than_yes(answer: &Answer) -> Option<String> {
    match answer.status {
        200 | 202 => says_more_than_yes(answer),
        status => Some(format!("the status {status}")),
    }
}

/// What of a haul is believed: at the enrollment all of it, in a later flow what the answer may tell of whom we know.
fn believed(
    haul: Haul,
    (source, event): (Source, LifeEvent),
    (step, put, shows_own): (&FlowStep, Put, bool),
    known: &Known,
) -> Haul {
    // later flows choose nothing: what nobody proves is no fact to them, whatever field it is called
    let told = haul.told_groups();
    let mut haul = match (source, event) {
        (_, LifeEvent::Enroll) => haul,
        // an id that contradicts what was told before may be somebody else's, unless it stands in a record that shows what is ours
        // another policy has another id; of whose, the address says, or that it was created
        (Source::OwnAct, event)
            if life::replaces_policies(event) && put.acts && (put.is_addressed || put.status == 201) =>
        {
            haul
        }
        (Source::OwnAct, _) if step.reads() || !shows_own && !put.is_addressed => {
            haul.without_contradictions(known.proved.captures())
        }
        // an act on what is ours may give more ids, and none in place of all that are known
        (Source::OwnAct, _) if !shows_own => haul.beside(known.proved.captures()),
        (Source::OwnAct, _) => haul,
        _ => haul.without_facts(),
    };
    if source == Source::OwnAct && life::replaces_policies(event) {
        // nobody may be acted on by such an id; what the exchange told is what must stand downstream all the same
        haul.open.told_alone = ids_beside(told, &haul.open.groups, known.proved.captures());
    }
    haul
}

/// The ids that groups were told beside those that are believed of them. What was told before is of the policies before.
fn ids_beside(mut told: Vec<GroupCapture>, believed: &[GroupCapture], before: &Captures) -> Vec<GroupCapture> {
    for group in &mut told {
        let facts = &group.facts;
        let own = believed.iter().find(|known| known.line == group.line);
        let is_beside = |field: &Field| {
            let is_believed = own.is_some_and(|own| own.facts.stated().contains(*field));
            let is_old = before.groups.iter().any(|before| before.facts.text(*field) == facts.text(*field));
            IDS.contains(field) && !is_believed && !is_old
        };
        let other: Vec<Field> = facts.stated().iter().filter(|field| !is_beside(field)).collect();
        for field in other {
            group.facts.unset(field);
        }
    }
    told.retain(|group| !group.facts.stated().is_empty());
    told
}

/// Whether "existing" says nothing of strangers in the answer to a step: the target says that it creates (`reads: false`), or it only
/// looks, after the enrollment, at what stands at an address of ours. In the enrollment what stands there is what came of it, and may be
/// whom the exchange knew.
fn may_be_known(step: &FlowStep, (event, put): (LifeEvent, Put)) -> bool {
    step.reads == Some(false) || event != LifeEvent::Enroll && put.is_addressed && step.reads()
}

/// Whether an answer within the enrollment shows another application, case or ticket than we were told before, or asked for.
fn is_of_another_application((step, known): (&FlowStep, &Known), said: &Said, answer: &Answer) -> bool {
    let Some(body) = answer.parsed() else { return false };
    let asked = step.read_in_path();
    let other = &known.proved.captures().other;
    let mut asked_by =
        other.iter().filter_map(|(name, value)| Some((name, text_of(value)?)).filter(|_| asked.contains(name)));
    said.names_another_application(body) || asked_by.any(|(name, value)| is_called_otherwise(body, (name, &value)))
}

/// Whether nothing but the absence of other words says that an answer is of what was created just now: no 201, no mailbox of ours in it,
/// and nothing that the step says of it.
fn proves_nothing_itself((step, request): (&FlowStep, &RequestStep), answer: &Answer, household: &Household) -> bool {
    let is_described = step.reads == Some(false) || !request.expect.conditions.is_empty();
    let body = String::from_utf8_lossy(&answer.body).to_ascii_lowercase();
    answer.status != 201 && !is_described && !body.contains(&household.marker.to_ascii_lowercase())
}

/// Whether a part of a request's path is our own: a proved id, or, once something was created, a mark.
fn is_addressed(progress: &Progress<'_>, said: &Said) -> bool {
    said.id == Where::InThePath || progress.created && said.mark == Where::InThePath
}

/// Refuses a request of a later flow that names nobody and that nothing of the household's own lets in.
fn check_named(progress: &Progress<'_>, step: &FlowStep, acts_on_nobody: bool) -> Result<(), String> {
    // who logs in is not named yet
    let is_let_in = progress.log_in.is_under_way || progress.is_let_in();
    if !acts_on_nobody || is_let_in {
        return Ok(());
    }
    Err(format!(
        "{}: the request names nobody: it says no id of this household as it was told, no mailbox and no marker (a name, a date, a plan, a \
         state, what other households were told too, and a header with the probe's id are nobody's), and this household did not log in by \
         anything of its own; it is not sent, as it may end somebody else's enrollment; say an id that `enroll` captured, or say under \
         `session` how the household logs in by its mailbox or an id; a step that only reads says `reads: true`",
        step.name
    ))
}

/// Whether what is taken so may say whom something is about: an id, or whatever has a name of its own.
fn may_name(capture: &Capture) -> bool {
    capture.field.is_none_or(|field| IDS.contains(&field))
}

/// What a step takes from its answer; and what of it is not there, in words. What is uncertain is taken like what a page gives, and is no
/// fact.
fn haul(
    (request, is_uncertain): (&RequestStep, &dyn Fn(&Capture) -> bool),
    answer: &Answer,
    whose: Whose<'_>,
) -> (Haul, Vec<String>) {
    let mut haul =
        Haul { names: request.captures.iter().map(|capture| capture.name.clone()).collect(), ..Haul::default() };
    // `Location` tells what was created after 201 and 202, and where to go after a redirect; of anything else it says nothing
    let says_where = matches!(answer.status, 201 | 202 | 300..=399);
    let is_loose = |capture: &Capture| match &capture.select {
        Selector::Cookie(_) => true,
        Selector::Header(name) => name.eq_ignore_ascii_case("location") && !says_where,
        _ => false,
    };
    let (loose, said): (Vec<&Capture>, Vec<&Capture>) =
        request.captures.iter().partition(|capture| is_loose(capture) || is_uncertain(capture));
    let mut missing = take(said, answer, whose, (&mut haul.open, &mut haul.secret));
    let mut secret = Captures::default();
    haul.loose = loose.iter().filter(|capture| is_uncertain(capture)).map(|capture| capture.name.clone()).collect();
    missing.extend(take(loose, answer, whose, (&mut haul.cookies, &mut secret)));
    if !haul.loose.is_empty() {
        let is_unsure = |capture: &&Capture| is_uncertain(capture) && !is_loose(capture);
        let unsure: Vec<&Capture> = request.captures.iter().filter(is_unsure).collect();
        take(unsure, answer, whose, (&mut haul.unsure, &mut Captures::default()));
        (haul.cookies.groups, haul.cookies.members) = (Vec::new(), Vec::new());
    }
    haul.secret_cookies = secret;
    (haul, missing)
}

/// An answer that lacks what the flow must know is none that can be trusted.
fn lacking(step: &FlowStep, missing: &[String]) -> Option<End> {
    if missing.is_empty() {
        return None;
    }
    Some(End::Unreadable(format!("{}: the answer has {}", step.name, missing.join(", "))))
}
