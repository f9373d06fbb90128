//! What the steps of a flow may say: by what gave it, and by where it is to stand.

use super::progress::texts;
use super::source::divide;
use crate::model::{Captures, Facts, Field, GroupCapture};
use crate::target::{
    Capture, Context, IDS, Place, Source, Template, TemplateError, Turn, is_id, is_mark, is_shared_name,
};
use std::collections::BTreeSet;

/// What a flow has captured so far, by what it may be used for.
#[derive(Debug, Default)]
pub(super) struct Taken {
    /// Proved, or about nobody: it is kept for good.
    pub(super) kept: Captures,
    /// Proved credentials: they end with the flow.
    own_secret: Captures,
    /// What pages gave: it may be read by, and let requests in; nobody is acted on by it.
    passing: Captures,
    /// Credentials that answers about strangers may have given: they let requests in and do nothing else.
    tokens: Captures,
    /// Everything secret that was ever taken.
    pub(super) secret: Captures,
    /// Names of what an answer gave that proves nothing.
    unproved: BTreeSet<String>,
}

/// What one answer gave.
#[derive(Debug, Default)]
pub(super) struct Haul {
    /// Facts and names.
    pub(super) open: Captures,
    /// Credentials.
    pub(super) secret: Captures,
    /// What cookies said, which any answer before may have set, and a `Location` beside an answer of its own: they prove nothing.
    pub(super) cookies: Captures,
    /// Those of them that are credentials.
    pub(super) secret_cookies: Captures,
    /// What may say of somebody else than it is to.
    pub(super) unsure: Captures,
    /// The names of all of it.
    pub(super) names: BTreeSet<String>,
    /// Those of them that prove nothing, whatever the answer proves.
    pub(super) loose: BTreeSet<String>,
}

impl Haul {
    /// What was told of groups, be it unsure of whom it is.
    pub(super) fn told_groups(&self) -> Vec<GroupCapture> {
        let mut told = Captures { groups: self.open.groups.clone(), ..Captures::default() };
        told.add(Captures { groups: self.unsure.groups.clone(), ..Captures::default() });
        told.groups
    }

    /// The same without ids that contradict these, told before.
    pub(super) fn without_contradictions(mut self, told: &Captures) -> Self {
        let groups = self.open.groups.iter_mut().map(|group| &mut group.facts);
        let of_groups: Vec<&Facts> = told.groups.iter().map(|group| &group.facts).collect();
        groups.for_each(|facts| unset_contradicted(facts, &of_groups));
        let of_members: Vec<&Facts> = told.members.iter().collect();
        self.open.members.iter_mut().for_each(|facts| unset_contradicted(facts, &of_members));
        self
    }

    /// The same without ids that stand where others were told before, and that were told nowhere.
    pub(super) fn beside(mut self, told: &Captures) -> Self {
        let of_groups: Vec<&Facts> = told.groups.iter().map(|group| &group.facts).collect();
        for group in &mut self.open.groups {
            let here = told.groups.iter().find(|before| before.line == group.line).map(|before| &before.facts);
            unset_replaced(&mut group.facts, here, &of_groups);
        }
        let of_members: Vec<&Facts> = told.members.iter().collect();
        for (at, member) in self.open.members.iter_mut().enumerate() {
            unset_replaced(member, told.members.get(at), &of_members);
        }
        self
    }

    /// The same of one turn of a step that is carried out for each: under a free name only what is proved is taken, beside what other
    /// turns proved, so that one list never holds both.
    pub(super) fn of_a_turn(mut self, source: Source, known: &Known) -> Self {
        if source != Source::OwnAct {
            self.open.other.clear();
            self.secret.other.clear();
        }
        self.cookies.other.clear();
        self.secret_cookies.other.clear();
        let has = |name: &String| known.proved.captures().other.contains_key(name) && known.is_proved(name);
        let taken = [&self.open, &self.secret].map(|taken| &taken.other);
        self.names.retain(|name| taken.iter().any(|taken| taken.contains_key(name)) || !has(name));
        self.loose.retain(|name| self.names.contains(name));
        self
    }

    /// What these told under names of their own, which is proved whatever stands beside it, and the rest without anything that they told.
    pub(super) fn apart(mut self, captures: &[&Capture]) -> (Self, Self) {
        let mut again = Self::default();
        for capture in captures {
            self.names.remove(&capture.name);
            self.loose.remove(&capture.name);
            if let Some(value) = self.open.other.remove(&capture.name) {
                again.open.other.insert(capture.name.clone(), value);
                again.names.insert(capture.name.clone());
            }
            for taken in [&mut self.open, &mut self.secret, &mut self.cookies, &mut self.secret_cookies] {
                taken.other.remove(&capture.name);
                let groups = taken.groups.iter_mut().map(|group| &mut group.facts);
                groups.chain(&mut taken.members).for_each(|facts| {
                    capture.field.into_iter().for_each(|field| facts.unset(field));
                });
            }
        }
        (again, self)
    }

    /// The same without facts of groups and members; names stay.
    pub(super) fn without_facts(self) -> Self {
        let names_alone = |captures: Captures| Captures { other: captures.other, ..Captures::default() };
        Self {
            open: names_alone(self.open),
            secret: names_alone(self.secret),
            cookies: names_alone(self.cookies),
            secret_cookies: names_alone(self.secret_cookies),
            unsure: Captures::default(),
            names: self.names,
            loose: self.loose,
        }
    }
}

/// Takes ids out that none of these facts has, where another was told at this place.
fn unset_replaced(facts: &mut Facts, here: Option<&Facts>, told: &[&Facts]) {
    for id in IDS {
        let is_new = |now: &str| told.iter().all(|told| told.text(id) != Some(now));
        if here.is_some_and(|here| here.text(id).is_some()) && facts.text(id).is_some_and(is_new) {
            facts.unset(id);
        }
    }
}

/// Takes ids out that none of these facts has, where some of them say another.
fn unset_contradicted(facts: &mut Facts, told: &[&Facts]) {
    for id in IDS {
        let before: Vec<&str> = told.iter().filter_map(|told| told.text(id)).collect();
        // two ids that differ in the case of a letter may be of two people
        let is_other = |now: &str| !before.is_empty() && !before.contains(&now);
        if facts.text(id).is_some_and(is_other) {
            facts.unset(id);
        }
    }
}

impl Taken {
    /// Keeps what an answer told, as far as its source may be trusted with it.
    pub(super) fn keep(&mut self, source: Source, haul: Haul) {
        let of_cookies = [&haul.cookies, &haul.secret_cookies].into_iter().flat_map(|cookies| cookies.other.keys());
        let cookies: BTreeSet<String> = of_cookies.chain(&haul.loose).cloned().collect();
        let is_own = source == Source::OwnAct;
        for name in haul.names {
            // the last who gives it decides
            if is_own && !cookies.contains(&name) {
                self.unproved.remove(&name);
            } else {
                self.unproved.insert(name);
            }
        }
        let of_cookies = if is_own { Source::Page } else { source };
        for (source, taken) in [(source, haul.open), (of_cookies, haul.cookies)] {
            let (kept, passing) = divide(source, taken);
            self.forget(&kept);
            self.kept.add(kept);
            self.forget(&passing);
            self.passing.add(passing);
        }
        for (source, secret) in [(source, haul.secret), (of_cookies, haul.secret_cookies)] {
            self.forget(&secret);
            self.secret.add(secret.clone());
            match source {
                Source::OwnAct => self.own_secret.add(secret),
                Source::Page => self.passing.add(secret),
                Source::Search => self.tokens.add(secret),
            }
        }
    }

    /// A name has one value, whatever gave it last.
    fn forget(&mut self, again: &Captures) {
        for name in again.other.keys() {
            for place in [&mut self.kept, &mut self.own_secret, &mut self.passing, &mut self.tokens] {
                place.other.remove(name);
            }
        }
    }

    /// Whether what was captured under this name last is proved.
    pub(super) fn is_proved(&self, name: &str) -> bool {
        !self.unproved.contains(name)
    }

    /// Values that may be somebody else's: they let a request be read by them, and are shown to nobody.
    pub(super) fn unproved_values(&self) -> Vec<String> {
        let mut values = Vec::new();
        let taken = [&self.passing, &self.tokens];
        taken.iter().flat_map(|taken| taken.other.values()).for_each(|value| texts(value, &mut values));
        values
    }

    /// Whether anything was taken under this name, or of this field.
    pub(super) fn has(&self, name: &str, field: Option<Field>) -> bool {
        let places = [&self.kept, &self.own_secret, &self.passing, &self.tokens];
        let has_field = |facts: &Facts| field.is_some_and(|field| facts.stated().contains(field));
        let of = |taken: &&Captures| {
            let facts = taken.groups.iter().map(|group| &group.facts).chain(&taken.members);
            taken.other.contains_key(name) || facts.into_iter().any(has_field)
        };
        places.iter().any(of)
    }

    /// What the next step may say.
    pub(super) fn known(&self, base: &Context) -> Known {
        let with = |ctx: Context, more: &Captures| {
            if *more == Captures::default() { ctx } else { ctx.with_captures(more) }
        };
        let proved = with(with(base.clone(), &self.kept), &self.own_secret);
        let passing = with(proved.clone(), &self.passing);
        let unproved = self.passing.other.keys().chain(self.tokens.other.keys()).cloned().collect();
        Known {
            all: with(passing.clone(), &self.tokens),
            passing,
            proved,
            loose: unproved,
            unproved: self.unproved.clone(),
        }
    }
}

/// What may be said at one moment of a flow.
#[derive(Debug, Clone)]
pub(super) struct Known {
    /// Nothing but what is proved.
    pub(super) proved: Context,
    /// The same, and what pages gave.
    pub(super) passing: Context,
    /// The same, and credentials of whatever source.
    all: Context,
    /// Names with a value that proves nothing.
    loose: BTreeSet<String>,
    /// Names of everything that proves nothing, with a value or without.
    unproved: BTreeSet<String>,
}

impl Known {
    /// The same, with whose turn it is as `member` or `group`.
    pub(super) fn in_turn(&self, turn: Turn) -> Self {
        Self {
            proved: turn.bind(&self.proved),
            passing: turn.bind(&self.passing),
            all: self.all.clone(),
            loose: self.loose.clone(),
            unproved: self.unproved.clone(),
        }
    }

    /// Renders a template of a request. `acts`: it does something to somebody, so that nothing unproved may say to whom.
    pub(super) fn render(
        &self,
        (place, template): (Place<'_>, &Template),
        acts: bool,
    ) -> Result<String, TemplateError> {
        let base = if acts { &self.proved } else { &self.passing };
        let may = |name: &&String| template.uses(name) && place.takes_unproved(template, name);
        let mut shown = self.loose.iter().filter(may).peekable();
        if shown.peek().is_none() {
            return template.render(base);
        }
        let value = |name: &String| self.all.captures().other.get(name).cloned().unwrap_or_default();
        template.render(&shown.fold(base.clone(), |ctx, name| ctx.with(name, value(name))))
    }

    /// Whether everything that may be said is proved.
    pub(super) fn is_all_proved(&self) -> bool {
        self.loose.is_empty()
    }

    /// Whether what was captured under this name last is proved.
    pub(super) fn is_proved(&self, name: &str) -> bool {
        !self.unproved.contains(name)
    }

    /// Whether a place of a template leads to an id: of an exchange, of the household's mailbox or marker, or proved under a free name.
    pub(super) fn is_of_an_id(&self, place: &str) -> bool {
        let captured = &self.proved.captures().other;
        let ends = [place.split(['.', '[']).next(), place.rsplit('.').next()];
        let is_own = |name: &str| captured.contains_key(name) && self.is_proved(name) && !is_shared_name(name);
        ends.into_iter().flatten().any(|name| is_id(name) || is_own(name)) || is_mark(place)
    }

    /// Why a template could not be rendered, with what to do where it asks for what proves nothing.
    pub(super) fn explain(&self, error: &TemplateError) -> String {
        let TemplateError::Unknown(names) = error else { return error.to_string() };
        let first = |name: &String| name.split(['.', '[']).next().unwrap_or_default().to_owned();
        let last = |name: &String| name.rsplit('.').next().unwrap_or_default().to_owned();
        let unproved = names.iter().find_map(|name| {
            let ends = [first(name), last(name)];
            self.unproved.iter().find(|known| ends.iter().any(|n| n == *known || same_field(n, known)))
        });
        match unproved {
            Some(name) => format!(
                "`{name}` comes from an answer that proves nobody to be ours (a search, a list, a login, a cookie, words such as \
                 `existing` or \"already registered\" in it or, without a 201, a status or a sentence that is no plain yes, or a page that a redirect led to): nobody is acted on by it, and the step is not sent; expected an id from the answer to a step that \
                 sends our household's data or an id of its own; `reads: false` says that a step's answer is such"
            ),
            None => error.to_string(),
        }
    }
}

/// Whether two names are of one field.
fn same_field(one: &str, other: &str) -> bool {
    Field::parse(one).is_some_and(|field| Field::parse(other) == Some(field))
}
