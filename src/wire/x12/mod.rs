//! X12: interchanges read as a stream and written.
