//! Waypoints: JSON APIs over real sockets, and folders of 834 files.

mod edi_folder;
mod json_api;
#[cfg(feature = "sftp")]
mod sftp_folder;
