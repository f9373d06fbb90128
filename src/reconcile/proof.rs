//! What may feed what acts: ids that our own act gave, and no others.

use super::grafted::is_like_an_id;
use super::keys::exchange_ids_of;
use super::spelling::without_origin;
use crate::model::{
    Captures, Change, CoverageLine, Facts, Field, GroupCapture, GroupRecord, Household, Marked, ProbeIndex, RecordKind,
    RunId,
};

/// Ids by which requests name a policy.
const OF_POLICIES: [Field; 3] = [Field::PolicyId, Field::SubscriberId, Field::ApplicationId];

/// What is proved of one probe, so that it may be said in a request: what answered a step of ours that creates or changes, what we
/// gave out ourselves, and the ids of a record that shows this run's marker. What was merely recognised, or merely looked up, cannot
/// come in here.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Proof {
    told: Captures,
    shown: Captures,
    /// Ids that stood beside another household's marker, too.
    of_others: Vec<String>,
}

impl Proof {
    /// Takes in what answered our own flow, or what we gave out ourselves, and what it said replaces what was known. A flow keeps of
    /// its steps' answers only what a step that creates or changes was told (`exchange`).
    pub fn told(&mut self, captures: &Captures) {
        self.told = captures.clone();
    }

    /// Takes in what a later flow of ours was told; it wins field by field.
    pub fn told_later(&mut self, captures: &Captures) {
        self.told.add(captures.clone());
    }

    /// Forgets what the exchange decides anew at a change.
    pub fn unsettle(&mut self, change: Change) {
        crate::life::unsettle(&mut self.told, change);
    }

    /// Takes in what the exchange told of policies that took the place of others, of which it told what is forgotten now. `before`: the
    /// household until then.
    pub fn begin_policies(&mut self, before: &Household, change: Change, told: Captures) {
        let known = std::mem::take(&mut self.told);
        self.told = crate::life::told(known, before, change, told);
        self.shown = Captures::default();
    }

    /// Takes in the ids of a record whose subscriber shows this run's marker and in which everybody who is named is like one of us;
    /// of any other record nothing: one of us beside a stranger makes a stranger's ids nobody else's. Of members it takes the ids of
    /// those who show the marker themselves. Of a household with `several` groups the group's own ids are taken where the record says by
    /// its line, or by its plan, of which one it is (`line`). Says whether there was anything new.
    pub fn shown(
        &mut self,
        record: &GroupRecord,
        run: &RunId,
        (line, several): (Option<CoverageLine>, bool),
        is_like_us: impl Fn(&Facts) -> bool,
    ) -> bool {
        if !is_of_ours(record, run) || record.members.iter().any(|member| says_who(member) && !is_like_us(member)) {
            return false;
        }
        let line = record.facts.text(Field::CoverageLine).and_then(CoverageLine::parse).or(line);
        let mut facts = ids_of(&record.facts, if several && line.is_none() { &OF_POLICIES[2..] } else { &OF_POLICIES });
        // a file writes the origin behind the id, which the exchange itself is not asked with
        if let Some(id) = facts.text(Field::ApplicationId).filter(|_| record.kind != RecordKind::Snapshot) {
            let id = without_origin(id).to_owned();
            facts.set(Field::ApplicationId, id);
        }
        if self.contradicts(&facts) {
            return false;
        }
        if facts.stated().is_empty() || self.shown.groups.iter().any(|group| group.line == line) {
            return false;
        }
        self.shown.groups.push(GroupCapture { line, facts });
        if self.shown.members.is_empty() {
            let own =
                |member: &Facts| if is_marked(member, run) { ids_of(member, &[Field::MemberId]) } else { Facts::new() };
            self.shown.members = record.members.iter().map(own).collect();
        }
        true
    }

    /// Takes in that a record in which another household's marker stands shows ids by which this one is known: whose they are, nobody
    /// can say any more, unless the exchange told them.
    pub fn stand_beside_another(&mut self, record: &GroupRecord) {
        let ids = OF_POLICIES.iter().filter_map(|id| record.facts.text(*id)).map(str::to_owned);
        for id in ids.collect::<Vec<_>>() {
            if !self.of_others.contains(&id) && self.shown.groups.iter().any(|group| is_among(&group.facts, &id)) {
                self.of_others.push(id);
            }
        }
    }

    fn is_of_others(&self, facts: &Facts, field: Field) -> bool {
        facts.text(field).is_some_and(|id| self.of_others.iter().any(|other| other == id))
    }

    /// Whether a record names another application than we were told: then its other ids may be garbled as well.
    fn contradicts(&self, shown: &Facts) -> bool {
        let applications = || self.told.groups.iter().filter_map(|group| group.facts.text(Field::ApplicationId));
        // a system may write something before or behind it
        let is_another = |id: &str| {
            applications().next().is_some() && applications().all(|told| !told.contains(id) && !id.contains(told))
        };
        shown.text(Field::ApplicationId).is_some_and(is_another)
    }

    /// Whether we were told no id of a policy of some of the household's `groups`.
    pub fn lacks_ids(&self, groups: usize) -> bool {
        let told = || self.told.groups.iter().filter(|group| has_ids(group));
        told().all(|group| group.line.is_some()) && told().count() < groups
    }

    /// Whether there is anything by which the probe could be named to the exchange.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether a record is proved to be the probe's: it shows this run's marker, or ids of the exchange that are all proved.
    pub fn covers(&self, record: &GroupRecord, run: &RunId) -> bool {
        if shows_marker(record, run) {
            return true;
        }
        let told = [&self.told, &self.shown];
        let known: Vec<u64> = told
            .into_iter()
            .flat_map(|told| {
                told.groups
                    .iter()
                    .flat_map(|group| exchange_ids_of(&group.facts, &[]))
                    .chain(exchange_ids_of(&Facts::new(), &told.members).collect::<Vec<_>>())
            })
            .collect();
        let mut shown = exchange_ids_of(&record.facts, &record.members).peekable();
        shown.peek().is_some() && shown.all(|id| known.contains(&id))
    }

    /// What requests may say: what we were told; where that has no ids of a group's policy, or of members, those that our marker stood
    /// beside.
    pub fn known(&self) -> Captures {
        let mut known = self.told.clone();
        let told: Vec<Option<CoverageLine>> =
            known.groups.iter().filter(|group| has_ids(group)).map(|group| group.line).collect();
        let is_new = |group: &&GroupCapture| match group.line {
            // what was told without a line was told of every group
            Some(_) => !told.contains(&None) && !told.contains(&group.line),
            None => told.is_empty(),
        };
        let is_own = |group: &&GroupCapture| !OF_POLICIES.iter().any(|id| self.is_of_others(&group.facts, *id));
        for shown in self.shown.groups.iter().filter(is_own).filter(is_new) {
            // beside the application's id alone, which was told of the same
            match known.groups.iter_mut().find(|told| told.line == shown.line && !has_ids(told)) {
                Some(told) => told.facts = with_more(&told.facts, &shown.facts),
                None => known.groups.push(shown.clone()),
            }
        }
        if known.members.is_empty() {
            known.members.clone_from(&self.shown.members);
        }
        known
    }
}

/// What was told, and the ids that were shown of what it does not say.
fn with_more(told: &Facts, shown: &Facts) -> Facts {
    let mut facts = told.clone();
    for field in OF_POLICIES.into_iter().filter(|field| told.value(*field).is_none()) {
        if let Some(value) = shown.value(field) {
            facts.set(field, value.clone());
        }
    }
    facts
}

/// Whether an id is among these.
fn is_among(facts: &Facts, id: &str) -> bool {
    OF_POLICIES.iter().any(|field| facts.text(*field) == Some(id))
}

/// The household of this run whose marker stands at a record's subscriber, where all in it are of that run.
pub fn marked_household(record: &GroupRecord, run: &RunId) -> Option<ProbeIndex> {
    let mut marked = record.members.iter().filter_map(|member| member.text(Field::Email).and_then(Marked::of));
    marked.next().filter(|_| is_of_ours(record, run)).and_then(|marked| marked.household())
}

/// Whether the ids of a policy are among what was captured of a group.
fn has_ids(group: &GroupCapture) -> bool {
    [Field::PolicyId, Field::SubscriberId].iter().any(|id| group.facts.value(*id).is_some())
}

/// Whether a record shows a mailbox that says that this run sent it.
fn shows_marker(record: &GroupRecord, run: &RunId) -> bool {
    record.members.iter().any(|member| is_marked(member, run))
}

fn is_marked(member: &Facts, run: &RunId) -> bool {
    member.text(Field::Email).and_then(Marked::of).is_some_and(|marked| marked.is_of_run(run))
}

/// Whether a record's ids are those of ours: whoever it says is the subscriber (where it says nobody is, the first) shows this run's
/// marker, and no mailbox in it is anybody else's.
fn is_of_ours(record: &GroupRecord, run: &RunId) -> bool {
    let named = record.members.iter().filter(|member| member.is_subscriber());
    let says_nobody = record.members.first().filter(|_| !record.members.iter().any(Facts::is_subscriber));
    let mut subscribers = named.chain(says_nobody).peekable();
    let is_ours = subscribers.peek().is_some() && subscribers.all(|member| is_marked(member, run));
    is_ours && record.members.iter().all(|member| member.text(Field::Email).is_none() || is_marked(member, run))
}

/// Whether anything says who a member is, be it a stranger's name.
fn says_who(member: &Facts) -> bool {
    [Field::NameLast, Field::NameFirst, Field::BirthDate].iter().any(|field| member.value(*field).is_some())
}

/// Ids that a record shows. What is not written like one was masked before it was kept, and is nobody's id any more.
fn ids_of(facts: &Facts, fields: &[Field]) -> Facts {
    let mut ids = Facts::new();
    for field in fields {
        if let Some(value) = facts.value(*field).filter(|value| is_like_an_id(&value.to_string())) {
            ids.set(*field, value.clone());
        }
    }
    ids
}

#[cfg(test)]
mod tests {
    use super::Proof;
    use crate::model::{Captures, Facts, Field, GroupCapture, GroupRecord, Marks, Place, RecordKind, RunId};

    fn record(policy: &str, mailbox: Option<&str>) -> GroupRecord {
        let (mut facts, mut member) = (Facts::new(), Facts::new());
        facts.set(Field::PolicyId, policy);
        member.set(Field::NameLast, "Quill");
        if let Some(mailbox) = mailbox {
            member.set(Field::Email, mailbox);
        }
        let place = Place::default();
        GroupRecord { kind: RecordKind::Snapshot, event_at: None, facts, members: vec![member], place }
    }

    fn is_like_us(member: &Facts) -> bool {
        member.text(Field::NameLast) == Some("Quill")
    }

    fn policies(proof: &Proof) -> Vec<String> {
        let known = proof.known();
        known.groups.iter().filter_map(|group| group.facts.text(Field::PolicyId)).map(str::to_owned).collect()
    }

    #[test]
    fn the_origin_that_files_write_behind_an_applications_id_is_no_part_of_it() {
        let run = RunId::new("one");
        let mailbox = Marks::new([7; 5]).of_run(&run).household(0);
        let learned = |kind: RecordKind| {
            let mut shown = record("P1", Some(&mailbox));
            shown.kind = kind;
            shown.facts.set(Field::ApplicationId, "KS-50001-G-01");
            let mut proof = Proof::default();
            assert!(proof.shown(&shown, &run, (None, false), is_like_us));
            proof.known().groups[0].facts.text(Field::ApplicationId).map(str::to_owned)
        };
        assert_eq!(learned(RecordKind::InitialEnrollment).as_deref(), Some("KS-50001-G"));
        assert_eq!(learned(RecordKind::Snapshot).as_deref(), Some("KS-50001-G-01"), "an API shows it as it is");
    }

    #[test]
    fn a_record_teaches_ids_only_beside_the_marker_of_this_run() {
        let (run, other) = (RunId::new("one"), RunId::new("two"));
        let marks = Marks::new([7; 5]);
        let mut proof = Proof::default();
        for mailbox in [
            None,
            Some("jane@example.org".to_owned()),
            Some(marks.household(0)),
            Some(marks.clone().of_run(&other).household(0)),
        ] {
            assert!(!proof.shown(&record("REAL", mailbox.as_deref()), &run, (None, false), is_like_us), "{mailbox:?}");
        }
        assert!(proof.is_empty() && policies(&proof).is_empty());
        let mailbox = marks.of_run(&run).household(0);
        assert!(proof.shown(&record("P1", Some(&mailbox)), &run, (None, false), is_like_us));
        assert!(!proof.shown(&record("P2", Some(&mailbox)), &run, (None, false), is_like_us), "the first is kept");
        assert_eq!(policies(&proof), ["P1"]);
        let mut proof = Proof::default();
        assert!(
            !proof.shown(&record("AAAA AAAA", Some(&mailbox)), &run, (None, false), is_like_us),
            "what was masked is no id"
        );
    }

    #[test]
    fn a_record_whose_subscriber_is_a_stranger_teaches_nothing_though_one_of_us_stands_in_it() {
        let run = RunId::new("one");
        let mailbox = Marks::new([7; 5]).of_run(&run).household(0);
        let member = |pairs: &[(Field, &str)]| {
            let mut facts = Facts::new();
            for (field, text) in pairs {
                facts.set(*field, *text);
            }
            facts
        };
        let ours = member(&[(Field::Email, &mailbox), (Field::MemberId, "M-OURS-1")]);
        let stranger = member(&[(Field::Email, "jane@example.org"), (Field::MemberId, "M-REAL-1")]);
        let silent = member(&[(Field::NameLast, "Real"), (Field::MemberId, "M-REAL-1")]);
        let their_own = member(&[(Field::Relationship, "self"), (Field::NameLast, "Real")]);
        for (members, teaches) in [
            (vec![stranger.clone(), ours.clone()], false),
            (vec![silent.clone(), ours.clone()], false),
            (vec![ours.clone(), stranger], false),
            (vec![ours.clone(), their_own], false),
            (vec![ours.clone(), silent], false),
            (vec![ours.clone(), member(&[(Field::NameLast, "Quill")])], true),
            (vec![ours.clone(), member(&[(Field::Tobacco, "no")])], true),
            (vec![ours], true),
        ] {
            let (mut proof, mut merged) = (Proof::default(), record("P-1", Some(&mailbox)));
            merged.members.clone_from(&members);
            assert_eq!(proof.shown(&merged, &run, (None, false), is_like_us), teaches, "{members:?}");
            let known = format!("{:?}", proof.known());
            assert!(!known.contains("M-REAL") && known.contains("M-OURS") == teaches, "{known}");
        }
    }

    #[test]
    fn what_we_were_told_comes_before_what_was_shown_and_covers_its_own_ids_only() {
        let run = RunId::new("one");
        let mailbox = Marks::new([7; 5]).of_run(&run).household(0);
        let mut facts = Facts::new();
        facts.set(Field::PolicyId, "TOLD");
        let mut proof = Proof::default();
        proof.shown(&record("SHOWN", Some(&mailbox)), &run, (None, false), is_like_us);
        proof.told(&Captures { groups: vec![GroupCapture { line: None, facts }], ..Captures::default() });
        assert_eq!(policies(&proof), ["TOLD"]);
        assert!(proof.covers(&record("TOLD", None), &run) && proof.covers(&record("ANY", Some(&mailbox)), &run));
        assert!(!proof.covers(&record("ANY", None), &run));
    }

    #[test]
    fn each_group_of_several_is_known_by_what_was_shown_of_it_and_by_none_of_the_others() {
        use crate::model::CoverageLine::{Dental, Medical};
        let run = RunId::new("one");
        let mailbox = Marks::new([7; 5]).of_run(&run).household(0);
        let shows = |policy: &str, line, proof: &mut Proof| {
            proof.shown(&record(policy, Some(&mailbox)), &run, (line, true), is_like_us)
        };
        let mut proof = Proof::default();
        assert!(!shows("M-1", None, &mut proof), "of which of them it is, nobody says");
        let mut facts = Facts::new();
        facts.set(Field::PolicyId, "TOLD");
        let told = |line| Captures { groups: vec![GroupCapture { line, facts: facts.clone() }], ..Captures::default() };
        proof.told(&told(Some(Medical)));
        assert!(shows("D-2", Some(Dental), &mut proof) && shows("M-1", Some(Medical), &mut proof));
        assert_eq!(policies(&proof), ["TOLD", "D-2"], "what was told comes first, and the other group has its own");
        proof.told(&told(None));
        assert_eq!(policies(&proof), ["TOLD"], "what was told without a line was told of every group");
    }
}
