//! Messages as e-mails: a server that is busy before it takes one, and nothing of it in any error.

use super::bench::{Bench, file};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// A mail server that says "later" to the first letter, and keeps the others.
async fn mail_server() -> (SocketAddr, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (at, letters) = (listener.local_addr().unwrap(), Arc::<Mutex<Vec<String>>>::default());
    let kept = Arc::clone(&letters);
    tokio::spawn(async move {
        let mut is_first = true;
        while let Ok((stream, _)) = listener.accept().await {
            let letter = dealings(stream, is_first).await.unwrap_or_default();
            kept.lock().unwrap().extend(letter);
            is_first = false;
        }
    });
    (at, letters)
}

async fn dealings(stream: TcpStream, is_busy: bool) -> std::io::Result<Option<String>> {
    let mut stream = BufReader::new(stream);
    stream.get_mut().write_all(b"220 mail\r\n").await?;
    let (mut letter, mut is_data) = (None, false);
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await? == 0 {
            return Ok(letter);
        }
        if is_data {
            if line == ".\r\n" {
                is_data = false;
                stream.get_mut().write_all(b"250 taken\r\n").await?;
            } else if let Some(letter) = &mut letter {
                *letter += &line;
            }
            continue;
        }
        let answer: &[u8] = match line.split_whitespace().next().unwrap_or_default() {
            "RCPT" if is_busy => b"450 later, says planted-server\r\n",
            "DATA" => {
                (is_data, letter) = (true, Some(String::new()));
                b"354 go on\r\n"
            }
            "QUIT" => {
                stream.get_mut().write_all(b"221 bye\r\n").await?;
                return Ok(letter);
            }
            _ => b"250 mail\r\n",
        };
        stream.get_mut().write_all(answer).await?;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_is_sent_again_to_a_server_that_was_busy_and_has_an_id_of_its_own() {
    let bench = Bench::quiet("lose=1.0").await;
    let (at, letters) = mail_server().await;
    let channels = format!(
        "channels:\n  - name: mail\n    email: {{server: 127.0.0.1, port: {}, tls: none, from: canary@pl4nted.example, \
         to: [operations@pl4nted.example, second@pl4nted.example]}}\n",
        at.port()
    );
    let mut watcher = bench.started(&file(&channels, "")).unwrap();
    bench.settle(&mut watcher).await;
    bench.clock.advance(Duration::from_mins(15));
    for _ in 0..4 {
        bench.settle_runs(&mut watcher).await;
        bench.hear_channels(&mut watcher).await;
        bench.clock.advance(Duration::from_secs(45));
    }
    assert!(watcher.has_told(), "{:?}", bench.said.lock().unwrap());
    let letters = letters.lock().unwrap().clone();
    assert_eq!(letters.len(), 1, "{letters:?}");
    for part in [
        "Subject: trial: failing",
        "To: operations@pl4nted.example, second@pl4nted.example",
        "look closer: johndoe canary",
    ] {
        assert!(letters[0].contains(part), "`{part}` is not in:\n{}", letters[0]);
    }
    let id = letters[0].lines().find_map(|line| line.strip_prefix("Message-ID: <")).unwrap();
    assert!(id.trim_end().ends_with("@johndoe.invalid>") && id.len() > 64, "{id}");
    let ledger = std::fs::read(bench.path().join("ledger.db")).unwrap();
    let wal = std::fs::read(bench.path().join("ledger.db-wal")).unwrap_or_default();
    for planted in ["pl4nted", "planted-server"] {
        let is_there = |bytes: &[u8]| bytes.windows(planted.len()).any(|window| window == planted.as_bytes());
        assert!(!is_there(&ledger) && !is_there(&wal), "`{planted}` is in the ledger");
    }
}
