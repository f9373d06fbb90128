//! Faults as people write them: `lose=0.02,alter:member.name.last@issuer=12345@has_apostrophe=0.5`.

use super::kind::{FaultKind, Hop};
use super::traits::KNOWN;
use crate::model::{CoverageLine, Field, IssuerId};
use std::time::Duration;

/// One fault to plant: what, how often, in whom, and its particulars.
///
/// As text: the kind (with `:field` for `alter` and `blank`), sections that begin with `@`, and after the last `=` the
/// probability. Sections that select: `issuer=`, `state=`, `line=`, `marker=` (a part of it), `has_…` (an attribute).
/// Sections that specify: `hop=issuer`, `hop=intake`, `windows=`, `for=`, `times=`, `value=`.
#[derive(Debug, Clone, PartialEq)]
pub struct FaultSpec {
    /// What goes wrong.
    pub kind: FaultKind,
    /// Which field, of `alter` and `blank`.
    pub field: Option<Field>,
    /// Share of the selected households that it is planted in, 0 to 1.
    pub probability: f64,
    /// Only policies of this issuer.
    pub issuer: Option<IssuerId>,
    /// Only households who live in this state.
    pub state: Option<String>,
    /// Only policies of this line.
    pub line: Option<CoverageLine>,
    /// Only households whose marker contains this.
    pub marker: Option<String>,
    /// Only households that show each of these attributes.
    pub has: Vec<String>,
    /// The hop it is planted at, where the kind leaves a choice.
    pub hop: Option<Hop>,
    /// Delivery windows to hold back.
    pub windows: Option<u32>,
    /// How long it lasts.
    pub lasts: Option<Duration>,
    /// How many times.
    pub times: Option<u32>,
    /// The wrong value, of `alter`.
    pub value: Option<String>,
    /// The text without the probability: what draws depend on, so that a larger probability adds households and
    /// exchanges none.
    text: String,
}

/// Why a text is no fault.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SpecError {
    /// No kind has this name.
    #[error("unknown fault `{name}`{}; known are {}", nearest(name, kind_names()), list(kind_names()))]
    UnknownKind {
        /// The name.
        name: String,
    },
    /// No field has this name.
    #[error(
        "unknown field `{name}` in `{entry}`{}; a field is written like `member.name.last`",
        nearest(name, field_names())
    )]
    UnknownField {
        /// The name.
        name: String,
        /// The whole entry.
        entry: String,
    },
    /// `alter` and `blank` without a field, or another kind with one.
    #[error("`{entry}` {}; write it like `alter:member.name.last=0.1`", if *wanted { "needs a field" } else { "takes no field" })]
    Field {
        /// The whole entry.
        entry: String,
        /// Whether a field is wanted.
        wanted: bool,
    },
    /// A section that is not known.
    #[error("unknown `@{name}` in `{entry}`{}; known are {}", nearest(name, section_names()), list(section_names()))]
    UnknownSection {
        /// Its name.
        name: String,
        /// The whole entry.
        entry: String,
    },
    /// A section whose value cannot be read.
    #[error("`@{section}` of `{entry}` is `{value}`, which is not {expected}")]
    Value {
        /// Its name.
        section: &'static str,
        /// What was written.
        value: String,
        /// What it must be.
        expected: &'static str,
        /// The whole entry.
        entry: String,
    },
    /// No probability, or none between 0 and 1.
    #[error("`{entry}` has no probability between 0 and 1 at its end; write it like `lose=0.02`")]
    Probability {
        /// The whole entry.
        entry: String,
    },
}

impl FaultSpec {
    /// Reads a comma-separated list; the first mistake ends it.
    pub fn parse(text: &str) -> Result<Vec<Self>, SpecError> {
        text.split(',').map(str::trim).filter(|entry| !entry.is_empty()).map(Self::parse_one).collect()
    }

    /// A fault of this kind in every household.
    pub fn certain(kind: FaultKind) -> Self {
        Self {
            kind,
            field: None,
            probability: 1.0,
            issuer: None,
            state: None,
            line: None,
            marker: None,
            has: Vec::new(),
            hop: None,
            windows: None,
            lasts: None,
            times: None,
            value: None,
            text: kind.name().to_owned(),
        }
    }

    /// Where it first shows.
    pub fn first_shows_at(&self) -> Hop {
        self.hop.unwrap_or(self.kind.hop())
    }

    /// The fault as truth and reports name it: its kind, with the field where it has one.
    pub fn name(&self) -> String {
        self.field.map_or_else(|| self.kind.name().to_owned(), |field| format!("{}:{field}", self.kind))
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    fn parse_one(entry: &str) -> Result<Self, SpecError> {
        let no_probability = || SpecError::Probability { entry: entry.to_owned() };
        let (text, probability) = entry.rsplit_once('=').ok_or_else(no_probability)?;
        let mut sections = text.split('@').map(str::trim);
        let mut spec = Self::parse_head(sections.next().unwrap_or_default(), entry)?;
        for section in sections {
            spec.read_section(section, entry)?;
        }
        let probability = probability.trim().parse().ok().filter(|p| (0.0..=1.0).contains(p));
        spec.probability = probability.ok_or_else(no_probability)?;
        text.clone_into(&mut spec.text);
        spec.check(entry)?;
        Ok(spec)
    }

    fn parse_head(head: &str, entry: &str) -> Result<Self, SpecError> {
        let (name, field) = head.split_once(':').map_or((head, None), |(name, field)| (name, Some(field)));
        let kind = FaultKind::parse(name).ok_or_else(|| SpecError::UnknownKind { name: name.to_owned() })?;
        if kind.takes_field() != field.is_some() {
            return Err(SpecError::Field { entry: entry.to_owned(), wanted: kind.takes_field() });
        }
        let field = field.map(|name| {
            let unknown = || SpecError::UnknownField { name: name.to_owned(), entry: entry.to_owned() };
            Field::parse(name).ok_or_else(unknown)
        });
        Ok(Self { field: field.transpose()?, ..Self::certain(kind) })
    }

    fn read_section(&mut self, section: &str, entry: &str) -> Result<(), SpecError> {
        let unknown = |name: &str| SpecError::UnknownSection { name: name.to_owned(), entry: entry.to_owned() };
        if let Some(attribute) = section.strip_prefix("has_") {
            KNOWN.contains(&attribute).then(|| self.has.push(attribute.to_owned())).ok_or_else(|| unknown(section))?;
            return Ok(());
        }
        let (name, value) = section.split_once('=').ok_or_else(|| unknown(section))?;
        let wrong = |section, expected| SpecError::Value {
            section,
            value: value.to_owned(),
            expected,
            entry: entry.to_owned(),
        };
        match name {
            "issuer" => self.issuer = Some(IssuerId::new(value)),
            "state" => self.state = Some(value.to_ascii_uppercase()),
            "marker" => self.marker = Some(value.to_owned()),
            "value" => self.value = Some(value.to_owned()),
            "line" => {
                self.line = Some(CoverageLine::parse(value).ok_or_else(|| wrong("line", "`medical` or `dental`"))?);
            }
            "hop" => {
                let hop = Hop::ALL.iter().copied().find(|hop| hop.as_str() == value);
                self.hop = Some(hop.ok_or_else(|| {
                    wrong("hop", "`exchange`, `intake`, `edi_834`, `ack`, `issuer`, `effectuation` or `eligibility`")
                })?);
            }
            "windows" => self.windows = Some(value.parse().map_err(|_| wrong("windows", "a whole number"))?),
            "times" => self.times = Some(value.parse().map_err(|_| wrong("times", "a whole number"))?),
            "for" => {
                let lasts = humantime::parse_duration(value);
                self.lasts = Some(lasts.map_err(|_| wrong("for", "a duration such as `5s`"))?);
            }
            other => return Err(unknown(other)),
        }
        Ok(())
    }

    fn check(&self, entry: &str) -> Result<(), SpecError> {
        let fits = match self.hop {
            None => true,
            Some(Hop::Issuer) => self.kind.may_be_at_issuer(),
            Some(Hop::Intake) => self.kind.may_be_at_intake(),
            Some(hop) => hop == self.kind.hop(),
        };
        fits.then_some(()).ok_or_else(|| SpecError::Value {
            section: "hop",
            value: self.first_shows_at().to_string(),
            expected: "a hop that this fault can be planted at",
            entry: entry.to_owned(),
        })
    }
}

fn kind_names() -> impl Iterator<Item = &'static str> {
    FaultKind::ALL.iter().map(|kind| kind.name())
}

fn field_names() -> impl Iterator<Item = &'static str> {
    Field::ALL.iter().map(|field| field.name())
}

fn section_names() -> impl Iterator<Item = String> {
    let plain = ["issuer", "state", "line", "marker", "hop", "windows", "for", "times", "value"];
    plain.into_iter().map(str::to_owned).chain(KNOWN.iter().map(|name| format!("has_{name}")))
}

/// ` (did you mean `x`?)`, where something known is near.
fn nearest<T: AsRef<str>>(name: &str, known: impl Iterator<Item = T>) -> String {
    known
        .map(|word| (strsim::jaro_winkler(name, word.as_ref()), word))
        .filter(|(likeness, _)| *likeness > 0.75)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map_or_else(String::new, |(_, word)| format!(" (did you mean `{}`?)", word.as_ref()))
}

fn list<T: AsRef<str>>(known: impl Iterator<Item = T>) -> String {
    let words: Vec<String> = known.map(|word| format!("`{}`", word.as_ref())).collect();
    words.join(", ")
}

#[cfg(test)]
mod tests {
    use super::{Duration, FaultKind, FaultSpec, Field, Hop, SpecError};

    fn one(text: &str) -> FaultSpec {
        FaultSpec::parse(text).unwrap().remove(0)
    }

    #[test]
    fn a_list_is_read_with_selectors_and_particulars() {
        let specs = FaultSpec::parse(
            "lose=0.02, relationship=0.01,alter:member.name.last@issuer=12345@has_apostrophe=0.5,delay@hop=issuer@for=5s=1",
        )
        .unwrap();
        assert_eq!(
            specs.iter().map(FaultSpec::name).collect::<Vec<_>>(),
            ["lose", "relationship", "alter:member.name.last", "delay"]
        );
        assert_eq!((specs[2].field, specs[2].probability), (Some(Field::NameLast), 0.5));
        assert_eq!(specs[2].issuer.as_ref().map(ToString::to_string).as_deref(), Some("12345"));
        assert_eq!(specs[2].has, ["apostrophe"]);
        assert_eq!((specs[3].first_shows_at(), specs[3].lasts), (Hop::Issuer, Some(Duration::from_secs(5))));
    }

    #[test]
    fn draws_do_not_depend_on_the_probability() {
        assert_eq!(one("lose@state=VA=0.1").text(), one("lose@state=VA=0.9").text());
        assert_ne!(one("lose@state=VA=0.1").text(), one("lose@state=OH=0.1").text());
    }

    #[test]
    fn mistakes_are_told_with_the_nearest_known_word() {
        let message = |text: &str| FaultSpec::parse(text).unwrap_err().to_string();
        assert!(message("loose=0.1").contains("did you mean `lose`"), "{}", message("loose=0.1"));
        assert!(message("loose=0.1").contains("`timeout_after_accept`"));
        assert!(message("alter:member.lastname=1").contains("did you mean `member.name.last`"));
        assert!(message("lose@isuer=12345=1").contains("did you mean `issuer`"));
        assert!(message("lose@has_apostrofe=1").contains("did you mean `has_apostrophe`"));
        for text in ["lose", "lose=2", "lose=x", "lose@issuer=12345"] {
            assert!(
                matches!(FaultSpec::parse(text), Err(SpecError::Probability { .. } | SpecError::UnknownSection { .. })),
                "{text}"
            );
        }
        for text in ["alter=1", "lose:member.phone=1"] {
            assert!(matches!(FaultSpec::parse(text), Err(SpecError::Field { .. })), "{text}");
        }
        for text in ["lose@hop=issuer=1", "delay@windows=x=1", "lose@line=vision=1", "slow@for=long=1"] {
            assert!(matches!(FaultSpec::parse(text), Err(SpecError::Value { .. })), "{text}");
        }
    }

    #[test]
    fn every_kind_has_a_name_of_its_own() {
        for kind in FaultKind::ALL.iter().copied() {
            assert_eq!(FaultKind::parse(kind.name()), Some(kind));
        }
    }
}
