//! A program that is told: the text on its standard input, and what it is about in its environment.

use crate::canary::Payload;
use johndoe_vigil::delivery::Answer;
use std::process::Stdio;
use std::time::Duration;
use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;

/// A program that takes longer has failed, and is ended.
const WITHIN: Duration = Duration::from_secs(30);
/// By this code a program says: not now (`EX_TEMPFAIL` of sysexits).
const NOT_NOW: i32 = 75;

/// Runs it. What it prints is its own, and is not kept.
pub(super) async fn run(words: &[String], payload: &Payload) -> Answer {
    let Some((program, arguments)) = words.split_first() else {
        return Answer::Failed { why: "its command names no program".to_owned() };
    };
    match tokio::time::timeout(WITHIN, told((program, arguments), payload)).await {
        Ok(answer) => answer,
        Err(_) => Answer::Failed { why: format!("its program did not end within {} s", WITHIN.as_secs()) },
    }
}

async fn told((program, arguments): (&str, &[String]), payload: &Payload) -> Answer {
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).kill_on_drop(true);
    command.env("JOHNDOE_KEY", &payload.key).env("JOHNDOE_KIND", &payload.kind).env("JOHNDOE_GROUP", &payload.group);
    command.env("JOHNDOE_TITLE", &payload.title);
    let mut child = match command.spawn() {
        Ok(child) => child,
        Err(error) => return Answer::Failed { why: format!("its program cannot be started: {}", error.kind()) },
    };
    if let Some(mut input) = child.stdin.take() {
        // a program that does not read what it is told may end well all the same
        let _ = input.write_all(payload.text.as_bytes()).await;
        let _ = input.write_all(b"\n").await;
    }
    match child.wait().await.map(|status| status.code()) {
        Ok(Some(0)) => Answer::Taken,
        Ok(Some(NOT_NOW)) => Answer::Later { retry_after: None },
        Ok(Some(code)) => Answer::Failed { why: format!("its program ended with {code}") },
        Ok(None) => Answer::Failed { why: "its program was ended by a signal".to_owned() },
        Err(error) => Answer::Failed { why: format!("its program cannot be waited for: {}", error.kind()) },
    }
}
