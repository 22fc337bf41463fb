//! Which built-in versions of a kind are on their way out, and what their users are warned with.

use crate::registry::Resource;

/// Since when a version of a kind is deprecated, as the minor number of the release; when it goes away, and what comes after it.
struct Deprecated {
    group: &'static str,
    version: &'static str,
    plural: &'static str,
    since: u32,
    removed: Option<u32>,
    replacement: Option<&'static str>,
}

/// What is deprecated in Kubernetes 1.36.
const DEPRECATED: &[Deprecated] = &[
    Deprecated {
        removed: None,
        ..gone("", "v1", "componentstatuses", 19)
    },
    Deprecated {
        removed: None,
        replacement: Some("discovery.k8s.io/v1 EndpointSlice"),
        ..gone("", "v1", "endpoints", 33)
    },
    gone(ADMISSION, "v1alpha1", "mutatingadmissionpolicies", 35),
    gone(ADMISSION, "v1alpha1", "mutatingadmissionpolicybindings", 35),
    gone(COORDINATION, "v1alpha2", "leasecandidates", 35),
    gone(COORDINATION, "v1beta1", "leasecandidates", 36),
    gone("networking.k8s.io", "v1beta1", "ipaddresses", 34),
    gone("networking.k8s.io", "v1beta1", "servicecidrs", 34),
    gone(RESOURCE, "v1alpha3", "devicetaintrules", 36),
    gone(RESOURCE, "v1beta1", "deviceclasses", 35),
    gone(RESOURCE, "v1beta1", "resourceclaims", 35),
    gone(RESOURCE, "v1beta1", "resourceclaimtemplates", 35),
    gone(RESOURCE, "v1beta1", "resourceslices", 35),
    gone(RESOURCE, "v1beta2", "deviceclasses", 36),
    gone(RESOURCE, "v1beta2", "resourceclaims", 36),
    gone(RESOURCE, "v1beta2", "resourceclaimtemplates", 36),
    gone(RESOURCE, "v1beta2", "resourceslices", 36),
    Deprecated {
        replacement: Some("storage.k8s.io/v1 VolumeAttributesClass"),
        ..gone("storage.k8s.io", "v1beta1", "volumeattributesclasses", 34)
    },
];

const ADMISSION: &str = "admissionregistration.k8s.io";
const COORDINATION: &str = "coordination.k8s.io";
const RESOURCE: &str = "resource.k8s.io";

/// A version that goes away three releases after it was deprecated, as most do.
const fn gone(
    group: &'static str,
    version: &'static str,
    plural: &'static str,
    since: u32,
) -> Deprecated {
    Deprecated {
        group,
        version,
        plural,
        since,
        removed: Some(since + 3),
        replacement: None,
    }
}

/// What every request of a deprecated resource is warned with.
pub(crate) fn warning(resource: &Resource) -> Option<String> {
    if let Some(custom) = resource.custom() {
        return custom.warning.clone();
    }
    let deprecated = DEPRECATED.iter().find(|deprecated| {
        deprecated.group == resource.group
            && deprecated.version == resource.version
            && deprecated.plural == resource.plural
    })?;
    let (version, kind) = (resource.types.api_version(), &resource.kind);
    let mut warning = format!("{version} {kind} is deprecated in v1.{}+", deprecated.since);
    if let Some(removed) = deprecated.removed {
        warning += &format!(", unavailable in v1.{removed}+");
    }
    if let Some(replacement) = deprecated.replacement {
        warning += &format!("; use {replacement}");
    }
    Some(warning)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::registry::Registry;

    #[test]
    fn all_that_is_deprecated_is_served() {
        let catalog = Registry::new().snapshot();
        for deprecated in DEPRECATED {
            let Deprecated {
                group,
                version,
                plural,
                ..
            } = deprecated;
            let found = catalog.resource(group, version, plural);
            assert!(found.is_some(), "{group}/{version} {plural}");
        }
    }

    #[test]
    fn warnings_say_since_when_until_when_and_what_then() {
        let catalog = Registry::new().snapshot();
        let of = |group: &str, version: &str, plural: &str| {
            warning(catalog.resource(group, version, plural).expect(plural))
        };
        assert_eq!(
            of("storage.k8s.io", "v1beta1", "volumeattributesclasses").as_deref(),
            Some(
                "storage.k8s.io/v1beta1 VolumeAttributesClass is deprecated in v1.34+, unavailable in v1.37+; \
                 use storage.k8s.io/v1 VolumeAttributesClass"
            )
        );
        assert_eq!(
            of("", "v1", "endpoints").as_deref(),
            Some("v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice")
        );
        assert_eq!(of("", "v1", "pods"), None);
    }
}
