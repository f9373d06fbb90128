//! What help says beyond the flags: examples for every command, and the exit codes.

use super::exit::TABLE;

/// What the program is for.
pub(crate) const ABOUT: &str = "Enroll synthetic John Does through a health insurance exchange, follow each one to the \
                                insurer, and say which arrived whole, which were lost and which were changed.";

const PROGRAM: &str = "\
Examples:
  johndoe demo                                       see it work; nothing to set up
  johndoe check scenarios/*.yaml scenarios/targets/*.yaml
  johndoe plan scenarios/first-enrollment.yaml       who would be sent, and what must be found
  johndoe sandbox --fault lose=0.02                  an exchange and two issuers to try things on
  johndoe run scenarios/first-enrollment.yaml --target scenarios/targets/sandbox.yaml
  johndoe show latest/7                              everything known about one household

Exit codes:
";

/// Shown below the help of the program: examples, and every exit code.
pub(crate) fn program() -> String {
    let codes: Vec<_> = TABLE.iter().map(|(code, meaning)| format!("  {code:>3}  {meaning}\n")).collect();
    format!(
        "{PROGRAM}{}When several apply, the first of 70, 1, 5, 4, 3, 6, 0 wins.\n\n\
         The book: docs/introduction.md; your own exchange in thirty minutes: docs/guide/own-exchange.md",
        codes.concat()
    )
}

pub(crate) const DEMO: &str = "\
Examples:
  johndoe demo
  johndoe demo --count 10 --report json=demo.json
It ends with exit code 0 whatever it finds: the faults are planted.
More: docs/guide/reading-a-report.md";

pub(crate) const INIT: &str = "\
Examples:
  johndoe init                                  asks; writes my-exchange.yaml and first.yaml
  johndoe init --name acme --exchange https://exchange.example.org/api --auth oauth2
It never writes over a file. What it writes passes `johndoe check`; lines marked YOURS are guesses.
More: docs/guide/own-exchange.md";

pub(crate) const CHECK: &str = "\
Examples:
  johndoe check scenarios/first-enrollment.yaml scenarios/targets/sandbox.yaml
  johndoe check my-target.yaml
Given both kinds, every scenario is also checked against every target.
`johndoe keys scenario` and `johndoe keys target` say what can be written.
More: docs/guide/target.md, docs/guide/scenario.md";

pub(crate) const PLAN: &str = "\
Examples:
  johndoe plan scenarios/families.yaml --count 5
  johndoe plan scenarios/families.yaml --probe 7
  johndoe plan scenarios/edge-cases.yaml --json | head -300
More: docs/guide/people.md";

pub(crate) const TRY: &str = "\
Examples:
  johndoe try my-target.yaml
  johndoe try my-target.yaml --step 2           ends after the second request of `enroll`
  johndoe try my-target.yaml --scenario first.yaml --wait 5m
It enrolls somebody, and takes them out again: at the end, after --step, and at Ctrl-C.
More: docs/guide/own-exchange.md, docs/guide/target.md";

pub(crate) const RUN: &str = "\
Examples:
  johndoe run scenarios/first-enrollment.yaml --target scenarios/targets/sandbox.yaml
  johndoe run scenario.yaml --target target.yaml --count 500 --seed 7 --report json=report.json
  johndoe run scenario.yaml --target production.yaml --confirm production --deadline 2h
Ctrl-C stops it in good order; `johndoe resume` goes on.
More: docs/guide/running.md; before production docs/guide/safety.md";

pub(crate) const RESUME: &str = "\
Examples:
  johndoe resume                    the latest run
  johndoe resume --no-wait          does what is due now; ends with 3 while more is due
  johndoe resume 019ab6c2           a run by the beginning of its id; `johndoe runs` lists them
A run that has come to its end is only reported again.
More: docs/guide/running.md";

pub(crate) const SWEEP: &str = "\
Examples:
  johndoe sweep --dry-run           what is still enrolled
  johndoe sweep
More: docs/guide/running.md";

pub(crate) const RUNS: &str = "\
Examples:
  johndoe runs
  johndoe runs --ledger team.db
More: docs/guide/running.md";

pub(crate) const SHOW: &str = "\
Examples:
  johndoe show latest/7
  johndoe show 019ab6c2/7
More: docs/guide/evidence.md";

pub(crate) const EVIDENCE: &str = "\
Examples:
  johndoe evidence latest/7
  johndoe evidence 019ab6c2/7 outbound/*.edi --to probe-7     with its segments of these files
`sha256sum -c MANIFEST.sha256` in the folder says whether it is as it was made.
More: docs/guide/evidence.md";

pub(crate) const REPORT: &str = "\
Examples:
  johndoe report                    the latest run
  johndoe report 019ab6c2 --json
  johndoe report latest --report text=report.txt --report json=report.json
More: docs/guide/reading-a-report.md, docs/judging.md, docs/reference/json-report.md";

pub(crate) const COMPARE: &str = "\
Examples:
  johndoe compare 019ab6c2 latest
  johndoe compare 019ab6c2 019ab6d7 --json
  johndoe compare latest latest --before-in last-week.db
It ends with 1 where more broke than was mended and chance does not explain it.
More: docs/judging.md";

pub(crate) const NARROW: &str = "\
Examples:
  johndoe narrow latest                  the first failure of the punch list
  johndoe narrow latest 7 --most 60      how probe 7 failed, with 60 tries at most
  johndoe narrow 019ab6c2 7 --dry-run    what would be changed; reaches nothing
Each try is a probe of a run of its own, under the same caps and guards, and is taken out again.
More: docs/guide/narrowing.md";

pub(crate) const CANARY: &str = "\
Examples:
  johndoe canary watch.yaml                 stays, and runs each schedule when it is due
  johndoe canary watch.yaml --once          takes what is due, and ends: for cron and timers
  johndoe canary status watch.yaml
  johndoe canary explain first-enrollment   the whole trail of an alarm
One canary a ledger. SIGHUP reads the file again, SIGTERM ends it in good order.
More: docs/guide/canary.md";

pub(crate) const CANARY_STATUS: &str = "\
Examples:
  johndoe canary status watch.yaml
  johndoe canary status watch.yaml --json
More: docs/guide/canary.md";

pub(crate) const CANARY_EXPLAIN: &str = "\
Examples:
  johndoe canary explain 'first-enrollment × 12345#1'
  johndoe canary explain first-enrollment
A part of its name that only one has is enough; of several of one stream the last is meant.
More: docs/guide/canary.md";

pub(crate) const CANARY_ACK: &str = "\
Examples:
  johndoe canary ack first-enrollment
  johndoe canary ack 'residue#2' --for 12h
No reminders until then. A canary that runs takes it up within a second.
More: docs/guide/canary.md";

pub(crate) const CANARY_SILENCE: &str = "\
Examples:
  johndoe canary silence first-enrollment --for 2h
  johndoe canary silence --group first-enrollment --for 8h
What still fails when it ends is told then; what recovered meanwhile comes in a digest.
More: docs/guide/canary.md";

pub(crate) const CANARY_KILL: &str = "\
Examples:
  johndoe canary kill watch.yaml
  johndoe canary kill
Whoever is being sent is taken out, and nothing more is sent; cancellations are.
More: docs/guide/canary.md, docs/guide/safety.md";

pub(crate) const CANARY_UNKILL: &str = "\
Examples:
  johndoe canary unkill watch.yaml
  johndoe canary unkill
More: docs/guide/canary.md";

pub(crate) const SERVE: &str = "\
Examples:
  johndoe serve                                    at http://127.0.0.1:8834, for this machine
  johndoe serve --listen 0.0.0.0:8834 --token-file token.txt
It reads the ledger while others write it, and ends with SIGTERM or Ctrl-C.
More: docs/guide/dashboard.md";

pub(crate) const SANDBOX: &str = "\
Examples:
  johndoe sandbox
  johndoe sandbox --fault lose=0.02,relationship=0.01 --seed 7
  johndoe sandbox --listen 127.0.0.1:9000 --issuer 127.0.0.1:9001 --issuer 127.0.0.1:9002
`johndoe faults` lists what can be planted. It imitates: there is nobody real in it.
More: docs/guide/sandbox.md";

pub(crate) const SCHEMA: &str = "\
Examples:
  johndoe schema target > target.schema.json
`johndoe keys` says the same to people.
More: docs/guide/scenario.md, docs/guide/target.md";

pub(crate) const KEYS: &str = "\
Examples:
  johndoe keys scenario
  johndoe keys target | less
More: docs/guide/scenario.md, docs/guide/target.md";

pub(crate) const FIELDS: &str = "\
Example:
  johndoe fields
These names stand in scenarios (`compare`), targets (`fields`, `capture`) and reports.
More: docs/judging.md";

pub(crate) const EDGE_CASES: &str = "\
Example:
  johndoe edge-cases
These names stand in a scenario's `population.edge_cases.include`.
More: docs/guide/people.md";

pub(crate) const FAULTS: &str = "\
Example:
  johndoe faults
  johndoe sandbox --fault lose=0.02
More: docs/guide/sandbox.md";

pub(crate) const COMPLETIONS: &str = "\
Example:
  johndoe completions bash > ~/.local/share/bash-completion/completions/johndoe
More: docs/guide/running.md";

#[cfg(test)]
mod tests {
    use super::{TABLE, program};

    #[test]
    fn the_programs_help_has_every_exit_code_and_fits_a_terminal_of_100_columns() {
        let help = program();
        for (code, meaning) in TABLE {
            assert!(help.contains(&format!("{code}  {meaning}")), "{code}");
        }
        assert!(help.lines().all(|line| line.chars().count() <= 100), "{help}");
    }
}
