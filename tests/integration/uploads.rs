//! Files put into a folder behind a real OpenSSH server: whole under their names, or not there, and the answer says which.

use crate::openssh::{FromFiles, OpenSsh, Wire, is_installed, user};
use johndoe::net::{Door, Error, PutFailed, RemoteFolder, USER_AGENT};
use johndoe::target::{self, Directory, Feed};
use std::fs;
use std::net::SocketAddr;
use std::path::Path;

/// The server's folder as it is reached through an address.
fn folder(server: &OpenSsh, address: SocketAddr, path: &Path) -> RemoteFolder {
    let text = format!(
        "target: test\nexchange:\n  base_url: http://127.0.0.1:1\n  flows: {{enroll: [{{post: /x}}]}}\nwaypoints:\n  \
         - name: edi_834\n    feed: edi_folder\n    path: sftp://{}@{address}{}\n    \
         sftp: {{key: \"${{file:{}}}\", host_key: \"{}\"}}\n",
        user(),
        path.display(),
        server.key("user").display(),
        server.fingerprint("host"),
    );
    let target = target::parse(&text, "target.yaml", &FromFiles).unwrap_or_else(|e| panic!("{e}"));
    let Feed::EdiFolder(settings) = &target.waypoints[0].feed else { panic!("no folder") };
    let Some(Directory::Sftp(at)) = settings.folders.values().next() else { panic!("not remote: {settings:?}") };
    Door::new(&target, USER_AGENT).unwrap().folder(at)
}

fn outbound(server: &OpenSsh) -> RemoteFolder {
    folder(server, server.address, &server.outbound())
}

/// What lies in the served folder.
fn lying(server: &OpenSsh) -> Vec<String> {
    let entries = fs::read_dir(server.outbound()).unwrap();
    let mut names: Vec<String> = entries.map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// More than fits into one request, no two stretches alike.
fn large() -> Vec<u8> {
    (0..100_000_u32).flat_map(u32::to_be_bytes).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_lies_there_whole_and_nothing_else() {
    if !is_installed() {
        return;
    }
    let server = OpenSsh::start();
    let remote = outbound(&server);
    for (name, content) in [("empty.edi", Vec::new()), ("small.edi", b"ISA*".to_vec()), ("large.edi", large())] {
        remote.put(name, &content).await.unwrap();
        assert_eq!(fs::read(server.outbound().join(name)).unwrap(), content, "{name}");
    }
    assert_eq!(lying(&server), ["empty.edi", "large.edi", "small.edi"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_interrupted_attempt_left_is_replaced() {
    if !is_installed() {
        return;
    }
    let server = OpenSsh::start();
    fs::write(server.outbound().join(".a.edi.part"), "longer than what comes now").unwrap();
    outbound(&server).put("a.edi", b"whole").await.unwrap();
    assert_eq!(lying(&server), ["a.edi"]);
    assert_eq!(fs::read(server.outbound().join("a.edi")).unwrap(), b"whole");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_interrupted_attempt_left_is_taken_away_and_nothing_else() {
    if !is_installed() {
        return;
    }
    let server = OpenSsh::start();
    for name in [".a.edi.part", ".b.edi.part", "a.edi"] {
        fs::write(server.outbound().join(name), "half").unwrap();
    }
    for _ in 0..2 {
        outbound(&server).discard("a.edi").await.unwrap();
    }
    assert!(!server.outbound().join(".a.edi.part").exists());
    assert!(server.outbound().join(".b.edi.part").exists() && server.outbound().join("a.edi").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_put_is_told_with_its_reason_and_is_not_there() {
    if !is_installed() {
        return;
    }
    let mut server = OpenSsh::start();
    fs::write(server.outbound().join("taken.edi"), "first come").unwrap();
    let failed = outbound(&server).put("taken.edi", b"second").await.unwrap_err();
    assert!(matches!(failed, PutFailed { error: Error::NameTaken { .. }, may_be_there: false }), "{failed:?}");
    assert!(failed.to_string().contains("/taken.edi`"), "{failed}");
    assert_eq!(fs::read(server.outbound().join("taken.edi")).unwrap(), b"first come");

    let nowhere = folder(&server, server.address, &server.outbound().join("none"));
    let failed = nowhere.put("a.edi", b"x").await.unwrap_err();
    let Error::NoSuchFile { path, .. } = &failed.error else { panic!("{failed:?}") };
    assert!(path.ends_with("/outbound/none") && !failed.may_be_there, "the folder is what is missing: {failed:?}");

    for name in ["", ".", "..", "../a.edi", "sub/a.edi", "a\0.edi"] {
        let failed = outbound(&server).put(name, b"x").await.unwrap_err();
        assert!(matches!(failed, PutFailed { error: Error::NotTaken { .. }, may_be_there: false }), "{failed:?}");
    }

    server.restart_for_reading_only();
    let failed = outbound(&server).put("a.edi", b"x").await.unwrap_err();
    let Error::NotTaken { cause, .. } = &failed.error else { panic!("{failed:?}") };
    assert!(cause.to_lowercase().contains("permission denied") && !failed.may_be_there, "{failed:?}");
    let remote = outbound(&server);
    server.stop();
    let failed = remote.put("a.edi", b"x").await.unwrap_err();
    assert!(matches!(failed, PutFailed { error: Error::NotConnected { .. }, may_be_there: false }), "{failed:?}");
    assert_eq!(lying(&server), ["taken.edi"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_hangs_up_while_a_file_is_written_costs_one_more_connection() {
    if !is_installed() {
        return;
    }
    let server = OpenSsh::start();
    let wire = Wire::to(server.address).await;
    let remote = folder(&server, wire.address, &server.outbound());
    remote.put("before.edi", b"x").await.unwrap();
    wire.cut_after_sending(large().len() / 2);
    remote.put("large.edi", &large()).await.unwrap();
    assert!(wire.was_cut());
    assert_eq!(lying(&server), ["before.edi", "large.edi"]);
    assert_eq!(fs::read(server.outbound().join("large.edi")).unwrap(), large());
}

/// Bytes that come from the server while a small file is put: with a new connection, and over one that stands.
async fn small_put(server: &OpenSsh) -> (usize, usize) {
    let wire = Wire::to(server.address).await;
    let remote = folder(server, wire.address, &server.outbound());
    remote.put("first.edi", b"x").await.unwrap();
    let first = wire.carried();
    remote.put("second.edi", b"x").await.unwrap();
    (first, wire.carried() - first)
}

#[tokio::test(flavor = "multi_thread")]
async fn wherever_the_line_is_cut_once_the_file_is_there_once_it_is_said_to_be() {
    if !is_installed() {
        return;
    }
    let server = OpenSsh::start();
    let (_, whole) = small_put(&server).await;
    for after in (0..whole).step_by(50) {
        let wire = Wire::to(server.address).await;
        let remote = folder(&server, wire.address, &server.outbound());
        remote.list().await.unwrap();
        wire.cut_after(after);
        let (name, ended) = (format!("{after}.edi"), remote.put(&format!("{after}.edi"), b"whole").await);
        assert!(wire.was_cut(), "{after} of {whole} bytes");
        let is_there = fs::read(server.outbound().join(&name)).is_ok_and(|bytes| bytes == b"whole");
        match ended {
            Ok(()) => assert!(is_there, "{after}"),
            // With the line back, every doubt was settled.
            Err(failed) => assert!(!failed.may_be_there && !is_there, "{after}: {failed:?}"),
        }
    }
    let left = lying(&server);
    assert!(left.iter().all(|name| !name.starts_with('.')), "{left:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn where_the_line_dies_only_a_file_that_may_be_there_is_there() {
    if !is_installed() {
        return;
    }
    let server = OpenSsh::start();
    let (_, whole) = small_put(&server).await;
    let mut doubtful = 0;
    for after in (0..whole).step_by(50) {
        let wire = Wire::to(server.address).await;
        let remote = folder(&server, wire.address, &server.outbound());
        remote.list().await.unwrap();
        wire.cut_for_good_after(after);
        let name = format!("{after}.edi");
        if let Err(failed) = remote.put(&name, b"whole").await {
            let is_there = server.outbound().join(&name).exists();
            assert!(failed.may_be_there || !is_there, "{after}: {failed:?}");
            doubtful += usize::from(failed.may_be_there);
        }
    }
    assert!((1..whole / 50).contains(&doubtful), "{doubtful} of {} cuts left a doubt", whole / 50);
}
