//! Reading manifests.

use std::path::Path;

use anyhow::Context as _;
use serde::de::DeserializeOwned;

/// Reads all documents of a YAML file of this folder's `manifests/`, all of one kind.
pub fn load<K: DeserializeOwned>(file: &str) -> anyhow::Result<Vec<K>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("manifests")
        .join(file);
    let text = std::fs::read_to_string(&path)
        .with_context(|| format!("cannot read {}", path.display()))?;
    serde_yaml::Deserializer::from_str(&text)
        .enumerate()
        .map(|(index, document)| {
            K::deserialize(document).with_context(|| {
                format!(
                    "document {} of {} is not what it should be",
                    index + 1,
                    path.display()
                )
            })
        })
        .collect()
}
