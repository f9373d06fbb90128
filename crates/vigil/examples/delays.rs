//! How long an alarm takes, and how often a false one comes: prints the tables of the book's page "Measured".
//!
//! `cargo run --release -p johndoe-vigil --example delays`, or with `false 3000` for so many months of false alarms.

#![allow(missing_docs, unreachable_pub, clippy::unwrap_used, clippy::print_stdout, reason = "prints two tables")]

#[path = "../tests/vigil/outcomes.rs"]
#[allow(dead_code, reason = "shared with the tests")]
mod outcomes;

use outcomes::{Everything, delays, quantile};

const RUNS: u64 = 1000;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["false", months] => false_alarms(months.parse().unwrap()),
        _ => tables(),
    }
}

fn tables() {
    println!("| budget | streams | a loss is known | 100 % | 25 % | 10 % | 3 % |");
    println!("|---|---|---|---|---|---|---|");
    for (budget, share, limit, words) in
        [("whole", 1.0, 0, "at once"), ("half", 0.5, 0, "at once"), ("half", 0.5, 72, "after 6 h")]
    {
        for streams in [1.0, 10.0, 40.0] {
            let cells = [1.0, 0.25, 0.1, 0.03].map(|rate| {
                let sorted = delays(streams * 100.0 / share, (rate, limit), 2000, RUNS);
                format!("{:.2} / {:.2}", quantile(&sorted, 50), quantile(&sorted, 90))
            });
            println!("| {budget} | {streams} | {words} | {} |", cells.join(" | "));
        }
    }
}

/// In lives of five years each, since an alarm changes what comes after it.
fn false_alarms(months: u64) {
    const LIFE: u64 = 60;
    let mut sums = [0; 5];
    for life in 0..months.div_ceil(LIFE) {
        let mut everything = Everything::new(life + 1);
        for _ in 0..LIFE * 720 {
            everything.hour();
        }
        for (sum, raised) in sums.iter_mut().zip(everything.raised()) {
            *sum += raised;
        }
    }
    println!("months: {}", months.div_ceil(LIFE) * LIFE);
    println!("false alarms of issuers, lateness, files, classes, stalled: {sums:?}");
}
