//! Names of fields in expressions, where not every name is one.

/// Words that mean something in an expression.
const WORDS: [&str; 21] = [
    "true",
    "false",
    "null",
    "in",
    "as",
    "break",
    "const",
    "continue",
    "else",
    "for",
    "function",
    "if",
    "import",
    "let",
    "loop",
    "package",
    "namespace",
    "return",
    "var",
    "void",
    "while",
];

/// The name of a field in an expression; `None` if it cannot be written in one.
pub(super) fn escape(name: &str) -> Option<String> {
    if WORDS.contains(&name) {
        return Some(format!("__{name}__"));
    }
    let is_start = |c: char| c.is_ascii_alphabetic() || "_.-/".contains(c);
    let is_inner = |c: char| is_start(c) || c.is_ascii_digit();
    if !name.starts_with(is_start) || !name.chars().all(is_inner) {
        return None;
    }
    let escaped = name.replace("__", "__underscores__");
    let escaped = escaped.replace('.', "__dot__").replace('-', "__dash__");
    Some(escaped.replace('/', "__slash__"))
}

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn names_that_are_none_are_escaped() {
        let cases = [
            ("plain", Some("plain")),
            ("a.b/c-d", Some("a__dot__b__slash__c__dash__d")),
            ("namespace", Some("__namespace__")),
            ("a__b", Some("a__underscores__b")),
            ("1a", None),
            ("a b", None),
        ];
        for (name, escaped) in cases {
            assert_eq!(escape(name).as_deref(), escaped, "{name}");
        }
    }
}
