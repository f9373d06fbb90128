//! Examples for every tool, and their exit codes.

pub(crate) const X12: &str = "\
Examples:
  johndoe x12 inspect file.edi | less
  johndoe x12 validate file.edi
  johndoe x12 diff yesterday.edi today.edi
  johndoe x12 diff outbound/*.edi --run latest
  johndoe x12 redact file.edi --out copy.edi
  johndoe x12 rules
Files may be compressed with gzip. Nothing is sent anywhere. Only `diff --run` looks into a ledger,
and writes nothing there.
More: docs/x12.md";

pub(crate) const INSPECT: &str = "\
Examples:
  johndoe x12 inspect outbound/12345.I834.D261121.T215258045.edi
  johndoe x12 inspect - < file.edi
  johndoe x12 inspect file.edi --json | jq 'select(.kind == \"member\") | .[\"member.name.last\"]'
People are shown as the file has them; of Social Security numbers the last four digits. Fields have
the names of `johndoe fields`, or one of their own; in JSON the former names stand beside them.
Exit codes: 0 read, 2 a file could not be read.
More: docs/x12.md";

pub(crate) const VALIDATE: &str = "\
Examples:
  johndoe x12 validate outbound/*.edi
  johndoe x12 validate - --json < file.edi
  johndoe x12 validate employer.edi --profile guide
  johndoe x12 validate acks/*.999 --answers sent.edi
Exit codes: 0 no error (there may be warnings), 1 errors were found, 2 a file could not be read.
With --answers 1 also where a set was rejected or has no answer, or something does not fit.
More: docs/x12.md";

pub(crate) const RULES: &str = "\
Example:
  johndoe x12 rules
These names stand in the findings of `johndoe x12 validate`.
More: docs/reference/x12-rules.md";

pub(crate) const DIFF: &str = "\
Examples:
  johndoe x12 diff yesterday.edi today.edi
  johndoe x12 diff sent.edi received.edi --ignore submitted_at --json
  johndoe x12 diff outbound/*.edi --run latest
  johndoe x12 diff march.edi --run 019ab6c2 --issuer 54321 --ignore phone
Of two files of the exchange members are known by policy and member id, of others by subscriber,
name and birth date; else by ids with an SSN, name or birth date that agrees, by SSN, name and
birth date, or place in the family; who is left then was added or removed. Coverages and other
loops are compared as such, whatever their order. Of the set's header the parties are compared
(sponsor, payer, broker) and told once; who sponsors himself is told of the subscriber. With
--run, by the ids that the exchange told the ledger, then by application, mailbox, SSN, name with
birth date; everybody whom the run does not know is counted, and not shown. Issuers that none of
the files is addressed to are named on one line. Of several records of a group each is compared; a
copy, a split household, a change or an end that nobody asked for is said as such.
Exit codes: 0 the same, 1 different, 2 a file could not be read or is not whole, or there was
nothing to compare.
More: docs/x12.md";

pub(crate) const REDACT: &str = "\
Examples:
  johndoe x12 redact file.edi --out copy.edi
  johndoe x12 redact - < file.edi > copy.edi
Kept: envelopes, codes, plans, amounts, dates of coverage, states, years of birth, and what is
wrong. All else is replaced. The copy of a compressed file is not compressed.
Exit codes: 0 copied, 2 the file could not be read or is not understood: then --out is not written.
More: docs/x12.md";
