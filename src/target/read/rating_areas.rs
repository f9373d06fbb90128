//! The file of rating areas that a target names.

use crate::model::RatingAreas;
use crate::source::{Node, Report};
use crate::target::secrets::References;

/// So many wrong lines of the file are told one by one.
const TOLD: usize = 5;

/// What the file says; what is wrong with it is told at the key that names it.
pub(super) fn rating_areas(root: &Node, references: &dyn References, report: &mut Report) -> RatingAreas {
    let Some((entry, path)) = root.entry("places").and_then(|entry| Some((entry, entry.value.text()?))) else {
        return RatingAreas::default();
    };
    let mut tell = |why: String| {
        report
            .error(entry.value.span, format!("`{path}` {why}"))
            .help("its lines are `state,county,zip,rating_area`, such as `VA,51087,,R-VA007`; the guide to people has the format");
    };
    match references.file(path).map(|text| RatingAreas::parse(&text)) {
        Ok(Ok(areas)) => return areas,
        Ok(Err(wrong)) => {
            wrong.iter().take(TOLD).for_each(|line| tell(line.to_string()));
            if wrong.len() > TOLD {
                tell(format!("has {} more wrong lines", wrong.len() - TOLD));
            }
        }
        Err(why) => tell(format!("cannot be read: {why}")),
    }
    RatingAreas::default()
}
