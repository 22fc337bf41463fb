//! Text that is small to write and large to read.

use std::fmt::Write as _;

use kubekit_config::{Kubeconfig, Loader};

use crate::support::Folder;

fn refusal(text: &str) -> String {
    let error = Kubeconfig::from_bytes(text.as_bytes()).unwrap_err();
    assert!(error.is_malformed());
    error.problems()[0].to_string()
}

#[test]
fn aliases_that_multiply_are_refused() {
    let mut laughs = "a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n".to_owned();
    for level in 1..10 {
        let below = format!("*a{}", level - 1);
        let row = vec![below; 9].join(", ");
        writeln!(laughs, "a{level}: &a{level} [{row}]").unwrap();
    }
    let reason = refusal(&laughs);
    assert!(reason.contains("repetition limit exceeded"), "{reason}");
}

#[test]
fn a_long_string_that_is_repeated_often_is_refused() {
    let long = "x".repeat(100_000);
    let aliases = vec!["*s"; 10_000].join(", ");
    let reason = refusal(&format!("s: &s {long}\nmany: [{aliases}]\n"));
    assert!(
        reason.starts_with("it expands to more than 64 MiB"),
        "{reason}"
    );
}

#[test]
fn a_long_list_that_is_repeated_often_is_refused() {
    let list = vec!["1"; 20_000].join(", ");
    let aliases = vec!["*l"; 1_000].join(", ");
    let reason = refusal(&format!("l: &l [{list}]\nmany: [{aliases}]\n"));
    assert!(
        reason.starts_with("it expands to more than 64 MiB"),
        "{reason}"
    );
}

#[test]
fn more_elements_than_any_kubeconfig_has_are_refused_at_once() {
    let ones = vec!["1"; 2_000_000].join(",");
    for text in [
        format!("a: [{ones}]"),
        format!("{{\"a\": [{ones}]}}"),
        "- \n".repeat(1 << 20),
    ] {
        assert_eq!(refusal(&text), "it has too many elements");
    }
}

#[test]
fn an_alias_to_oneself_is_refused() {
    let reason = refusal("a: &a [*a]\n");
    assert!(reason.starts_with("it is not valid YAML"), "{reason}");
}

#[test]
fn deep_nesting_is_refused_at_once() {
    assert_eq!(
        refusal(&"[".repeat(1 << 20)),
        "its brackets are nested too deeply"
    );
    assert_eq!(
        refusal(&"{a: ".repeat(1 << 20)),
        "its brackets are nested too deeply"
    );
    let dashes = refusal(&"- ".repeat(100_000));
    assert!(dashes.contains("recursion limit exceeded"), "{dashes}");
}

#[test]
fn a_thousand_clusters_that_share_a_certificate_by_alias_are_read() {
    let data = "Q0E=".repeat(1_000);
    let mut text = format!("x-ca: &ca {data}\nclusters:\n");
    for index in 0..1_000 {
        writeln!(
            text,
            "- {{name: c{index}, cluster: {{certificate-authority-data: *ca}}}}"
        )
        .unwrap();
    }
    // A padded group cannot be followed by another one.
    let text = text.replace("Q0E=", "Q0FD");
    assert_eq!(
        Kubeconfig::from_bytes(text.as_bytes())
            .unwrap()
            .clusters
            .len(),
        1_000
    );
}

#[test]
fn a_text_or_file_that_is_too_large_is_refused() {
    let large = format!("# {}\n", "x".repeat(8 << 20));
    assert_eq!(refusal(&large), "it is larger than 8 MiB");

    let folder = Folder::new();
    let path = folder.write("config", &large);
    let error = Loader::new().path(&path).kubeconfig().unwrap_err();
    assert_eq!(
        error.problems()[0].to_string(),
        format!("{}: it is larger than 8 MiB", path.display())
    );
}

#[cfg(unix)]
#[test]
fn a_file_without_end_is_refused() {
    let error = Kubeconfig::from_file("/dev/zero").unwrap_err();
    assert_eq!(
        error.to_string(),
        "cannot read the configuration: /dev/zero: it is larger than 8 MiB"
    );
}
