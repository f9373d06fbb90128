//! The one door to the network: allowed hosts, TLS, time limits, cookies and redirects.
