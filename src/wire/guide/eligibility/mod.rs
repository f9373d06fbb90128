//! 270 Eligibility Inquiry and 271 Eligibility Answer, 005010X279A1: envelopes, hierarchy, segments and the elements that
//! say who, when and what. Code lists that are longer than a page, such as service types, are not checked.

mod answer;
mod inquiry;
mod parties;

pub(super) use answer::ANSWER;
pub(super) use inquiry::INQUIRY;
