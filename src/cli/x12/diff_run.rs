//! `x12 diff --run`: files beside what a run of the ledger expects of them.

use super::super::arguments::Arguments;
use super::super::console::print_each;
use super::super::context::World;
use super::super::exit::Exit;
use super::super::failure::Failure;
use super::diff_run_text::{Told, as_json, as_text};
use super::flags::Diff;
use super::input::Input;
use johndoe::generator;
use johndoe::issuer::{InHand, Whose, read_in_hand};
use johndoe::ledger;
use johndoe::model::{Field, FieldSet, IssuerId, RunPlan};
use johndoe::reconcile::{Filed, InFiles};
use std::collections::HashSet;

/// Compares files with a run; the exit code says whether they differ.
pub(crate) fn diff_run(flags: &Diff, run: &str, arguments: &Arguments, world: &World) -> Result<Exit, Failure> {
    let ignore = fields(&flags.ignore)?;
    let ledger = ledger::open_to_read(arguments.ledger(world))?;
    let run = ledger.find_run(run)?;
    let (plan, _) = ledger.run_plan(&run)?;
    let only = flags.issuer.as_deref().map(IssuerId::new);
    let entries = ledger.entries(&run)?;
    let mut expected = InFiles::of(&plan, &entries, only.as_ref(), ignore);
    check_issuer(&expected, only.as_ref(), &plan)?;
    let foreign: HashSet<String> = ledger.foreign_ids(&run)?.into_iter().collect();
    for id in &foreign {
        expected.add_foreign_id(id);
    }
    let mut told = Told { run, ..Told::default() };
    let mut filed = Filed::default();
    for path in &flags.files {
        let input = Input::open(path, arguments, world)?;
        let name = input.name.clone();
        let whose = Whose {
            roster: expected.roster(),
            zone: plan.zone,
            issuers: &plan.issuers,
            is_marker: generator::is_of_a_probe,
        };
        let found = read_in_hand(input, &name, whose).map_err(|e| Failure::usage(format!("`{name}`: {e}")))?;
        check_whole(&name, &found)?;
        let InHand { records, marked, strangers, addressed_to, damages, .. } = found;
        filed.records.extend(records);
        filed.addressed_to.extend(addressed_to);
        told.strangers += strangers;
        told.damages.extend(damages.into_iter().map(|damage| (name.clone(), damage)));
        let (known, unknown): (Vec<_>, Vec<_>) =
            marked.into_iter().partition(|group| group.ids.iter().any(|id| foreign.contains(id)));
        told.of_other_runs += known.iter().map(|group| group.members).sum::<u64>();
        told.unknown.extend(unknown);
    }
    told.account = expected.account(filed);
    finish(flags, &told)
}

/// No data is never a pass.
fn finish(flags: &Diff, told: &Told) -> Result<Exit, Failure> {
    if !told.account.is_of_anybody() && !told.differs() {
        let elsewhere: Vec<_> = told.account.elsewhere.keys().map(IssuerId::as_str).collect();
        let why = if elsewhere.is_empty() {
            "it expects nobody: no application was accepted, or all were cancelled before they were due".to_owned()
        } else {
            format!(
                "it expects people of issuer {} only, and none of the files is addressed there",
                elsewhere.join(", ")
            )
        };
        let run = &told.run;
        return Err(Failure::usage(format!(
            "nothing to compare with run {run}: {why}; `johndoe report {run}` says more of it, and --issuer compares an \
             issuer whoever the files are for"
        )));
    }
    let lines = if flags.json { as_json(told) } else { as_text(told) };
    print_each(lines.into_iter().map(Ok))?;
    Ok(if told.differs() { Exit::Found } else { Exit::Done })
}

fn fields(names: &[String]) -> Result<FieldSet, Failure> {
    let field = |name: &String| {
        Field::parse(name).ok_or_else(|| {
            Failure::usage(format!("`{name}` is no field of a run's records; `johndoe fields` lists them"))
        })
    };
    names.iter().map(field).collect()
}

fn check_issuer(expected: &InFiles<'_>, only: Option<&IssuerId>, plan: &RunPlan) -> Result<(), Failure> {
    let Some(only) = only else { return Ok(()) };
    let known = expected.issuers();
    if known.contains(only) {
        return Ok(());
    }
    let known: Vec<_> = known.iter().map(IssuerId::as_str).collect();
    let known = if known.is_empty() { "none yet".to_owned() } else { known.join(", ") };
    Err(Failure::usage(format!("run {} expects nothing of issuer {only}; its issuers: {known}", plan.run)))
}

/// Whoever is in the part that is missing would be told as missing.
fn check_whole(name: &str, found: &InHand) -> Result<(), Failure> {
    if found.report.closed {
        return Ok(());
    }
    let reason = found.damages.first().map_or("its end is not there", String::as_str);
    Err(Failure::usage(format!(
        "`{name}` is not whole: {reason}; `johndoe x12 validate` says more, and only whole files are compared"
    )))
}
