//! The outbound folder over SFTP, for reading: as real exchanges hand their files over.

mod files;
mod login;

pub use login::SftpServer;
pub(super) use login::start;
