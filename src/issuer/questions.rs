//! The questions of a look-up, rendered for a probe.

use super::pages::Page;
use crate::model::IssuerId;
use crate::net::payload;
use crate::target::{Asked, Body, Context, Dialect, Lookup, Next, Template, asks_for_a_person, may_be_id};
use std::collections::BTreeSet;

/// One request of a look-up, rendered.
pub(super) struct Question {
    pub(super) method: String,
    pub(super) page: Page,
}

impl Question {
    /// What it says, by which two questions are the same.
    fn said(&self) -> (String, Option<Vec<u8>>) {
        (self.page.path.clone(), self.page.body.as_ref().map(|body| body.bytes.to_vec()))
    }
}

/// One look-up, rendered.
pub(super) struct Inquiry {
    pub(super) questions: Vec<Question>,
    /// Where the next page of an answer is.
    pub(super) next: Option<Next>,
    /// Whether it asks by what no stranger has.
    pub(super) by_id: bool,
    /// A name by which it asks that is one of several groups' alone, so that it says nothing of the others.
    pub(super) of_one_group: Option<String>,
    /// Of one that asks for each group, a name that not all of them have: it says nothing of those that were not asked for, and
    /// whoever asks for the whole household answers for them.
    pub(super) of_some_groups: Option<String>,
    /// Whether it asks for everybody.
    pub(super) is_list: bool,
}

/// The look-ups that can be asked, in the target's order; or the names that are missing for all of them.
/// `issuer`: whose system is asked.
pub(super) fn inquiries(
    dialect: &Dialect,
    ctx: &Context,
    issuer: Option<&IssuerId>,
) -> Result<Vec<Inquiry>, BTreeSet<String>> {
    let mut unknown = BTreeSet::new();
    let mut inquiries: Vec<Inquiry> = Vec::new();
    for lookup in &dialect.lookups {
        match questions_of(lookup, ctx) {
            Some(questions) => {
                let places = places_of(lookup);
                let is_per_group = lookup.asked == Asked::PerGroup;
                let of_one_group = if is_per_group { None } else { ctx.one_groups_own(&places, issuer) };
                let is_short = is_per_group && questions.len() < ctx.household().lines.len();
                let of_some_groups =
                    if is_short { own_of(lookup).or_else(|| names_of(lookup).pop_first()) } else { None };
                let by_id = !asks_for_a_person(&places);
                let next = lookup.next.clone();
                inquiries.push(Inquiry { questions, next, by_id, of_one_group, of_some_groups, is_list: false });
            }
            None => unknown.extend(missing(lookup, ctx)),
        }
    }
    if inquiries.is_empty() { Err(unknown) } else { Ok(inquiries) }
}

/// Adds the look-ups for policies that have ended, where they ask otherwise: by an id that only those had.
pub(super) fn ask_for_ended(
    known: &mut Vec<Inquiry>,
    (dialect, issuer): (&Dialect, Option<&IssuerId>),
    ended: &[Context],
) {
    let said = |inquiry: &Inquiry| inquiry.questions.iter().map(Question::said).collect::<Vec<_>>();
    for inquiry in ended.iter().filter_map(|ctx| inquiries(dialect, ctx, issuer).ok()).flatten() {
        if !known.iter().any(|known| said(known) == said(&inquiry)) {
            known.push(inquiry);
        }
    }
}

/// The questions for the groups that can be asked for, each once. One that nobody told an id goes by the plain name of another's, which
/// is asked for already.
fn of_each_group(ctx: &Context, ask: impl Fn(&Context) -> Option<Question>) -> Option<Vec<Question>> {
    let mut said = BTreeSet::new();
    let questions = (0..ctx.group_count()).filter_map(|at| ask(&ctx.with_group(at)));
    let questions: Vec<Question> = questions.filter(|question| said.insert(question.said())).collect();
    (!questions.is_empty()).then_some(questions)
}

/// The name of an id by which a look-up asks.
fn own_of(lookup: &Lookup) -> Option<String> {
    names_of(lookup).into_iter().find(|name| name.split('.').next_back().is_some_and(may_be_id))
}

/// A look-up's requests; `None` where a name is not known.
fn questions_of(lookup: &Lookup, ctx: &Context) -> Option<Vec<Question>> {
    let names = names_of(lookup);
    let ask = |ctx: &Context| {
        // An empty name would ask for everybody.
        if !ctx.missing(&names).is_empty() {
            return None;
        }
        let path = lookup.path.render(ctx).ok()?;
        let body = payload(&lookup.body, ctx).ok()?;
        Some(Question { method: lookup.method.clone(), page: Page { path, body } })
    };
    match lookup.asked {
        Asked::PerHousehold => ask(ctx).map(|question| vec![question]),
        Asked::PerMember => {
            let here: Option<Vec<Question>> = (0..ctx.member_count()).map(|at| ask(&ctx.with_member(at))).collect();
            // whoever left counts as gone only where somebody looked; what is not known of them keeps nobody from asking for the others
            here.map(|here| here.into_iter().chain(ctx.with_each_leaver().iter().filter_map(ask)).collect())
        }
        Asked::PerGroup => of_each_group(ctx, ask),
    }
}

/// The names that keep a look-up from being asked: those without a value, or where a member's are missing, all.
fn missing(lookup: &Lookup, ctx: &Context) -> BTreeSet<String> {
    let names = names_of(lookup);
    let unknown = ctx.missing(&names);
    if unknown.is_empty() { names } else { unknown }
}

/// The names that a look-up asks for.
fn names_of(lookup: &Lookup) -> BTreeSet<String> {
    let mut names = lookup.path.names();
    names.extend(match &lookup.body {
        Body::Empty => BTreeSet::new(),
        Body::Json(tree) => tree.names(),
        Body::Form(pairs) => pairs.iter().flat_map(|(_, template)| template.names()).collect(),
        Body::Raw { text, .. } => text.names(),
    });
    names
}

/// The places that a look-up reads.
fn places_of(lookup: &Lookup) -> BTreeSet<String> {
    let of_body = lookup.body.templates().into_iter().flat_map(Template::places);
    lookup.path.places().into_iter().chain(of_body).collect()
}

/// Why an answer to a question by what is one group's own says nothing of the household's other groups.
pub(super) fn one_groups_own(name: &str) -> String {
    format!(
        "the look-up asks by `{name}`, which is known of one of the household's groups alone: what is held under another was not \
         asked for; ask `per: group`, or by what all of them have"
    )
}

/// Why an answer to a question for each group says nothing of those of which nobody told what it asks by.
pub(super) fn some_groups_own(name: &str) -> String {
    format!(
        "the look-up asks for each group by `{name}`, which is known of some of the household's groups alone: what is held under \
         another was not asked for; add a look-up by what the whole household has, such as its mailbox"
    )
}

/// The look-up as evidence shows it: its first path.
pub(super) fn shown(questions: &[Question]) -> String {
    questions.first().map(|q| format!("{} {}", q.method, q.page.path)).unwrap_or_default()
}
