//! Saying who one is, in the ways that a server takes (RFC 4252).

use super::host_key::Checker;
use super::line::words;
use crate::net::Error;
use crate::target::SftpFolder;
use russh::client::{AuthResult, Handle, KeyboardInteractiveAuthResponse as Round};
use russh::keys::{HashAlg, PrivateKey, PrivateKeyWithHashAlg, decode_secret_key};
use russh::{MethodKind, MethodSet};
use secrecy::ExposeSecret;
use std::sync::Arc;

/// Questions that a server may ask before it says yes or no.
const MOST_ROUNDS: usize = 8;

/// Logs in with the key, the password, or both where the server asks for both.
pub(super) async fn log_in(connection: &mut Handle<Checker>, to: &SftpFolder) -> Result<(), Error> {
    let broken = |e: russh::Error| Error::NotConnected { host: super::folder::host(to), cause: words(&e) };
    let mut tried = Vec::new();
    let mut answer = connection.authenticate_none(&to.user).await.map_err(broken)?;
    while let AuthResult::Failure { remaining_methods: taken, .. } = answer {
        let Some(way) = next_way(to, &taken, &tried) else { return Err(refused(to, &taken, &tried)) };
        tried.push(way);
        answer = match way {
            MethodKind::PublicKey => {
                let key = private_key(to).await?;
                let hash = hash(connection, &key).await.map_err(broken)?;
                let key = PrivateKeyWithHashAlg::new(key, hash);
                connection.authenticate_publickey(&to.user, key).await.map_err(broken)?
            }
            MethodKind::Password => connection.authenticate_password(&to.user, password(to)).await.map_err(broken)?,
            _ => answer_questions(connection, to).await.map_err(broken)?,
        };
    }
    Ok(())
}

/// The strongest way that the server takes, we can go, and have not gone. A password is given once, however it is asked for:
/// accounts are locked after a few wrong ones.
fn next_way(to: &SftpFolder, taken: &MethodSet, tried: &[MethodKind]) -> Option<MethodKind> {
    let password = |way| to.password.is_some() && !tried.contains(&way);
    let ways = [
        (MethodKind::PublicKey, to.key.is_some()),
        (MethodKind::Password, password(MethodKind::KeyboardInteractive)),
        (MethodKind::KeyboardInteractive, password(MethodKind::Password)),
    ];
    let can = |(way, able): &(MethodKind, bool)| *able && taken.contains(way) && !tried.contains(way);
    ways.into_iter().find(can).map(|(way, _)| way)
}

fn refused(to: &SftpFolder, taken: &MethodSet, tried: &[MethodKind]) -> Error {
    let list = |ways: &[MethodKind]| {
        let names: Vec<&'static str> = ways.iter().map(Into::into).collect();
        if names.is_empty() { "nothing".to_owned() } else { names.join(" and ") }
    };
    Error::LoginRefused { host: super::folder::host(to), user: to.user.clone(), tried: list(tried), taken: list(taken) }
}

fn password(to: &SftpFolder) -> &str {
    to.password.as_ref().map_or("", |password| password.expose_secret())
}

/// Unlocking a key takes a good part of a second on purpose, so that it is done beside the connections.
async fn private_key(to: &SftpFolder) -> Result<Arc<PrivateKey>, Error> {
    let bad = |cause: String| Error::BadPrivateKey { user: to.user.clone(), host: super::folder::host(to), cause };
    let (key, passphrase) = (to.key.clone(), to.passphrase.clone());
    let decode = move || {
        let text = key.as_ref().map_or("", |key| key.expose_secret());
        decode_secret_key(text, passphrase.as_ref().map(ExposeSecret::expose_secret))
    };
    let decoded = tokio::task::spawn_blocking(decode).await.map_err(|e| bad(e.to_string()))?;
    decoded.map(Arc::new).map_err(|e| bad(e.to_string()))
}

/// How an RSA key signs: as the server says it can verify (RFC 8308), else with SHA-256.
async fn hash(connection: &Handle<Checker>, key: &PrivateKey) -> Result<Option<HashAlg>, russh::Error> {
    if !key.algorithm().is_rsa() {
        return Ok(None);
    }
    Ok(connection.best_supported_rsa_hash().await?.unwrap_or(Some(HashAlg::Sha256)))
}

/// Many servers ask for the password as for an answer (RFC 4256).
async fn answer_questions(connection: &mut Handle<Checker>, to: &SftpFolder) -> Result<AuthResult, russh::Error> {
    let mut round = connection.authenticate_keyboard_interactive_start(&to.user, None::<String>).await?;
    for _ in 0..MOST_ROUNDS {
        match round {
            Round::Success => return Ok(AuthResult::Success),
            Round::Failure { remaining_methods, partial_success } => {
                return Ok(AuthResult::Failure { remaining_methods, partial_success });
            }
            Round::InfoRequest { prompts, .. } => {
                let answers = prompts.iter().map(|_| password(to).to_owned()).collect();
                round = connection.authenticate_keyboard_interactive_respond(answers).await?;
            }
        }
    }
    Ok(AuthResult::Failure { remaining_methods: MethodSet::empty(), partial_success: false })
}
