//! How an expectation is compared, rule by rule.

use libtest_mimic::{Failed, Trial};
use serde_json::{Value, json};

use crate::replay::{Names, compare};

/// An expectation, an answer, and how many differences there are between them.
type Rule = (&'static str, fn() -> Vec<(Value, Value)>, usize);

const RULES: &[Rule] = &[
    (
        "types_are_compared",
        || {
            pairs([
                (json!(1), json!(1.0)),
                (json!(1), json!("1")),
                (json!(null), json!(false)),
            ])
        },
        3,
    ),
    (
        "null_is_not_absent",
        || {
            pairs([
                (json!({"a": null}), json!({})),
                (json!({}), json!({"a": null})),
            ])
        },
        2,
    ),
    (
        "the_order_of_lists_counts",
        || pairs([(json!([1, 2]), json!([2, 1]))]),
        2,
    ),
    (
        "the_order_of_fields_does_not",
        || pairs([(json!({"a": 1, "b": 2}), json!({"b": 2, "a": 1}))]),
        0,
    ),
    (
        "lengths_of_lists_are_compared",
        || pairs([(json!([1]), json!([1, 2]))]),
        1,
    ),
    (
        "a_number_stands_for_one_value",
        || pairs([(json!("<rv:1>"), json!("5")), (json!("<rv:1>"), json!("6"))]),
        1,
    ),
    (
        "a_value_has_one_number",
        || pairs([(json!("<rv:1>"), json!("5")), (json!("<rv:2>"), json!("5"))]),
        1,
    ),
    (
        "kinds_number_for_themselves",
        || {
            pairs([
                (json!("<rv:1>"), json!("5")),
                (json!("x-<gen:1>"), json!("x-bcdf5")),
            ])
        },
        0,
    ),
    (
        "bound_values_are_found_in_keys",
        || {
            pairs([
                (json!("<rv:1>"), json!("5")),
                (json!({"k <rv:1>": 1}), json!({"k 5": 1})),
            ])
        },
        0,
    ),
    (
        "a_placeholder_has_a_form",
        || {
            pairs([
                (json!("<rv:1>"), json!("05")),
                (json!("<uid:1>"), json!("x")),
            ])
        },
        2,
    ),
    (
        "a_time_is_near",
        || pairs([(json!("<time>"), json!("2001-01-01T00:00:00Z"))]),
        1,
    ),
    (
        "a_time_has_no_fraction",
        || {
            pairs([(
                json!("<time>"),
                json!(format!("{:.3}", jiff::Timestamp::now())),
            )])
        },
        1,
    ),
    (
        "the_present_is_near",
        || {
            pairs([(
                json!("<time>"),
                json!(format!("{:.0}", jiff::Timestamp::now())),
            )])
        },
        0,
    ),
    (
        "a_length_is_exact",
        || {
            pairs([
                (json!("<len:3>"), json!("abc")),
                (json!("<len:3>"), json!("abcd")),
            ])
        },
        1,
    ),
    (
        "ports_have_a_range",
        || {
            pairs([
                (json!("<nodePort>"), json!(30_000)),
                (json!("<nodePort>"), json!(80)),
            ])
        },
        1,
    ),
    (
        "variables_are_filled_in",
        || pairs([(json!("in ${ns} <int>"), json!("in conf-r 7"))]),
        0,
    ),
    (
        "nothing_is_not_a_text",
        || {
            pairs([
                (json!("<absent>"), json!("")),
                (json!("<age>"), json!("<absent>")),
            ])
        },
        2,
    ),
];

pub(crate) fn trials() -> Vec<Trial> {
    let trial = |(name, pairs, differences): &Rule| {
        let (pairs, expected) = (*pairs, *differences);
        Trial::test(format!("rules::{name}"), move || check(&pairs(), expected))
    };
    RULES.iter().map(trial).collect()
}

fn pairs<const N: usize>(pairs: [(Value, Value); N]) -> Vec<(Value, Value)> {
    pairs.into()
}

fn check(pairs: &[(Value, Value)], expected: usize) -> Result<(), Failed> {
    let mut names = Names::new("conf-r", "r");
    let mut differences = Vec::new();
    for (want, got) in pairs {
        compare(want, got, "body", &mut names, &mut differences);
    }
    if differences.len() == expected {
        return Ok(());
    }
    Err(format!("{expected} differences were expected: {differences:#?}").into())
}
