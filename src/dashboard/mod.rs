//! The dashboard: what the ledger and the judge know, as pages for a browser. It looks and changes nothing: it only reads the ledger.
//!
//! [`Asked`] is what an address asks for, [`Records`] what is read and judged for it, `pages` draws it (pure), [`Guard`] says who may see
//! it, and [`router`] serves it.

mod asked;
mod brief;
mod guard;
mod pages;
mod records;
mod search;
mod serve;

pub use asked::Asked;
pub use brief::{AtWaypoint, Brief};
pub use guard::{Guard, Token, WeakToken};
pub use pages::{Canaries, Listed, Spread, history, now, policy};
pub use records::{Records, Trouble};
pub use search::{Found, Hit};
pub use serve::{router, serve};
