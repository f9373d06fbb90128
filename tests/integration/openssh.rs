//! A real OpenSSH server on a port of its own, with keys made for the test, and a wire to it that can be cut.

use johndoe::target::References;
use std::fs;
use std::io::{BufRead, BufReader};
use std::net::{SocketAddr, TcpListener as BlockingListener};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};

/// What targets refer to: files only.
pub(crate) struct FromFiles;

impl References for FromFiles {
    fn env(&self, _: &str) -> Option<String> {
        None
    }

    fn file(&self, path: &str) -> Result<String, String> {
        fs::read_to_string(path).map_err(|e| e.to_string())
    }
}

const SSHD: &str = "/usr/sbin/sshd";

/// A server at work; it ends with this value.
pub(crate) struct OpenSsh {
    pub(crate) address: SocketAddr,
    /// What it serves: the folder `outbound` in it lies behind `sftp://…/outbound`'s path [`OpenSsh::outbound`].
    folder: TempDir,
    server: Child,
}

/// The file protocol as the server offers it …
const SFTP: &str = "internal-sftp";
/// … and where nothing may be written.
const READ_ONLY_SFTP: &str = "internal-sftp -R";

/// Whether there is a server to test with; in CI there must be.
pub(crate) fn is_installed() -> bool {
    let found = Path::new(SSHD).exists();
    assert!(found || std::env::var("CI").as_deref() != Ok("true"), "`{SSHD}` must be there in CI");
    if !found {
        println!("skipped: there is no `{SSHD}`; tests/run installs it");
    }
    found
}

impl OpenSsh {
    /// Starts a server that lets the current user in with the key `user` (locked with `open sesame`: `locked`).
    pub(crate) fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (name, kind, passphrase) in [
            ("host", "ed25519", ""),
            ("host_rsa", "rsa", ""),
            ("other", "ed25519", ""),
            ("user", "ed25519", ""),
            ("locked", "ed25519", "open sesame"),
        ] {
            keygen(&folder.path().join(name), kind, passphrase);
        }
        fs::create_dir(folder.path().join("outbound")).unwrap();
        let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
        fs::write(folder.path().join("authorized"), read("user.pub") + &read("locked.pub")).unwrap();
        // A server that runs as root wants this folder, whatever its configuration says.
        if running_as_root() {
            fs::create_dir_all("/run/sshd").unwrap();
        }
        let (server, address) = serve(folder.path(), "host", SFTP);
        Self { address, folder, server }
    }

    /// The folder that is served.
    pub(crate) fn outbound(&self) -> PathBuf {
        self.folder.path().join("outbound")
    }

    /// A key's file; `.pub` for its public half.
    pub(crate) fn key(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// What `ssh-keygen -l` shows of a key.
    pub(crate) fn fingerprint(&self, name: &str) -> String {
        let output = Command::new("ssh-keygen").arg("-lf").arg(self.key(name)).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        text.split_whitespace().nth(1).unwrap().to_owned()
    }

    /// Stops the server and starts another one with another host key.
    pub(crate) fn restart_with_host_key(&mut self, name: &str) {
        self.stop();
        (self.server, self.address) = serve(self.folder.path(), name, SFTP);
    }

    /// Stops the server and starts another one that lets nobody write.
    pub(crate) fn restart_for_reading_only(&mut self) {
        self.stop();
        (self.server, self.address) = serve(self.folder.path(), "host", READ_ONLY_SFTP);
    }

    /// Stops the server; its address answers no more.
    pub(crate) fn stop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

impl Drop for OpenSsh {
    fn drop(&mut self) {
        self.stop();
    }
}

pub(crate) fn user() -> String {
    let output = Command::new("id").arg("-un").output().unwrap();
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

fn running_as_root() -> bool {
    user() == "root"
}

fn keygen(path: &Path, kind: &str, passphrase: &str) {
    let made = Command::new("ssh-keygen").args(["-q", "-t", kind, "-N", passphrase, "-f"]).arg(path).status().unwrap();
    assert!(made.success());
}

/// Serves until it is killed; a port that was taken meanwhile is given up for another.
fn serve(folder: &Path, host_key: &str, sftp: &str) -> (Child, SocketAddr) {
    for _ in 0..20 {
        let address = BlockingListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let config = folder.join("sshd_config");
        fs::write(&config, configuration(folder, host_key, sftp, address)).unwrap();
        fs::set_permissions(&config, fs::Permissions::from_mode(0o600)).unwrap();
        let mut server =
            Command::new(SSHD).args(["-D", "-e", "-f"]).arg(&config).stderr(Stdio::piped()).spawn().unwrap();
        let mut said = BufReader::new(server.stderr.take().unwrap()).lines();
        let listens = said.by_ref().map_while(Result::ok).any(|line| line.contains("Server listening on"));
        if listens {
            // What it says must be read, or it stands still.
            std::thread::spawn(move || said.map_while(Result::ok).for_each(drop));
            return (server, address);
        }
        let _ = server.wait();
    }
    panic!("no port for a server");
}

fn configuration(folder: &Path, host_key: &str, sftp: &str, address: SocketAddr) -> String {
    let folder = folder.display();
    format!(
        "ListenAddress {}\nPort {}\nHostKey {folder}/{host_key}\nHostKey {folder}/host_rsa\nPidFile none\nUsePAM no\n\
         StrictModes no\nPermitRootLogin yes\nPasswordAuthentication no\nKbdInteractiveAuthentication no\n\
         AuthorizedKeysFile {folder}/authorized\nSubsystem sftp {sftp}\nMaxStartups 100\nLogLevel INFO\n",
        address.ip(),
        address.port()
    )
}

/// A wire to a server that can be cut.
pub(crate) struct Wire {
    pub(crate) address: SocketAddr,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    /// Bytes from the server until the next cut, where there is to be one.
    left: Option<usize>,
    /// After a cut as many bytes until the next one, and so on.
    again: Option<usize>,
    /// Cuts so far.
    cuts: usize,
    /// The same of bytes to the server.
    left_outward: Option<usize>,
    /// Bytes from the server so far.
    carried: usize,
    /// With the cut the wire dies.
    for_good: bool,
    /// Every connection is closed as soon as it is made.
    dead: bool,
}

impl Wire {
    /// A wire that is not cut.
    pub(crate) async fn to(server: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (address, state) = (listener.local_addr().unwrap(), Arc::<Mutex<State>>::default());
        let shared = Arc::clone(&state);
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                if !shared.lock().unwrap().dead {
                    tokio::spawn(carry(near, server, Arc::clone(&shared)));
                }
            }
        });
        Self { address, state }
    }

    /// Cuts the connection once, after so many more bytes from the server.
    pub(crate) fn cut_after(&self, bytes: usize) {
        self.state.lock().unwrap().left = Some(bytes);
    }

    /// Cuts the connection whenever so many more bytes came from the server; `None`: no more.
    pub(crate) fn cut_every(&self, bytes: Option<usize>) {
        let mut state = self.state.lock().unwrap();
        (state.left, state.again) = (bytes, bytes);
    }

    /// Cuts so far.
    pub(crate) fn cuts(&self) -> usize {
        self.state.lock().unwrap().cuts
    }

    /// Cuts the connection after so many more bytes from the server, and makes no other.
    pub(crate) fn cut_for_good_after(&self, bytes: usize) {
        let mut state = self.state.lock().unwrap();
        (state.left, state.for_good) = (Some(bytes), true);
    }

    /// Cuts the connection once, after so many more bytes to the server.
    pub(crate) fn cut_after_sending(&self, bytes: usize) {
        self.state.lock().unwrap().left_outward = Some(bytes);
    }

    /// Bytes that came from the server so far.
    pub(crate) fn carried(&self) -> usize {
        self.state.lock().unwrap().carried
    }

    /// Whether the cut that was asked for is made.
    pub(crate) fn was_cut(&self) -> bool {
        let state = self.state.lock().unwrap();
        state.left.is_none() && state.left_outward.is_none()
    }

    /// From now on every connection is closed as soon as it is made, or they live again.
    pub(crate) fn set_dead(&self, dead: bool) {
        self.state.lock().unwrap().dead = dead;
    }
}

impl State {
    /// Whether the wire is cut now that so many bytes came from the server.
    fn is_cut_by(&mut self, bytes: usize) -> bool {
        self.carried += bytes;
        let Some(left) = self.left else { return false };
        self.left = left.checked_sub(bytes);
        let is_cut = self.left.is_none();
        if is_cut {
            (self.left, self.cuts) = (self.again, self.cuts + 1);
        }
        self.dead |= is_cut && self.for_good;
        is_cut
    }

    /// The same of bytes to the server.
    fn is_cut_by_sending(&mut self, bytes: usize) -> bool {
        let Some(left) = self.left_outward else { return false };
        self.left_outward = left.checked_sub(bytes);
        self.left_outward.is_none()
    }
}

async fn carry(near: TcpStream, server: SocketAddr, state: Arc<Mutex<State>>) {
    let Ok(far) = TcpStream::connect(server).await else { return };
    // As without a wire between: small answers leave at once.
    near.set_nodelay(true).and(far.set_nodelay(true)).unwrap();
    let ((from_near, to_near), (from_far, to_far)) = (near.into_split(), far.into_split());
    let inward = pass(from_far, to_near, |bytes| state.lock().unwrap().is_cut_by(bytes));
    let outward = async {
        if !pass(from_near, to_far, |bytes| state.lock().unwrap().is_cut_by_sending(bytes)).await {
            // Who has said everything may still be answered.
            std::future::pending::<()>().await;
        }
    };
    tokio::select! {
        _ = inward => {}
        () = outward => {}
    }
}

/// Passes bytes on until one side ends; whether they were cut off.
async fn pass(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, is_cut_by: impl Fn(usize) -> bool) -> bool {
    let mut buffer = vec![0; 16 << 10];
    while let Ok(count @ 1..) = from.read(&mut buffer).await {
        if is_cut_by(count) {
            return true;
        }
        if to.write_all(&buffer[..count]).await.is_err() {
            break;
        }
    }
    false
}
