//! The imitation issuers: they load 834 files and answer look-ups.

mod books;
mod keys;
mod load;
mod looks;
mod premiums;
mod reception;
mod trouble;

pub(super) use books::Issuer;
pub(super) use load::load;
pub(super) use looks::router;
