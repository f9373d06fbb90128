//! The watching side: one feed a file.

mod deliveries;
mod digest;
mod edi_file;
mod edi_folder;
mod file_states;
mod files;
mod grouping;
mod json_api;
mod listing;
mod local_files;
mod look;
mod mapping;
#[cfg(not(feature = "sftp"))]
mod no_sftp;
mod pattern;
mod scan;
#[cfg(feature = "sftp")]
mod sftp_files;
mod unpack;

pub use edi_folder::{EdiFolderFeed, Listing};
pub use json_api::JsonApiFeed;
pub use look::{Look, Ours};
pub use scan::{Delivery, ReadFile, Scan, Waiting};
