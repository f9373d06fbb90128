//! Waypoints: JSON APIs over real sockets, folders of 834 files, and folders of acknowledgements.

mod ack_folder;
mod edi_folder;
mod json_api;
mod paged;
#[cfg(feature = "sftp")]
mod sftp_folder;
mod shapes;
#[cfg(feature = "sftp")]
mod sparing_server;
mod xml;

pub(crate) use edi_folder::gzip;
