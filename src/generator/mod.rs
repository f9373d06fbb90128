//! Scenario and seed to households, deterministically. Pure.
