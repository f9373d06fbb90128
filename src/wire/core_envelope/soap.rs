//! SOAP 1.2.

use super::Packed;
use super::error::EnvelopeError;
use super::fields::{Field, Fields, Request, Response, of_message, of_response};
use super::xml::{self, Step};
use crate::model::Evidence;
use quick_xml::escape::escape;
use secrecy::ExposeSecret;
use std::fmt::Write;

const SOAP: &str = "http://www.w3.org/2003/05/soap-envelope";
const CORE: &str = "http://www.caqh.org/SOAP/WSDL/CORERule2.2.0.xsd";
const WSSE: &str = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd";
const PASSWORD_TEXT: &str =
    "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#PasswordText";

/// A request, its credentials in the header.
pub(super) fn request(request: &Request) -> Packed {
    let security = request.credentials.as_ref().map_or_else(String::new, |credentials| {
        format!(
            "<soap:Header><wsse:Security soap:mustUnderstand=\"true\" xmlns:wsse=\"{WSSE}\"><wsse:UsernameToken>\
             <wsse:Username>{}</wsse:Username><wsse:Password Type=\"{PASSWORD_TEXT}\">{}</wsse:Password>\
             </wsse:UsernameToken></wsse:Security></soap:Header>",
            escape(credentials.user.as_str()),
            escape(credentials.password.expose_secret()),
        )
    });
    pack("COREEnvelopeRealTimeRequest", &security, &of_message(&request.message))
}

/// A response.
pub(super) fn response(response: &Response) -> Packed {
    pack("COREEnvelopeRealTimeResponse", "", &of_response(response))
}

fn pack(element: &str, header: &str, fields: &[Field<'_>]) -> Packed {
    let mut body = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<soap:Envelope xmlns:soap=\"{SOAP}\">{header}<soap:Body>\
         <core:{element} xmlns:core=\"{CORE}\">"
    );
    for (name, value) in fields {
        let text = String::from_utf8_lossy(value);
        let inner = if *name == "Payload" { cdata(&text) } else { escape(&*text).into_owned() };
        let _ = write!(body, "<{name}>{inner}</{name}>");
    }
    let _ = write!(body, "</core:{element}></soap:Body></soap:Envelope>");
    let content_type = "application/soap+xml; charset=UTF-8; action=\"RealTimeTransaction\"".to_owned();
    Packed { content_type, bytes: body.into_bytes() }
}

/// A section ends at `]]>`, so that a text with it becomes two.
fn cdata(text: &str) -> String {
    format!("<![CDATA[{}]]>", text.replace("]]>", "]]]]><![CDATA[>"))
}

/// The fields of this element, wherever it stands; with the user name token's beside them.
pub(super) fn unpack(body: &[u8], element: &'static str) -> Result<Fields, EnvelopeError> {
    let text = xml::text_of(body);
    let mut walk = xml::Walk::new(&text);
    let (mut fields, mut fault) = (Fields::default(), Fault::default());
    let mut found = false;
    while let Some(step) = walk.next()? {
        match step {
            Step::Open(name) => {
                found |= name == element;
                fault.is_one |= name == "Fault";
            }
            Step::Leaf { name, within, text } => match (within.as_str(), name.as_str()) {
                (outer, _) if outer == element => fields.add(&name, text.into_bytes()),
                ("UsernameToken", "Username") => fields.add("UserName", text.into_bytes()),
                ("UsernameToken", "Password") => fields.add("Password", text.into_bytes()),
                _ => fault.take(&within, &name, &text),
            },
        }
    }
    match (found, fault.is_one) {
        (true, _) => Ok(fields),
        (false, true) => {
            Err(EnvelopeError::Fault { code: Evidence::of(&fault.code), reason: Evidence::of(&fault.reason) })
        }
        (false, false) => Err(EnvelopeError::NoEnvelope { element }),
    }
}

/// A fault of SOAP 1.2 (`Code/Value`, `Reason/Text`) or 1.1 (`faultcode`, `faultstring`).
#[derive(Default)]
struct Fault {
    is_one: bool,
    code: String,
    reason: String,
}

impl Fault {
    /// Words are kept to a length that a message can bear.
    const LONGEST: usize = 300;

    fn take(&mut self, within: &str, name: &str, text: &str) {
        let slot = match (within, name) {
            _ if !self.is_one => return,
            ("Code", "Value") | (_, "faultcode") => &mut self.code,
            ("Reason", "Text") | (_, "faultstring") => &mut self.reason,
            _ => return,
        };
        let text = text.rsplit_once(':').filter(|_| name != "Text" && name != "faultstring").map_or(text, |(_, t)| t);
        *slot = text.trim().chars().take(Self::LONGEST).map(|c| if c.is_control() { ' ' } else { c }).collect();
    }
}

#[cfg(test)]
mod tests {
    use super::super::{EnvelopeError, unpack_response};

    fn read(xml: &str) -> Result<String, EnvelopeError> {
        unpack_response("application/soap+xml", xml.as_bytes())
            .map(|response| String::from_utf8(response.message.payload).unwrap())
    }

    #[test]
    fn prefixes_and_namespaces_are_the_senders_own_affair() {
        for (open, close) in [("", ""), ("ns1:", "ns1:"), ("x.y-z:", "x.y-z:")] {
            let xml = format!(
                "<S:Envelope><S:Body><{open}COREEnvelopeRealTimeResponse xmlns=\"urn:other\">\
                 <{open}Payload> ISA&amp;&#42;<![CDATA[<~]]>\n </{close}Payload><{open}ErrorCode>Success</{close}ErrorCode>\
                 <{open}ErrorMessage/></{close}COREEnvelopeRealTimeResponse></S:Body></S:Envelope>"
            );
            assert_eq!(read(&xml).unwrap().trim(), "ISA&*<~", "{open}");
        }
    }

    #[test]
    fn faults_of_both_versions_are_told_without_what_may_be_somebodys() {
        let of_12 = "<e:Envelope><e:Body><e:Fault><e:Code><e:Value>e:Sender</e:Value></e:Code><e:Reason>\
                     <e:Text xml:lang=\"en\">no such user: ann</e:Text></e:Reason></e:Fault></e:Body></e:Envelope>";
        let of_11 = "<e:Envelope><e:Body><e:Fault><faultcode>e:Sender</faultcode><faultstring>no such user: ann\
                     </faultstring></e:Fault></e:Body></e:Envelope>";
        for xml in [of_12, of_11] {
            let told = read(xml).unwrap_err().to_string();
            assert_eq!(told, "the far side answers a SOAP fault: Sender: no such user: aaa");
        }
    }

    #[test]
    fn hostile_documents_are_refused_with_a_reason() {
        let bomb = "<!DOCTYPE x [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;&a;\">]><x>&b;</x>";
        let unknown = "<x><COREEnvelopeRealTimeResponse><Payload>&lol;</Payload></COREEnvelopeRealTimeResponse></x>";
        let deep = "<a>".repeat(100_000);
        for (xml, words) in [
            (bomb, "document type"),
            (unknown, "entity"),
            (&deep, "nested"),
            ("<a><b></a></b>", "not well-formed"),
            ("<a>", "ends before"),
            ("{\"json\": 1}", "no `COREEnvelopeRealTimeResponse`"),
            ("", "no `COREEnvelopeRealTimeResponse`"),
            ("<a>&#0;</a>", "entity"),
        ] {
            let told = read(xml).unwrap_err().to_string();
            assert!(told.contains(words), "{words}: {told}");
        }
    }
}
