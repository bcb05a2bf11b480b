//! Each capability by itself: what is not granted has no effect on the real thing, whatever else is
//! granted. The cases are made from the list of all capabilities, so a new one without a case fails.

#![cfg(unix)] // folders
#![allow(unreachable_pub, reason = "the modules of one test")]

#[path = "../capabilities/folder.rs"]
#[allow(dead_code, reason = "the other tests of the probe use the rest")]
mod folder;
mod ground;
#[path = "../support/guest.rs"]
#[allow(dead_code, reason = "it is written for many tests")]
mod guest;
#[path = "../support/lines.rs"]
mod lines;
#[path = "../http/names.rs"]
#[allow(dead_code, reason = "the other tests of the probe use the rest")]
mod names;
#[path = "../http/server.rs"]
#[allow(dead_code, reason = "the other tests of the probe use the rest")]
mod server;
#[path = "../net/servers.rs"]
#[allow(dead_code, reason = "the other tests of the probe use the rest")]
mod servers;
mod subject;
#[path = "../capabilities/support.rs"]
#[allow(dead_code, reason = "the other tests of the probe use the rest")]
mod support;

use std::collections::BTreeSet;

use plug_host::policy::Capability;

use ground::{Ground, Places};
use subject::{Lines, Subject, subjects};

/// A policy, and what it is about.
struct Case {
    what: String,
    lines: Lines,
}

impl Case {
    fn new(what: impl Into<String>, lines: Lines) -> Case {
        Case { what: what.into(), lines }
    }
}

/// All policies without the exact grant: nothing, each of the others alone, all of them together, and each
/// grant of the same capability that misses the access by one part.
fn without(subject: &Subject, all: &[Subject]) -> Vec<Case> {
    let nothing = Lines::nothing();
    let others: Vec<&Subject> = all.iter().filter(|other| other.of != subject.of).collect();
    let everything_else = others.iter().fold(nothing.clone(), |lines, other| lines.with(&other.exact));
    let mut cases = vec![Case::new("nothing", nothing.clone())];
    for other in &others {
        cases.push(Case::new(format!("only {}", other.exact), nothing.clone().with(&other.exact)));
    }
    for near in &subject.near {
        cases.push(Case::new(near.to_string(), nothing.clone().with(near)));
        cases.push(Case::new(format!("{near} and all others"), everything_else.clone().with(near)));
    }
    cases.push(Case::new("all others", everything_else));
    cases
}

#[test]
fn each_capability_has_a_subject() {
    let tried: BTreeSet<Capability> =
        subjects(&Places::default()).into_iter().map(|subject| subject.of).collect();
    let all: BTreeSet<Capability> = Capability::BUILT_IN.into_iter().collect();
    assert_eq!(tried, all);
}

#[tokio::test]
async fn what_is_not_granted_has_no_effect() {
    let mut ground = Ground::new().await;
    let all = subjects(&ground.places);
    let (mut tried, mut failed) = (0, Vec::new());
    for subject in &all {
        let exact = Lines::nothing().with(&subject.exact);
        assert!(ground.has_effect(subject, &exact).await, "{}: the grant itself does nothing", subject.exact);
        for case in without(subject, &all) {
            tried += 1;
            if ground.has_effect(subject, &case.lines).await {
                failed.push(format!("{} with {}", subject.exact, case.what));
            }
        }
        // the ground is as good as before: it is the lack of the grant that kept the access out
        assert!(ground.has_effect(subject, &exact).await, "{}: worn out", subject.exact);
    }
    assert!(failed.is_empty(), "{failed:#?}");
    assert!(tried > 200, "only {tried} cases");
}

/// What is granted and not wanted takes no effect either, but for what is free.
#[tokio::test]
async fn what_is_not_wanted_has_no_effect() {
    let ground = Ground::new().await;
    let all = subjects(&ground.places);
    let everything = all.iter().fold(Lines::nothing(), |lines, subject| lines.with(&subject.exact));
    for subject in all.iter().filter(|subject| !subject.of.is_free()) {
        let others: Vec<&'static str> =
            all.iter().map(|other| other.want).filter(|want| !subject.is_wanted_by(want)).collect();
        for wants in [Vec::new(), others.clone(), [others.as_slice(), &subject.other_wants].concat()] {
            let mut ground = ground.wanting(&wants).await;
            assert!(!ground.has_effect(subject, &everything).await, "{} wanting {wants:?}", subject.exact);
        }
        let wants = [others.as_slice(), &[subject.want]].concat();
        let mut ground = ground.wanting(&wants).await;
        assert!(ground.has_effect(subject, &everything).await, "{} wanting {wants:?}", subject.exact);
    }
}
