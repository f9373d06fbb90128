//! Who in a household is called what: family names shared, first names told apart, and the cases about names.

use super::cases::Cases;
use super::composition::{Birth, Composition};
use super::draw::{FieldGroup, Stream, Streams};
use super::names::{NameBook, hawaiian};
use crate::model::{EdgeCase, PersonName, Relationship, Sex};

/// Letters outside X12's character sets.
const DIACRITICS: &[&str] = &["Müller", "Peña", "Núñez", "Sørensen", "Lefèvre", "Åkesson", "Gonçalves", "Dvořák"];
const SPACED: &[&str] = &["De La Cruz", "Van Dyke", "Del Rio", "De Leon", "Van Buren", "La Rosa"];
const SUFFIXES: &[&str] = &["Jr", "Sr", "II", "III", "IV"];
/// First and family names in other scripts: Cyrillic, Greek, Chinese.
const NON_LATIN_WOMEN: &[(&str, &str)] = &[("Олена", "Шевченко"), ("Ελένη", "Γεωργίου"), ("芳", "王")];
const NON_LATIN_MEN: &[(&str, &str)] = &[("Иван", "Петренко"), ("Νίκος", "Γεωργίου"), ("伟", "王")];
/// With U+02BB, as Hawaiian is written.
const OKINA: &[&str] = &["Ka\u{2bb}awa", "Nako\u{2bb}a", "Keali\u{2bb}i", "Kaho\u{2bb}okele"];
/// Letter and mark apart, as some keyboards and file systems leave them.
const DECOMPOSED: &[&str] =
    &["Mu\u{308}ller", "Nu\u{301}n\u{303}ez", "Lefe\u{300}vre", "Pen\u{303}a", "Gonc\u{327}alves"];
/// The same names with letters that hold their marks.
const COMPOSED: &[&str] = &["Müller", "Núñez", "Lefèvre", "Peña", "Gonçalves"];
const TWO_SURNAMES: &[&str] = &["Garcia Lopez", "Ramirez Torres", "Morales Rivera", "Vargas Luna", "Soto Medina"];
const PARTICLES: &[&str] = &["van der Berg", "de la Torre", "von Hagen", "dos Santos", "ter Horst", "le Blanc"];
const INNER_CAPITALS: &[&str] = &["McDonald", "MacLeod", "DeVries", "LaRue", "FitzGerald", "McCoy"];
const SAINTS: &[&str] = &["St. John", "St. Clair", "St. Pierre", "St. Martin"];
const TWO_LETTERS: &[&str] = &["Ng", "Wu", "Vo", "Xu", "Yu", "Li"];
/// Words of programs and tables.
pub(super) const KEYWORDS: &[&str] = &["None", "True", "False", "Void", "Nil", "Undefined"];
/// Names in which word filters find words.
pub(super) const FILTERED: &[&str] = &["Cockburn", "Dickman", "Hancock", "Butts", "Cockrell", "Hitchcock", "Dickinson"];
const COMPOUND_WOMEN: &[&str] = &["Mary Jane", "Ana Maria", "Mary Ann", "Maria Elena"];
const COMPOUND_MEN: &[&str] = &["Juan Carlos", "Jose Luis", "John Paul", "Billy Joe"];
const TWIN_SISTERS: &[(&str, &str)] = &[("Maria", "Marie"), ("Carla", "Carly"), ("Jana", "Jane")];
const TWIN_BROTHERS: &[(&str, &str)] = &[("Aidan", "Aiden"), ("Erik", "Eric"), ("Jon", "Jan")];

/// Whether the name is one of those that twins get who differ in a letter.
pub(super) fn is_for_twins(name: &str) -> bool {
    TWIN_SISTERS.iter().chain(TWIN_BROTHERS).any(|(one, other)| [*one, *other].contains(&name))
}

/// Everybody's name, in the order of the composition.
pub(super) fn names(
    book: &NameBook,
    composition: &Composition,
    sexes: &[Sex],
    cases: &Cases,
    streams: &Streams,
) -> Vec<PersonName> {
    let names = ordinary(book, composition, cases, streams);
    in_case(names, book, (composition, sexes), cases, streams)
}

/// The same people with the names that a case gives them.
pub(super) fn in_case(
    mut names: Vec<PersonName>,
    book: &NameBook,
    (composition, sexes): (&Composition, &[Sex]),
    cases: &Cases,
    streams: &Streams,
) -> Vec<PersonName> {
    cases.iter().for_each(|case| rename(&mut names, book, case, sexes, streams));
    // who is called like the first person is called like that at last
    cases.iter().for_each(|case| name_pair(&mut names, composition, case, sexes, streams));
    names
}

/// Plain names; the family name may already be the case's, since it is shared.
fn ordinary(book: &NameBook, composition: &Composition, cases: &Cases, streams: &Streams) -> Vec<PersonName> {
    let mut names: Vec<PersonName> = Vec::with_capacity(composition.roles.len());
    let mut first_names: Vec<&'static str> = Vec::with_capacity(composition.roles.len());
    for (place, role) in composition.roles.iter().enumerate() {
        let mut stream = streams.person(FieldGroup::Name, place);
        let first = book.first(&mut stream, &first_names);
        first_names.push(first);
        let middle = initial(&mut stream);
        let own = book.last(&mut stream);
        let shares = stream.percent(shares_family_name(role.relationship, place));
        let last = match names.first() {
            Some(head) if shares => head.last.clone(),
            Some(_) => own.to_owned(),
            None => family_name(book, own, cases, streams),
        };
        names.push(PersonName { first: first.to_owned(), middle, last, suffix: None });
    }
    names
}

/// A middle initial, in six of ten cases.
fn initial(stream: &mut Stream) -> Option<String> {
    let letter = char::from(b'A' + u8::try_from(stream.below(26)).unwrap_or(0));
    stream.percent(60).then(|| letter.to_string())
}

/// In how many of a hundred cases somebody has the first person's family name.
fn shares_family_name(relationship: Relationship, place: usize) -> u32 {
    match relationship {
        // the child of a child-only application
        Relationship::SelfSubscriber if place > 0 => 100,
        Relationship::Child | Relationship::AdoptedChild | Relationship::Ward => 100,
        Relationship::Spouse => 80,
        Relationship::Grandchild | Relationship::Parent | Relationship::Sibling => 70,
        Relationship::Stepchild | Relationship::NieceOrNephew => 40,
        _ => 0,
    }
}

/// The family name of the first person: plain, or as the case has it.
pub(super) fn family_name(book: &NameBook, plain: &str, cases: &Cases, streams: &Streams) -> String {
    let special = cases.find(|case| special_family_name(book, plain, case, streams));
    special.unwrap_or_else(|| plain.to_owned())
}

/// As a case has it; `None` where it says nothing of it.
fn special_family_name(book: &NameBook, plain: &str, case: EdgeCase, streams: &Streams) -> Option<String> {
    let mut stream = streams.household(FieldGroup::Awkward);
    Some(match case {
        EdgeCase::HyphenatedSurname => format!("{plain}-{}", book.last(&mut stream)),
        EdgeCase::Apostrophe => book.with_apostrophe(&mut stream).to_owned(),
        EdgeCase::CurlyApostrophe => book.with_apostrophe(&mut stream).replace('\'', "\u{2019}"),
        EdgeCase::SpacedSurname => stream.word(SPACED).to_owned(),
        EdgeCase::DoubleSpaceName => format!("{plain}  {}", book.last(&mut stream)),
        EdgeCase::Diacritics => stream.word(DIACRITICS).to_owned(),
        EdgeCase::NullSurname => "Null".to_owned(),
        EdgeCase::TestSurname => "Test".to_owned(),
        EdgeCase::VeryLongSurname => hawaiian(36, &mut stream),
        EdgeCase::SurnameAtX12Limit => book.of_length(60, &mut stream),
        EdgeCase::SurnameOverX12Limit => book.of_length(61, &mut stream),
        EdgeCase::AllCapsName => plain.to_uppercase(),
        EdgeCase::SsaSpelling => book.with_apostrophe(&mut stream).replace('\'', "").to_uppercase(),
        EdgeCase::SsaNameLimits => book.of_length(21, &mut stream),
        _ => return odd_family_name(book, plain, case, &mut stream),
    })
}

/// The same, in the cases that version 2 added.
fn odd_family_name(book: &NameBook, plain: &str, case: EdgeCase, stream: &mut Stream) -> Option<String> {
    Some(match case {
        EdgeCase::OkinaName => stream.word(OKINA).to_owned(),
        EdgeCase::AcuteForApostrophe => book.with_apostrophe(stream).replace('\'', "\u{b4}"),
        EdgeCase::BacktickForApostrophe => book.with_apostrophe(stream).replace('\'', "`"),
        EdgeCase::DecomposedName => stream.word(DECOMPOSED).to_owned(),
        EdgeCase::ComposedBesideDecomposed => stream.word(COMPOSED).to_owned(),
        EdgeCase::NoBreakSpace => stream.word(SPACED).replace(' ', "\u{a0}"),
        EdgeCase::ZeroWidthSpace => format!("{plain}\u{200b}"),
        EdgeCase::TwoSurnames => stream.word(TWO_SURNAMES).to_owned(),
        EdgeCase::LowerCaseParticle => stream.word(PARTICLES).to_owned(),
        EdgeCase::InnerCapital => stream.word(INNER_CAPITALS).to_owned(),
        EdgeCase::SaintSurname => stream.word(SAINTS).to_owned(),
        EdgeCase::SuffixInSurname => format!("{plain} Jr"),
        EdgeCase::CommaInSurname => format!("{plain}, Jr."),
        EdgeCase::OneLetterSurname => "O".to_owned(),
        EdgeCase::TwoLetterSurname => stream.word(TWO_LETTERS).to_owned(),
        EdgeCase::LastNameUnknown => "LNU".to_owned(),
        EdgeCase::KeywordSurname => stream.word(KEYWORDS).to_owned(),
        EdgeCase::NotApplicableSurname => "N/A".to_owned(),
        EdgeCase::FilteredSurname => stream.word(FILTERED).to_owned(),
        _ => return None,
    })
}

/// The cases about the first person's own name.
fn rename(names: &mut [PersonName], book: &NameBook, case: EdgeCase, sexes: &[Sex], streams: &Streams) {
    let Some(name) = names.first_mut() else { return };
    let mut stream = streams.household(FieldGroup::Awkward);
    match case {
        EdgeCase::OneLetterName => name.first.truncate(1),
        EdgeCase::Mononym => (name.first, name.middle) = (String::new(), None),
        EdgeCase::NameSuffix => name.suffix = Some(stream.word(SUFFIXES).to_owned()),
        EdgeCase::TrailingSpaceName => name.first.push(' '),
        EdgeCase::FirstNameAtX12Limit => name.first = book.of_length(35, &mut stream),
        EdgeCase::AllCapsName => name.first = name.first.to_uppercase(),
        EdgeCase::FirstNameUnknown => (name.first, name.middle) = ("FNU".to_owned(), None),
        EdgeCase::CompoundFirstName => compound(sexes, &mut stream).clone_into(&mut name.first),
        EdgeCase::SsaSpelling => name.first = compound(sexes, &mut stream).replace(' ', "").to_uppercase(),
        EdgeCase::SsaNameLimits => {
            let middle = book.of_length(16, &mut stream);
            (name.first, name.middle) = (book.of_length(16, &mut stream), Some(middle));
        }
        EdgeCase::NonLatinName => {
            let pairs = if sexes.first() == Some(&Sex::Female) { NON_LATIN_WOMEN } else { NON_LATIN_MEN };
            let (first, last) = pairs.get(stream.place(pairs.len())).copied().unwrap_or_default();
            (name.first, name.middle, name.last) = (first.to_owned(), None, last.to_owned());
        }
        _ => {}
    }
}

/// A first name of two words for the first person.
fn compound(sexes: &[Sex], stream: &mut Stream) -> &'static str {
    stream.word(if sexes.first() == Some(&Sex::Female) { COMPOUND_WOMEN } else { COMPOUND_MEN })
}

/// The cases about two people whose names are alike.
fn name_pair(names: &mut [PersonName], composition: &Composition, case: EdgeCase, sexes: &[Sex], streams: &Streams) {
    match (case, names) {
        (EdgeCase::SameNameInFamily, [parent, .., child]) => {
            parent.middle = None;
            *child = parent.clone();
        }
        (EdgeCase::ComposedBesideDecomposed, [parent, .., child]) => {
            let at = COMPOSED.iter().position(|name| *name == parent.last);
            at.and_then(|at| DECOMPOSED.get(at)).copied().unwrap_or_default().clone_into(&mut child.last);
        }
        (EdgeCase::TwinsOneLetter, [.., elder, younger])
            if composition.roles.last().is_some_and(|role| role.birth == Birth::Twin) =>
        {
            let pairs = if sexes.last() == Some(&Sex::Female) { TWIN_SISTERS } else { TWIN_BROTHERS };
            let mut stream = streams.household(FieldGroup::Awkward);
            let (first, second) = pairs.get(stream.place(pairs.len())).copied().unwrap_or_default();
            (elder.first, younger.first) = (first.to_owned(), second.to_owned());
            (elder.middle, younger.middle) = (None, None);
        }
        _ => {}
    }
}
