//! A request body that remembers whether it was asked for.

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

/// Bytes that raise a flag when the connection takes them. The connection asks for the body together with the request's
/// head, before it flushes either, so as long as the flag is down the request has not been sent.
pub(super) struct MarkedBody {
    bytes: Option<Bytes>,
    taken: Arc<AtomicBool>,
}

impl MarkedBody {
    /// Wraps the bytes; `taken` becomes true when they are handed to a connection.
    pub(super) fn new(bytes: Bytes, taken: Arc<AtomicBool>) -> Self {
        Self { bytes: Some(bytes), taken }
    }
}

impl Body for MarkedBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let this = self.get_mut();
        this.taken.store(true, Ordering::SeqCst);
        Poll::Ready(this.bytes.take().map(|bytes| Ok(Frame::data(bytes))))
    }

    fn is_end_stream(&self) -> bool {
        self.bytes.as_ref().is_none_or(Bytes::is_empty)
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.bytes.as_ref().map_or(0, |bytes| bytes.len() as u64))
    }
}
