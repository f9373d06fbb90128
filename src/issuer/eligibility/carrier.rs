//! One question carried to a payer and its answer back.

use crate::clock::{Clock, SystemClock};
use crate::issuer::Tried;
use crate::model::AnswerTimes;
use crate::net::{Door, Failure, Payload, Request, Trace, retry_after};
use crate::target::{self, EnvelopeKind, Payer};
use crate::wire::core_envelope;
use crate::wire::core_envelope::{Credentials, Message, Packaging, pack_request, unpack_response};
use crate::wire::eligibility::{Answer, Header, Inquiry, Question, Responses, meaning};
use std::time::{Duration, Instant};

/// A question that may have arrived and was not answered is not asked again before this (CAQH CORE 156).
const NOT_AGAIN_BEFORE: Duration = Duration::from_secs(90);
/// The version of the connectivity rule whose envelopes these are.
const RULE: &str = "2.2.0";

/// The way to payers.
#[derive(Debug, Clone)]
pub(super) struct Carrier {
    door: Door,
    within: Duration,
}

/// An answer, and the question as evidence shows it.
pub(super) struct Carried {
    pub(super) answer: Answer,
    pub(super) source: String,
    /// The question, counted.
    pub(super) times: AnswerTimes,
}

/// Why there is no answer that can be read, and how long not to ask again.
type Silence = (String, Option<Duration>);

/// Why a question has no answer.
struct Unanswered {
    silence: Silence,
    /// Something of it may have arrived.
    was_sent: bool,
    /// What that means for questions to come.
    tried: Tried,
}

impl Carrier {
    pub(super) fn new(door: Door, within: Duration) -> Self {
        Self { door, within }
    }

    /// The text without the target's secrets.
    pub(super) fn redact(&self, text: &str) -> String {
        self.door.redact(text)
    }

    /// Asks one question. Whatever keeps an answer from being read says nothing of the person. A slow answer is used, and told.
    pub(super) async fn ask(&self, payer: &Payer, header: &Header, inquiry: &Inquiry, trace: Trace) -> Carried {
        let began = Instant::now();
        let sent = self.send(payer, header, inquiry, trace).await;
        let took = began.elapsed();
        let (interchange, times) = match sent {
            Ok(reply) => (opened(&reply), AnswerTimes::answered(took)),
            Err(Unanswered { silence, was_sent: true, .. }) => (Err(silence), AnswerTimes::unanswered()),
            Err(Unanswered { silence, was_sent: false, .. }) => (Err(silence), AnswerTimes::default()),
        };
        let answer = match interchange {
            Ok(interchange) => read(&interchange, Question { trace: &inquiry.trace }),
            Err((reason, retry)) => silent(reason, retry),
        };
        let slow = if times.slow > 0 {
            let allowed = AnswerTimes::ALLOWED.as_secs();
            format!(", answered after {} s where CAQH CORE 156 allows {allowed}", took.as_secs())
        } else {
            String::new()
        };
        let source = self.door.redact(&format!("270 TRN {}{slow}", inquiry.trace));
        Carried { answer, source, times }
    }

    /// Whether the payer lets itself be asked this question, whatever it answers.
    pub(super) async fn try_out(&self, payer: &Payer, header: &Header, inquiry: &Inquiry, trace: Trace) -> Tried {
        match self.send(payer, header, inquiry, trace).await {
            Ok(reply) => Tried::of_answer(&reply),
            Err(unanswered) => unanswered.tried,
        }
    }

    /// The reply over HTTP, or why there is none.
    async fn send(
        &self,
        payer: &Payer,
        header: &Header,
        inquiry: &Inquiry,
        trace: Trace,
    ) -> Result<target::Answer, Unanswered> {
        let unwritten = |reason: String| Unanswered {
            tried: Tried::Refuses(reason.clone()),
            silence: (reason, None),
            was_sent: false,
        };
        let payload = inquiry.write(header).map_err(|e| unwritten(format!("the question cannot be written: {e}")))?;
        let packed = pack_request(packaging(payer.envelope), &request(payer, payload));
        let mut request = Request::new("POST", payer.url.clone(), self.within);
        request.body = Some(Payload { content_type: packed.content_type, bytes: packed.bytes.into() });
        if let Some(auth) = &payer.auth {
            request.authorize(auth);
        }
        // The envelope holds the password: it goes to no other address than the one that the target names.
        request.follow_redirects = false;
        let sent = self.door.session(trace).send(&request).await;
        let failed = |f: Failure| Unanswered {
            silence: (f.to_string(), f.sent.then_some(NOT_AGAIN_BEFORE)),
            was_sent: f.sent,
            tried: Tried::of_failure(&f),
        };
        Ok(sent.map_err(failed)?.answer)
    }
}

/// The interchange in a reply, or why there is none in it.
fn opened(reply: &target::Answer) -> Result<Vec<u8>, Silence> {
    let content_type = reply.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-type"));
    let content_type = content_type.map(|(_, value)| value.as_str()).unwrap_or_default();
    let unpacked = unpack_response(content_type, &reply.body);
    if !(200..300).contains(&reply.status) {
        let words = unpacked.map(|response| response.error());
        let words = words.unwrap_or_else(|error| Some(error).filter(is_fault).map(|fault| fault.to_string()));
        let words = words.map_or_else(String::new, |words| format!(" ({words})"));
        let retry = retry_after(&reply.headers, SystemClock.now());
        return Err((format!("the question was answered {}{words}", reply.status), retry));
    }
    let response = unpacked.map_err(|error| (error.to_string(), None))?;
    match response.error() {
        Some(error) => Err((format!("the envelope reports an error: {error}"), None)),
        None => Ok(response.message.payload),
    }
}

fn is_fault(error: &core_envelope::EnvelopeError) -> bool {
    matches!(error, core_envelope::EnvelopeError::Fault { .. })
}

fn silent(reason: String, retry: Option<Duration>) -> Answer {
    Answer::CouldNotLook { reason, retry }
}

fn read(interchange: &[u8], question: Question<'_>) -> Answer {
    match Responses::new(interchange).collect() {
        Ok(items) => meaning(items, question),
        Err(error) => silent(format!("the answer's payload cannot be read: {error}"), None),
    }
}

fn packaging(envelope: EnvelopeKind) -> Packaging {
    match envelope {
        EnvelopeKind::Soap => Packaging::Soap,
        EnvelopeKind::Mime => Packaging::Mime,
    }
}

fn request(payer: &Payer, payload: Vec<u8>) -> core_envelope::Request {
    let login = payer.login.as_ref();
    core_envelope::Request {
        credentials: login.map(|l| Credentials { user: l.user.clone(), password: l.password.clone() }),
        message: Message {
            payload_type: "X12_270_Request_005010X279A1".to_owned(),
            processing_mode: "RealTime".to_owned(),
            payload_id: uuid::Uuid::now_v7().to_string(),
            time_stamp: SystemClock.now().format("%Y-%m-%dT%H:%M:%SZ").to_string(),
            sender_id: payer.sender_id.clone(),
            receiver_id: payer.receiver_id.clone(),
            rule_version: RULE.to_owned(),
            payload,
        },
    }
}
