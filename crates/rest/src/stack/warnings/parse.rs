//! The grammar of the `Warning` header, RFC 7234 section 5.5.

use std::borrow::Cow;

#[derive(Debug, PartialEq, Eq)]
pub(super) struct RawWarning<'a> {
    pub(super) code: u16,
    pub(super) agent: &'a str,
    pub(super) text: Cow<'a, str>,
}

/// Reads the warnings of one header, up to the first that is malformed.
pub(super) fn warnings(header: &str) -> impl Iterator<Item = RawWarning<'_>> {
    let mut rest = header;
    std::iter::from_fn(move || {
        let (warning, after) = warning(rest.trim_start_matches([' ', '\t', ',']))?;
        rest = after;
        Some(warning)
    })
}

/// Reads `code agent "text" ["date"]`.
fn warning(input: &str) -> Option<(RawWarning<'_>, &str)> {
    let (code, rest) = input.split_once(' ')?;
    let code = (code.len() == 3).then(|| code.parse().ok()).flatten()?;
    let (agent, rest) = rest.trim_start().split_once(' ')?;
    let (text, rest) = quoted(rest.trim_start())?;
    let after_date = quoted(rest.trim_start()).map_or(rest, |(_, rest)| rest);
    let warning = RawWarning { code, agent, text };
    Some((warning, after_date))
}

/// Reads a quoted string, in which a backslash makes the next character literal.
fn quoted(input: &str) -> Option<(Cow<'_, str>, &str)> {
    let inside = input.strip_prefix('"')?;
    let mut text = Cow::Borrowed("");
    let mut chars = inside.char_indices();
    while let Some((at, char)) = chars.next() {
        match char {
            '"' => {
                let text = match text {
                    Cow::Borrowed(_) => Cow::Borrowed(&inside[..at]),
                    owned @ Cow::Owned(_) => owned,
                };
                return Some((text, &inside[at + 1..]));
            }
            '\\' => {
                if let Cow::Borrowed(_) = text {
                    text = Cow::Owned(inside[..at].to_owned());
                }
                text.to_mut().push(chars.next()?.1);
            }
            char => {
                if let Cow::Owned(text) = &mut text {
                    text.push(char);
                }
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(header: &str) -> Vec<(u16, &str, String)> {
        warnings(header)
            .map(|warning| (warning.code, warning.agent, warning.text.into_owned()))
            .collect()
    }

    #[test]
    fn well_formed_warnings_are_read() {
        let cases = [
            (
                r#"299 - "unknown field \"spec.x\"""#,
                299,
                "-",
                r#"unknown field "spec.x""#,
            ),
            (
                r#"299 - "plain" "Fri, 20 Nov 2026 22:56:20 GMT""#,
                299,
                "-",
                "plain",
            ),
            (
                r#"110 cache.example "stale""#,
                110,
                "cache.example",
                "stale",
            ),
            (r#"299 - "back\\slash ä""#, 299, "-", "back\\slash ä"),
            (r#"299 - """#, 299, "-", ""),
        ];
        for (header, code, agent, text) in cases {
            assert_eq!(read(header), [(code, agent, text.to_owned())], "{header}");
        }
    }

    #[test]
    fn one_header_can_hold_several() {
        let texts = read(r#"299 - "a, b", 299 - "c" "date",299 x "d""#);
        assert_eq!(
            texts.iter().map(|(_, _, text)| &**text).collect::<Vec<_>>(),
            ["a, b", "c", "d"]
        );
    }

    #[test]
    fn what_is_malformed_is_passed_over() {
        for header in [
            "",
            ",",
            "299",
            "299 -",
            "299 - text",
            r#"299 - "open"#,
            r#"29x - "a""#,
            r#"299 - "a\"#,
        ] {
            assert!(read(header).is_empty(), "{header}");
        }
    }
}
