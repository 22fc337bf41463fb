//! The policy by itself: what it decides depends on its arguments only.

use std::time::Duration;

use http::StatusCode;
use kubekit_rest::retry::{Attempt, Decision, Outcome, Repeatability, RetryPolicy};

const ATTEMPT: Attempt = Attempt {
    number: 1,
    elapsed: Duration::ZERO,
    repeatability: Repeatability::Safe,
    jitter: 0.0,
};

fn answered(status: u16, retry_after: Option<u64>) -> Outcome {
    Outcome::Answered {
        status: StatusCode::from_u16(status).expect("a status code"),
        retry_after: retry_after.map(Duration::from_secs),
    }
}

fn retries(repeatability: Repeatability, outcome: Outcome) -> bool {
    let attempt = Attempt {
        repeatability,
        ..ATTEMPT
    };
    RetryPolicy::new().decide(attempt, outcome) != Decision::Return
}

#[test]
fn outcomes_are_answered_with_another_attempt_by_these_rules() {
    // Outcome, whether a safe request is repeated, whether one that may have been committed is.
    let table = [
        (answered(200, None), false, false),
        (answered(200, Some(1)), false, false),
        (answered(301, None), false, false),
        (answered(401, None), false, false),
        (answered(404, Some(1)), false, false),
        (answered(409, Some(1)), false, false),
        (answered(429, None), false, false),
        (answered(429, Some(0)), true, true),
        (answered(429, Some(1)), true, true),
        (answered(500, None), true, false),
        (answered(500, Some(1)), true, false),
        (answered(502, None), true, false),
        (answered(502, Some(1)), true, false),
        (answered(503, None), true, false),
        (answered(503, Some(1)), true, true),
        (answered(504, None), true, false),
        (answered(504, Some(1)), true, true),
        (Outcome::ConnectionLost, true, false),
        (Outcome::Failed, false, false),
    ];
    for (outcome, safe, may_be_committed) in table {
        assert_eq!(retries(Repeatability::Safe, outcome), safe, "{outcome:?}");
        assert_eq!(
            retries(Repeatability::Unsafe, outcome),
            may_be_committed,
            "{outcome:?} of what may have been committed"
        );
    }
}

#[test]
fn a_retry_after_is_never_cut_short() {
    for jitter in [0.0, 0.5, 0.999] {
        let attempt = Attempt { jitter, ..ATTEMPT };
        let Decision::RetryIn(wait) = RetryPolicy::new().decide(attempt, answered(429, Some(3)))
        else {
            panic!("it asks for another attempt");
        };
        let asked = Duration::from_secs(3);
        assert!(
            wait >= asked && wait <= asked + Duration::from_millis(50),
            "{wait:?}"
        );
    }
}

#[test]
fn waits_double_and_are_jittered_by_half() {
    let wait = |number, jitter| {
        let attempt = Attempt {
            number,
            jitter,
            ..ATTEMPT
        };
        match RetryPolicy::new().decide(attempt, Outcome::ConnectionLost) {
            Decision::RetryIn(wait) => wait.as_millis(),
            Decision::Return => panic!("it asks for another attempt"),
        }
    };
    assert_eq!((wait(1, 0.0), wait(1, 0.5)), (50, 75));
    assert_eq!((wait(4, 0.0), wait(4, 0.5)), (400, 600));
    assert_eq!((wait(9, 0.0), wait(9, 0.5)), (2500, 3750));
}

#[test]
fn the_tenth_attempt_is_the_last() {
    let decide = |number| {
        let attempt = Attempt { number, ..ATTEMPT };
        RetryPolicy::new().decide(attempt, answered(429, Some(1)))
    };
    assert_ne!(decide(9), Decision::Return);
    assert_eq!(decide(10), Decision::Return);
}

#[test]
fn no_attempt_begins_after_the_deadline() {
    let decide = |elapsed| {
        let attempt = Attempt {
            elapsed: Duration::from_secs(elapsed),
            ..ATTEMPT
        };
        RetryPolicy::new().decide(attempt, answered(503, Some(10)))
    };
    assert_eq!(decide(20), Decision::RetryIn(Duration::from_secs(10)));
    assert_eq!(decide(21), Decision::Return);
}

#[test]
fn a_retry_after_beyond_the_deadline_is_returned_at_once() {
    let outcome = answered(429, Some(u64::MAX));
    assert_eq!(
        RetryPolicy::new().decide(ATTEMPT, outcome),
        Decision::Return
    );
}

#[test]
fn never_means_one_attempt() {
    let outcome = answered(429, Some(1));
    assert_eq!(
        RetryPolicy::never().decide(ATTEMPT, outcome),
        Decision::Return
    );
}
