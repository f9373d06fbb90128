//! Examples for every tool, and their exit codes.

pub(crate) const X12: &str = "\
Examples:
  johndoe x12 validate file.edi
  johndoe x12 rules
Nothing is sent anywhere, and no ledger is touched.";

pub(crate) const VALIDATE: &str = "\
Examples:
  johndoe x12 validate outbound/*.edi
  johndoe x12 validate - --json < file.edi
  johndoe x12 validate employer.edi --profile guide
Exit codes: 0 no error (there may be warnings), 1 errors were found, 2 a file could not be read.";

pub(crate) const RULES: &str = "\
Example:
  johndoe x12 rules
These names stand in the findings of `johndoe x12 validate`.";
