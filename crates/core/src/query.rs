//! Query strings of requests.

use std::borrow::Cow;
use std::fmt;

/// An ordered list of query parameters that prints percent-encoded, without the leading `?`.
///
/// # Examples
///
/// ```
/// use kubekit_core::Query;
///
/// let mut query = Query::new();
/// query.push("labelSelector", "app in (a,b)");
/// query.push("limit", "500");
/// assert_eq!(query.to_string(), "labelSelector=app+in+%28a%2Cb%29&limit=500");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    pairs: Vec<(Cow<'static, str>, String)>,
}

impl Query {
    /// Creates an empty list.
    pub fn new() -> Self {
        Self::default()
    }

    /// Appends a parameter; one with the same name is kept.
    pub fn push(&mut self, name: impl Into<Cow<'static, str>>, value: impl Into<String>) {
        self.pairs.push((name.into(), value.into()));
    }

    /// Appends a parameter if there is a value.
    pub fn push_some(&mut self, name: &'static str, value: Option<impl fmt::Display>) {
        if let Some(value) = value {
            self.push(name, value.to_string());
        }
    }

    /// Appends all parameters of another list.
    pub fn extend(&mut self, other: Query) {
        self.pairs.extend(other.pairs);
    }

    /// Says whether there is no parameter.
    pub fn is_empty(&self) -> bool {
        self.pairs.is_empty()
    }

    /// Returns the parameters in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.pairs.iter().map(|(name, value)| (&**name, &**value))
    }
}

impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (name, value)) in self.iter().enumerate() {
            if index > 0 {
                f.write_str("&")?;
            }
            write_encoded(f, name)?;
            f.write_str("=")?;
            write_encoded(f, value)?;
        }
        Ok(())
    }
}

/// Writes the form encoding that Go's `url.Values` uses: a space is `+`.
fn write_encoded(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    for &byte in text.as_bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                fmt::Write::write_char(f, char::from(byte))?;
            }
            b' ' => f.write_str("+")?,
            _ => write!(f, "%{byte:02X}")?,
        }
    }
    Ok(())
}
