//! From the bytes of an answer to its text: content codings and character encodings undone (RFC 9110 sections 8.3 and 8.4).

use crate::target::Evidence;
use bytes::Bytes;
use flate2::read::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};
use reqwest::header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderMap};
use std::io::Read;

/// The codings that are undone, as every request says.
pub(super) const ACCEPTED: &str = "gzip, deflate";

/// Why an answer's text is not known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Undecoded {
    /// It comes in a coding or encoding of this name, which is not undone.
    Unknown(String),
    /// It is not what its headers say.
    Spoiled(&'static str),
    /// It is larger than any that is expected.
    TooLarge,
}

/// The body as UTF-8 where its headers (or a mark at its beginning) say what else it is; at most `limit` bytes of it.
pub(super) fn decoded(headers: &HeaderMap, body: Bytes, limit: usize) -> Result<Bytes, Undecoded> {
    let text =
        |name| headers.get_all(name).iter().filter_map(|value| value.to_str().ok()).collect::<Vec<_>>().join(",");
    let mut body = body;
    if !body.is_empty() {
        for coding in text(CONTENT_ENCODING).to_ascii_lowercase().rsplit(',').map(str::trim) {
            body = uncoded(coding, body, limit)?;
        }
    }
    in_utf8(charset(&text(CONTENT_TYPE)).as_deref(), body)
}

fn uncoded(coding: &str, body: Bytes, limit: usize) -> Result<Bytes, Undecoded> {
    match coding {
        "" | "identity" => Ok(body),
        "gzip" | "x-gzip" => unpacked(MultiGzDecoder::new(&*body), limit).map_err(|e| e.unwrap_or(spoiled("gzip"))),
        // by the standard with a header of zlib, by some servers without
        "deflate" => unpacked(ZlibDecoder::new(&*body), limit)
            .or_else(|error| error.map_or_else(|| unpacked(DeflateDecoder::new(&*body), limit), |e| Err(Some(e))))
            .map_err(|e| e.unwrap_or(spoiled("deflate"))),
        other => Err(Undecoded::Unknown(name_of(other))),
    }
}

fn spoiled(coding: &'static str) -> Undecoded {
    Undecoded::Spoiled(coding)
}

/// `Err(None)`: it is not what it should be.
fn unpacked(reader: impl Read, limit: usize) -> Result<Bytes, Option<Undecoded>> {
    let mut text = Vec::new();
    let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    reader.take(most).read_to_end(&mut text).map_err(|_| None)?;
    if text.len() > limit { Err(Some(Undecoded::TooLarge)) } else { Ok(text.into()) }
}

/// The `charset` of a content type, lower case.
fn charset(content_type: &str) -> Option<String> {
    let mut parameters = content_type.split(';').skip(1).filter_map(|parameter| parameter.split_once('='));
    let (_, charset) = parameters.find(|(name, _)| name.trim().eq_ignore_ascii_case("charset"))?;
    Some(charset.trim().trim_matches(['"', '\'']).to_ascii_lowercase())
}

fn in_utf8(charset: Option<&str>, body: Bytes) -> Result<Bytes, Undecoded> {
    if let Some(rest) = body.strip_prefix(b"\xEF\xBB\xBF") {
        return Ok(body.slice_ref(rest));
    }
    for (mark, read) in [(b"\xFE\xFF", u16::from_be_bytes as fn([u8; 2]) -> u16), (b"\xFF\xFE", u16::from_le_bytes)] {
        if let Some(rest) = body.strip_prefix(mark) {
            return Ok(of_utf16(rest, read));
        }
    }
    match charset {
        None | Some("utf-8" | "utf8" | "us-ascii" | "ascii") => Ok(body),
        Some("utf-16" | "utf-16le") => Ok(of_utf16(&body, u16::from_le_bytes)),
        Some("utf-16be") => Ok(of_utf16(&body, u16::from_be_bytes)),
        _ if body.is_ascii() => Ok(body),
        Some("iso-8859-1" | "iso8859-1" | "latin1" | "latin-1" | "l1" | "windows-1252" | "cp1252") => {
            Ok(body.iter().map(|byte| of_latin1(*byte)).collect::<String>().into())
        }
        Some(other) => Err(Undecoded::Unknown(name_of(other))),
    }
}

fn of_utf16(bytes: &[u8], read: fn([u8; 2]) -> u16) -> Bytes {
    let units: Vec<u16> = bytes.as_chunks::<2>().0.iter().map(|pair| read(*pair)).collect();
    String::from_utf16_lossy(&units).into()
}

/// What the web means by Latin-1: windows-1252, which has characters where Latin-1 has controls
/// (<https://encoding.spec.whatwg.org/#names-and-labels>).
fn of_latin1(byte: u8) -> char {
    const FROM_80: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘',
        '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
    ];
    let special = usize::from(byte).checked_sub(0x80).and_then(|at| FROM_80.get(at));
    special.copied().unwrap_or(char::from(byte))
}

/// Content codings that are registered (<https://www.iana.org/assignments/http-parameters>), and the usual character encodings
/// (<https://encoding.spec.whatwg.org/#names-and-labels>).
const REGISTERED: &[&str] = &[
    "aes128gcm",
    "br",
    "compress",
    "dcb",
    "dcz",
    "exi",
    "pack200-gzip",
    "x-compress",
    "zstd",
    "big5",
    "cp437",
    "cp850",
    "cp1047",
    "euc-jp",
    "euc-kr",
    "gb18030",
    "gb2312",
    "gbk",
    "ibm037",
    "ibm437",
    "ibm850",
    "ibm866",
    "ibm1047",
    "iso-2022-jp",
    "iso-8859-2",
    "iso-8859-3",
    "iso-8859-4",
    "iso-8859-5",
    "iso-8859-6",
    "iso-8859-7",
    "iso-8859-8",
    "iso-8859-9",
    "iso-8859-10",
    "iso-8859-13",
    "iso-8859-14",
    "iso-8859-15",
    "iso-8859-16",
    "koi8-r",
    "koi8-u",
    "macintosh",
    "shift_jis",
    "utf-7",
    "utf-32",
    "utf-32be",
    "utf-32le",
    "windows-1250",
    "windows-1251",
    "windows-1253",
    "windows-1254",
    "windows-1255",
    "windows-1256",
    "windows-1257",
    "windows-1258",
    "windows-31j",
    "windows-874",
];

/// The name of a coding as it may be told: what stands in a header may be anything.
fn name_of(coding: &str) -> String {
    if REGISTERED.contains(&coding) { coding.to_owned() } else { Evidence::of(coding).to_string() }
}

#[cfg(test)]
mod tests {
    use super::{Undecoded, decoded};
    use bytes::Bytes;
    use flate2::Compression;
    use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};
    use reqwest::header::{HeaderMap, HeaderValue};
    use std::io::Write as _;

    fn read(coding: &str, content_type: &str, body: Vec<u8>) -> Result<String, Undecoded> {
        let mut headers = HeaderMap::new();
        for (name, value) in [("content-encoding", coding), ("content-type", content_type)] {
            if !value.is_empty() {
                headers.insert(name, HeaderValue::from_str(value).unwrap());
            }
        }
        decoded(&headers, Bytes::from(body), 1000).map(|text| String::from_utf8(text.to_vec()).unwrap())
    }

    fn gzip(text: &[u8]) -> Vec<u8> {
        let mut to = GzEncoder::new(Vec::new(), Compression::fast());
        to.write_all(text).unwrap();
        to.finish().unwrap()
    }

    #[test]
    fn what_http_allows_is_undone_in_the_order_in_which_it_was_done() {
        let text = b"{\"name\": \"Zo\xC3\xAB\"}";
        let mut zlib = ZlibEncoder::new(Vec::new(), Compression::fast());
        zlib.write_all(text).unwrap();
        let mut raw = DeflateEncoder::new(Vec::new(), Compression::fast());
        raw.write_all(text).unwrap();
        let is = |coding: &str, body: Vec<u8>| {
            assert_eq!(read(coding, "", body).as_deref(), Ok("{\"name\": \"Zoë\"}"), "{coding}");
        };
        is("", text.to_vec());
        is("identity", text.to_vec());
        is("GZIP", gzip(text));
        is("deflate", zlib.finish().unwrap());
        is("deflate", raw.finish().unwrap());
        is("gzip, x-gzip", gzip(&gzip(text)));
        assert_eq!(read("gzip", "", Vec::new()).as_deref(), Ok(""));
    }

    #[test]
    fn what_is_not_undone_is_named_and_nothing_grows_without_end() {
        assert_eq!(read("br", "", vec![1]), Err(Undecoded::Unknown("br".to_owned())));
        assert_eq!(read("gzip, zstd", "", vec![1]), Err(Undecoded::Unknown("zstd".to_owned())));
        for (foreign, told) in [("Zyx Qvrt", "aaa aaaa"), ("Zyxwoman", "aaaaaaaa"), ("219-45-9911", "999-99-9999")] {
            assert_eq!(read(foreign, "", vec![1]), Err(Undecoded::Unknown(told.to_owned())));
            let content_type = format!("text/plain; charset={foreign}");
            assert_eq!(read("", &content_type, vec![0xC1]), Err(Undecoded::Unknown(told.to_owned())));
        }
        let endless = "zyxwoman".repeat(999);
        assert!(matches!(read(&endless, "", vec![1]), Err(Undecoded::Unknown(told)) if told.len() < 300));
        assert_eq!(read("gzip", "", b"{}".to_vec()), Err(Undecoded::Spoiled("gzip")));
        assert_eq!(read("gzip", "", gzip(&[b' '; 1001])), Err(Undecoded::TooLarge));
        assert_eq!(read("", "text/plain; charset=koi8-r", vec![0xC1]), Err(Undecoded::Unknown("koi8-r".to_owned())));
        assert_eq!(read("", "text/plain; charset=koi8-r", b"plain".to_vec()).as_deref(), Ok("plain"));
    }

    #[test]
    fn marks_and_declared_encodings_become_utf_8() {
        let latin = "application/json; charset=\"ISO-8859-1\"";
        assert_eq!(read("", latin, b"Zo\xEB \x80 \x92".to_vec()).as_deref(), Ok("Zoë € ’"));
        assert_eq!(read("", "", b"\xEF\xBB\xBF{}".to_vec()).as_deref(), Ok("{}"));
        assert_eq!(read("", "", b"\xFF\xFE{\0}\0".to_vec()).as_deref(), Ok("{}"));
        assert_eq!(read("", "text/xml; charset=utf-16be", b"\0{\0}".to_vec()).as_deref(), Ok("{}"));
    }
}
