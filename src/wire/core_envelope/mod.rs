//! The envelopes in which real-time eligibility travels over HTTP: CAQH CORE connectivity (rules 153 and 270, version
//! 2.2.0), as SOAP 1.2 with a WS-Security user name, and as MIME multipart/form-data with the same field names.
//!
//! [`pack_request`] and [`pack_response`] write an envelope, [`unpack_request`] and [`unpack_response`] read one: which of
//! the two it is, its content type says. What is read is hostile: sizes are bounded, a document type is refused, no entity
//! but XML's own five is known, and names count without their prefix, since every sender chooses its own.

mod error;
mod fields;
mod mime;
mod soap;
mod xml;

pub use error::EnvelopeError;
pub use fields::{Credentials, Message, Request, Response, SUCCESS};

use fields::Fields;

/// Which of the two envelopes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Packaging {
    /// SOAP 1.2 with the payload as CDATA.
    Soap,
    /// MIME multipart/form-data.
    Mime,
}

/// An envelope ready for an HTTP body.
#[derive(Clone, PartialEq, Eq)]
pub struct Packed {
    /// `Content-Type` of the body.
    pub content_type: String,
    /// The body; a request's holds the password.
    pub bytes: Vec<u8>,
}

impl std::fmt::Debug for Packed {
    /// Never the content: it holds a password.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Packed").field("content_type", &self.content_type).finish_non_exhaustive()
    }
}

/// Envelopes larger than this are not read: a real-time answer is some kilobytes.
const MOST_BYTES: usize = 8 << 20;

/// Writes a real-time request.
pub fn pack_request(packaging: Packaging, request: &Request) -> Packed {
    match packaging {
        Packaging::Soap => soap::request(request),
        Packaging::Mime => mime::pack(&request.message, &fields::of_request(request)),
    }
}

/// Writes a real-time response.
pub fn pack_response(packaging: Packaging, response: &Response) -> Packed {
    match packaging {
        Packaging::Soap => soap::response(response),
        Packaging::Mime => mime::pack(&response.message, &fields::of_response(response)),
    }
}

/// Reads a real-time request, and says in which envelope it came. Fails where it is no such envelope, or lacks a field
/// that it cannot be answered without.
pub fn unpack_request(content_type: &str, body: &[u8]) -> Result<(Packaging, Request), EnvelopeError> {
    let (packaging, mut fields) = unpack(content_type, body, "COREEnvelopeRealTimeRequest")?;
    Ok((packaging, fields.request()?))
}

/// Reads a real-time response in either envelope. Fails where it is none, and with the far side's own words where it is a
/// SOAP fault. An error that the response itself reports is no failure here: see [`Response::error`].
pub fn unpack_response(content_type: &str, body: &[u8]) -> Result<Response, EnvelopeError> {
    unpack(content_type, body, "COREEnvelopeRealTimeResponse")?.1.response()
}

fn unpack(content_type: &str, body: &[u8], element: &'static str) -> Result<(Packaging, Fields), EnvelopeError> {
    if body.len() > MOST_BYTES {
        return Err(EnvelopeError::TooLarge { limit: MOST_BYTES });
    }
    if content_type.trim_start().get(..10).is_some_and(|kind| kind.eq_ignore_ascii_case("multipart/")) {
        return Ok((Packaging::Mime, mime::unpack(content_type, body)?));
    }
    Ok((Packaging::Soap, soap::unpack(body, element)?))
}

#[cfg(test)]
mod tests {
    use super::{Credentials, Message, Packaging, Request, Response};
    use super::{pack_request, pack_response, unpack_request, unpack_response};
    use secrecy::ExposeSecret;

    fn message(payload: &str) -> Message {
        Message {
            payload_type: "X12_270_Request_005010X279A1".to_owned(),
            processing_mode: "RealTime".to_owned(),
            payload_id: "f81d4fae-7dec-11d0-a765-00a0c91e6bf6".to_owned(),
            time_stamp: "2013-11-15T10:20:34Z".to_owned(),
            sender_id: "JOHN & <DOE>".to_owned(),
            receiver_id: "12345".to_owned(),
            rule_version: "2.2.0".to_owned(),
            payload: payload.as_bytes().to_vec(),
        }
    }

    #[test]
    fn what_is_packed_is_unpacked_in_either_envelope() {
        for payload in ["ISA*00*~", "a ]]> b ]]]]>> <&>", "", "--\r\n--x\r\n\r\n"] {
            for packaging in [Packaging::Soap, Packaging::Mime] {
                let credentials = Some(Credentials { user: "ann".to_owned(), password: "p<a&\"s".into() });
                let packed = pack_request(packaging, &Request { message: message(payload), credentials });
                let (came_as, read) = unpack_request(&packed.content_type, &packed.bytes).unwrap();
                assert_eq!((came_as, &read.message), (packaging, &message(payload)), "{packaging:?} {payload:?}");
                assert_eq!(read.credentials.unwrap().password.expose_secret(), "p<a&\"s");
                let sent = Response::failed(message(payload), "UnAuthorized", "who are <you> & why");
                let packed = pack_response(packaging, &sent);
                assert_eq!(unpack_response(&packed.content_type, &packed.bytes).unwrap(), sent);
            }
        }
    }
}
