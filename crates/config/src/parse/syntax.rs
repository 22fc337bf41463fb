//! What is said about text that is no YAML.

use crate::error::Problem;

/// How many brackets may be open at once. libyaml takes time in proportion to the text's length and to this depth.
const MAX_DEPTH: usize = 256;

/// How many characters may separate elements. serde_yaml takes some 150 bytes for each element before anybody sees the
/// first.
const MAX_SEPARATORS: usize = 1 << 20;

/// What libyaml complains about. Only these words are repeated: other messages of serde_yaml may quote the text.
const COMPLAINTS: [&str; 34] = [
    "block sequence entries are not allowed in this context",
    "could not find expected ':'",
    "could not find expected directive name",
    "did not find URI escaped octet",
    "did not find expected '!'",
    "did not find expected ',' or ']'",
    "did not find expected ',' or '}'",
    "did not find expected '-' indicator",
    "did not find expected <document start>",
    "did not find expected alphabetic or numeric character",
    "did not find expected comment or line break",
    "did not find expected digit or '.' character",
    "did not find expected hexadecimal number",
    "did not find expected key",
    "did not find expected node content",
    "did not find expected tag URI",
    "did not find expected version number",
    "did not find expected whitespace",
    "did not find the expected '>'",
    "found a tab character",
    "found an indentation indicator equal to 0",
    "found character that cannot start any token",
    "found incompatible YAML document",
    "found invalid Unicode character escape code",
    "found undefined tag handle",
    "found unexpected ':'",
    "found unexpected document indicator",
    "found unexpected end of stream",
    "found unknown escape character",
    "mapping keys are not allowed in this context",
    "mapping values are not allowed in this context",
    "recursion limit exceeded",
    "repetition limit exceeded",
    "unknown anchor",
];

/// Tells why a text is no YAML, and where, without quoting it.
pub(crate) fn problem(error: &serde_yaml::Error, reason: Option<&'static str>) -> Problem {
    let message = error.to_string();
    let complaint = || COMPLAINTS.into_iter().find(|known| message.contains(known));
    let reason = match reason {
        Some(reason) => reason.to_owned(),
        None => match complaint() {
            Some(complaint) => format!("it is not valid YAML: {complaint}"),
            None => "it is not valid YAML".to_owned(),
        },
    };
    Problem::new(match error.location() {
        Some(at) => format!("{reason}, at line {} column {}", at.line(), at.column()),
        None => reason,
    })
}

/// Refuses a text that would take long to read or much memory, from its punctuation alone.
///
/// Punctuation inside strings counts too; no kubeconfig comes near the limits.
pub(crate) fn check_effort(bytes: &[u8]) -> Result<(), Problem> {
    let (mut depth, mut separators) = (0_usize, 0_usize);
    for byte in bytes {
        match byte {
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.saturating_sub(1),
            b',' | b':' | b'-' | b'?' | b'\n' | b'\r' => {}
            _ => continue,
        }
        separators += 1;
        if depth > MAX_DEPTH {
            return Err(Problem::new("its brackets are nested too deeply"));
        }
        if separators > MAX_SEPARATORS {
            return Err(Problem::new("it has too many elements"));
        }
    }
    Ok(())
}
