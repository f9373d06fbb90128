//! The engine: submit, watch, clean up.
