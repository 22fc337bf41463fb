//! The schema of one version, and what becomes of objects by it.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::{Structural, coerce_embedded, defaults, prune};
use crate::failure::Malformed;
use crate::request::Document;

/// The schema of one version of a definition.
#[derive(Debug)]
pub(crate) struct VersionSchema {
    pub(crate) root: Structural,
    /// Tells schemas apart without comparing them.
    pub(crate) fingerprint: u64,
    pub(crate) has_rules: bool,
    /// The schema as it was written.
    pub(crate) source: Value,
}

impl VersionSchema {
    /// A schema that knows nothing and keeps everything.
    pub(crate) fn anything() -> VersionSchema {
        VersionSchema {
            root: Structural::anything(),
            fingerprint: 0,
            has_rules: false,
            source: Value::Null,
        }
    }

    /// Gives an object its defaults and takes out what it should not have. Gives the paths of what was not in the schema.
    ///
    /// # Errors
    ///
    /// Fails at the metadata of an embedded resource.
    pub(crate) fn settle(&self, document: &mut Document) -> Result<Vec<String>, Malformed> {
        defaults::fill(&self.root, document);
        let mut unknown = self.prune(document);
        unknown.extend(coerce_embedded(&self.root, document)?);
        Ok(unknown)
    }

    /// Takes out what is not in the schema, and gives the paths of that.
    pub(crate) fn prune(&self, document: &mut Document) -> Vec<String> {
        prune::prune(&self.root, document)
    }
}

impl<'de> Deserialize<'de> for VersionSchema {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let json = Value::deserialize(deserializer)?;
        let mut hasher = DefaultHasher::new();
        json.to_string().hash(&mut hasher);
        let root = Structural::deserialize(&json).map_err(serde::de::Error::custom)?;
        Ok(VersionSchema {
            fingerprint: hasher.finish(),
            source: json,
            has_rules: has_rules(&root),
            root,
        })
    }
}

fn has_rules(schema: &Structural) -> bool {
    let mut below = schema
        .properties
        .values()
        .chain(schema.item())
        .chain(schema.value());
    !schema.rules.is_empty() || below.any(has_rules)
}
