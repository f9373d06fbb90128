//! The pure modules that read files, compiled from their own sources and without the rest of the crate: no database, no
//! network, no runtime. An instrumented build of these takes a minute where the whole crate's takes five. That they
//! compile alone is what `tests/integration/layers.rs` promises of them.

#![allow(dead_code, reason = "some of what they offer is for modules that are not here")]

#[path = "../../src/model/mod.rs"]
pub mod model;
#[path = "../../src/redact/mod.rs"]
pub mod redact;
#[path = "../../src/wire/mod.rs"]
pub mod wire;

pub mod dripping;
