//! What a template reads: every place that it leads to, through loops, indices and names of its own; and what in it can
//! never be meant.

use crate::model::Field;
use chrono::format::{Item, StrftimeItems};
use minijinja::machinery::ast::{CallArg, Expr, Filter, Map, Stmt};
use minijinja::machinery::parse;
use minijinja::syntax::SyntaxConfig;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// Filters that give back the list they are given, or a part of it.
const KEEPS_LIST: &[&str] = &["list", "sort", "reverse", "unique", "selectattr", "rejectattr", "select", "reject"];
/// Filters that only ask how many there are.
const COUNTS: &[&str] = &["length", "count"];
/// Tests that ask whether something is there at all.
const ASKS_WHETHER: &[&str] = &["defined", "undefined"];
/// Filters that take what is there, and something else where nothing is.
const WHERE_THERE: &[&str] = &["default", "d"];

/// One part of a place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    /// `.name`.
    Name(String),
    /// `[2]`.
    At(usize),
    /// Each of a list; with a number, at most so many of the first.
    Each(Option<usize>),
    /// So many of the first, before one is taken: `[:4]`.
    First(usize),
}

/// A place that a template reads.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Read {
    /// Where it leads, from a name of the first level on.
    pub(super) place: Vec<Part>,
    /// What is asked of it.
    pub(super) how: How,
}

/// What is asked of a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum How {
    /// Its value.
    Value,
    /// Its value, where it has one.
    Optional,
    /// Whether it is there.
    Whether,
    /// How many there are.
    Count,
}

/// A closed list that a `map` of a template does not list in full.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Unlisted {
    /// The field.
    pub(super) field: Field,
    /// Its words that are sent as they are.
    pub(super) words: Vec<&'static str>,
}

/// Everything that a template reads.
#[derive(Debug, Clone, Default)]
pub(super) struct Reading {
    /// The places.
    pub(super) reads: BTreeSet<Read>,
    /// What can never be meant, in words.
    pub(super) faults: Vec<String>,
    /// What may not be meant.
    pub(super) unlisted: BTreeSet<Unlisted>,
}

impl Reading {
    /// What the text of a template reads; nothing where it cannot be understood.
    pub(super) fn of(text: &str) -> Self {
        let mut walk = Walk { reading: Self::default(), scopes: vec![BTreeMap::new()] };
        if let Ok(Stmt::Template(template)) = parse(text, "template", SyntaxConfig::default()) {
            walk.statements(&template.children);
        }
        walk.reading
    }
}

/// A place as people write it: `members[…].name.first`.
pub(super) fn shown(place: &[Part]) -> String {
    let mut text = String::new();
    for part in place {
        match part {
            Part::Name(name) if text.is_empty() => text.push_str(name),
            Part::Name(name) => {
                text.push('.');
                text.push_str(name);
            }
            Part::At(at) => {
                // Writing to a String cannot fail.
                let _ = write!(text, "[{at}]");
            }
            Part::Each(_) => text.push_str("[…]"),
            Part::First(_) => {}
        }
    }
    text
}

/// Follows a template's tree.
struct Walk {
    reading: Reading,
    /// Names of the template's own, innermost last, with the places that they stand for; `None`: anything.
    scopes: Vec<BTreeMap<String, Option<Vec<Part>>>>,
}

impl Walk {
    fn statements(&mut self, statements: &[Stmt<'_>]) {
        for statement in statements {
            self.statement(statement);
        }
    }

    fn statement(&mut self, statement: &Stmt<'_>) {
        match statement {
            Stmt::Template(template) => self.statements(&template.children),
            Stmt::EmitExpr(emitted) => self.value(&emitted.expr),
            Stmt::ForLoop(each) => {
                let element = self.place(&each.iter).map(|list| then(list, Part::Each(None)));
                self.scopes.push(BTreeMap::new());
                self.bind(&each.target, element);
                each.filter_expr.iter().for_each(|test| self.value(test));
                self.statements(&each.body);
                self.scopes.pop();
                self.statements(&each.else_body);
            }
            Stmt::IfCond(choice) => {
                self.value(&choice.expr);
                self.statements(&choice.true_body);
                self.statements(&choice.false_body);
            }
            Stmt::WithBlock(with) => {
                self.scopes.push(BTreeMap::new());
                for (name, expression) in &with.assignments {
                    let place = self.place(expression);
                    self.bind(name, place);
                }
                self.statements(&with.body);
                self.scopes.pop();
            }
            Stmt::Set(set) => {
                let place = self.place(&set.expr);
                self.bind(&set.target, place);
            }
            // The others are refused where templates are compiled.
            _ => {}
        }
    }

    /// Gives a name a meaning; of several at once nobody knows which is which.
    fn bind(&mut self, target: &Expr<'_>, place: Option<Vec<Part>>) {
        let Some(scope) = self.scopes.last_mut() else { return };
        match target {
            Expr::Var(name) => {
                scope.insert(name.id.to_owned(), place);
            }
            Expr::List(names) => names.items.iter().for_each(|name| self.bind(name, None)),
            Expr::Tuple(names) => names.items.iter().for_each(|name| self.bind(name, None)),
            _ => {}
        }
    }

    /// The place that an expression leads to; where it leads to none, what it reads is noted.
    fn place(&mut self, expression: &Expr<'_>) -> Option<Vec<Part>> {
        match expression {
            Expr::Var(name) => {
                let own = self.scopes.iter().rev().find_map(|scope| scope.get(name.id));
                own.cloned().unwrap_or_else(|| (name.id != "loop").then(|| vec![Part::Name(name.id.to_owned())]))
            }
            Expr::GetAttr(attribute) => {
                self.place(&attribute.expr).map(|base| then(base, Part::Name(attribute.name.to_owned())))
            }
            Expr::GetItem(item) => {
                let part = self.subscript(&item.subscript_expr);
                self.place(&item.expr).map(|base| then(base, part))
            }
            Expr::Slice(slice) => {
                let base = self.place(&slice.expr)?;
                let stop = slice.stop.as_ref().and_then(constant);
                let stop = stop.and_then(|stop| usize::try_from(stop).ok());
                Some(match stop {
                    Some(stop) => then(base, Part::First(stop)),
                    None => base,
                })
            }
            Expr::Filter(filter) if KEEPS_LIST.contains(&filter.name) => {
                self.arguments(&filter.args);
                self.place(filter.expr.as_ref()?)
            }
            Expr::Filter(filter) if matches!(filter.name, "first" | "last") => {
                self.place(filter.expr.as_ref()?).map(|base| then(base, Part::Each(None)))
            }
            other => {
                self.value(other);
                None
            }
        }
    }

    /// What stands between brackets.
    fn subscript(&mut self, expression: &Expr<'_>) -> Part {
        if let Expr::Const(known) = expression {
            if let Some(name) = known.value.as_str() {
                return Part::Name(name.to_owned());
            }
            let at = i64::try_from(known.value.clone()).ok().and_then(|at| usize::try_from(at).ok());
            return at.map_or(Part::Each(None), Part::At);
        }
        self.value(expression);
        Part::Each(None)
    }

    /// Notes what an expression reads whose value is wanted.
    fn value(&mut self, expression: &Expr<'_>) {
        match expression {
            Expr::Const(_) => {}
            Expr::UnaryOp(one) => self.value(&one.expr),
            Expr::BinOp(two) => [&two.left, &two.right].into_iter().for_each(|side| self.value(side)),
            Expr::Compare(chain) => {
                self.value(&chain.expr);
                chain.ops.iter().for_each(|link| self.value(&link.expr));
            }
            Expr::IfExpr(choice) => {
                let sides = [&choice.test_expr, &choice.true_expr].into_iter().chain(&choice.false_expr);
                sides.for_each(|side| self.value(side));
            }
            Expr::Filter(filter) if !KEEPS_LIST.contains(&filter.name) && !matches!(filter.name, "first" | "last") => {
                self.filter(filter);
            }
            Expr::Test(test) => {
                let how = if ASKS_WHETHER.contains(&test.name) { How::Whether } else { How::Value };
                self.noted(&test.expr, how);
                self.arguments(&test.args);
            }
            Expr::Call(call) => {
                if let Expr::GetAttr(method) = &call.expr {
                    self.value(&method.expr);
                }
                self.arguments(&call.args);
            }
            Expr::List(list) => list.items.iter().for_each(|item| self.value(item)),
            Expr::Tuple(list) => list.items.iter().for_each(|item| self.value(item)),
            Expr::Map(map) => map.keys.iter().chain(&map.values).for_each(|item| self.value(item)),
            place => self.noted(place, How::Value),
        }
    }

    fn noted(&mut self, expression: &Expr<'_>, how: How) {
        if let Some(place) = self.place(expression) {
            self.reading.reads.insert(Read { place, how });
        }
    }

    fn arguments(&mut self, arguments: &[CallArg<'_>]) {
        for argument in arguments {
            let (CallArg::Pos(value)
            | CallArg::Kwarg(_, value)
            | CallArg::PosSplat(value)
            | CallArg::KwargSplat(value)) = argument;
            self.value(value);
        }
    }

    fn filter(&mut self, filter: &Filter<'_>) {
        let how = match filter.name {
            name if COUNTS.contains(&name) => How::Count,
            name if WHERE_THERE.contains(&name) => How::Optional,
            _ => How::Value,
        };
        let place = filter.expr.as_ref().and_then(|inner| self.place(inner));
        self.arguments(&filter.args);
        match (filter.name, filter.args.first()) {
            ("map", Some(CallArg::Pos(Expr::Map(words)))) => self.check_map(place.as_deref(), words),
            ("date", Some(CallArg::Pos(Expr::Const(format)))) => self.check_date(format.value.as_str()),
            _ => {}
        }
        if let Some(place) = place {
            self.reading.reads.insert(Read { place, how });
        }
    }

    /// A word that our list does not have is never met, and what it stood for is sent as it is.
    fn check_map(&mut self, place: Option<&[Part]>, words: &Map<'_>) {
        let Some((field, known)) = place.and_then(closed_list_at) else { return };
        let is_const = |key: &&Expr<'_>| matches!(key, Expr::Const(_));
        if !words.keys.iter().all(|key| is_const(&key)) {
            return;
        }
        let listed: Vec<String> = words.keys.iter().filter_map(|key| Some(key.as_const()?.to_string())).collect();
        for word in listed.iter().filter(|word| !known.contains(&word.as_str())) {
            let near = crate::source::nearest(word, known.iter().copied());
            let meant = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
            let said = known.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ");
            self.reading.faults.push(format!("`{word}` in `map` is no word of `{field}`, which says {said}{meant}"));
        }
        let words: Vec<_> = known.into_iter().filter(|word| !listed.iter().any(|listed| listed == word)).collect();
        if !words.is_empty() {
            self.reading.unlisted.insert(Unlisted { field, words });
        }
    }

    fn check_date(&mut self, format: Option<&str>) {
        let Some(format) = format else { return };
        if StrftimeItems::new(format).any(|item| matches!(item, Item::Error)) {
            self.reading.faults.push(format!("`{format}` is no date format, expected one such as `%m/%d/%Y`"));
        }
    }
}

/// The place and one part more; of a list that is cut, each is each of what is left.
fn then(mut place: Vec<Part>, part: Part) -> Vec<Part> {
    let part = match (place.last(), part) {
        (Some(Part::First(most)), Part::Each(_)) => Part::Each(Some(*most)),
        (_, part) => part,
    };
    if matches!(place.last(), Some(Part::First(_))) {
        place.pop();
    }
    place.push(part);
    place
}

fn constant(expression: &Expr<'_>) -> Option<i64> {
    i64::try_from(expression.as_const()?).ok()
}

/// The words that can stand at a place, where they are a closed list that the household is drawn from.
fn closed_list_at(place: &[Part]) -> Option<(Field, Vec<&'static str>)> {
    let names = place.iter().rev().find_map(|part| match part {
        Part::Name(name) => Some(name.as_str()),
        _ => None,
    });
    let field = match names? {
        "sex" => Field::Sex,
        "relationship" => Field::Relationship,
        "line" | "lines" => Field::CoverageLine,
        _ => return None,
    };
    field.closed_list().map(|words| (field, words))
}

#[cfg(test)]
mod tests {
    use super::{How, Reading, shown};

    fn places(text: &str, how: How) -> Vec<String> {
        Reading::of(text).reads.iter().filter(|read| read.how == how).map(|read| shown(&read.place)).collect()
    }

    #[test]
    fn loops_indices_and_names_of_its_own_lead_to_the_places_they_stand_for() {
        for (text, expected) in [
            ("{{ subscriber.name.last }}", vec!["subscriber.name.last"]),
            (
                "{% for m in members %}{{ m.sex | upper }}{% if m.ssn %}{{ m.ssn }}{% endif %}{% endfor %}",
                vec!["members[…].sex", "members[…].ssn"],
            ),
            ("{% for m in members | sort(attribute='age') %}{{ m['email'] }}{% endfor %}", vec!["members[…].email"]),
            ("{% set s = members[1] %}{{ s.name.first ~ s.age }}", vec!["members[1].age", "members[1].name.first"]),
            ("{% with a = household.address %}{{ a.zip }}{% endwith %}", vec!["household.address.zip"]),
            ("{{ {'a': members[0].ssn, 'b': [plan_id]} | tojson }}", vec!["members[0].ssn", "plan_id"]),
            (
                "{% for g in groups %}{% for m in g.members[:3] %}{{ m.id }}{% endfor %}{% endfor %}",
                vec!["groups[…].members[…].id"],
            ),
            ("{{ members[loop.index].age if x else y }}", vec!["members[…].age", "x", "y"]),
            ("{{ range(3) }}{{ name.split(',') }}", vec!["name"]),
        ] {
            assert_eq!(places(text, How::Value), expected, "{text}");
        }
        assert_eq!(places("{{ members | length }}{{ x | default('') }}", How::Count), ["members"]);
        let whether = "{{ x | default('') }}{% if y.z is defined %}{% endif %}";
        assert_eq!(places(whether, How::Whether), ["y.z"]);
        assert_eq!(places(whether, How::Optional), ["x"]);
    }

    #[test]
    fn words_that_no_list_has_and_formats_that_are_none_are_faults() {
        let faults = |text: &str| Reading::of(text).faults;
        let told = faults("{% for m in members %}{{ m.sex | map({'femal': 'F', 'male': 'M'}) }}{% endfor %}");
        assert!(told[0].contains("`femal`") && told[0].contains("did you mean `female`"), "{told:?}");
        assert!(faults("{{ subscriber.sex | map({'female': 'F', 'male': 'M'}) }}").is_empty());
        assert!(faults("{{ subscriber.name.last | map({'x': 'y'}) }}").is_empty());
        assert!(faults("{{ subscriber.birth_date | date('%Q') }}")[0].contains("is no date format"));
        let reading = Reading::of("{{ members[0].relationship | map({'child': '19'}) }}");
        assert!(reading.unlisted.iter().any(|of| of.words.contains(&"spouse") && !of.words.contains(&"child")));
    }
}
