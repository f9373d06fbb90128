//! The watching side: one feed a file.

mod ack_file;
mod deliveries;
mod digest;
mod edi_file;
mod edi_folder;
mod eligibility;
mod file_states;
mod files;
mod grouping;
mod in_hand;
mod json_api;
mod listing;
mod local_files;
mod look;
mod mapping;
mod messages;
#[cfg(not(feature = "sftp"))]
mod no_sftp;
mod pattern;
mod probe_feed;
mod scan;
#[cfg(feature = "sftp")]
mod sftp_files;
mod unpack;

pub use ack_file::SeenAck;
pub use edi_folder::{EdiFolderFeed, Holds, Listing};
pub use eligibility::EligibilityFeed;
pub use in_hand::{InHand, Marked, Whose, read_in_hand};
pub use json_api::JsonApiFeed;
pub use look::{IssuerMemberId, Look, Ours, Sought};
pub use messages::{Answered, Message, Messages};
pub use probe_feed::ProbeFeed;
pub use scan::{Delivery, ReadFile, Scan, Waiting};
