//! The groups by which the Census counts who bears a name.

/// Where a family comes from, as far as the Census' tables of names tell groups apart. It is used to let first names and family
/// names go together, and is said nowhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::generator) enum Origin {
    White,
    Black,
    Hispanic,
    AsianOrPacific,
}

/// One thing for each origin, in the order of [`Origin::ALL`].
pub(super) type ByOrigin<T> = [T; 4];

impl Origin {
    pub(super) const ALL: ByOrigin<Self> = [Self::White, Self::Black, Self::Hispanic, Self::AsianOrPacific];

    /// Its thing among one for each.
    pub(super) fn of<T>(self, all: &ByOrigin<T>) -> &T {
        let [white, black, hispanic, asian_or_pacific] = all;
        match self {
            Self::White => white,
            Self::Black => black,
            Self::Hispanic => hispanic,
            Self::AsianOrPacific => asian_or_pacific,
        }
    }
}
