//! One household from its parts: deal a case, compose, date, name, settle, mark.

use super::births;
use super::calendar::{Calendar, coverage_begin};
use super::cases::Cases;
use super::composition::{Composition, compose};
use super::contact::{SsnBook, language, mailbox_of_member, marks, phone};
use super::deal::Deal;
use super::draw::{FieldGroup, Streams, key};
use super::families;
use super::income::{Guideline, OF_2013, income_cents};
use super::kin;
use super::names::NameBook;
use super::naming;
use super::residence::{Atlas, Residence};
use super::tables;
use super::traits::{ADULT_FROM, marital_status, sexes, tobacco};
use crate::model::{
    CoverageLine, EdgeCase, GeneratorVersion, Household, Marks, Person, PersonName, Population, ProbeIndex,
    Relationship, RunId, Sex, SyntheticSsn,
};
use chrono::NaiveDate;

/// Under this age nobody has a Social Security number yet.
const NUMBER_FROM_DAYS: i64 = 60;

/// Makes a population's households, each from its index alone.
#[derive(Debug, Clone)]
pub struct Generator {
    version: GeneratorVersion,
    key: [u8; 32],
    calendar: Calendar,
    sizes: Vec<(u32, u8)>,
    deal: Deal,
    /// Of ten thousand households, so many take a dental plan.
    dental_share: u32,
    book: NameBook,
    atlas: Atlas,
    marks: Marks,
    numbers: SsnBook,
}

/// The household of an index: the same in any process, on any thread, whatever the population's count. `scenario`: the
/// scenario's name. For many households make a [`Generator`] once.
pub fn household(scenario: &str, population: &Population, index: ProbeIndex) -> Household {
    Generator::new(scenario, population).household(index)
}

impl Generator {
    /// Prepares the tables of a scenario's population; `scenario` is the scenario's name. The population's count plays no part.
    pub fn new(scenario: &str, population: &Population) -> Self {
        let key = key("johndoe people", scenario, population.seed);
        let several = population.several && population.generator.deals_several();
        let begin = population.coverage_begin.unwrap_or_else(|| coverage_begin(population.as_of));
        Self {
            version: population.generator,
            key,
            calendar: Calendar { as_of: population.as_of, coverage_begin: begin },
            sizes: population.household_size.iter().map(|(size, weight)| (*weight, *size)).collect(),
            deal: Deal::new(population.edge_case_share, &population.edge_cases, several),
            dental_share: ten_thousandths(population.dental_share),
            book: NameBook::new(),
            atlas: Atlas::new(population.generator, &population.states),
            marks: marks(key),
            numbers: SsnBook::new(population.ssn, key),
        }
    }

    /// The same people, marked as this run's: nobody else's mailboxes are theirs.
    #[must_use]
    pub fn of_run(self, run: &RunId) -> Self {
        Self { marks: self.marks.of_run(run), ..self }
    }

    /// The household of an index, with the cases that are dealt to it.
    pub fn household(&self, index: ProbeIndex) -> Household {
        self.with_cases(index, self.dealt(index))
    }

    /// The cases that are dealt to the household of an index.
    pub fn cases(&self, index: ProbeIndex) -> Vec<EdgeCase> {
        self.dealt(index).into_vec()
    }

    /// The household that an index stands for, were these cases dealt to it. Of two that do not [fit
    /// together](super::fit_together) the one that stands first is taken. Whatever no case decides is as without them.
    pub fn household_with(&self, index: ProbeIndex, cases: &[EdgeCase]) -> Household {
        let mut fitting = Cases::default();
        cases.iter().for_each(|case| fitting.add(*case));
        self.with_cases(index, fitting)
    }

    fn dealt(&self, index: ProbeIndex) -> Cases {
        self.deal.cases(index.0, || self.streams(index).household(FieldGroup::Cases))
    }

    fn streams(&self, index: ProbeIndex) -> Streams {
        match self.version {
            GeneratorVersion::One => Streams::new(self.key, index.0),
            GeneratorVersion::Two | GeneratorVersion::Three => Streams::quick(self.key, index.0),
        }
    }

    fn with_cases(&self, index: ProbeIndex, cases: Cases) -> Household {
        let streams = self.streams(index);
        let mut stream = streams.household(FieldGroup::Composition);
        let size = self.fitting(stream.weighted(&self.sizes, 1), &cases);
        let composition = compose(size, &cases, &mut stream);
        let residence = self.atlas.settle(&cases, &streams);
        let desk = Desk {
            generator: self,
            index,
            composition: &composition,
            residence: &residence,
            cases: &cases,
            streams: &streams,
        };
        let people = desk.people();
        Household {
            index,
            marker: self.marks.household(index.0),
            income_cents: income_cents(self.poverty_line(&people, &residence), &cases, &streams),
            people,
            rating_area: residence.rating_area,
            address: residence.address,
            mailing: residence.mailing,
            coverage_begin: self.calendar.coverage_begin,
            as_of: self.calendar.as_of,
            lines: self.lines(&streams),
            edge_cases: cases.into_vec(),
        }
    }

    /// No more people than are young enough together: whose first person is nearly 65 has no eight children under 26.
    fn fitting(&self, size: u8, cases: &Cases) -> u8 {
        let is_old = self.version > GeneratorVersion::One && cases.has(EdgeCase::TurnsSixtyFive);
        if is_old { size.min(4) } else { size }
    }

    fn poverty_line(&self, people: &[Person], residence: &Residence) -> u32 {
        let guideline = match self.version {
            GeneratorVersion::One => OF_2013,
            GeneratorVersion::Two | GeneratorVersion::Three => {
                Guideline::for_coverage(self.calendar.coverage_begin, &residence.address.state)
            }
        };
        guideline.line(people.len())
    }

    fn lines(&self, streams: &Streams) -> Vec<CoverageLine> {
        let dental = streams.household(FieldGroup::Coverage).below(10_000) < self.dental_share;
        if dental { vec![CoverageLine::Medical, CoverageLine::Dental] } else { vec![CoverageLine::Medical] }
    }
}

/// What is known of a household when its people are written down one by one.
struct Desk<'a> {
    generator: &'a Generator,
    index: ProbeIndex,
    composition: &'a Composition,
    residence: &'a Residence,
    cases: &'a Cases,
    streams: &'a Streams,
}

impl Desk<'_> {
    fn people(&self) -> Vec<Person> {
        let (composition, cases, streams) = (self.composition, self.cases, self.streams);
        let (calendar, book) = (self.generator.calendar, &self.generator.book);
        let sexes = sexes(composition, cases, self.same_sex(), streams);
        let (births, names) = match self.generator.version {
            GeneratorVersion::One => {
                let births = births::birth_dates(composition, cases, calendar, streams);
                (births, naming::names(book, composition, &sexes, cases, streams))
            }
            GeneratorVersion::Two | GeneratorVersion::Three => {
                let births = kin::birth_dates(composition, cases, calendar, streams);
                let books = (tables::names(), book);
                let names = families::ordinary(books, composition, (&sexes, &births), cases, streams);
                (births, naming::in_case(names, book, (composition, &sexes), cases, streams))
            }
        };
        let people = names.into_iter().zip(births).zip(sexes).enumerate();
        people.map(|(place, ((name, birth_date), sex))| self.person(place, name, birth_date, sex)).collect()
    }

    /// Of a hundred couples, so many are of one sex.
    fn same_sex(&self) -> u32 {
        match self.generator.version {
            GeneratorVersion::One => 8,
            GeneratorVersion::Two | GeneratorVersion::Three => 2,
        }
    }

    fn person(&self, place: usize, name: PersonName, birth_date: NaiveDate, sex: Sex) -> Person {
        let role = self.composition.roles.get(place);
        let age = age_on(birth_date, self.generator.calendar.as_of);
        let is_last = place + 1 == self.composition.roles.len();
        Person {
            name,
            birth_date,
            sex,
            relationship: role.map_or(Relationship::Other, |role| role.relationship),
            applying: role.is_some_and(|role| role.applying),
            ssn: self.ssn(place, birth_date),
            tobacco: tobacco(place, age, self.cases, self.streams),
            marital_status: marital_status(&self.composition.roles, place, age, self.streams).map(str::to_owned),
            phone: self.phone(place),
            email: self.email(place, age),
            language: (place == 0).then(|| language(self.streams).to_owned()),
            address: self.residence.elsewhere.clone().filter(|_| is_last),
            since: None,
        }
    }

    fn ssn(&self, place: usize, birth_date: NaiveDate) -> Option<SyntheticSsn> {
        let old_enough = (self.generator.calendar.as_of - birth_date).num_days() >= NUMBER_FROM_DAYS;
        old_enough.then(|| self.generator.numbers.number(self.index.0, place)).flatten()
    }

    /// The first two adults may be called; the household contact always.
    fn phone(&self, place: usize) -> Option<String> {
        let adult = place == 0 || self.composition.is_second_adult(place);
        let given = adult && !self.cases.has(EdgeCase::NoPhone);
        given.then(|| phone(self.residence.area_code, place, self.streams))
    }

    /// The first person's mailbox is the marker. A child who is the subscriber is reached at it too, so that the marker
    /// goes down the pipeline although the parent is not enrolled.
    fn email(&self, place: usize, age: i32) -> Option<String> {
        let marks = &self.generator.marks;
        if place == 0 || self.cases.has(EdgeCase::ChildOnly) {
            return Some(marks.household(self.index.0));
        }
        (age >= ADULT_FROM).then(|| mailbox_of_member(marks, self.index.0, place, self.streams)).flatten()
    }
}

fn age_on(birth_date: NaiveDate, day: NaiveDate) -> i32 {
    day.years_since(birth_date).and_then(|years| i32::try_from(years).ok()).unwrap_or(0)
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0 to 10,000 before")]
fn ten_thousandths(share: f64) -> u32 {
    (share.clamp(0.0, 1.0) * 10_000.0).round() as u32
}
