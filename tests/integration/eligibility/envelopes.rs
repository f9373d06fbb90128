//! The envelopes byte by byte, as the rule has them, and as others write them.

use johndoe::wire::core_envelope::{
    Credentials, Message, Packaging, Request, pack_request, unpack_request, unpack_response,
};
use proptest::prelude::*;

const SOAP: &str = include_str!("../../fixtures/eligibility/envelopes/question.soap.xml");
const ANSWER_SOAP: &str = include_str!("../../fixtures/eligibility/envelopes/answer.soap.xml");
const ANSWER_MIME: &str = include_str!("../../fixtures/eligibility/envelopes/answer.mime");
const MIME_TYPE: &str = "multipart/form-data; boundary=\"----=_Part_1.23\"";

fn request() -> Request {
    let text = str::to_owned;
    Request {
        credentials: Some(Credentials { user: text("observer"), password: "a<b&c".into() }),
        message: Message {
            payload_type: text("X12_270_Request_005010X279A1"),
            processing_mode: text("RealTime"),
            payload_id: text("f81d4fae-7dec-11d0-a765-00a0c91e6bf6"),
            time_stamp: text("2013-11-15T10:20:34Z"),
            sender_id: text("JOHNDOE"),
            receiver_id: text("12345"),
            rule_version: text("2.2.0"),
            payload: b"ISA*00*~".to_vec(),
        },
    }
}

#[test]
fn a_soap_request_is_what_the_rule_shows() {
    let packed = pack_request(Packaging::Soap, &request());
    assert_eq!(String::from_utf8(packed.bytes).unwrap(), SOAP.trim_end());
    assert_eq!(packed.content_type, "application/soap+xml; charset=UTF-8; action=\"RealTimeTransaction\"");
    assert!(!format!("{:?} {:?}", request(), pack_request(Packaging::Soap, &request())).contains("a<b&c"));
}

#[test]
fn a_mime_request_has_the_same_fields_and_the_credentials_among_them() {
    let packed = pack_request(Packaging::Mime, &request());
    let body = String::from_utf8(packed.bytes).unwrap();
    let names: Vec<&str> = body.split("name=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert_eq!(
        names,
        [
            "PayloadType",
            "ProcessingMode",
            "PayloadID",
            "TimeStamp",
            "UserName",
            "Password",
            "SenderID",
            "ReceiverID",
            "CORERuleVersion",
            "Payload",
        ]
    );
    let boundary = packed.content_type.strip_prefix("multipart/form-data; boundary=").unwrap();
    assert!(
        body.starts_with(&format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"PayloadType\"\r\n\r\nX12_270_"
        ))
    );
    assert!(body.ends_with(&format!("\r\n\r\nISA*00*~\r\n--{boundary}--\r\n")));
}

#[test]
fn answers_of_other_stacks_are_read() {
    for (content_type, body) in [("application/soap+xml; charset=utf-8", ANSWER_SOAP), (MIME_TYPE, ANSWER_MIME)] {
        let response = unpack_response(content_type, body.as_bytes()).unwrap();
        assert_eq!((response.message.payload.as_slice(), response.error()), (&b"PAYLOAD"[..], None));
        assert_eq!((response.message.sender_id.as_str(), response.message.rule_version.as_str()), ("12345", "2.2.0"));
    }
    let refused = ANSWER_MIME.replace("Success", "UnAuthorized").replace("None", "who are you");
    let response = unpack_response(MIME_TYPE, refused.as_bytes()).unwrap();
    assert_eq!(response.error().as_deref(), Some("UnAuthorized: aaa are aaa"));
}

#[test]
fn an_envelope_that_is_cut_off_is_no_envelope() {
    for (content_type, body) in [("text/xml", ANSWER_SOAP.trim_end()), (MIME_TYPE, ANSWER_MIME.trim_end())] {
        // the last boundary's hyphens end the body
        for cut in 0..body.len() - 2 {
            if body.is_char_boundary(cut) {
                assert!(unpack_response(content_type, &body.as_bytes()[..cut]).is_err(), "{content_type} at {cut}");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_change_of_bytes_panics(at in any::<prop::sample::Index>(), to in any::<u8>(), cut in any::<prop::sample::Index>()) {
        for (content_type, body) in [("text/xml", ANSWER_SOAP), (MIME_TYPE, ANSWER_MIME), ("text/xml", SOAP)] {
            let mut bytes = body.as_bytes().to_vec();
            let place = at.index(bytes.len());
            bytes[place] = to;
            let end = cut.index(bytes.len());
            for bytes in [&bytes[..], &bytes[..end]] {
                let _ = unpack_response(content_type, bytes);
                let _ = unpack_request(content_type, bytes);
            }
        }
    }
}
