//! The sandbox's folders over SFTP: for reading, as real exchanges hand their files over, and the intake for writing, as they take
//! them.

mod files;
mod login;
mod tree;

pub use login::SftpServer;
pub(super) use login::start;
pub(super) use tree::Tree;
