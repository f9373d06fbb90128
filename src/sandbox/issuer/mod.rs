//! The imitation issuers: they load 834 files and answer look-ups and questions about eligibility.

mod books;
mod keys;
mod load;
mod looks;
mod payer;
mod person;
mod premiums;
mod reception;
mod replica;
mod trouble;

pub(super) use books::Issuer;
pub(super) use load::load;
pub(super) use looks::router;
