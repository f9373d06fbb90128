//! MIME multipart/form-data (RFC 7578).

use super::Packed;
use super::error::EnvelopeError;
use super::fields::{Field, Fields, Message};
use memchr::memmem;

/// More parts than the rule has fields are not read.
const MOST_PARTS: usize = 64;

/// The fields as parts, one each.
pub(super) fn pack(message: &Message, fields: &[Field<'_>]) -> Packed {
    let boundary = boundary(message, fields);
    let mut bytes = Vec::new();
    for (name, value) in fields {
        bytes.extend_from_slice(
            format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n").as_bytes(),
        );
        bytes.extend_from_slice(value);
        bytes.extend_from_slice(b"\r\n");
    }
    bytes.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    Packed { content_type: format!("multipart/form-data; boundary={boundary}"), bytes }
}

/// A boundary that stands in no field: made of the payload's id, and longer until it fits.
fn boundary(message: &Message, fields: &[Field<'_>]) -> String {
    let own: String = message.payload_id.chars().filter(char::is_ascii_alphanumeric).take(36).collect();
    let mut boundary = format!("core-{own}");
    while boundary.len() < 70 && fields.iter().any(|(_, value)| memmem::find(value, boundary.as_bytes()).is_some()) {
        boundary.push('x');
    }
    boundary
}

/// The parts of a body as fields.
pub(super) fn unpack(content_type: &str, body: &[u8]) -> Result<Fields, EnvelopeError> {
    let wrong = |what| EnvelopeError::Multipart { what };
    let boundary = parameter(content_type, "boundary").filter(|b| !b.is_empty() && b.len() <= 70);
    let delimiter = format!("--{}", boundary.ok_or_else(|| wrong("its content type names no boundary"))?);
    let mut rest = after_delimiter(body, &delimiter).ok_or_else(|| wrong("its boundary does not stand in it"))?;
    let mut fields = Fields::default();
    for _ in 0..MOST_PARTS {
        if rest.starts_with(b"--") {
            return Ok(fields);
        }
        let end = end_of_part(rest, &delimiter).ok_or_else(|| wrong("it ends before its last boundary"))?;
        let (part, tail) = rest.split_at(end);
        if let Some((name, value)) = named(part) {
            fields.add(&name, value.to_vec());
        }
        rest = after_delimiter(tail, &delimiter).unwrap_or_default();
    }
    Err(wrong("it has more parts than the rule has fields"))
}

/// What follows the first delimiter; the line break before it belongs to it.
fn after_delimiter<'b>(body: &'b [u8], delimiter: &str) -> Option<&'b [u8]> {
    let at = memmem::find(body, delimiter.as_bytes())?;
    body.get(at + delimiter.len()..)
}

/// Where a part ends: at a line break with the delimiter after it.
fn end_of_part(rest: &[u8], delimiter: &str) -> Option<usize> {
    memmem::find_iter(rest, delimiter.as_bytes()).find_map(|at| match rest.get(..at)? {
        [.., b'\r', b'\n'] => Some(at - 2),
        [.., b'\n'] => Some(at - 1),
        _ => None,
    })
}

/// A part's name and content; `None` where it has no name.
fn named(part: &[u8]) -> Option<(String, &[u8])> {
    let part = part.strip_prefix(b"\r\n").or_else(|| part.strip_prefix(b"\n")).unwrap_or(part);
    let (head, value) = [&b"\r\n\r\n"[..], b"\n\n"]
        .into_iter()
        .filter_map(|blank| {
            let at = memmem::find(part, blank)?;
            Some((part.get(..at)?, part.get(at + blank.len()..)?))
        })
        .min_by_key(|(head, _)| head.len())?;
    let head = String::from_utf8_lossy(head);
    let of_name = |line: &&str| line.get(..20).is_some_and(|l| l.eq_ignore_ascii_case("content-disposition:"));
    let name = parameter(head.lines().find(of_name)?, "name")?;
    Some((name, value))
}

/// A parameter of a header's value, quoted or not.
fn parameter(header: &str, name: &str) -> Option<String> {
    header.split(';').skip(1).find_map(|part| {
        let (key, value) = part.split_once('=')?;
        let value = value.trim().trim_matches('"');
        key.trim().eq_ignore_ascii_case(name).then(|| value.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::super::{EnvelopeError, unpack_response};

    fn read(content_type: &str, body: &str) -> Result<String, EnvelopeError> {
        unpack_response(content_type, body.as_bytes())
            .map(|response| String::from_utf8(response.message.payload).unwrap())
    }

    #[test]
    fn parts_are_read_with_either_line_break_and_any_header_beside() {
        let body = "preamble\r\n--b 1\r\ncontent-disposition: form-data; filename=\"x\"; name=\"ErrorCode\"\r\n\
                    Content-Type: text/plain\r\n\r\nSuccess\r\n--b 1\r\nContent-Disposition: form-data; name=Payload\r\n\r\n\
                    ISA~\r\n--b 2\r\n~\r\n--b 1--\r\nepilogue";
        assert_eq!(read("multipart/form-data; Boundary=\"b 1\"", body).unwrap(), "ISA~\r\n--b 2\r\n~");
        assert_eq!(
            read("Multipart/Form-Data; boundary=\"b 1\"", &body.replace("\r\n", "\n")).unwrap(),
            "ISA~\n--b 2\n~"
        );
    }

    #[test]
    fn what_cannot_be_taken_apart_is_refused_with_a_reason() {
        let many = "--b\r\n\r\n\r\n".repeat(100) + "--b--";
        for (content_type, body, words) in [
            ("multipart/form-data", "--b\r\n", "names no boundary"),
            ("multipart/form-data; boundary=b", "nothing", "does not stand in it"),
            (
                "multipart/form-data; boundary=b",
                "--b\r\nContent-Disposition: form-data; name=\"Payload\"\r\n\r\nISA",
                "ends before",
            ),
            ("multipart/form-data; boundary=b", &many, "more parts"),
            ("multipart/form-data; boundary=b", "--b--", "lacks the field `ErrorCode`"),
        ] {
            let told = read(content_type, body).unwrap_err().to_string();
            assert!(told.contains(words), "{words}: {told}");
        }
    }
}
