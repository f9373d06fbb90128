//! Handing over through the sandbox's own SFTP server, and what else can be had there.

use super::file::{ENVELOPE, Set, text};
use super::sent;
use crate::sandbox::pipeline::{MEDICAL, Pipeline, family};
use johndoe::net::{Door, Error, PutFailed, RemoteFolder, USER_AGENT, What};
use johndoe::target::{self, Directory, Feed, References};

struct Nothing;

impl References for Nothing {
    fn env(&self, _: &str) -> Option<String> {
        None
    }

    fn file(&self, path: &str) -> Result<String, String> {
        Err(format!("no file {path}"))
    }
}

async fn pipeline() -> Pipeline {
    Pipeline::with_config("", |config| config.sftp = Some("127.0.0.1:0".parse().unwrap())).await
}

/// A folder of the sandbox, as a target reaches it.
fn folder(pipeline: &Pipeline, path: &str) -> RemoteFolder {
    let sftp = pipeline.running.sftp.as_ref().unwrap();
    let text = format!(
        "target: test\nexchange:\n  base_url: http://127.0.0.1:1\n  flows: {{enroll: [{{post: /x}}]}}\nwaypoints:\n  \
         - name: edi_834\n    feed: edi_folder\n    path: sftp://{}@{}{path}\n    sftp: {{password: {}, host_key: \"{}\"}}\n",
        sftp.user, sftp.address, sftp.password, sftp.fingerprint,
    );
    let target = target::parse(&text, "target.yaml", &Nothing).unwrap_or_else(|e| panic!("{e}"));
    let Feed::EdiFolder(settings) = &target.waypoints[0].feed else { panic!("no folder") };
    let Some(Directory::Sftp(at)) = settings.folders.values().next() else { panic!("not remote: {settings:?}") };
    Door::new(&target, USER_AGENT).unwrap().folder(at)
}

async fn names(folder: &RemoteFolder) -> Vec<String> {
    let mut names: Vec<_> = folder.list().await.unwrap().into_iter().map(|entry| entry.name).collect();
    names.sort();
    names
}

async fn content(folder: &RemoteFolder, name: &str) -> String {
    let (mut file, mut bytes) = (folder.open(name).await.unwrap(), Vec::new());
    loop {
        let more = file.read().await.unwrap();
        if more.is_empty() {
            return String::from_utf8(bytes).unwrap();
        }
        bytes.extend(more);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_put_is_taken_in_and_its_answer_can_be_fetched() {
    let pipeline = pipeline().await;
    let sftp = pipeline.running.sftp.as_ref().unwrap();
    let (intake, answers) = (folder(&pipeline, sftp.intake), folder(&pipeline, sftp.acks_to_senders));
    // More than one request holds.
    let sets: Vec<Set> =
        (0..150).map(|n| Set::enrollment(&format!("P-{n}")).of(&format!("7{n}"), &format!("S{n}"))).collect();
    let whole = text(ENVELOPE, &sets);
    assert!(whole.len() > 100_000, "{}", whole.len());
    intake.put("a.edi", whole.as_bytes()).await.unwrap();
    assert!(matches!(intake.stat("a.edi").await.unwrap(), What::File { size, .. } if size == whole.len() as u64));
    let again = intake.put("a.edi", b"ISA").await.unwrap_err();
    assert!(matches!(again, PutFailed { error: Error::NameTaken { .. }, may_be_there: false }), "{again:?}");
    pipeline.deliver(1).await;
    assert_eq!(sent(&pipeline).len(), 150);
    assert_eq!(names(&intake).await, ["taken"]);
    assert_eq!(names(&answers).await, ["a.edi.ack"]);
    let answer = content(&answers, "a.edi.ack").await;
    assert!(answer.contains("AK9*A*150*150*150"), "{answer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_folder_can_be_read_and_what_the_exchange_writes_cannot_be_written_to() {
    let pipeline = pipeline().await;
    let told = pipeline.enroll(&family("all-1"), &[MEDICAL]).await;
    pipeline.deliver(1).await;
    pipeline.pay(&told).await;
    pipeline.deliver(2).await;
    for (path, held) in [
        ("/outbound", 1),
        ("/acks/from_issuers", 1),
        ("/acks/from_exchange", 1),
        ("/acks/to_senders", 0),
        ("/acks", 3),
        ("/", 4),
    ] {
        let there = folder(&pipeline, path);
        assert_eq!(there.list().await.unwrap().len(), held, "{path}");
        let failed = there.put("a.edi", b"ISA").await.unwrap_err();
        assert!(!failed.may_be_there, "{path}: {failed:?}");
        assert_eq!(there.list().await.unwrap().len(), held, "{path}");
    }
    let (inbound, answers) = (folder(&pipeline, "/inbound"), folder(&pipeline, "/acks/from_exchange"));
    let own = names(&inbound).await;
    let text = content(&inbound, &own[0]).await;
    inbound.put("again.edi", text.as_bytes()).await.unwrap();
    pipeline.deliver(1).await;
    assert!(content(&answers, "again.edi.ack").await.contains("*R*025~"), "an issuer's file is received");
    for path in ["/intake/taken", "/etc"] {
        let failed = folder(&pipeline, path).list().await.unwrap_err();
        assert!(matches!(failed, Error::NoSuchFile { .. } | Error::NotGiven { .. }), "{path}: {failed:?}");
    }
}
