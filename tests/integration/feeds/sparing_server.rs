//! Folders behind a server that does as little as the protocol lets it: short answers, and nothing said of files.

use super::edi_folder::{at, interchange, policies, roster_of};
use super::sftp_folder::{feed_of, target_with};
use chrono::Utc;
use johndoe::issuer::{EdiFolderFeed, Scan};
use russh::keys::{Algorithm, HashAlg, PrivateKey, key::safe_rng};
use russh::server::{Auth, ChannelOpenHandle, Config, Handler, Msg, Session, run_stream};
use russh::{Channel, ChannelId};
use russh_sftp::protocol::{Attrs, Data, File, FileAttributes, Handle, Name, OpenFlags, Status, StatusCode};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

/// What the server does, and what lies in its one folder.
struct Manner {
    files: Mutex<BTreeMap<String, String>>,
    /// Bytes in one answer, at most.
    most: usize,
    says_sizes: bool,
    /// A listing takes one of these before it looks.
    listings: Semaphore,
}

impl Manner {
    fn new(most: usize, says_sizes: bool) -> Self {
        Self { files: Mutex::default(), most, says_sizes, listings: Semaphore::new(Semaphore::MAX_PERMITS) }
    }

    fn put(&self, name: &str, text: &str) {
        self.files.lock().unwrap().insert(name.to_owned(), text.to_owned());
    }

    fn attributes(&self, name: &str) -> Result<FileAttributes, StatusCode> {
        let name = name.rsplit('/').next().unwrap_or_default();
        let size = self.files.lock().unwrap().get(name).ok_or(StatusCode::NoSuchFile)?.len() as u64;
        Ok(FileAttributes { size: self.says_sizes.then_some(size), ..FileAttributes::empty() })
    }
}

/// Starts a server; its address and its host key.
async fn serve(manner: &Arc<Manner>) -> (SocketAddr, String) {
    let key = PrivateKey::random(&mut safe_rng(), Algorithm::Ed25519).unwrap();
    let fingerprint = key.public_key().fingerprint(HashAlg::Sha256).to_string();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (address, manner) = (listener.local_addr().unwrap(), Arc::clone(manner));
    let config = Arc::new(Config { keys: vec![key], ..Config::default() });
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (config, visitor) =
                (Arc::clone(&config), Visitor { manner: Arc::clone(&manner), channels: Vec::new() });
            tokio::spawn(async move {
                if let Ok(visit) = run_stream(config, stream, visitor).await {
                    drop(visit.await);
                }
            });
        }
    });
    (address, fingerprint)
}

struct Visitor {
    manner: Arc<Manner>,
    channels: Vec<Channel<Msg>>,
}

impl Handler for Visitor {
    type Error = russh::Error;

    async fn auth_password(&mut self, _: &str, _: &str) -> Result<Auth, russh::Error> {
        Ok(Auth::Accept)
    }

    async fn channel_open_session(
        &mut self,
        channel: Channel<Msg>,
        reply: ChannelOpenHandle,
        _: &mut Session,
    ) -> Result<(), russh::Error> {
        self.channels.push(channel);
        reply.accept().await;
        Ok(())
    }

    async fn subsystem_request(&mut self, id: ChannelId, _: &str, session: &mut Session) -> Result<(), russh::Error> {
        session.channel_success(id)?;
        if let Some(channel) = self.channels.pop() {
            russh_sftp::server::run(
                channel.into_stream(),
                Files { manner: Arc::clone(&self.manner), left: Vec::new() },
            )
            .await;
        }
        Ok(())
    }
}

struct Files {
    manner: Arc<Manner>,
    /// Names that were not given yet.
    left: Vec<String>,
}

fn done(id: u32) -> Status {
    Status { id, status_code: StatusCode::Ok, error_message: String::new(), language_tag: String::new() }
}

impl russh_sftp::server::Handler for Files {
    type Error = StatusCode;

    fn unimplemented(&self) -> StatusCode {
        StatusCode::OpUnsupported
    }

    async fn opendir(&mut self, id: u32, _: String) -> Result<Handle, StatusCode> {
        self.manner.listings.acquire().await.map_err(|_| StatusCode::Failure)?.forget();
        self.left = self.manner.files.lock().unwrap().keys().cloned().collect();
        Ok(Handle { id, handle: "folder".to_owned() })
    }

    async fn readdir(&mut self, id: u32, _: String) -> Result<Name, StatusCode> {
        let name = self.left.pop().ok_or(StatusCode::Eof)?;
        let attrs = self.manner.attributes(&name)?;
        Ok(Name { id, files: vec![File::new(name, attrs)] })
    }

    async fn stat(&mut self, id: u32, path: String) -> Result<Attrs, StatusCode> {
        Ok(Attrs { id, attrs: self.manner.attributes(&path)? })
    }

    async fn open(&mut self, id: u32, path: String, _: OpenFlags, _: FileAttributes) -> Result<Handle, StatusCode> {
        Ok(Handle { id, handle: path.rsplit('/').next().unwrap_or_default().to_owned() })
    }

    async fn read(&mut self, id: u32, name: String, offset: u64, length: u32) -> Result<Data, StatusCode> {
        let files = self.manner.files.lock().unwrap();
        let text = files.get(&name).ok_or(StatusCode::NoSuchFile)?.as_bytes();
        let from = usize::try_from(offset).unwrap_or(usize::MAX).min(text.len());
        let length = self.manner.most.min(length as usize).min(text.len() - from);
        let data = text[from..from + length].to_vec();
        if data.is_empty() { Err(StatusCode::Eof) } else { Ok(Data { id, data }) }
    }

    async fn close(&mut self, id: u32, _: String) -> Result<Status, StatusCode> {
        Ok(done(id))
    }
}

async fn feed(manner: &Arc<Manner>) -> EdiFolderFeed {
    let (address, fingerprint) = serve(manner).await;
    let login = format!("password: any, host_key: \"{fingerprint}\"");
    feed_of(&target_with("jd", address, "/outbound", &login), Vec::new())
}

async fn scan(mut feed: EdiFolderFeed) -> Scan {
    tokio::task::spawn_blocking(move || feed.scan(at(1), &roster_of(2))).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_read_to_its_end_however_little_comes_at_once() {
    let file = interchange(1, &[("P-1", "DOE"), ("P-2", "ROE")]);
    for most in [1, 700, file.len() - 1, file.len()] {
        let manner = Arc::new(Manner::new(most, true));
        manner.put("a.edi", &file);
        let scan = scan(feed(&manner).await).await;
        assert!(scan.healthy && scan.waiting.is_empty(), "{most} bytes at once: {scan:?}");
        assert_eq!(policies(&scan), ["P-1", "P-2"], "{most} bytes at once");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_which_nothing_is_said_is_no_file_that_is_not_there() {
    let manner = Arc::new(Manner::new(1000, false));
    let empty = scan(feed(&manner).await).await;
    assert!(empty.healthy, "{empty:?}");
    manner.put("a.edi", &interchange(1, &[("P-1", "DOE")]));
    let scan = scan(feed(&manner).await).await;
    assert!(!scan.healthy && scan.files.is_empty(), "{scan:?}");
    let reason = &scan.blind[0].1;
    assert!(reason.contains("/outbound/a.edi") && reason.contains("does not say how large it is"), "{reason}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_comes_while_a_slow_server_lists_was_not_there_when_the_listing_began() {
    let manner = Arc::new(Manner { listings: Semaphore::new(0), ..Manner::new(1000, true) });
    let mut feed = feed(&manner).await;
    let (begun, has_begun) = std::sync::mpsc::channel();
    let look = tokio::task::spawn_blocking(move || {
        let listing = feed.look(|| {
            let now = Utc::now();
            let _ = begun.send(());
            now
        });
        feed.read(listing, &roster_of(2))
    });
    let has_begun = tokio::task::spawn_blocking(move || has_begun.recv()).await.unwrap();
    has_begun.unwrap();
    let put_at = Utc::now();
    manner.put("a.edi", &interchange(1, &[("P-1", "DOE")]));
    manner.listings.add_permits(1);
    let scan = look.await.unwrap();
    assert_eq!(policies(&scan), ["P-1"]);
    assert!(scan.began_at <= put_at && put_at <= scan.listed_at, "{put_at}: {scan:?}");
}
