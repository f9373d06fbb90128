//! Whether the places that a template leads to through loops and indices are there.

use super::scope::Scope;
use crate::source::{Report, Span, nearest};
use crate::target::reading::{How, Part, Reading, shown};

impl Scope {
    /// Reports places that nothing has given a value, and what a template can never mean. Names that are followed without a
    /// loop or an index are checked by themselves.
    pub(super) fn check_places(&self, reading: &Reading, span: Span, report: &mut Report) {
        for fault in &reading.faults {
            report.error(span, fault.clone());
        }
        let indirect = |place: &[Part]| place.iter().any(|part| !matches!(part, Part::Name(_)));
        let asked = reading.reads.iter().filter(|read| !matches!(read.how, How::Whether | How::Optional));
        for place in asked.map(|read| read.place.as_slice()).filter(|place| indirect(place)) {
            if !self.knows_place(place) {
                let near = self.nearest_place(place);
                let error =
                    report.error(span, format!("`{}` is not known here, and would be sent empty", shown(place)));
                error.did_you_mean(near.as_deref());
            }
        }
    }

    fn knows_place(&self, place: &[Part]) -> bool {
        let Some((Part::Name(first), rest)) = place.split_first() else { return true };
        // a capture, or what is known at this place alone, may hold anything
        let Some(top) = self.sample_value(first) else { return true };
        let mut whose = whose(first);
        let mut value = top;
        for (at, part) in rest.iter().enumerate() {
            value = match part {
                Part::Name(name) => match value.get_attr(name).ok().filter(|found| !found.is_undefined()) {
                    Some(found) => found,
                    None => {
                        return whose.is_some_and(|whose| self.captured_of(whose, rest.get(at..).unwrap_or_default()));
                    }
                },
                Part::At(_) | Part::Each(_) | Part::First(_) => match value.get_item_by_index(0) {
                    Ok(found) if !found.is_undefined() => found,
                    // nothing in the sample tells what is in it
                    _ => return true,
                },
            };
            if let Part::Name(name) = part {
                whose = if name == "members" { Some(Whose::Member) } else { whose };
            }
        }
        true
    }

    /// Whether something captured goes by this name there.
    fn captured_of(&self, whose: Whose, rest: &[Part]) -> bool {
        let mut names = rest.iter().filter_map(|part| match part {
            Part::Name(name) => Some(name.as_str()),
            _ => None,
        });
        let first = names.next().unwrap_or_default();
        match whose {
            Whose::Member if first == "captures" => names.next().is_none_or(|name| self.captured(name, true)),
            Whose::Member => self.captured(first, true),
            Whose::Group => self.captured(first, false),
        }
    }

    /// The same place with its last names as one that is there has them.
    fn nearest_place(&self, place: &[Part]) -> Option<String> {
        let end = place.iter().rposition(|part| !matches!(part, Part::Name(_)))? + 1;
        let (list, names) = place.split_at(end);
        let name = shown(names);
        let persons = matches!(list.first(), Some(Part::Name(first)) if ["members", "people", "groups"].contains(&first.as_str()));
        let known = self.names_of_a_person();
        let near = nearest(name.trim_start_matches('.'), known.iter().map(String::as_str)).filter(|_| persons)?;
        Some(format!("{}.{near}", shown(list)))
    }
}

/// Of whom a list holds one each.
#[derive(Clone, Copy)]
enum Whose {
    Member,
    Group,
}

fn whose(first: &str) -> Option<Whose> {
    match first {
        "members" | "member" | "subscriber" => Some(Whose::Member),
        "groups" => Some(Whose::Group),
        _ => None,
    }
}
