//! Folders of 834 files: whole ones once, growing ones later, strangers never.

#![expect(clippy::unwrap_used, reason = "a helper of tests fails as a test does")]

use crate::far_side::target;
use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::America::New_York;
use flate2::Compression;
use flate2::write::GzEncoder;
use johndoe::issuer::{Delivery, EdiFolderFeed, Scan};
use johndoe::model::{CoverageLine, Expectation, ExpectedGroup, Facts, Field, IssuerId, Names, ProbeIndex};
use johndoe::net::{Door, USER_AGENT};
use johndoe::reconcile::Roster;
use johndoe::target::{Directory, EdiFolder};
use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::time::Duration;
use tempfile::TempDir;

const SMALLEST: &str = include_str!("../../fixtures/target/valid/smallest.yaml");

/// A folder with its feed; the clock moves a minute with each scan.
struct Rig {
    folder: TempDir,
    feed: EdiFolderFeed,
    scans: i32,
}

impl Rig {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let feed = feed([(None, folder.path().to_owned())].into(), []);
        Self { folder, feed, scans: 0 }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
    }

    fn write_bytes(&self, name: &str, bytes: &[u8]) {
        fs::write(self.path(name), bytes).unwrap();
    }

    /// Reads for the last time.
    fn last(&mut self, minute: i32) -> Scan {
        let listing = self.feed.look(|| at(minute));
        self.feed.read_last(listing, &roster())
    }

    fn scan(&mut self) -> Scan {
        self.scans += 1;
        self.feed.scan(at(self.scans), &roster())
    }
}

pub(super) fn at(minute: i32) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::minutes(minute.into())
}

fn feed<const N: usize>(folders: BTreeMap<Option<IssuerId>, PathBuf>, read: [(String, String); N]) -> EdiFolderFeed {
    let folders = folders.into_iter().map(|(issuer, path)| (issuer, Directory::Local(path))).collect();
    let settings = EdiFolder { folders, names: Vec::new(), every: Duration::from_secs(1) };
    let issuers = BTreeMap::from([(IssuerId::new("12345"), vec!["12-3456789".to_owned(), "Acme Health".to_owned()])]);
    let door = Door::new(&target(SMALLEST), USER_AGENT).unwrap();
    EdiFolderFeed::new(&door, &settings, &issuers, New_York, (&Names::new([0; 32]), read))
}

/// Knows the policies `P-1` and `P-2`, of the probes 1 and 2.
fn roster() -> Roster {
    roster_of(2)
}

/// Knows the policies `P-1` and so on, of the probes 1 and so on.
pub(super) fn roster_of(probes: u32) -> Roster {
    let mut roster = Roster::new();
    for probe in 1..=probes {
        let mut facts = Facts::new();
        facts.set(Field::PolicyId, format!("P-{probe}"));
        let groups =
            vec![ExpectedGroup { line: CoverageLine::Medical, facts, members: Vec::new(), told_alone: Facts::new() }];
        let marker = format!("jd-{probe}@example.com");
        roster.add(&Expectation { probe: ProbeIndex(probe), marker, groups });
    }
    roster
}

/// One member of a policy of their own: 2000, 2100A, 2300.
fn member(policy: &str, last: &str) -> Vec<String> {
    [
        "INS*Y*18*021*EC*A***AC".to_owned(),
        format!("REF*0F*S{policy}"),
        format!("REF*17*M{policy}"),
        format!("NM1*IL*1*{last}*JOHN"),
        "N3*1 MAIN ST".to_owned(),
        "N4*RICHMOND*VA*23219".to_owned(),
        "DMG*D8*19700102*M".to_owned(),
        "HD*021**HLT".to_owned(),
        "DTP*348*D8*20140101".to_owned(),
        "REF*CE*12345VA001000104".to_owned(),
        format!("REF*1L*{policy}"),
    ]
    .into()
}

/// One interchange with one set of these policies, each `(policy, last name)`.
pub(super) fn interchange(number: u32, policies: &[(&str, &str)]) -> String {
    let mut set = vec![
        "ST*834*0001*005010X220A1".to_owned(),
        "BGN*00*1*20131115*101000*ET***2".to_owned(),
        "N1*P5*DOE JOHN*94*S1".to_owned(),
        "N1*IN*ACME*FI*123456789".to_owned(),
    ];
    set.extend(policies.iter().flat_map(|(policy, last)| member(policy, last)));
    set.push(format!("SE*{}*0001", set.len() + 1));
    let header = format!(
        "ISA*00*          *00*          *ZZ*EXCHANGE       *ZZ*123456789      *131115*1010*^*00501*{number:09}*0*T*:"
    );
    let mut all = vec![header, "GS*BE*EX*12345VA0010001*20131115*1010*1*X*005010X220A1".to_owned()];
    all.extend(set);
    all.extend(["GE*1*1".to_owned(), format!("IEA*1*{number:09}")]);
    all.join("~") + "~"
}

pub(crate) fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

pub(super) fn policies(scan: &Scan) -> Vec<&str> {
    scan.files.iter().flat_map(|f| &f.records).map(|(_, r)| r.facts.text(Field::PolicyId).unwrap()).collect()
}

#[test]
fn a_whole_file_is_read_once_and_strangers_are_counted_and_nothing_of_them_is_kept() {
    let mut rig = Rig::new();
    rig.write("a.edi", &interchange(1, &[("P-1", "DOE"), ("X-7", "REALPERSON"), ("P-2", "ROE")]));
    let scan = rig.scan();
    assert_eq!(policies(&scan), ["P-1", "P-2"]);
    assert!(scan.healthy && scan.waiting.is_empty());
    let file = &scan.files[0];
    assert_eq!((&*file.name, file.strangers, file.members, file.delivery), ("a.edi", 1, 3, Delivery::First));
    assert_eq!((&file.damage, file.digest.len()), (&None, 64));
    assert_eq!(file.records[1].0.probe, ProbeIndex(2));
    let record = &file.records[0].1;
    assert_eq!(record.facts.text(Field::Issuer), Some("12345"));
    assert_eq!(record.place.to_string(), "a.edi ISA 000000001 GS 1 ST 0001 segment 5");
    assert!(!format!("{scan:?} {:?}", rig.feed).contains("REALPERSON"));
    assert!(rig.scan().files.is_empty());
}

#[test]
fn a_growing_file_waits_until_it_is_whole() {
    let mut rig = Rig::new();
    let text = interchange(1, &[("P-1", "DOE"), ("P-2", "ROE")]);
    for end in [0, 50, text.len() / 2, text.len() - 12] {
        rig.write("a.edi", &text[..end]);
        let scan = rig.scan();
        assert!(scan.files.is_empty() && scan.healthy, "{end}: {scan:?}");
        assert_eq!((&*scan.waiting[0].name, scan.waiting[0].since), ("a.edi", at(1)));
    }
    rig.write("a.edi", &text);
    let scan = rig.scan();
    assert_eq!((policies(&scan), scan.waiting.len()), (vec!["P-1", "P-2"], 0));
}

#[test]
fn a_file_truncated_for_good_waits_and_is_told_with_its_reason() {
    let mut rig = Rig::new();
    let text = interchange(1, &[("P-1", "DOE")]);
    rig.write("a.edi", &text[..text.len() / 2]);
    for _ in 0..3 {
        let scan = rig.scan();
        assert!(scan.files.is_empty());
        assert!(!scan.waiting[0].reason.is_empty());
        assert_eq!(scan.waiting[0].since, at(1));
    }
}

#[test]
fn files_in_the_making_are_not_looked_at_until_they_have_their_name() {
    let mut rig = Rig::new();
    for name in [".a.edi", "a.edi.tmp", "a.edi.filepart", "a.edi~"] {
        rig.write(name, &interchange(1, &[("P-1", "DOE")]));
    }
    let scan = rig.scan();
    assert!(scan.files.is_empty() && scan.waiting.is_empty());
    fs::rename(rig.path("a.edi.tmp"), rig.path("a.edi")).unwrap();
    assert_eq!(policies(&rig.scan()), ["P-1"]);
}

#[test]
fn a_renamed_file_is_known_again_and_a_copy_is_a_second_delivery() {
    let mut rig = Rig::new();
    let text = interchange(1, &[("P-1", "DOE")]);
    rig.write("a.edi", &text);
    let first = rig.scan();
    fs::rename(rig.path("a.edi"), rig.path("a.edi.done")).unwrap();
    let renamed = rig.scan();
    assert_eq!((renamed.files[0].delivery, renamed.files[0].records.len()), (Delivery::Renamed, 0));
    rig.write("b.edi", &text);
    let again = rig.scan();
    assert_eq!((again.files[0].delivery, policies(&again)), (Delivery::Again, vec!["P-1"]));
    assert_eq!(again.files[0].digest, first.files[0].digest);
    assert!(rig.scan().files.is_empty());
}

#[test]
fn a_new_process_does_not_read_again_what_the_ledger_has() {
    let mut rig = Rig::new();
    rig.write("a.edi", &interchange(1, &[("P-1", "DOE")]));
    let read = rig.scan().files.remove(0);
    rig.write("b.edi", &interchange(2, &[("P-2", "ROE")]));
    rig.feed = feed([(None, rig.folder.path().to_owned())].into(), [(read.name.into(), read.digest)]);
    assert_eq!(policies(&rig.scan()), ["P-2"]);
}

#[test]
fn of_a_file_that_grew_after_it_was_whole_only_the_growth_is_read() {
    let mut rig = Rig::new();
    let (one, two) = (interchange(1, &[("P-1", "DOE")]), interchange(2, &[("P-2", "ROE")]));
    rig.write("a.edi", &one);
    assert_eq!(policies(&rig.scan()), ["P-1"]);
    rig.write("a.edi", &format!("{one}\r\n{two}"));
    assert_eq!(policies(&rig.scan()), ["P-2"]);
    rig.write("a.edi", &interchange(3, &[("P-1", "DOE"), ("P-2", "ROE"), ("X-3", "ZOE")]));
    assert_eq!(policies(&rig.scan()), ["P-1", "P-2"], "another file of this name is read whole");
}

#[test]
fn line_ends_and_other_delimiters_and_several_interchanges_are_read() {
    let mut rig = Rig::new();
    let (one, two) = (interchange(1, &[("P-1", "DOE")]), interchange(2, &[("P-2", "ROE")]));
    rig.write("a.edi", &format!("{}\r\n", one.replace('~', "~\r\n")));
    rig.write("b.edi", &format!("{}{}", one.replace("P-1", "X-1").replace('*', "|"), two.replace('~', "\n")));
    let scan = rig.scan();
    assert_eq!(policies(&scan), ["P-1", "P-2"]);
    assert_eq!(scan.files.iter().map(|f| f.strangers).collect::<Vec<_>>(), [0, 1]);
}

#[test]
fn a_folder_that_cannot_be_read_is_blind_and_the_others_are_read_all_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let issuer = |id: &str| Some(IssuerId::new(id));
    let folders = [(issuer("12345"), folder.path().join("none")), (issuer("67890"), folder.path().to_owned())];
    let mut feed = feed(folders.into(), []);
    fs::write(folder.path().join("a.edi"), interchange(1, &[("P-1", "DOE")])).unwrap();
    let scan = feed.scan(at(1), &roster());
    assert!(!scan.healthy);
    assert_eq!(scan.blind.iter().map(|(who, _)| who.clone()).collect::<Vec<_>>(), [issuer("12345")]);
    // It lies in the folder of 67890, whoever it is addressed to.
    assert_eq!(&*scan.files[0].name, "67890/a.edi");
    assert_eq!(scan.files[0].records[0].1.facts.text(Field::Issuer), Some("67890"));
}

#[test]
fn what_lay_there_before_the_run_is_never_read_and_what_was_still_growing_is() {
    let mut rig = Rig::new();
    let (old, new) = (interchange(1, &[("P-1", "DOE")]), interchange(2, &[("P-2", "ROE")]));
    rig.write("old.edi", &old);
    rig.write("growing.edi", &new[..new.len() / 2]);
    let baseline = rig.feed.baseline(at(0)).unwrap();
    assert_eq!(baseline.files.iter().map(|(name, ..)| &**name).collect::<Vec<_>>(), ["old.edi"]);
    assert!(rig.scan().files.is_empty());
    rig.write("growing.edi", &new);
    assert_eq!(policies(&rig.scan()), ["P-2"]);
}

#[test]
fn a_closed_file_with_wrong_counts_is_read_for_what_is_sound_once_it_stands_still() {
    let mut rig = Rig::new();
    let broken = interchange(1, &[("P-1", "DOE")]).replace("SE*16*", "SE*17*");
    rig.write("a.edi", &format!("{broken}{}", interchange(2, &[("P-2", "ROE")])));
    let first = rig.scan();
    assert_eq!((first.files.len(), first.waiting.len()), (0, 1));
    let second = rig.scan();
    assert_eq!((policies(&second), second.waiting.len()), (vec!["P-2"], 0));
    assert!(second.files[0].damage.as_ref().unwrap().contains("`SE`"), "{:?}", second.files[0].damage);
    assert!(rig.scan().files.is_empty());
}

#[test]
fn a_file_that_is_no_x12_is_told_once() {
    let mut rig = Rig::new();
    rig.write("readme.txt", "Nothing to see here, and certainly no interchange header of any kind, whatever you do.");
    rig.scan();
    let second = rig.scan();
    assert!(second.files[0].damage.as_ref().unwrap().contains("`ISA`"));
    assert!(second.healthy);
    let third = rig.scan();
    assert!(third.files.is_empty() && third.waiting.is_empty());
}

#[cfg(unix)]
#[test]
fn links_in_a_circle_and_to_nowhere_blind_themselves_and_are_told_before_the_run() {
    use std::os::unix::fs::symlink;
    let mut rig = Rig::new();
    symlink(rig.path("loop.edi"), rig.path("loop.edi")).unwrap();
    symlink(rig.path("nowhere"), rig.path("dangling.edi")).unwrap();
    fs::create_dir(rig.path("folder.edi")).unwrap();
    let mut told = rig.feed.baseline(at(0)).unwrap().unreadable;
    told.sort();
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told[0].starts_with("`aaaa.edi#") && told[1].starts_with("`aaaaaaaa.edi#"));
    rig.write("a.edi", &interchange(1, &[("P-1", "DOE")]));
    let scan = rig.scan();
    assert_eq!((policies(&scan), scan.blind.len(), scan.healthy), (vec!["P-1"], 2, false));
}

#[cfg(target_os = "linux")]
#[test]
fn a_name_that_is_not_utf_8_is_read_like_any_other() {
    use std::os::unix::ffi::OsStrExt;
    let mut rig = Rig::new();
    let name = std::ffi::OsStr::from_bytes(b"r\xe9sum\xe9.edi");
    fs::write(rig.folder.path().join(name), interchange(1, &[("P-1", "DOE")])).unwrap();
    let scan = rig.scan();
    assert_eq!((policies(&scan), scan.healthy), (vec!["P-1"], true));
    assert!(scan.files[0].name.starts_with(r"r\aA9aaa\aA9.edi#"), "{}", scan.files[0].name);
}

#[test]
fn what_is_plainly_no_x12_is_refused_after_its_first_bytes_however_large_it_is() {
    let mut rig = Rig::new();
    fs::File::create(rig.path("zeros.edi")).unwrap().set_len(1 << 42).unwrap();
    rig.write("text.edi", "Nothing to see here, and certainly no interchange header of any kind, whatever you do.");
    fs::File::options().write(true).open(rig.path("text.edi")).unwrap().set_len(1 << 42).unwrap();
    let first = rig.scan();
    assert!(first.healthy && first.files.is_empty() && first.waiting.len() == 2, "{first:?}");
    let second = rig.scan();
    assert!(second.files[0].damage.as_ref().unwrap().contains("`ISA`"));
    assert!(second.waiting[0].name.starts_with("aaaaa.edi#"), "{}", second.waiting[0].name);
}

#[test]
fn compressed_files_are_read_whatever_their_name_and_waited_for_while_they_grow() {
    let mut rig = Rig::new();
    let (one, two) = (gzip(&interchange(1, &[("P-1", "DOE")])), gzip(&interchange(2, &[("P-2", "ROE")])));
    for end in [4, one.len() / 2, one.len() - 1] {
        rig.write_bytes("a.edi", &one[..end]);
        let scan = rig.scan();
        assert!(scan.files.is_empty() && scan.healthy && scan.waiting.len() == 1, "{end}: {scan:?}");
    }
    rig.write_bytes("a.edi", &one);
    let first = rig.scan();
    assert_eq!(policies(&first), ["P-1"]);
    assert_eq!(first.files[0].records[0].1.place.to_string(), "a.edi ISA 000000001 GS 1 ST 0001 segment 5");
    rig.write_bytes("a.edi", &[one, two].concat());
    assert_eq!(policies(&rig.scan()), ["P-2"], "a second member is growth");
}

#[test]
fn a_compressed_copy_is_a_second_delivery_and_compressing_a_file_where_it_lies_is_none() {
    let mut rig = Rig::new();
    let text = interchange(1, &[("P-1", "DOE")]);
    rig.write("a.edi", &text);
    let first = rig.scan();
    rig.write_bytes("copy.gz", &gzip(&text));
    let copy = rig.scan();
    assert_eq!((copy.files[0].delivery, policies(&copy)), (Delivery::Again, vec!["P-1"]));
    assert_eq!(copy.files[0].digest, first.files[0].digest);
    fs::remove_file(rig.path("copy.gz")).unwrap();
    let age = fs::metadata(rig.path("a.edi")).unwrap().modified().unwrap();
    fs::remove_file(rig.path("a.edi")).unwrap();
    rig.write_bytes("a.edi.gz", &gzip(&text));
    fs::File::options().append(true).open(rig.path("a.edi.gz")).unwrap().set_modified(age).unwrap();
    let archived = rig.scan();
    assert_eq!((archived.files[0].delivery, archived.files[0].records.len()), (Delivery::Renamed, 0));
}

#[test]
fn a_damaged_compressed_file_is_read_for_what_is_sound_once_it_stands_still() {
    let mut rig = Rig::new();
    let mut bytes = gzip(&interchange(1, &[("P-1", "DOE")]));
    *bytes.last_mut().unwrap() ^= 1;
    rig.write_bytes("a.edi.gz", &bytes);
    assert!(rig.scan().files.is_empty());
    let second = rig.scan();
    assert_eq!((policies(&second), second.healthy), (vec!["P-1"], true));
    assert!(second.files[0].damage.as_ref().unwrap().contains("gzip"), "{:?}", second.files[0].damage);
    assert!(rig.scan().files.is_empty());
}

#[test]
fn room_that_was_only_made_is_not_read_through_for_the_last_time_either() {
    let mut rig = Rig::new();
    for (name, room) in [("zeros.edi", 8 << 30), ("more.edi", 9 << 30)] {
        fs::File::create(rig.path(name)).unwrap().set_len(room).unwrap();
    }
    let began = std::time::Instant::now();
    assert_eq!(rig.scan().waiting.len(), 2);
    let last = rig.last(2);
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    assert!(last.healthy && last.files.iter().all(|file| file.records.is_empty()), "{last:?}");
    assert!(last.files.iter().any(|file| file.damage.as_ref().is_some_and(|d| d.contains("blank bytes"))), "{last:?}");
}

#[test]
fn a_file_that_stays_cut_is_read_for_the_last_time_as_far_as_it_goes_and_says_whose_records_it_holds() {
    let mut rig = Rig::new();
    let whole = interchange(1, &[("P-1", "DOE"), ("P-2", "ROE")]);
    // cut inside the set: nothing of it is given out, and both of its people are known to stand there
    let cut = &whole[..whole.find("SE*").unwrap()];
    rig.write("cut.edi", cut);
    assert_eq!((rig.scan().files.len(), rig.scan().waiting.len()), (0, 1));
    let last = rig.last(9);
    let [file] = last.files.as_slice() else { panic!("{last:?}") };
    assert!(
        file.records.is_empty() && file.damage.as_ref().is_some_and(|d| d.contains("file ends before")),
        "{file:?}"
    );
    assert_eq!(file.held.iter().map(|probe| probe.0).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(file.cut_since, Some(at(1)));
    // cut behind its set: its records are given out, and stand in an interchange that a receiver refuses
    let mut rig = Rig::new();
    rig.write("cut.edi", &whole[..whole.find("GE*").unwrap()]);
    rig.scan();
    let last = rig.last(9);
    assert_eq!(policies(&last), ["P-1", "P-2"]);
    let (record, refused) = (&last.files[0].records[0].1, &last.files[0].refused);
    assert!(refused.iter().any(|refused| refused.holds(&record.place)), "{refused:?} {:?}", record.place);
    // what has only begun to come is waited for
    let mut rig = Rig::new();
    rig.write("growing.edi", cut);
    assert!(rig.last(1).files.is_empty());
}

#[test]
fn who_is_named_by_a_shared_name_is_nobody_and_who_is_named_by_two_is_told_with_both() {
    let folder = tempfile::tempdir().unwrap();
    let named = |names: [&[&str]; 2]| {
        let folders = BTreeMap::from([(None, Directory::Local(folder.path().to_owned()))]);
        let settings = EdiFolder { folders, names: Vec::new(), every: Duration::from_secs(1) };
        let names = names.map(|names| names.iter().map(|name| (*name).to_owned()).collect());
        let issuers = ["12345", "67890"].map(IssuerId::new).into_iter().zip(names).collect();
        let door = Door::new(&target(SMALLEST), USER_AGENT).unwrap();
        EdiFolderFeed::new(&door, &settings, &issuers, New_York, (&Names::new([0; 32]), []))
    };
    let issuer = |mut feed: EdiFolderFeed| {
        let scan = feed.scan(at(1), &roster());
        scan.files[0].records[0].1.facts.text(Field::Issuer).map(str::to_owned)
    };
    let file = interchange(1, &[("P-1", "DOE")]).replace("*ACME*FI*123456789", "*ACME*FI*541234567");
    fs::write(folder.path().join("a.edi"), &file).unwrap();
    let alone = issuer(named([&[], &[]]));
    assert_eq!(issuer(named([&["541234567"], &["541234567"]])), alone, "a tax id that two have names neither");
    assert_eq!(issuer(named([&[], &["541234567"]])).as_deref(), Some("67890"));
    fs::rename(folder.path().join("a.edi"), folder.path().join("67890_OUT.edi")).unwrap();
    let told = issuer(named([&["541234567"], &[]])).unwrap();
    assert!(told.contains("67890 by its file's name") && told.contains("12345 by"), "{told}");
}

#[test]
fn a_file_in_an_issuers_own_folder_has_come_to_it_and_says_whom_else_it_is_addressed_to() {
    let folder = tempfile::tempdir().unwrap();
    let own = BTreeMap::from([(Some(IssuerId::new("67890")), folder.path().to_owned())]);
    let read = |file: &str| {
        fs::write(folder.path().join("a.edi"), file).unwrap();
        let scan = feed(own.clone(), []).scan(at(1), &roster());
        let record = &scan.files[0].records[0].1;
        (record.facts.text(Field::Issuer).map(str::to_owned), record.place.addressed_to.clone())
    };
    let file = interchange(1, &[("P-1", "DOE")]);
    let other = read(&file);
    assert_eq!(other, (Some("67890".into()), Some("12345".into())), "tax id 12-3456789 and ACME are another issuer's");
    let nobody = file.replace("ACME*FI*123456789", "WHO*FI*000000000").replace("ZZ*123456789 ", "ZZ*000000000 ");
    assert_eq!(read(&nobody), (Some("67890".into()), None), "who is not named is nobody else");
}
