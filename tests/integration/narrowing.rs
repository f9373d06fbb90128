//! Proof by repetition at simulated pipelines whose causes are known: what is tried, what is proved, and after how many tries.

use johndoe::narrow::{Came, Course, Ending, Next, Variant};

/// What it takes to fail, of the places in a list of changes.
enum Planted {
    All(Vec<usize>),
    Any(Vec<usize>),
}

impl Planted {
    /// Whether a variant has what it takes.
    fn befalls(&self, of: Variant) -> bool {
        match (self, of) {
            (_, Variant::Unchanged) => true,
            (_, Variant::Passing) => false,
            (Self::All(takes), Variant::Without(at)) => !takes.contains(&at),
            (Self::All(takes), Variant::With(at)) => takes == &[at],
            (Self::Any(enough), Variant::Without(at)) => enough.iter().any(|other| *other != at),
            (Self::Any(enough), Variant::With(at)) => enough.contains(&at),
        }
    }
}

/// The same draws for the same seed: `SplitMix64`.
struct Dice(u64);

impl Dice {
    fn strikes(&mut self, share: f64) -> bool {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        // 32 bits are exact in a floating point number
        f64::from(u32::try_from((z ^ (z >> 31)) >> 32).unwrap()) / 4_294_967_296.0 < share
    }
}

/// A course of 14 changes to its end, at a pipeline in which the planted cause strikes in this share of tries.
fn run(planted: &Planted, share: f64, most: u32, seed: u64) -> (Ending, u32) {
    let (mut course, mut dice) = (Course::new(vec![true; 14], (share < 1.0).then_some(share), most), Dice(seed));
    loop {
        match course.next() {
            Next::End(ending) => return (ending, course.sent()),
            Next::Try(tries) => {
                assert!(!tries.is_empty() && course.sent() + u32::try_from(tries.len()).unwrap() <= most);
                for of in tries {
                    let fails = planted.befalls(of) && dice.strikes(share);
                    course.came(of, if fails { Came::Failed } else { Came::Passed });
                }
            }
        }
    }
}

#[test]
fn a_cause_of_one_or_two_attributes_that_always_strikes_is_proved_within_14_and_10_tries() {
    for one in 0..14 {
        let (ending, tries) = run(&Planted::All(vec![one]), 1.0, 24, 1);
        assert_eq!(ending, Ending::Takes(vec![one]));
        assert!(tries <= 24, "{tries}");
        for other in one + 1..14 {
            let (ending, tries) = run(&Planted::All(vec![one, other]), 1.0, 24, 1);
            assert_eq!(ending, Ending::Takes(vec![one, other]), "{tries}");
        }
    }
}

#[test]
fn of_two_attributes_of_which_each_is_enough_both_are_named() {
    let (ending, tries) = run(&Planted::Any(vec![3, 9]), 1.0, 60, 1);
    assert_eq!(ending, Ending::AnyOf(vec![3, 9]), "{tries}");
}

#[test]
fn a_cause_that_strikes_half_the_time_is_proved_within_150_tries_and_seldom_wrongly() {
    let (mut right, mut wrong) = (0, 0);
    for seed in 0..400 {
        for planted in [vec![5], vec![2, 11]] {
            let (ending, tries) = run(&Planted::All(planted.clone()), 0.5, 150, seed);
            assert!(tries <= 150);
            match ending {
                Ending::Takes(found) if found == planted => right += 1,
                Ending::NotReproduced | Ending::NotSettled(_) => {}
                _ => wrong += 1,
            }
        }
    }
    assert!(right >= 720 && wrong <= 40, "right {right}, wrong {wrong} of 800");
}

#[test]
fn what_no_longer_fails_is_not_reproduced_and_what_cannot_be_settled_says_so() {
    let mut course = Course::new(vec![true; 14], None, 24);
    while let Next::Try(tries) = course.next() {
        for of in tries {
            course.came(of, Came::Passed);
        }
    }
    assert_eq!((course.next(), course.sent()), (Next::End(Ending::NotReproduced), 5));
    let (ending, tries) = run(&Planted::All(vec![5]), 0.5, 12, 3);
    assert!(matches!(ending, Ending::NotSettled(_)) && tries == 12, "{ending:?}");
}

#[test]
fn no_look_is_no_pass() {
    let mut course = Course::new(vec![true; 3], None, 60);
    while let Next::Try(tries) = course.next() {
        for of in tries {
            let blind = || Came::Unknown("the waypoint was blind".to_owned());
            course.came(of, if of == Variant::Without(1) { blind() } else { Came::Failed });
        }
    }
    assert_eq!(course.untried(), [(1, "the waypoint was blind")]);
    assert!(matches!(course.next(), Next::End(Ending::NotSettled(_))), "{:?}", course.next());
    let mut unseen = Course::new(vec![true; 3], None, 60);
    while let Next::Try(tries) = unseen.next() {
        for of in tries {
            unseen.came(of, Came::Unknown("blind".to_owned()));
        }
    }
    assert!(matches!(unseen.next(), Next::End(Ending::NotSettled(_))), "{:?}", unseen.next());
}

#[test]
fn a_rare_failure_is_sent_again_more_often_before_it_counts_as_gone() {
    let mut course = Course::new(vec![true; 3], Some(0.1), 60);
    while let Next::Try(tries) = course.next() {
        for of in tries {
            course.came(of, Came::Passed);
        }
    }
    assert_eq!((course.next(), course.sent()), (Next::End(Ending::NotReproduced), 44));
}
