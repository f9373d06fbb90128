//! The submitting side: carries out a flow over HTTP.
