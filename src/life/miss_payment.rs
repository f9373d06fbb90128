//! Nobody pays: the issuer ends every policy and tells the exchange, which tells nobody of it. Before the first premium was paid that
//! cancels, and after it, once the time of grace is over, it terminates (CMS companion guide v7.2 p. 19; 45 CFR 156.270).

use super::happening::{Happening, of_status};
use super::policies::Policies;

pub(super) static HAPPENING: Happening =
    Happening { words: |_| "the missed payment", policies: Policies::Lapse, ..of_status() };
