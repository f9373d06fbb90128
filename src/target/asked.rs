//! What the flow that enrolls says to the exchange of a household: how many people it can name, and which fields it never
//! tells.

use super::deployment::Target;
use super::each::Each;
use super::flow::{Body, FlowStep, StepKind};
use super::reading::{How, Part};
use super::template::Template;
use crate::model::{Field, FieldSet, LifeEvent};
use std::collections::BTreeSet;

/// Fields of a person, with the places under the person that say them.
const OF_A_PERSON: &[(Field, &[&str])] = &[
    (Field::NameLast, &["name.last", "name.full"]),
    (Field::NameFirst, &["name.first", "name.full"]),
    (Field::NameMiddle, &["name.middle", "name.full"]),
    (Field::NameSuffix, &["name.suffix", "name.full"]),
    (Field::BirthDate, &["birth_date"]),
    (Field::Sex, &["sex"]),
    (Field::Ssn, &["ssn"]),
    (Field::Relationship, &["relationship"]),
    (Field::Tobacco, &["tobacco"]),
    (Field::MaritalStatus, &["marital_status"]),
    (Field::Language, &["language"]),
    (Field::Phone, &["phone"]),
    (Field::Email, &["email"]),
    (Field::Street1, &["address.street_1"]),
    (Field::Street2, &["address.street_2"]),
    (Field::City, &["address.city"]),
    (Field::State, &["address.state"]),
    (Field::Zip, &["address.zip"]),
    (Field::County, &["address.county"]),
];
/// Fields of the household, with the places under `household` and `application` that say them.
const OF_A_HOUSEHOLD: &[(Field, &[&str])] = &[
    (Field::Street1, &["address.street_1"]),
    (Field::Street2, &["address.street_2"]),
    (Field::City, &["address.city"]),
    (Field::State, &["address.state"]),
    (Field::Zip, &["address.zip"]),
    (Field::County, &["address.county"]),
    (Field::MailStreet1, &["mailing.street_1"]),
    (Field::MailStreet2, &["mailing.street_2"]),
    (Field::MailCity, &["mailing.city"]),
    (Field::MailState, &["mailing.state"]),
    (Field::MailZip, &["mailing.zip"]),
    (Field::BenefitBegin, &["coverage_begin"]),
];

/// How many of a list a place speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// All of them, however many there are.
    All,
    /// So many of the first.
    Upto(usize),
}

/// Places that the enrolling flow sends, but for steps that only look something up.
struct Asked {
    places: Vec<Vec<Part>>,
    /// It hands over a file, which says everything.
    hands_over: bool,
    /// A step of it is carried out for each group.
    is_for_each_group: bool,
}

impl Target {
    /// The most people who apply in a household that can be sent, where the target says so or its flow names them one by one,
    /// and which of the two it is, in words.
    pub fn most_members(&self) -> Option<(usize, &'static str)> {
        let declared = self.carries.members.and_then(|most| usize::try_from(most).ok());
        let declared = declared.map(|most| (most, "`carries.members`"));
        let written_out = self.asked().written_out().map(|most| (most, "so many are written out in its flow `enroll`"));
        declared.into_iter().chain(written_out).min_by_key(|(most, _)| *most)
    }

    /// Whether the flow that enrolls tells when the subscriber was born, and nothing of anybody else.
    pub fn tells_of_the_subscriber_alone(&self) -> bool {
        let asked = self.asked();
        let is_birth = |place: &Vec<Part>| told_by(place).contains(Field::BirthDate);
        let of_others = asked.hands_over || asked.places.iter().any(|place| reach(place).is_some());
        !of_others && asked.places.iter().any(is_birth)
    }

    /// Whether the flow that enrolls tells where the household or its subscriber lives, and of nobody else where they do.
    pub fn tells_one_address(&self) -> bool {
        let asked = self.asked();
        let says = |place: &&Vec<Part>| told_by(place).contains(Field::Street1);
        let is_of_each = |place: &Vec<Part>| reach(place).is_some_and(|reach| reach != Reach::Upto(1));
        let of_one = asked.places.iter().any(|place| says(&place));
        of_one && !asked.hands_over && !asked.places.iter().filter(says).any(is_of_each)
    }

    /// Whether the flow that enrolls can ask for a dental plan.
    pub fn asks_for_dental(&self) -> bool {
        let asked = self.asked();
        let says = |place: &Vec<Part>| match place.as_slice() {
            [Part::Name(first), rest @ ..] => match (first.as_str(), rest.first()) {
                ("dental_plan_id" | "groups" | "application", _) | ("household", None) => true,
                ("household", Some(Part::Name(name))) => name == "lines",
                _ => false,
            },
            _ => false,
        };
        asked.hands_over || asked.is_for_each_group || asked.places.iter().any(says)
    }

    /// Values of a household's row (`values.NAME`) that some flow cannot do without.
    pub fn values_wanted(&self) -> BTreeSet<String> {
        let steps = self.exchange.flows.values().flat_map(|flow| &flow.steps);
        steps.flat_map(FlowStep::templates).flat_map(Template::values_wanted).collect()
    }

    /// Fields of a household that no template of the enrolling flow tells, that nothing captures, and that `carries` does not
    /// leave out: what is expected of them is what nobody told the exchange.
    pub fn fields_not_asked(&self) -> FieldSet {
        let asked = self.asked();
        let Some(flow) = self.exchange.flows.get(&LifeEvent::Enroll).filter(|_| !asked.hands_over) else {
            return FieldSet::EMPTY;
        };
        let told: FieldSet = asked.places.iter().flat_map(|place| told_by(place).iter().collect::<Vec<_>>()).collect();
        let captured: FieldSet =
            flow.steps.iter().flat_map(FlowStep::captures).filter_map(|capture| capture.field).collect();
        let fields = OF_A_PERSON.iter().chain(OF_A_HOUSEHOLD).map(|(field, _)| *field).collect::<FieldSet>();
        fields.difference(told).difference(captured).difference(self.carries.not_asked)
    }

    fn asked(&self) -> Asked {
        let steps = self.exchange.flows.get(&LifeEvent::Enroll).map_or(&[][..], |flow| flow.steps.as_slice());
        let hands_over = steps.iter().any(|step| matches!(step.kind, StepKind::HandOver(_)));
        let tells = || steps.iter().filter(|step| !step.reads());
        let is_for_each_group = tells().any(|step| step.each == Some(Each::Groups));
        let readings = tells().flat_map(sent_by).filter_map(Template::reading);
        let reads =
            readings.flat_map(|reading| &reading.reads).filter(|read| matches!(read.how, How::Value | How::Optional));
        Asked { places: reads.map(|read| read.place.clone()).collect(), hands_over, is_for_each_group }
    }
}

impl Asked {
    /// How many people the flow names where it names them one by one; `None` where it names all, or nobody.
    fn written_out(&self) -> Option<usize> {
        if self.hands_over {
            return None;
        }
        let mut most = None;
        for reach in self.places.iter().filter_map(|place| reach(place)) {
            match reach {
                Reach::All => return None,
                Reach::Upto(count) => most = most.max(Some(count)),
            }
        }
        most
    }
}

/// The templates of what a step sends; conditions and what answers are held against are not sent.
fn sent_by(step: &FlowStep) -> Vec<&Template> {
    let StepKind::Request(request) = &step.kind else { return Vec::new() };
    let pairs = request.query.iter().chain(&request.headers).map(|(_, template)| template);
    let body = match &request.body {
        Body::Empty => Vec::new(),
        body => body.templates(),
    };
    std::iter::once(&request.path).chain(pairs).chain(body).collect()
}

/// Of how many people a place speaks; `None` where it speaks of nobody, or says nothing by which somebody is enrolled.
fn reach(place: &[Part]) -> Option<Reach> {
    let (first, rest) = place.split_first()?;
    let Part::Name(first) = first else { return None };
    match (first.as_str(), rest) {
        ("members" | "people", rest) => Some(of_list(rest)),
        // `member`: in a step that is carried out for each of them
        ("member", _) | ("application", []) => Some(Reach::All),
        ("application", [Part::Name(name), rest @ ..]) if name == "people" => Some(of_list(rest)),
        ("groups", rest) => {
            let within = rest.iter().position(|part| matches!(part, Part::Name(_)));
            match within.and_then(|at| rest.get(at..)) {
                None => Some(Reach::All),
                Some([Part::Name(name), rest @ ..]) if name == "members" => Some(of_list(rest)),
                Some(_) => None,
            }
        }
        _ => None,
    }
}

fn of_list(rest: &[Part]) -> Reach {
    match rest.first() {
        Some(Part::At(at)) => Reach::Upto(at + 1),
        Some(Part::Each(Some(most)) | Part::First(most)) => Reach::Upto(*most),
        Some(Part::Each(None) | Part::Name(_)) | None => Reach::All,
    }
}

/// The fields that a place says.
fn told_by(place: &[Part]) -> FieldSet {
    let names: Vec<&str> = place
        .iter()
        .filter_map(|part| match part {
            Part::Name(name) => Some(name.as_str()),
            _ => None,
        })
        .collect();
    match names.as_slice() {
        ["application"] => OF_A_PERSON.iter().chain(OF_A_HOUSEHOLD).map(|(field, _)| *field).collect(),
        ["application", "people", rest @ ..]
        | ["groups", "members", rest @ ..]
        | ["members" | "people" | "subscriber" | "member", rest @ ..] => under(OF_A_PERSON, rest),
        ["household" | "application", rest @ ..] => under(OF_A_HOUSEHOLD, rest),
        ["groups"] => under(OF_A_PERSON, &[]),
        _ => FieldSet::EMPTY,
    }
}

/// Those of the fields whose place is this one, or lies under it.
fn under(table: &[(Field, &[&str])], names: &[&str]) -> FieldSet {
    let at = names.join(".");
    let lies_there = |place: &&&str| {
        at.is_empty() || **place == at || place.strip_prefix(at.as_str()).is_some_and(|rest| rest.starts_with('.'))
    };
    table.iter().filter(|(_, places)| places.iter().any(|place| lies_there(&place))).map(|(field, _)| *field).collect()
}

#[cfg(test)]
mod tests {
    use crate::target::secrets::NoReferences;
    use crate::target::{Target, parse};

    fn target(steps: &str, more: &str) -> Target {
        let text = format!(
            "target: t\nexchange:\n  base_url: http://127.0.0.1:9\n  flows:\n    enroll:\n{steps}\n\
             waypoints: [{{name: edi, feed: edi_folder, path: out}}]\n{more}"
        );
        parse(&text, "t.yaml", &NoReferences).unwrap_or_else(|e| panic!("{e}"))
    }

    fn step(body: &str) -> String {
        format!("      - {{post: /a, body: '{body}', when: 'members | length > 0'}}")
    }

    #[test]
    fn a_flow_that_names_people_one_by_one_names_so_many_and_a_loop_names_all() {
        for (body, most) in [
            ("{{ members[0].birth_date }} {{ members[2].name.first }}", Some(3)),
            ("{{ members[0].sex }}{% for m in members[:4] %}{{ m.age }}{% endfor %}", Some(4)),
            ("{{ subscriber.birth_date }}", None),
            ("{{ subscriber.birth_date }} {{ members[1].birth_date }}", Some(2)),
            ("{{ members[0].sex }}{% for m in members %}{{ m.age }}{% endfor %}", None),
            ("{{ application | tojson }}", None),
            ("{{ members | tojson }}", None),
            ("{% for g in groups %}{% for m in g.members %}{{ m.id }}{% endfor %}{% endfor %}", None),
            ("{{ subscriber.email }}", None),
            ("{% for i in range(9) %}{{ members[i].age }}{% endfor %}", None),
        ] {
            assert_eq!(target(&step(body), "").most_members().map(|(most, _)| most), most, "{body}");
        }
        assert!(target(&step("{{ subscriber.birth_date }}"), "").tells_of_the_subscriber_alone());
        assert!(!target(&step("{{ subscriber.birth_date }}{{ members }}"), "").tells_of_the_subscriber_alone());
        let both = target(&step("{{ members[5].birth_date }}"), "carries: {members: 4}");
        assert_eq!(both.most_members(), Some((4, "`carries.members`")));
    }

    #[test]
    fn fields_that_no_template_tells_are_known_and_those_that_carries_leaves_out_are_not_among_them() {
        let not_asked = |steps: &str, more: &str| {
            let names: Vec<_> = target(steps, more).fields_not_asked().iter().map(crate::model::Field::name).collect();
            names.join(" ")
        };
        assert_eq!(not_asked(&step("{{ application | tojson }}"), ""), "");
        let all_but = step(
            "{% for m in members %}{{ m.name | tojson }}{{ m.birth_date }}{{ m.ssn }}{{ m[\"sex\"] }}{{ m.relationship }}\
             {{ m.address | tojson }}{% if m.tobacco %}T{% endif %}{% endfor %}{{ household.mailing }}{{ subscriber.phone }}",
        );
        let left = "group.benefit_begin_date member.marital_status member.language member.email";
        assert_eq!(not_asked(&all_but, ""), left);
        assert_eq!(
            not_asked(&all_but, "carries: {not_asked: [marital_status, language, group.benefit_begin_date]}"),
            "member.email"
        );
    }

    #[test]
    fn one_address_is_told_for_everybody_where_no_place_speaks_of_each_members() {
        for (body, expected) in [
            ("{{ subscriber.address.street_1 }} {% for m in members %}{{ m.sex }}{% endfor %}", true),
            ("{{ household.address }} {{ members[0].address.zip }}", true),
            ("{{ household.address.street_1 }}{% for m in members %}{{ m.address.street_1 }}{% endfor %}", false),
            ("{{ members | tojson }} {{ household.address.street_1 }}", false),
            ("{{ application | tojson }}", false),
            ("{{ members[0].sex }}", false),
        ] {
            assert_eq!(target(&step(body), "").tells_one_address(), expected, "{body}");
        }
    }
}
