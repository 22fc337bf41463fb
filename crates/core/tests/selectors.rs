//! Label and field selectors.

use std::collections::BTreeMap;

use k8s_openapi::apimachinery::pkg::apis::meta::v1;
use kubekit_core::{FieldSelector, LabelOperator, LabelRequirement, LabelSelector};
use proptest::prelude::*;

fn labels(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs
        .iter()
        .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
        .collect()
}

#[test]
fn label_selectors_print_in_the_order_of_their_keys() {
    let cases = [
        ("", ""),
        (" ", ""),
        ("x=a", "x=a"),
        ("x==a", "x==a"),
        ("x = a , y != b", "x=a,y!=b"),
        ("x=", "x="),
        ("x=,z= ", "x=,z="),
        ("y,x", "x,y"),
        ("!x", "!x"),
        ("! x ,y", "!x,y"),
        ("x in (a,,b)", "x in (,a,b)"),
        ("x in (,a)", "x in (,a)"),
        ("x in (a,)", "x in (,a)"),
        ("x in (b,a,b)", "x in (a,b)"),
        ("x in (notin,in)", "x in (in,notin)"),
        ("x notin (abc,pqr)", "x notin (abc,pqr)"),
        ("in in (in)", "in in (in)"),
        ("x>1,x<5", "x>1,x<5"),
        ("example.com/tier in (a)", "example.com/tier in (a)"),
    ];
    for (text, printed) in cases {
        let selector: LabelSelector = text
            .parse()
            .unwrap_or_else(|error| panic!("{text:?}: {error}"));
        assert_eq!(selector.to_string(), printed);
    }
}

#[test]
fn malformed_label_selectors_are_refused() {
    let cases = [
        "x=a||y=b",
        "x==a==b",
        "!x=a",
        "x<a",
        "x>",
        "x=a,",
        ",x",
        "x in",
        "x in a",
        "x in ()",
        "x in (a",
        "x in (a b)",
        "x notin ()",
        "=a",
        "!",
        "x y",
        "a/b/c",
        "/a",
        "UPPER.example/x",
        "x=-",
        "x=a.",
        "(x)",
        "x!y",
    ];
    for text in cases {
        assert!(text.parse::<LabelSelector>().is_err(), "{text:?}");
    }
}

#[test]
fn values_that_would_change_the_selector_are_refused() {
    assert!(LabelSelector::all().eq("app", "web,tier=db").is_err());
    assert!(LabelSelector::all().eq("app,tier", "web").is_err());
    assert!(LabelSelector::all().one_of("app", ["a)"]).is_err());
    assert!(LabelSelector::all().one_of("app", []).is_err());
    assert!(LabelSelector::all().eq(&"k".repeat(64), "").is_err());
    assert!(LabelSelector::all().eq("k", &"v".repeat(64)).is_err());
    assert!(LabelRequirement::new("k", LabelOperator::Equals, ["a", "b"]).is_err());
    assert!(LabelRequirement::new("k", LabelOperator::Exists, ["a"]).is_err());
}

#[test]
fn label_selectors_match_as_the_api_server_does() {
    let web = labels(&[("app", "web"), ("replicas", "3")]);
    let cases = [
        ("", true),
        ("app=web", true),
        ("app=db", false),
        ("app!=db", true),
        ("app!=web", false),
        ("tier!=cache", true),
        ("tier=cache", false),
        ("app in (web,db)", true),
        ("tier notin (cache)", true),
        ("app notin (web)", false),
        ("app", true),
        ("!app", false),
        ("!tier", true),
        ("replicas>2", true),
        ("replicas>3", false),
        ("replicas<4", true),
        ("app>1", false),
        ("tier>1", false),
        ("app=web,!tier,replicas in (3)", true),
        ("app=web,tier", false),
    ];
    for (text, expected) in cases {
        assert_eq!(
            text.parse::<LabelSelector>().unwrap().matches(&web),
            expected,
            "{text:?}"
        );
    }
    assert!(
        "!app"
            .parse::<LabelSelector>()
            .unwrap()
            .matches(&None::<BTreeMap<String, String>>)
    );
}

#[test]
fn selectors_of_objects_are_converted() {
    let selector = v1::LabelSelector {
        match_labels: Some(labels(&[("app", "web")])),
        match_expressions: Some(vec![v1::LabelSelectorRequirement {
            key: "tier".into(),
            operator: "NotIn".into(),
            values: Some(vec!["cache".into()]),
        }]),
    };
    assert_eq!(
        LabelSelector::try_from(&selector).unwrap().to_string(),
        "app=web,tier notin (cache)"
    );

    let unknown = v1::LabelSelectorRequirement {
        key: "tier".into(),
        operator: "Like".into(),
        values: None,
    };
    let selector = v1::LabelSelector {
        match_labels: None,
        match_expressions: Some(vec![unknown]),
    };
    let error = LabelSelector::try_from(&selector).unwrap_err();
    assert!(error.to_string().contains("Like"));
}

#[test]
fn field_selectors_parse_with_escapes() {
    let cases = [
        ("", ""),
        ("metadata.name=a", "metadata.name=a"),
        ("metadata.name==a", "metadata.name=a"),
        ("b!=2,a=1", "a=1,b!=2"),
        (r"a=x\,y", r"a=x\,y"),
        (r"a=x\=y", r"a=x\=y"),
        (r"a=\\", r"a=\\"),
        ("a=", "a="),
        (",,a=1,", "a=1"),
    ];
    for (text, printed) in cases {
        let selector: FieldSelector = text
            .parse()
            .unwrap_or_else(|error| panic!("{text:?}: {error}"));
        assert_eq!(selector.to_string(), printed);
    }
    for text in ["a", "a=1,b", r"a=\x", "a=b=c", r"a=b\"] {
        assert!(text.parse::<FieldSelector>().is_err(), "{text:?}");
    }
}

#[test]
fn a_missing_field_counts_as_empty() {
    let selector: FieldSelector = "spec.nodeName=".parse().unwrap();
    assert!(selector.matches(|_| None));
    let selector: FieldSelector = "spec.nodeName!=".parse().unwrap();
    assert!(!selector.matches(|_| None));
    assert!(selector.matches(|_| Some("n1".into())));
}

proptest! {
    #[test]
    fn parsing_a_label_selector_never_panics(text in "[a-z!=<>(), .\\-]{0,24}") {
        if let Ok(selector) = text.parse::<LabelSelector>() {
            prop_assert_eq!(selector.to_string().parse::<LabelSelector>().unwrap(), selector);
        }
    }

    #[test]
    fn field_selectors_survive_printing(field in "[a-z.]{1,8}", value in ".{0,12}") {
        let selector = FieldSelector::all().eq(field, value);
        prop_assert_eq!(selector.to_string().parse::<FieldSelector>().unwrap(), selector);
    }
}
