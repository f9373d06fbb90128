//! The fields of an envelope, the same in both kinds.

use super::error::EnvelopeError;
use crate::model::Evidence;
use secrecy::{ExposeSecret, SecretString};
use std::borrow::Cow;

/// The error code of a response that brings an answer.
pub const SUCCESS: &str = "Success";

/// What a request and a response have in common (CAQH CORE connectivity rule, 4.4.2: fields of the envelope).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Message {
    /// Such as `X12_270_Request_005010X279A1`.
    pub payload_type: String,
    /// `RealTime` or `Batch`.
    pub processing_mode: String,
    /// A UUID; the response repeats the request's or has its own.
    pub payload_id: String,
    /// UTC, as `2013-11-15T10:20:34Z`.
    pub time_stamp: String,
    /// Who sends, as the receiver knows them.
    pub sender_id: String,
    /// For whom.
    pub receiver_id: String,
    /// `2.2.0`.
    pub rule_version: String,
    /// The X12 interchange.
    pub payload: Vec<u8>,
}

/// Who asks: WS-Security's user name token, or the fields `UserName` and `Password`.
#[derive(Debug, Clone)]
pub struct Credentials {
    /// User name.
    pub user: String,
    /// Password, sent as text: the transport is what keeps it.
    pub password: SecretString,
}

/// A real-time request.
#[derive(Debug, Clone)]
pub struct Request {
    /// The fields.
    pub message: Message,
    /// Credentials; none where the transport identifies the sender.
    pub credentials: Option<Credentials>,
}

/// A real-time response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// The fields.
    pub message: Message,
    /// `Success`, or why there is no answer: `UnAuthorized`, `PayloadTypeIllegal` and the like.
    pub error_code: String,
    /// More words.
    pub error_message: String,
}

impl Response {
    /// A response that brings an answer.
    pub fn sound(message: Message) -> Self {
        Self { message, error_code: SUCCESS.to_owned(), error_message: String::new() }
    }

    /// A response that says why there is none.
    pub fn failed(message: Message, code: &str, words: &str) -> Self {
        Self { message, error_code: code.to_owned(), error_message: words.to_owned() }
    }

    /// The error that it reports, as `code: message`, both as evidence; `None` for `Success`. A response without a code that brings a
    /// payload reports none either.
    pub fn error(&self) -> Option<String> {
        let code = self.error_code.trim();
        if code.eq_ignore_ascii_case(SUCCESS) || (code.is_empty() && !self.message.payload.is_empty()) {
            return None;
        }
        let words = Evidence::of(&self.error_message);
        let code = Evidence::of(code);
        let code = if code.is_empty() { "no error code and no payload" } else { code.as_str() };
        Some(if words.is_empty() { code.to_owned() } else { format!("{code}: {words}") })
    }
}

/// A field as it is written.
pub(super) type Field<'a> = (&'static str, Cow<'a, [u8]>);

/// The fields of a request in the rule's order; the credentials stand among them in MIME only.
pub(super) fn of_request(request: &Request) -> Vec<Field<'_>> {
    let mut fields = of_message(&request.message);
    if let Some(credentials) = &request.credentials {
        let own = [
            ("UserName", Cow::Borrowed(credentials.user.as_bytes())),
            ("Password", Cow::Borrowed(credentials.password.expose_secret().as_bytes())),
        ];
        fields.splice(4..4, own);
    }
    fields
}

/// The fields of a response in the rule's order.
pub(super) fn of_response(response: &Response) -> Vec<Field<'_>> {
    let mut fields = of_message(&response.message);
    fields.push(("ErrorCode", Cow::Borrowed(response.error_code.as_bytes())));
    fields.push(("ErrorMessage", Cow::Borrowed(response.error_message.as_bytes())));
    fields
}

/// The fields that both have, in the rule's order; the payload last.
pub(super) fn of_message(message: &Message) -> Vec<Field<'_>> {
    let text = |text: &'_ String| -> Cow<'_, [u8]> { Cow::Owned(text.as_bytes().to_vec()) };
    vec![
        ("PayloadType", text(&message.payload_type)),
        ("ProcessingMode", text(&message.processing_mode)),
        ("PayloadID", text(&message.payload_id)),
        ("TimeStamp", text(&message.time_stamp)),
        ("SenderID", text(&message.sender_id)),
        ("ReceiverID", text(&message.receiver_id)),
        ("CORERuleVersion", text(&message.rule_version)),
        ("Payload", Cow::Borrowed(&message.payload)),
    ]
}

/// Fields as they were read, by name.
#[derive(Default)]
pub(super) struct Fields(Vec<(String, Vec<u8>)>);

impl Fields {
    /// More fields than the rule has are not kept.
    const MOST: usize = 64;

    pub(super) fn add(&mut self, name: &str, value: Vec<u8>) {
        if self.0.len() < Self::MOST {
            self.0.push((name.to_owned(), value));
        }
    }

    pub(super) fn request(&mut self) -> Result<Request, EnvelopeError> {
        let credentials = self.bytes("UserName").map(|user| Credentials {
            user: text(&user),
            password: SecretString::from(text(&self.bytes("Password").unwrap_or_default())),
        });
        let message = self.message();
        let needed = [
            ("PayloadType", &message.payload_type),
            ("ProcessingMode", &message.processing_mode),
            ("CORERuleVersion", &message.rule_version),
        ];
        if let Some((field, _)) = needed.into_iter().find(|(_, value)| value.is_empty()) {
            return Err(EnvelopeError::Lacks { field });
        }
        Ok(Request { message, credentials })
    }

    pub(super) fn response(&mut self) -> Result<Response, EnvelopeError> {
        let [error_code, error_message] =
            ["ErrorCode", "ErrorMessage"].map(|name| text(&self.bytes(name).unwrap_or_default()));
        let message = self.message();
        if error_code.is_empty() && message.payload.is_empty() {
            return Err(EnvelopeError::Lacks { field: "ErrorCode" });
        }
        Ok(Response { message, error_code, error_message })
    }

    fn message(&mut self) -> Message {
        let mut of = |name: &str| text(&self.bytes(name).unwrap_or_default());
        Message {
            payload_type: of("PayloadType"),
            processing_mode: of("ProcessingMode"),
            payload_id: of("PayloadID"),
            time_stamp: of("TimeStamp"),
            sender_id: of("SenderID"),
            receiver_id: of("ReceiverID"),
            rule_version: of("CORERuleVersion"),
            payload: self.bytes("Payload").unwrap_or_default(),
        }
    }

    /// Takes the first field of this name, whatever its letter case.
    fn bytes(&mut self, name: &str) -> Option<Vec<u8>> {
        let (_, value) = self.0.iter_mut().find(|(known, _)| known.eq_ignore_ascii_case(name))?;
        Some(std::mem::take(value))
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).trim().to_owned()
}
