//! The watching side: one feed a file.

mod addressee;
mod anatomy;
mod deliveries;
mod digest;
mod edi_file;
mod edi_folder;
mod eligibility;
mod file_states;
mod gathered;
mod grouping;
mod heard;
mod in_hand;
mod json_api;
mod listers;
mod listing;
mod look;
mod mapping;
mod messages;
mod pages;
mod paging;
mod pattern;
mod probe_feed;
mod questions;
mod scan;
mod standing;
mod tried;

pub use crate::wire::ack::SeenAck;
pub use edi_folder::{Baseline, EdiFolderFeed, Holds, Listing};
pub use eligibility::EligibilityFeed;
pub use in_hand::{InHand, Marked, Whose, read_in_hand};
pub use json_api::JsonApiFeed;
pub use look::{InAnswer, IssuerMemberId, Look, Ours, Own, Sought};
pub use messages::{Message, Messages};
pub use probe_feed::ProbeFeed;
pub use scan::{Delivery, ReadFile, Scan, Waiting};
pub use tried::Tried;
