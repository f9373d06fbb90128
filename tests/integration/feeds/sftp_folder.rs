//! Folders behind a real OpenSSH server: read as a folder of this machine is, whatever happens on the way.

use super::edi_folder::{at, gzip, interchange, policies, roster_of};
use crate::openssh::{FromFiles, OpenSsh, Wire, is_installed, user};
use chrono_tz::America::New_York;
use johndoe::issuer::{Delivery, EdiFolderFeed, Scan};
use johndoe::model::Names;
use johndoe::net::{Door, USER_AGENT};
use johndoe::target::{self, Feed, Target};
use std::collections::BTreeMap;
use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Between two scans, and how many of them are enough for whatever is waited for.
const BETWEEN_SCANS: Duration = Duration::from_millis(20);
const MOST_SCANS: usize = 20_000;

/// A target whose one waypoint is this folder.
fn target(address: SocketAddr, folder: &Path, login: &str) -> Target {
    target_with(&user(), address, &folder.to_string_lossy(), login)
}

/// A target whose one waypoint is this folder, for this user.
pub(super) fn target_with(user: &str, address: SocketAddr, folder: &str, login: &str) -> Target {
    let text = format!(
        "target: test\nexchange:\n  base_url: http://127.0.0.1:1\n  flows: {{enroll: [{{post: /x}}]}}\nwaypoints:\n  \
         - name: edi_834\n    feed: edi_folder\n    path: sftp://{user}@{address}{folder}\n    sftp: {{{login}}}\n"
    );
    target::parse(&text, "target.yaml", &FromFiles).unwrap_or_else(|e| panic!("{e}"))
}

pub(super) fn feed_of(target: &Target, read: Vec<(String, String)>) -> EdiFolderFeed {
    let Feed::EdiFolder(settings) = &target.waypoints[0].feed else { panic!("no folder") };
    let door = Door::new(target, USER_AGENT).unwrap();
    EdiFolderFeed::new(&door, settings, &BTreeMap::new(), New_York, (&Names::new([0; 32]), read))
}

/// A server with the feed that watches it; the clock moves a minute with each scan.
struct Rig {
    server: OpenSsh,
    feed: Arc<Mutex<EdiFolderFeed>>,
    scans: i32,
    probes: u32,
}

impl Rig {
    fn start() -> Self {
        let server = OpenSsh::start();
        let login = login(&server, "user", &server.fingerprint("host"));
        let feed = feed_of(&target(server.address, &server.outbound(), &login), Vec::new());
        Self { server, feed: Arc::new(Mutex::new(feed)), scans: 0, probes: 2 }
    }

    /// The same server, with this login, through this address.
    fn log_in(&mut self, address: SocketAddr, login: &str, read: Vec<(String, String)>) {
        let feed = feed_of(&target(address, &self.server.outbound(), login), read);
        self.feed = Arc::new(Mutex::new(feed));
    }

    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        fs::write(self.server.outbound().join(name), bytes).unwrap();
    }

    fn rename(&self, from: &str, to: &str) {
        fs::rename(self.server.outbound().join(from), self.server.outbound().join(to)).unwrap();
    }

    async fn scan(&mut self) -> Scan {
        self.scans += 1;
        let (feed, moment, roster) = (Arc::clone(&self.feed), at(self.scans), roster_of(self.probes));
        tokio::task::spawn_blocking(move || feed.lock().unwrap().scan(moment, &roster)).await.unwrap()
    }

    /// Scans until one is healthy; what all of them brought. A server is left alone for a while after each trouble, so that
    /// many of them see nothing; their number is the limit, for a machine may be busy.
    async fn scan_until_healthy(&mut self) -> Vec<Scan> {
        let mut scans = Vec::new();
        for _ in 0..MOST_SCANS {
            scans.push(self.scan().await);
            if scans.last().unwrap().healthy {
                return scans;
            }
            tokio::time::sleep(BETWEEN_SCANS).await;
        }
        panic!("never healthy again: {:?}", scans.last());
    }
}

fn login(server: &OpenSsh, key: &str, host_key: &str) -> String {
    format!("key: \"${{file:{}}}\", host_key: \"{host_key}\"", server.key(key).display())
}

/// The one reason for which nothing could be seen.
fn blind(scan: &Scan) -> &str {
    assert!(!scan.healthy && scan.files.is_empty() && scan.waiting.is_empty(), "{scan:?}");
    &scan.blind[0].1
}

#[tokio::test(flavor = "multi_thread")]
async fn a_remote_folder_is_read_as_a_folder_of_this_machine_is() {
    if !is_installed() {
        return;
    }
    let mut rig = Rig::start();
    let (one, two) = (interchange(1, &[("P-1", "DOE"), ("X-9", "REALPERSON")]), interchange(2, &[("P-2", "ROE")]));
    fs::create_dir(rig.server.outbound().join("archive")).unwrap();
    for name in [".a.edi", "b.edi.part", "c.edi.filepart", "d.edi.tmp", "e.edi~"] {
        rig.write(name, &one);
    }
    let scan = rig.scan().await;
    assert!(scan.healthy && scan.files.is_empty() && scan.waiting.is_empty(), "{scan:?}");
    rig.rename("b.edi.part", "b.edi");
    let scan = rig.scan().await;
    assert_eq!((policies(&scan), scan.files[0].strangers), (vec!["P-1"], 1));
    rig.rename("b.edi", "b.edi.done");
    assert_eq!(rig.scan().await.files[0].delivery, Delivery::Renamed);
    rig.write("partial.edi", &two[..two.len() / 2]);
    let scan = rig.scan().await;
    assert_eq!((scan.waiting.len(), scan.files.len(), scan.healthy), (1, 0, true));
    rig.write("partial.edi", &two);
    assert_eq!(policies(&rig.scan().await), ["P-2"]);
    rig.write("again.edi", gzip(&two));
    let again = rig.scan().await;
    assert_eq!((again.files[0].delivery, policies(&again)), (Delivery::Again, vec!["P-2"]));
    let grown = format!("{two}{}", interchange(3, &[("P-1", "DOE")]));
    rig.write("partial.edi", &grown);
    assert_eq!(policies(&rig.scan().await), ["P-1"]);
    let link = std::os::unix::fs::symlink(rig.server.key("host.pub"), rig.server.outbound().join("nowhere.edi"));
    assert!(link.is_ok() && rig.scan().await.waiting.len() == 1, "what a link leads to is read");
    assert!(!format!("{:?}", rig.feed).contains("REALPERSON"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_key_that_is_not_pinned_is_a_refusal_that_shows_both() {
    if !is_installed() {
        return;
    }
    let mut rig = Rig::start();
    let (pinned, changed) = (rig.server.fingerprint("host"), rig.server.fingerprint("other"));
    rig.write("a.edi", interchange(1, &[("P-1", "DOE")]));
    assert_eq!(policies(&rig.scan().await), ["P-1"]);
    rig.server.restart_with_host_key("other");
    let line = fs::read_to_string(rig.server.key("host.pub")).unwrap();
    for host_key in [pinned.as_str(), line.trim()] {
        let login = login(&rig.server, "user", host_key);
        rig.log_in(rig.server.address, &login, Vec::new());
        let scan = rig.scan().await;
        let reason = blind(&scan);
        assert!(reason.contains(&pinned) && reason.contains(&changed), "{reason}");
        assert!(reason.contains("`host_key`") && reason.contains("operator"), "{reason}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn any_of_the_keys_of_a_server_may_be_pinned() {
    if !is_installed() {
        return;
    }
    let mut rig = Rig::start();
    let line = fs::read_to_string(rig.server.key("host_rsa.pub")).unwrap();
    let (rsa, other) = (rig.server.fingerprint("host_rsa"), rig.server.fingerprint("other"));
    for host_keys in [format!("\"{rsa}\""), format!("\"{}\"", line.trim()), format!("[\"{other}\", \"{rsa}\"]")] {
        let login = format!("key: \"${{file:{}}}\", host_key: {host_keys}", rig.server.key("user").display());
        rig.log_in(rig.server.address, &login, Vec::new());
        let scan = rig.scan().await;
        assert!(scan.healthy, "{scan:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_not_let_in_sees_nothing_and_is_told_why_without_a_secret() {
    if !is_installed() {
        return;
    }
    let mut rig = Rig::start();
    let host_key = rig.server.fingerprint("host");
    let stranger = login(&rig.server, "other", &host_key);
    let password = format!("password: \"pass w0rd\", host_key: \"{host_key}\"");
    let wrong_phrase = format!("{}, passphrase: \"open barley\"", login(&rig.server, "locked", &host_key));
    for (login, word) in [(stranger, "publickey"), (password, "publickey"), (wrong_phrase, "passphrase")] {
        rig.log_in(rig.server.address, &login, Vec::new());
        let scan = rig.scan().await;
        let reason = blind(&scan);
        assert!(reason.contains(word), "{reason}");
        assert!(!format!("{reason}{:?}", rig.feed).contains("pass w0rd"));
        assert_eq!(blind(&rig.scan().await), reason, "the server is left alone for a while");
    }
    let right = format!("{}, passphrase: \"open sesame\"", login(&rig.server, "locked", &host_key));
    rig.log_in(rig.server.address, &right, Vec::new());
    assert!(rig.scan().await.healthy);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_that_is_not_allowed_is_not_connected_to() {
    if !is_installed() {
        return;
    }
    let mut rig = Rig::start();
    let mut target = target(
        rig.server.address,
        &rig.server.outbound(),
        &login(&rig.server, "user", &rig.server.fingerprint("host")),
    );
    assert_eq!(target.allow_hosts, ["127.0.0.1"], "the host of the address is allowed unless the file says otherwise");
    target.allow_hosts = vec!["10.0.0.0/8".to_owned()];
    rig.feed = Arc::new(Mutex::new(feed_of(&target, Vec::new())));
    let scan = rig.scan().await;
    assert!(blind(&scan).contains("allow_hosts"), "{scan:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_away_makes_blind_and_one_that_comes_back_is_read_again() {
    if !is_installed() {
        return;
    }
    let mut rig = Rig::start();
    let wire = Wire::to(rig.server.address).await;
    let login = login(&rig.server, "user", &rig.server.fingerprint("host"));
    rig.log_in(wire.address, &login, Vec::new());
    rig.write("a.edi", interchange(1, &[("P-1", "DOE")]));
    wire.set_dead(true);
    let scan = rig.scan().await;
    assert!(blind(&scan).contains("no connection to"), "{scan:?}");
    wire.set_dead(false);
    let scans = rig.scan_until_healthy().await;
    assert_eq!(policies(scans.last().unwrap()), ["P-1"]);
    let missing = target(wire.address, &rig.server.outbound().join("none"), &login);
    rig.feed = Arc::new(Mutex::new(feed_of(&missing, Vec::new())));
    assert!(blind(&rig.scan().await).contains("there is no"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_hangs_up_in_the_middle_of_a_file_costs_nothing_but_time() {
    if !is_installed() {
        return;
    }
    let mut rig = Rig::start();
    let wire = Wire::to(rig.server.address).await;
    let login = login(&rig.server, "user", &rig.server.fingerprint("host"));
    rig.log_in(wire.address, &login, Vec::new());
    assert!(rig.scan().await.healthy);
    let names: Vec<String> = (0..4_000).map(|n| format!("X-{n}")).collect();
    let mut people: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "STRANGER")).collect();
    people.push(("P-1", "DOE"));
    let large = interchange(1, &people);
    rig.write("large.edi", &large);
    wire.cut_after(large.len() / 2);
    let scan = rig.scan().await;
    assert!(scan.blind[0].1.contains("closed the connection"), "{:?}", scan.blind);
    assert!(scan.files.is_empty() && wire.was_cut());
    let scans = rig.scan_until_healthy().await;
    let read: Vec<&str> = scans.iter().flat_map(policies).collect();
    assert_eq!(read, ["P-1"]);
    assert!(rig.scan().await.files.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_files_are_read_once_through_three_disconnects_and_a_restart() {
    const FILES: u32 = 1_000;
    if !is_installed() {
        return;
    }
    let mut rig = Rig::start();
    rig.probes = FILES;
    for n in 1..=FILES {
        let text = interchange(n, &[(format!("P-{n}").as_str(), "DOE")]);
        if n % 10 == 0 {
            rig.write(&format!("{n}.edi.gz"), gzip(&text));
        } else {
            rig.write(&format!("{n}.edi"), text);
        }
    }
    let wire = Wire::to(rig.server.address).await;
    let login = login(&rig.server, "user", &rig.server.fingerprint("host"));
    rig.log_in(wire.address, &login, Vec::new());
    let mut scans = Vec::new();
    // Some cuts are not even noticed: they fall between two files, and the next request goes over a new connection.
    wire.cut_every(Some(300_000));
    for cut in 1..=3 {
        while wire.cuts() < cut {
            scans.push(rig.scan().await);
            assert!(scans.last().unwrap().files.len() < 1_000);
            assert!(scans.len() < MOST_SCANS, "never cut: {:?}", scans.last());
            tokio::time::sleep(BETWEEN_SCANS).await;
        }
        if cut == 2 {
            // Another process, which knows what the ledger has.
            let known = scans.iter().flat_map(|scan| &scan.files).map(|f| (f.name.to_string(), f.digest.clone()));
            rig.log_in(wire.address, &login, known.collect());
        }
    }
    wire.cut_every(None);
    scans.extend(rig.scan_until_healthy().await);
    let records = scans.iter().flat_map(|scan| &scan.files).flat_map(|file| &file.records);
    let mut read: Vec<u32> = records.map(|(recognition, _)| recognition.probe.0).collect();
    read.sort_unstable();
    assert_eq!(read, (1..=FILES).collect::<Vec<_>>());
    assert!(rig.scan().await.files.is_empty());
}
