//! What names look like.

use crate::strategy::NameRule;

const SUBDOMAIN: &str = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const LABEL: &str = "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const LABEL_1035: &str = "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";
const QUALIFIED: &str = "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const LABEL_VALUE: &str = "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

/// What is wrong with a name, as often as something is.
pub(crate) fn problems(name: &str, rule: NameRule) -> Vec<String> {
    match rule {
        NameRule::Subdomain => subdomain(name),
        NameRule::Label => label(name),
        NameRule::Label1035 => label_1035(name),
        NameRule::PathSegment => path_segment(name),
    }
}

/// As [`problems`], for what a generated name begins with.
pub(super) fn prefix_problems(prefix: &str, rule: NameRule) -> Vec<String> {
    match (rule, prefix.strip_suffix('-')) {
        // What is cut off before the suffix is added may end in anything but a dash; one letter stands for the suffix.
        (NameRule::PathSegment, _) | (_, None) => problems(prefix, rule),
        (_, Some(stem)) => problems(&format!("{stem}a"), rule),
    }
}

pub(crate) fn subdomain(name: &str) -> Vec<String> {
    let mut problems = too_long(name, 253);
    if !name.split('.').all(is_label) {
        problems.push(SUBDOMAIN.to_owned());
    }
    problems
}

/// `prefix/name` or `name`, as keys of labels and annotations and finalizers are.
pub(crate) fn qualified(name: &str) -> Vec<String> {
    let (prefix, name) = match name.split_once('/') {
        Some((prefix, name)) => (Some(prefix), name),
        None => (None, name),
    };
    let mut problems = Vec::new();
    match prefix {
        Some("") => problems.push("prefix part must be non-empty".to_owned()),
        Some(prefix) => {
            problems.extend(subdomain(prefix).iter().map(|p| format!("prefix part {p}")))
        }
        None => {}
    }
    if name.is_empty() {
        problems.push("name part must be non-empty".to_owned());
    } else if name.len() > 63 {
        problems.push("name part must be no more than 63 bytes".to_owned());
    }
    if !is_word(name) {
        problems.push(QUALIFIED.to_owned());
    }
    problems
}

pub(crate) fn label_value(value: &str) -> Vec<String> {
    let mut problems = too_long(value, 63);
    if !value.is_empty() && !is_word(value) {
        problems.push(LABEL_VALUE.to_owned());
    }
    problems
}

pub(crate) fn label(name: &str) -> Vec<String> {
    let mut problems = too_long(name, 63);
    if !is_label(name) {
        problems.push(LABEL.to_owned());
    }
    problems
}

fn label_1035(name: &str) -> Vec<String> {
    let mut problems = too_long(name, 63);
    if !is_label(name) || !name.starts_with(|c: char| c.is_ascii_lowercase()) {
        problems.push(LABEL_1035.to_owned());
    }
    problems
}

fn path_segment(name: &str) -> Vec<String> {
    if matches!(name, "." | "..") {
        return vec![format!("may not be '{name}'")];
    }
    let forbidden = ["/", "%"].into_iter().filter(|part| name.contains(part));
    forbidden
        .map(|part| format!("may not contain '{part}'"))
        .collect()
}

fn too_long(name: &str, limit: usize) -> Vec<String> {
    if name.len() > limit {
        vec![format!("must be no more than {limit} bytes")]
    } else {
        Vec::new()
    }
}

fn is_label(name: &str) -> bool {
    let is_inner = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    !name.is_empty() && name.bytes().all(is_inner) && !name.starts_with('-') && !name.ends_with('-')
}

fn is_word(name: &str) -> bool {
    let is_outer = |c: char| c.is_ascii_alphanumeric();
    name.starts_with(is_outer)
        && name.ends_with(is_outer)
        && name
            .chars()
            .all(|c| is_outer(c) || matches!(c, '-' | '_' | '.'))
}
