//! Any bytes as an envelope of CAQH CORE connectivity. The first line is the content type, the rest the body; the body is also
//! read as either kind whatever the line says.

#![no_main]

use johndoe_fuzz::wire::core_envelope::{
    Packaging, Request, Response, pack_request, pack_response, unpack_request, unpack_response,
};
use libfuzzer_sys::fuzz_target;
use secrecy::ExposeSecret;

fuzz_target!(|bytes: &[u8]| {
    let end = bytes.iter().position(|byte| *byte == b'\n').unwrap_or(0);
    let (content_type, body) = bytes.split_at(end);
    let content_type = String::from_utf8_lossy(content_type);
    for content_type in [&*content_type, "application/soap+xml", "multipart/form-data; boundary=b"] {
        match unpack_request(content_type, body) {
            Ok((packaging, request)) => requests_come_back(packaging, &request, body),
            Err(error) => assert!(error.to_string().len() < 1_000, "an error as long as an envelope"),
        }
        match unpack_response(content_type, body) {
            Ok(response) => {
                assert!(response.message.payload.len() <= 2 * body.len(), "a payload larger than its envelope");
                responses_come_back(&response);
            }
            Err(error) => assert!(error.to_string().len() < 1_000, "an error as long as an envelope"),
        }
    }
});

fn requests_come_back(packaging: Packaging, request: &Request, body: &[u8]) {
    assert!(request.message.payload.len() <= 2 * body.len(), "a payload larger than its envelope");
    let packed = pack_request(packaging, request);
    let shown = format!("{request:?}");
    let password = request.credentials.as_ref().map(|credentials| credentials.password.expose_secret().to_owned());
    let mut other = request.clone();
    if let Some(credentials) = &mut other.credentials {
        credentials.password = "another".into();
    }
    assert_eq!(shown, format!("{other:?}"), "a password is shown");
    let Ok((_, again)) = unpack_request(&packed.content_type, &packed.bytes) else {
        panic!("what was written is not read: {shown}");
    };
    assert_eq!(again.message, request.message);
    assert_eq!(again.credentials.map(|credentials| credentials.password.expose_secret().to_owned()), password);
}

/// As MIME, which carries any bytes; XML cannot carry them all.
fn responses_come_back(response: &Response) {
    let packed = pack_response(Packaging::Mime, response);
    assert_eq!(unpack_response(&packed.content_type, &packed.bytes).as_ref(), Ok(response));
}
