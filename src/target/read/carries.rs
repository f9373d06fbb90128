//! What the target can carry.

use super::Builder;
use crate::model::{CarriedWords, Carries, Characters, Field, IssuerId, Kind};
use crate::source::{Entry, Node, nearest};
use std::collections::BTreeMap;

impl Builder<'_> {
    pub(super) fn carries(&mut self, node: Option<&Node>) -> Carries {
        let of = |key: &str| node.and_then(|node| node.get(key));
        let members = super::number(node, "members");
        let words = self.words_carried(of("words"));
        let is_text = |kind| matches!(kind, Kind::Name | Kind::Address | Kind::Email);
        let characters = self.by_field(of("characters"), "characters", is_text);
        let set = |(field, entry): (Field, &Entry)| Some((field, Characters::parse(entry.value.text()?)?));
        let characters = characters.into_iter().filter_map(set).collect();
        let lengths = self.by_field(of("lengths"), "lengths", is_text);
        let length = |(field, entry): (Field, &Entry)| Some((field, entry.value.text()?.parse().ok()?));
        let lengths = lengths.into_iter().filter_map(length).collect();
        let listed = of("not_asked").map_or(&[][..], Node::items);
        let not_asked = listed.iter().filter_map(|item| Field::parse(item.text()?)).collect();
        Carries { members, words, characters, lengths, not_asked }
    }

    /// What a waypoint, and issuers by their own word, do not tell apart.
    pub(super) fn carried_at(&mut self, waypoint: &Node) -> BTreeMap<Option<IssuerId>, CarriedWords> {
        let issuers = waypoint.get("per_issuer").map_or(&[][..], Node::entries);
        let own = issuers.iter().map(|entry| (Some(IssuerId::new(entry.key.as_str())), entry.value.get("carries")));
        let all = std::iter::once((None, waypoint.get("carries"))).chain(own);
        all.filter_map(|(of, node)| Some((of, self.words_carried(node?.get("words"))))).collect()
    }

    fn words_carried(&mut self, node: Option<&Node>) -> CarriedWords {
        let words = self.by_field(node, "words", |kind| kind == Kind::Code);
        words.into_iter().map(|(field, entry)| (field, self.carried_words(field, &entry.value))).collect()
    }

    /// Entries by their field, those left out whose field has another kind, or stands there already.
    fn by_field<'n>(
        &mut self,
        node: Option<&'n Node>,
        key: &str,
        fits: impl Fn(Kind) -> bool,
    ) -> BTreeMap<Field, &'n Entry> {
        let mut found: BTreeMap<Field, &Entry> = BTreeMap::new();
        for entry in node.map_or(&[][..], Node::entries) {
            let Some(field) = Field::parse(&entry.key) else { continue };
            if !fits(field.kind()) {
                let whose = if key == "words" { "codes" } else { "names, addresses and mailboxes" };
                self.report.error(entry.key_span, format!("`{key}` are said of {whose}, and `{field}` is none"));
            } else if found.insert(field, entry).is_some() {
                self.report.error(entry.key_span, format!("`{}` is `{field}`, which stands here already", entry.key));
            }
        }
        found
    }

    /// Both sides are words of ours.
    fn carried_words(&mut self, field: Field, node: &Node) -> BTreeMap<String, String> {
        let known = field.closed_list();
        let mut words = BTreeMap::new();
        for entry in node.entries() {
            let Some(other) = entry.value.text() else { continue };
            for (word, span) in [(entry.key.as_str(), entry.key_span), (other, entry.value.span)] {
                let Some(known) = known.as_ref().filter(|known| !known.contains(&word)) else { continue };
                let near = nearest(word, known.iter().copied());
                let listed: Vec<String> = known.iter().map(|word| format!("`{word}`")).collect();
                let error = self.report.error(span, format!("`{word}` is no word of `{field}`"));
                error.label(format!("expected one of {}", listed.join(", "))).did_you_mean(near);
            }
            words.insert(entry.key.clone(), other.to_owned());
        }
        words
    }
}
