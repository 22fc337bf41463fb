//! The order of API versions.

use std::cmp::{Ordering, Reverse};

/// Compares version names by what they promise: `v2`, `v1`, `v1beta2`, `v1beta1`, `v1alpha1`, then all others by name.
///
/// The order of `k8s.io/apimachinery/pkg/version.CompareKubeAwareVersionStrings`, best first.
pub(crate) fn by_stability(a: &str, b: &str) -> Ordering {
    match (rank(a), rank(b)) {
        (Some(a), Some(b)) => Reverse(a).cmp(&Reverse(b)),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => a.cmp(b),
    }
}

/// Stability (2 for general availability), major and minor number of a version named as Kubernetes names them.
fn rank(version: &str) -> Option<(u8, u64, u64)> {
    let text = version.strip_prefix('v')?;
    let digits = text
        .find(|character: char| !character.is_ascii_digit())
        .unwrap_or(text.len());
    let major = number(&text[..digits])?;
    let (stability, minor) = match &text[digits..] {
        "" => return Some((2, major, 0)),
        rest if rest.starts_with("beta") => (1, &rest["beta".len()..]),
        rest if rest.starts_with("alpha") => (0, &rest["alpha".len()..]),
        _ => return None,
    };
    Some((stability, major, number(minor)?))
}

/// A number without a leading zero.
fn number(digits: &str) -> Option<u64> {
    (!digits.starts_with('0'))
        .then(|| digits.parse().ok())
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::by_stability;

    #[test]
    fn stable_versions_come_before_newer_unstable_ones() {
        let mut versions = [
            "foo10",
            "v1alpha1",
            "v11alpha2",
            "v3beta1",
            "v1",
            "foo1",
            "v12alpha1",
            "v10",
            "v2",
            "v10beta3",
            "v11beta2",
        ];
        versions.sort_by(|a, b| by_stability(a, b));
        assert_eq!(
            versions,
            [
                "v10",
                "v2",
                "v1",
                "v11beta2",
                "v10beta3",
                "v3beta1",
                "v12alpha1",
                "v11alpha2",
                "v1alpha1",
                "foo1",
                "foo10"
            ]
        );
    }
}
