//! Deliveries: at least once, known again by key, obedient, and told of elsewhere when a channel does not take them.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use johndoe_vigil::alarm::{AlarmId, Kind, Message, Source};
use johndoe_vigil::delivery::{Answer, Channel, Deliveries, Entry};
use proptest::prelude::*;

fn second(n: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_780_000_000 + n, 0).unwrap()
}

fn message(key: &str, kind: Kind) -> Message {
    let alarm = AlarmId { source: Source::Stream("s".to_owned()), number: 1 };
    let paragraphs = (0..300).map(|n| format!("alarm {n}")).collect();
    let (group, title) = ("g".to_owned(), key.to_owned());
    Message { key: key.to_owned(), kind, group, at: second(0), alarms: vec![alarm], title, paragraphs }
}

fn failed() -> Answer {
    Answer::Failed { why: "no answer".to_owned() }
}

/// Channels, what was written, and what each receiver was sent.
struct Post {
    channels: Vec<Channel>,
    deliveries: Deliveries,
    log: Vec<Entry>,
    received: BTreeMap<String, Vec<(i64, String, usize)>>,
}

impl Post {
    fn new(names: &[&str]) -> Self {
        let channels = names.iter().map(|name| Channel { name: (*name).to_owned(), size: 4000 }).collect();
        let mut post = Self { channels, deliveries: Deliveries::default(), log: Vec::new(), received: BTreeMap::new() };
        post.look(0, &mut |_, _| Answer::Taken);
        post
    }

    fn write(&mut self, entry: Entry) {
        self.deliveries.apply(&entry, &self.channels);
        self.log.push(entry);
    }

    /// One look at second `now`: what is due is sent, and answered at once by `answer`.
    fn look(&mut self, now: i64, answer: &mut dyn FnMut(&str, usize) -> Answer) {
        for entry in self.deliveries.next(&self.channels, second(now), |_| None) {
            self.write(entry);
        }
        for sending in self.deliveries.due(&self.channels, second(now), &BTreeSet::new()) {
            let (channel, key) = (sending.channel, sending.key);
            self.write(Entry::Trying { channel: channel.clone(), key: key.clone() });
            self.received.entry(channel.clone()).or_default().push((now, key.clone(), sending.text.len()));
            let answer = answer(&channel, sending.text.len());
            self.write(Entry::Answered { channel, key, at: second(now), answer });
        }
    }

    fn sent(&self, channel: &str) -> Vec<(i64, &str)> {
        self.received.get(channel).into_iter().flatten().map(|(at, key, _)| (*at, key.as_str())).collect()
    }
}

#[test]
fn a_message_goes_once_to_every_channel_and_in_order() {
    let mut post = Post::new(&["pager", "mail"]);
    post.deliveries.announce(&message("firing", Kind::Firing));
    post.deliveries.announce(&message("recovered", Kind::Recovered));
    (1..100).for_each(|now| post.look(now, &mut |_, _| Answer::Taken));
    for channel in ["pager", "mail"] {
        assert_eq!(post.sent(channel), [(1, "firing"), (2, "recovered")]);
    }
}

#[test]
fn a_busy_receiver_is_left_alone_for_as_long_as_it_says() {
    let mut post = Post::new(&["pager"]);
    post.deliveries.announce(&message("firing", Kind::Firing));
    (1..200).for_each(|now| {
        post.look(now, &mut |_, _| if now < 100 { Answer::Later { retry_after: Some(120) } } else { Answer::Taken });
    });
    assert_eq!(post.sent("pager"), [(1, "firing"), (121, "firing")]);
    assert!(!post.deliveries.channel("pager").unwrap().is_down());
}

#[test]
fn what_is_too_large_is_cut_until_it_is_taken() {
    let mut post = Post::new(&["pager"]);
    post.deliveries.announce(&message("firing", Kind::Firing));
    let mut taken = |_: &str, size: usize| if size > 600 { Answer::TooLarge } else { Answer::Taken };
    (1..10).for_each(|now| post.look(now, &mut taken));
    let sizes: Vec<usize> = post.received["pager"].iter().map(|(.., size)| *size).collect();
    assert_eq!(sizes.len(), 4, "{sizes:?}");
    assert!(sizes[0] > 3000 && sizes[3] <= 500, "{sizes:?}");
    // the next one is cut beforehand
    post.deliveries.announce(&message("recovered", Kind::Recovered));
    post.look(20, &mut taken);
    assert_eq!(post.received["pager"].len(), 5);
}

#[test]
fn a_channel_that_fails_three_times_is_told_of_on_the_next_one_and_once() {
    let mut post = Post::new(&["pager", "mail", "chat"]);
    post.deliveries.announce(&message("firing", Kind::Firing));
    let mut answer = |channel: &str, _| if channel == "mail" { failed() } else { Answer::Taken };
    (1..7200).for_each(|now| post.look(now, &mut answer));
    let told: Vec<_> = post.sent("chat").into_iter().map(|(_, key)| key).collect();
    // 1, 16 and 46 s are its three failures, told of in the next second
    assert_eq!(told, ["firing", "channel-down/mail/1780000047000"]);
    assert_eq!(post.sent("pager"), [(1, "firing")]);
    let tried = post.sent("mail");
    assert!(tried.iter().all(|(_, key)| *key == "firing") && (10..30).contains(&tried.len()), "{tried:?}");
    (7200..9000).for_each(|now| post.look(now, &mut |_, _| Answer::Taken));
    assert_eq!((post.deliveries.channel("mail").unwrap().waiting(), post.sent("chat").len()), (0, 2));
    // once more, after it had mended
    post.deliveries.announce(&message("recovered", Kind::Recovered));
    (9000..9100).for_each(|now| post.look(now, &mut answer));
    assert_eq!(post.sent("chat").last(), Some(&(9046, "channel-down/mail/1780009046000")));
}

#[test]
fn when_the_next_one_is_down_too_it_is_the_one_after() {
    let mut post = Post::new(&["pager", "mail", "chat"]);
    post.deliveries.announce(&message("firing", Kind::Firing));
    let mut answer = |channel: &str, _| if channel == "chat" { Answer::Taken } else { failed() };
    (1..100).for_each(|now| post.look(now, &mut answer));
    let told: Vec<_> = post.sent("chat").into_iter().map(|(_, key)| key).collect();
    assert_eq!(told, ["firing", "channel-down/pager/1780000047000", "channel-down/mail/1780000047000"]);
}

#[test]
fn a_channel_that_comes_during_an_alarm_is_told_at_once() {
    let mut post = Post::new(&["pager"]);
    post.deliveries.announce(&message("firing", Kind::Firing));
    post.look(1, &mut |_, _| Answer::Taken);
    post.channels.push(Channel { name: "mail".to_owned(), size: 4000 });
    let standing = |channel: &str| Some(message(&format!("standing/{channel}"), Kind::Firing));
    for entry in post.deliveries.next(&post.channels, second(2), standing) {
        post.write(entry);
    }
    post.look(2, &mut |_, _| Answer::Taken);
    assert_eq!((post.sent("mail"), post.sent("pager")), (vec![(2, "standing/mail")], vec![(1, "firing")]));
    post.channels.remove(0);
    post.look(3, &mut |_, _| Answer::Taken);
    assert!(post.deliveries.channel("pager").is_none());
}

#[test]
fn reminders_do_not_pile_up_behind_a_channel_that_is_down() {
    let mut post = Post::new(&["pager"]);
    post.deliveries.announce(&message("firing", Kind::Firing));
    post.look(1, &mut |_, _| failed());
    for n in 0..50 {
        post.deliveries.announce(&message(&format!("reminder {n}"), Kind::Reminder));
    }
    assert_eq!(post.deliveries.channel("pager").unwrap().waiting(), 2);
    post.deliveries.announce(&message("recovered", Kind::Recovered));
    (2..100).for_each(|now| post.look(now, &mut |_, _| Answer::Taken));
    assert_eq!(post.sent("pager"), [(1, "firing"), (16, "firing"), (17, "recovered")]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever a receiver answers, and wherever we are killed: it ends with each message, in order; twice only where a kill or
    /// a time-out fell between its answer and our note.
    #[test]
    fn each_message_arrives_and_twice_only_where_a_note_was_lost(
        answers in prop::collection::vec(0u8..6, 1..40), kills in prop::collection::vec(0u8..12, 60),
    ) {
        let channels = vec![Channel { name: "pager".to_owned(), size: 4000 }];
        let (mut log, mut announced) = (vec![Entry::Opened { channel: "pager".to_owned(), standing: None }], Vec::new());
        let (mut received, mut lost, mut now) = (Vec::<String>::new(), 0, 0);
        let mut answers = answers.into_iter();
        let mut kills = kills.into_iter();
        loop {
            now += 300;
            let written = format!("message {}", announced.len());
            if announced.len() < 5 {
                announced.push((log.len(), message(&written, [Kind::Firing, Kind::Recovered][announced.len() % 2])));
            }
            // started again: everything it knows is what was written
            let mut deliveries = Deliveries::default();
            for place in 0..=log.len() {
                announced.iter().filter(|(at, _)| *at == place).for_each(|(_, message)| deliveries.announce(message));
                log.get(place).into_iter().for_each(|entry| deliveries.apply(entry, &channels));
            }
            let Some(sending) = deliveries.due(&channels, second(now), &BTreeSet::new()).pop() else {
                if announced.len() == 5 && deliveries.channel("pager").unwrap().waiting() == 0 {
                    break;
                }
                continue;
            };
            let killed = kills.next().unwrap_or(0);
            if killed == 1 {
                continue;
            }
            let key = sending.key;
            log.push(Entry::Trying { channel: "pager".to_owned(), key: key.clone() });
            if killed == 2 {
                continue;
            }
            let answer = match answers.next().unwrap_or(0) {
                0 | 1 => Answer::Taken,
                2 => Answer::Later { retry_after: Some(900) },
                3 => Answer::TooLarge,
                4 => failed(),
                // it took it, and its answer did not come in time
                _ => {
                    received.push(key.clone());
                    lost += 1;
                    failed()
                }
            };
            if answer == Answer::Taken {
                received.push(key.clone());
                if killed == 3 {
                    lost += 1;
                    continue;
                }
            }
            log.push(Entry::Answered { channel: "pager".to_owned(), key, at: second(now), answer });
        }
        let copies = received.len();
        received.dedup();
        let expected: Vec<String> = (0..5).map(|n| format!("message {n}")).collect();
        prop_assert_eq!(&received, &expected);
        prop_assert!(copies <= 5 + lost, "{} copies, {} notes lost", copies, lost);
        prop_assert!(TimeDelta::seconds(now) < TimeDelta::days(3));
    }
}
