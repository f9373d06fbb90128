//! The watching side: one feed a file.
