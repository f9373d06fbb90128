//! The imitation exchange, EDI pipeline and issuers, with faults.
