//! Rules of single fields.

use std::net::IpAddr;

use serde_json::Value;

use crate::failure::{FieldError, FieldErrors};
use crate::meta::names;
use crate::strategy::NameRule;

const PORT_RANGE: &str = "must be between 1 and 65535, inclusive";

/// What holds for a field.
#[derive(Clone, Copy, Debug)]
pub(super) enum Rule {
    /// It is there and not empty. The text says more, and may be empty.
    Required(&'static str),
    /// A number.
    AtLeast(i64),
    /// A number.
    Within(i64, i64),
    /// The number of a port; 0 is none.
    Port,
    /// The name of a port.
    PortName,
    /// The number or the name of a port.
    PortOrName,
    /// A name of this form, or nothing.
    Name(NameRule),
    /// The key of a label, or nothing.
    Key,
    /// Labels.
    Labels,
    /// No two items have the same value in this field.
    UniqueBy(&'static str),
    /// An IP address, or nothing.
    Ip,
    /// A range of IP addresses, or nothing.
    Cidr,
    /// The text begins with this, if there is any.
    BeginsWith(&'static str, &'static str),
    /// The text is one of these.
    OneOf(&'static [&'static str]),
    /// A number or a percentage, none of them negative.
    Share,
}

impl Rule {
    pub(super) fn check(self, path: &str, value: Option<&Value>, errors: &mut FieldErrors) {
        if let Rule::Required(why) = self {
            if is_empty(value) {
                errors.push(FieldError::required(path, why));
            }
            return;
        }
        let Some(value) = value.filter(|value| !value.is_null()) else {
            return;
        };
        match self {
            Rule::UniqueBy(field) => check_unique(path, value, field, errors),
            Rule::Labels => check_labels(path, value, errors),
            Rule::OneOf(choices) => {
                let text = value.as_str().unwrap_or("");
                if !choices.contains(&text) {
                    errors.push(FieldError::not_supported(path, text, choices));
                }
            }
            rule => {
                let problems = rule.problems(value).into_iter();
                errors.extend(
                    problems.map(|problem| FieldError::invalid(path, value.clone(), problem)),
                );
            }
        }
    }

    fn problems(self, value: &Value) -> Vec<String> {
        let text = value.as_str().unwrap_or("");
        match (self, value.as_i64()) {
            (Rule::AtLeast(least), Some(number)) if number < least => {
                vec![match least {
                    1 => "must be greater than 0".to_owned(),
                    least => format!("must be greater than or equal to {least}"),
                }]
            }
            (Rule::Within(least, most), Some(number)) if !(least..=most).contains(&number) => {
                vec![format!("must be between {least} and {most}, inclusive")]
            }
            (Rule::Port | Rule::PortOrName, Some(number)) if !(1..=65535).contains(&number) => {
                vec![PORT_RANGE.to_owned()]
            }
            (Rule::Share, Some(number)) if number < 0 => {
                vec!["must be greater than or equal to 0".to_owned()]
            }
            (Rule::Share, None) => super::percent::problems(text),
            (Rule::PortName | Rule::PortOrName, None) if !text.is_empty() => port_name(text),
            (Rule::Name(rule), None) if !text.is_empty() => names::problems(text, rule),
            (Rule::Key, None) if !text.is_empty() => names::qualified(text),
            (Rule::Ip, None) if !text.is_empty() && text.parse::<IpAddr>().is_err() => {
                vec!["must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)".to_owned()]
            }
            (Rule::Cidr, None) if !text.is_empty() && !is_cidr(text) => {
                vec!["must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)".to_owned()]
            }
            (Rule::BeginsWith(start, why), None) if !text.starts_with(start) => {
                vec![why.to_owned()]
            }
            _ => Vec::new(),
        }
    }
}

/// What is wrong with labels; used for selectors of nodes and services, too.
pub(super) fn check_labels(path: &str, labels: &Value, errors: &mut FieldErrors) {
    for (key, value) in labels.as_object().into_iter().flatten() {
        let problems = names::qualified(key).into_iter();
        errors.extend(problems.map(|problem| FieldError::invalid(path, key.as_str(), problem)));
        let value = value.as_str().unwrap_or("");
        let problems = names::label_value(value).into_iter();
        errors.extend(problems.map(|problem| FieldError::invalid(path, value, problem)));
    }
}

/// What is wrong with the name of a port.
pub(super) fn port_name(name: &str) -> Vec<String> {
    let mut problems = Vec::new();
    let mut expect = |holds: bool, problem: &str| {
        if !holds {
            problems.push(problem.to_owned());
        }
    };
    let is_known = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    expect(name.len() <= 15, "must be no more than 15 characters");
    expect(
        name.chars().all(is_known),
        "must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)",
    );
    expect(
        name.contains(|c: char| c.is_ascii_lowercase()),
        "must contain at least one letter (a-z)",
    );
    expect(!name.contains("--"), "must not contain consecutive hyphens");
    expect(
        !name.starts_with('-') && !name.ends_with('-'),
        "must not begin or end with a hyphen",
    );
    problems
}

/// Zeros are empty for texts, lists and maps; the number 0 is not.
fn is_empty(value: Option<&Value>) -> bool {
    match value {
        None | Some(Value::Null) => true,
        Some(Value::String(text)) => text.is_empty(),
        Some(Value::Array(items)) => items.is_empty(),
        Some(_) => false,
    }
}

fn check_unique(path: &str, list: &Value, field: &str, errors: &mut FieldErrors) {
    let mut seen = std::collections::HashSet::new();
    for (index, item) in list.as_array().into_iter().flatten().enumerate() {
        let value = &item[field];
        let text = value.as_str().unwrap_or("");
        if !text.is_empty() && !seen.insert(text) {
            let path = format!("{path}[{index}].{field}");
            errors.push(FieldError::duplicate(path, value.clone()));
        }
    }
}

fn is_cidr(text: &str) -> bool {
    let Some((address, length)) = text.split_once('/') else {
        return false;
    };
    let most = match address.parse() {
        Ok(IpAddr::V4(_)) => 32,
        Ok(IpAddr::V6(_)) => 128,
        Err(_) => return false,
    };
    length.parse::<u8>().is_ok_and(|length| length <= most)
}
