//! One household from its parts: deal a case, compose, date, name, settle, mark.

use super::births;
use super::calendar::{Calendar, coverage_begin};
use super::cases::Cases;
use super::composition::{Composition, compose};
use super::contact::{SsnBook, language, mailbox_of_member, marks, phone};
use super::deal::Deal;
use super::draw::{FieldGroup, Streams, key};
use super::families;
use super::given::{self, Rows};
use super::income::income_cents;
use super::kin;
use super::names::NameBook;
use super::naming;
use super::residence::{Atlas, Residence};
use super::tables;
use super::traits::{ADULT_FROM, marital_status, other, sexes, tobacco};
use crate::model::{
    Address, Agent, CoverageLine, EdgeCase, GeneratorVersion, Guideline, Home, Household, MARKER_DOMAINS, Marks,
    Person, PersonName, Population, ProbeIndex, RatingAreas, Relationship, Row, RowPerson, RunId, Sex, SyntheticSsn,
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
    /// Of ten thousand households, so many have an agent.
    agent_share: u32,
    book: NameBook,
    atlas: Atlas,
    pub(super) marks: Marks,
    pub(super) numbers: SsnBook,
    areas: RatingAreas,
    rows: Rows,
    /// Whether households move to other counties.
    moves: bool,
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
            agent_share: ten_thousandths(population.agent_share),
            book: NameBook::new(),
            atlas: Atlas::new(population.generator, &population.states),
            marks: marks(key),
            numbers: SsnBook::new(population.ssn, key),
            areas: RatingAreas::default(),
            rows: Rows::new(population),
            moves: false,
        }
    }

    /// The same people, marked as this run's: nobody else's mailboxes are theirs.
    #[must_use]
    pub fn of_run(self, run: &RunId) -> Self {
        Self { marks: self.marks.of_run(run), ..self }
    }

    /// The same people, with rating areas as a target says them; where it says none, as they are.
    #[must_use]
    pub fn rated_by(self, areas: &RatingAreas) -> Self {
        Self { areas: areas.clone(), ..self }
    }

    /// The same people, each with a place in another county of their state to which they may move.
    #[must_use]
    pub fn with_moves(self) -> Self {
        Self { moves: true, ..self }
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
    /// together](super::fit_together) the one that stands first is taken. Whatever no case decides is as without them. A case [of two
    /// households](EdgeCase::is_of_two) shows where both of a pair (0 and 1, 2 and 3, and so on) are given it.
    pub fn household_with(&self, index: ProbeIndex, cases: &[EdgeCase]) -> Household {
        self.with_cases(index, cases.iter().copied().fold(Cases::default(), Cases::with))
    }

    /// What is dealt to it; a case of two households that is dealt to one of a pair is the other's too, before its own.
    fn dealt(&self, index: ProbeIndex) -> Cases {
        let drawn = |index| self.deal.cases(index, || self.streams(ProbeIndex(index)).household(FieldGroup::Cases));
        let of = |index| match self.rows.of(ProbeIndex(index)) {
            Some(row) if !row.people.is_empty() => Cases::default(),
            Some(Row { edge_cases: Some(cases), .. }) => cases.iter().copied().fold(Cases::default(), Cases::with),
            _ => drawn(index),
        };
        if !self.deal.has_cases_of_two() {
            return of(index.0);
        }
        let pair = [of(index.0 & !1), of(index.0 | 1)];
        let own = pair.get(usize::from(index.0 & 1 == 1)).into_iter().flat_map(Cases::iter);
        let of_both = pair.iter().flat_map(Cases::iter).filter(|case| case.is_of_two());
        of_both.chain(own).fold(Cases::default(), Cases::with)
    }

    /// The streams that a household is drawn from.
    pub(super) fn streams(&self, index: ProbeIndex) -> Streams {
        match self.version {
            GeneratorVersion::One => Streams::new(self.key, index.0),
            GeneratorVersion::Two | GeneratorVersion::Three => Streams::quick(self.key, index.0),
        }
    }

    fn with_cases(&self, index: ProbeIndex, cases: Cases) -> Household {
        let streams = self.streams(index);
        let companion = self.companion(index, &cases);
        let mut stream = streams.household(FieldGroup::Composition);
        let size = self.fitting(stream.weighted(&self.sizes, 1), &cases);
        let row = self.rows.of(index);
        let composition = row.and_then(given::composition).unwrap_or_else(|| compose(size, &cases, &mut stream));
        let residence = match &companion {
            Some(first) if cases.has(EdgeCase::SharedAddress) => first.residence.clone(),
            _ => self.rows.atlas(row).unwrap_or(&self.atlas).settle(&cases, &streams),
        };
        let desk = Desk {
            generator: self,
            index,
            composition: &composition,
            residence: &residence,
            cases: &cases,
            streams: &streams,
            companion: companion.as_ref().map(|first| &first.household),
        };
        let people = row.and_then(|row| desk.given(row)).unwrap_or_else(|| desk.people());
        let income = row.and_then(|row| row.income_cents);
        Household {
            index,
            marker: self.marks.household(index.0),
            income_cents: income
                .unwrap_or_else(|| income_cents(self.poverty_line(&people, &residence), &cases, &streams)),
            people,
            renewal: None,
            moves_to: self.next_home(row, &residence, &streams),
            rating_area: self.rating_area(&residence.address, &residence.rating_area),
            address: residence.address,
            mailing: residence.mailing,
            agent: self.agent(&streams),
            coverage_begin: self.calendar.coverage_begin,
            as_of: self.calendar.as_of,
            lines: self.lines(row, &streams),
            edge_cases: cases.into_vec(),
            wishes: row.map(|row| row.wishes.clone()).unwrap_or_default(),
        }
    }

    /// The first of a pair, as far as the second one resembles it. Nothing beyond what the cases of both need has a say in that.
    fn companion(&self, index: ProbeIndex, cases: &Cases) -> Option<Companion> {
        let first = index.0.checked_sub(1).filter(|_| index.0 % 2 == 1).map(ProbeIndex)?;
        let of_both: Vec<EdgeCase> = cases.iter().filter(|case| case.is_of_two()).collect();
        if of_both.is_empty() {
            return None;
        }
        let of_both = Cases::of(of_both);
        let residence = self.atlas.settle(&of_both, &self.streams(first));
        Some(Companion { household: self.with_cases(first, of_both), residence })
    }

    /// As the target's own list has it, else as `known`.
    fn rating_area(&self, address: &Address, known: &str) -> String {
        if self.areas.is_empty() { known.to_owned() } else { self.areas.of(address).unwrap_or_default().to_owned() }
    }

    fn next_home(&self, row: Option<&Row>, now: &Residence, streams: &Streams) -> Option<Home> {
        let atlas = self.rows.atlas(row).unwrap_or(&self.atlas);
        let home = self.moves.then(|| atlas.other_county(now, streams)).flatten()?;
        Some(Home { rating_area: self.rating_area(&home.address, &home.rating_area), ..home })
    }

    /// No more people than are young enough together: whose first person is nearly 65 has no eight children under 26.
    fn fitting(&self, size: u8, cases: &Cases) -> u8 {
        let is_old = self.version > GeneratorVersion::One && cases.has(EdgeCase::TurnsSixtyFive);
        if is_old { size.min(4) } else { size }
    }

    fn poverty_line(&self, people: &[Person], residence: &Residence) -> u32 {
        let guideline = match self.version {
            GeneratorVersion::One => Guideline::OF_2013,
            GeneratorVersion::Two | GeneratorVersion::Three => {
                Guideline::for_coverage(self.calendar.coverage_begin, &residence.address.state)
            }
        };
        guideline.line(people.len())
    }

    fn agent(&self, streams: &Streams) -> Option<Agent> {
        let mut stream = streams.household(FieldGroup::Agent);
        (stream.below(10_000) < self.agent_share).then(|| Agent::of_number(stream.below(Agent::COUNT)))
    }

    fn lines(&self, row: Option<&Row>, streams: &Streams) -> Vec<CoverageLine> {
        let drawn = || streams.household(FieldGroup::Coverage).below(10_000) < self.dental_share;
        let dental = row.and_then(Row::takes_dental).unwrap_or_else(drawn);
        if dental { vec![CoverageLine::Medical, CoverageLine::Dental] } else { vec![CoverageLine::Medical] }
    }
}

/// The household that another one resembles.
struct Companion {
    household: Household,
    residence: Residence,
}

/// What is known of a household when its people are written down one by one.
struct Desk<'a> {
    generator: &'a Generator,
    index: ProbeIndex,
    composition: &'a Composition,
    residence: &'a Residence,
    cases: &'a Cases,
    streams: &'a Streams,
    companion: Option<&'a Household>,
}

impl Desk<'_> {
    /// The people of a row; `None` where it gives none.
    fn given(&self, row: &Row) -> Option<Vec<Person>> {
        let one = |(place, given): (usize, &RowPerson)| {
            let drawn = self.person(place, given.name.clone(), given.birth_date, given.sex);
            let tobacco = given.tobacco.unwrap_or(drawn.tobacco);
            Person { tobacco, ..drawn }
        };
        (!row.people.is_empty()).then(|| row.people.iter().enumerate().map(one).collect())
    }

    fn people(&self) -> Vec<Person> {
        let (composition, cases, streams) = (self.composition, self.cases, self.streams);
        let (calendar, book) = (self.generator.calendar, &self.generator.book);
        let sexes = sexes(composition, cases, (self.same_sex(), self.first_sex()), streams);

        let (births, names) = match self.generator.version {
            GeneratorVersion::One => {
                let births = births::birth_dates(composition, cases, calendar, streams);
                (births, naming::names(book, composition, &sexes, cases, streams))
            }
            GeneratorVersion::Two | GeneratorVersion::Three => {
                let known = self.same_person().map(|(_, person)| person.birth_date);
                let births = kin::birth_dates(composition, cases, calendar, (streams, known));
                let books = (tables::names(), book);
                let names = families::ordinary(books, composition, (&sexes, &births), cases, streams);
                (births, naming::in_case(names, book, (composition, &sexes), cases, streams))
            }
        };
        let people = names.into_iter().zip(births).zip(sexes).enumerate();
        people
            .map(|(place, ((name, birth_date), sex))| match self.same_person() {
                Some((at, same)) if at == place => self.person(place, same.name.clone(), same.birth_date, same.sex),
                _ => self.person(place, name, birth_date, sex),
            })
            .collect()
    }

    /// Who has name and date of birth of somebody of the companion household's, and that one.
    fn same_person(&self) -> Option<(usize, &Person)> {
        let at = match () {
            () if self.cases.has(EdgeCase::Namesakes) => 0,
            () if self.cases.has(EdgeCase::PersonOnTwoPolicies) => 1,
            () => return None,
        };
        Some((at, self.companion?.people.get(at)?))
    }

    /// The other parent of a child who is on two policies.
    fn other_parent(&self) -> Option<&Person> {
        self.companion?.people.first().filter(|_| self.cases.has(EdgeCase::PersonOnTwoPolicies))
    }

    /// The first person's sex, where something else says it: of a child's other parent, or of who is called Jr.
    fn first_sex(&self) -> Option<Sex> {
        const MEN: [EdgeCase; 3] = [EdgeCase::NameSuffix, EdgeCase::SuffixInSurname, EdgeCase::CommaInSurname];
        let is_a_man = self.generator.version >= GeneratorVersion::Three && self.cases.has_one_of(&MEN);
        let of_the_other = self.other_parent().map(|parent| other(parent.sex));
        of_the_other.or(is_a_man.then_some(Sex::Male))
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
            tribal_member: self.cases.has_one_of(&[EdgeCase::TribalZeroCost, EdgeCase::TribalLimitedCost]),
            since: None,
        }
    }

    fn ssn(&self, place: usize, birth_date: NaiveDate) -> Option<SyntheticSsn> {
        let old_enough = (self.generator.calendar.as_of - birth_date).num_days() >= NUMBER_FROM_DAYS;
        // one person has one number
        let is_the_same = self.cases.has(EdgeCase::PersonOnTwoPolicies) && place == 1;
        let index = if is_the_same { self.first_of_pair() } else { self.index.0 };
        old_enough.then(|| self.generator.numbers.number(index, place)).flatten()
    }

    fn first_of_pair(&self) -> u32 {
        self.index.0 & !1
    }

    /// The first two adults may be called; the household contact always.
    fn phone(&self, place: usize) -> Option<String> {
        if let Some(other) = self.companion.filter(|_| place == 0 && self.cases.has(EdgeCase::SharedPhone)) {
            return other.people.first().and_then(|first| first.phone.clone());
        }
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
        if place == 1 && self.cases.has(EdgeCase::SharedMailbox) {
            return Some(marks.member(self.first_of_pair(), place + 1, MARKER_DOMAINS[0]));
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
