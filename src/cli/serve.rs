//! `serve`: the dashboard over a ledger, until a signal ends it; nothing is reached, nothing is changed.

use super::arguments::Arguments;
use super::console::print;
use super::context::World;
use super::drive::next_signal;
use super::exit::Exit;
use super::failure::Failure;
use super::files::references;
use super::flags;
use johndoe::clock::SystemClock;
use johndoe::dashboard::{self, Guard, Records, Token};
use johndoe::target::References as _;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// Where the token stands unless a file is named.
const TOKEN: &str = "JOHNDOE_SERVE_TOKEN";

/// Serves until a signal comes.
pub(crate) async fn serve(asked: &flags::Serve, arguments: &Arguments, world: &World) -> Result<Exit, Failure> {
    let token = token(asked.token_file.as_deref(), world)?;
    let guard = Guard::new(asked.listen, token).ok_or_else(|| {
        Failure::usage(format!(
            "`--listen {}` is reached from other machines, and nobody was named a token: name one with `--token-file FILE` or \
             `{TOKEN}`, or listen at 127.0.0.1",
            asked.listen
        ))
    })?;
    let records = Records::open(arguments.ledger(world), Arc::new(SystemClock))?;
    let listener = TcpListener::bind(asked.listen).await.map_err(|e| cannot_listen(asked.listen, &e))?;
    let at = listener.local_addr().map_err(|e| cannot_listen(asked.listen, &e))?;
    let end = CancellationToken::new();
    let heard = end.clone();
    tokio::spawn(async move {
        next_signal().await;
        heard.cancel();
    });
    print(&format!("http://{at}/  shows what {} knows; Ctrl-C ends it", arguments.ledger(world)))?;
    let served = dashboard::serve(listener, dashboard::router(records, guard), end).await;
    served.map(|()| Exit::Done).map_err(|e| Failure::harness(format!("serving at {at} failed: {e}")))
}

/// The token of a file, or of the environment.
pub(super) fn token(file: Option<&Path>, world: &World) -> Result<Option<Token>, Failure> {
    let from = references(world);
    let (place, text) = match file {
        Some(file) => {
            let path = file.to_string_lossy();
            let text =
                from.file(&path).map_err(|e| Failure::usage(format!("cannot read the token in `{path}`: {e}")))?;
            (format!("the token in `{path}`"), text)
        }
        None => match from.env(TOKEN) {
            Some(text) => (format!("the token in `{TOKEN}`"), text),
            None => return Ok(None),
        },
    };
    Token::new(text.trim()).map(Some).map_err(|weak| Failure::usage(format!("{place} {weak}")))
}

fn cannot_listen(at: SocketAddr, error: &std::io::Error) -> Failure {
    Failure::usage(format!("nobody can listen at {at}: {error}; name another address with `--listen`, or end who does"))
}
