//! Continue tokens: opaque to clients, but those that look inside find what the real server puts there.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use crate::failure::{self, Failure};

const VERSION: &str = "meta.k8s.io/v1";

/// Where a page ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    /// The revision of the first page; none for a token that goes on with whatever there is now.
    pub(super) revision: Option<u64>,
    /// The key after which to go on, without the prefix of the list.
    pub(super) after: String,
}

#[derive(Serialize, Deserialize)]
struct Wire {
    v: String,
    /// -1 for whatever there is now.
    rv: i64,
    /// The first key that may be in the next page: the one just after the last key of this one.
    start: String,
}

impl Token {
    pub(super) fn new(revision: u64, after: &str) -> Token {
        Token {
            revision: Some(revision),
            after: after.to_owned(),
        }
    }

    pub(super) fn parse(text: &str) -> Option<Token> {
        let bytes = URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).ok()?;
        let wire: Wire = serde_json::from_slice(&bytes).ok()?;
        if wire.v != VERSION || wire.rv == 0 || wire.start.is_empty() {
            return None;
        }
        let after = wire.start.strip_suffix('\0').unwrap_or(&wire.start);
        Some(Token {
            revision: u64::try_from(wire.rv).ok(),
            after: after.to_owned(),
        })
    }

    /// 410 with a token that goes on, though not with the list as it was.
    pub(super) fn expired(&self) -> Failure {
        let mut status = failure::expired(
            "The provided continue parameter is too old to display a consistent list result. You can start a new list without the \
             continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing \
             with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the \
             time the first chunk was returned and now may show up in the list.",
        );
        let inconsistent = Token {
            revision: None,
            after: self.after.clone(),
        };
        status.metadata.continue_ = Some(inconsistent.to_string());
        status
    }
}

impl fmt::Display for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let wire = Wire {
            v: VERSION.to_owned(),
            rv: self
                .revision
                .and_then(|rv| i64::try_from(rv).ok())
                .unwrap_or(-1),
            start: format!("{}\0", self.after),
        };
        let json = serde_json::to_vec(&wire).map_err(|_| fmt::Error)?;
        f.write_str(&URL_SAFE_NO_PAD.encode(json))
    }
}
