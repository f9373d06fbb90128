//! The household pays its first premium: the issuer makes the policy effective (45 CFR 155.400(e)). It goes to the issuer, and the exchange
//! tells nobody of it.

use super::happening::{Happening, of_status};

pub(super) static HAPPENING: Happening =
    Happening { words: |_| "the payment", leaves: Some("effectuated"), ..of_status() };
