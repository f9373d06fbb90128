//! Judgement: history in, outcomes out. Pure.
