//! Where what versions say is kept.

use serde_json::Value;

/// The API server keeps what all versions say alike once, outside of the versions, and its errors say so.
#[derive(Debug)]
pub(super) struct Place {
    /// The name of it in a version.
    name: &'static str,
    /// Its path outside, if it is there.
    shared: Option<String>,
}

impl Place {
    /// Where the field `name` of versions is, which is called `outside` when it is shared.
    pub(super) fn of(versions: &[Value], name: &'static str, outside: &str) -> Place {
        let same = versions
            .windows(2)
            .all(|pair| pair[0].get(name) == pair[1].get(name));
        Place {
            name,
            shared: same.then(|| format!("spec.{outside}")),
        }
    }

    /// The versions that are to be looked at, each with the path of what they say.
    pub(super) fn versions<'a>(&self, versions: &'a [Value]) -> Vec<(&'a Value, String)> {
        match &self.shared {
            Some(path) => {
                let first = versions.iter().take(1);
                first.map(|version| (version, path.clone())).collect()
            }
            None => {
                let versions = versions.iter().enumerate();
                versions
                    .map(|(index, version)| {
                        (version, format!("spec.versions[{index}].{}", self.name))
                    })
                    .collect()
            }
        }
    }
}
