//! What a URL path asks for.

use percent_encoding::percent_decode_str;

/// The path of an API request, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ApiPath {
    /// `/api`: the versions of the core group.
    CoreVersions,
    /// `/apis`: the other groups.
    Groups,
    /// `/apis/{group}`.
    Group(String),
    /// `/api/v1` and `/apis/{group}/{version}`: the resources of a version.
    Version { group: String, version: String },
    /// Anything below a version.
    Resource(ResourcePath),
    /// Everything else: health, version, OpenAPI.
    Other(String),
}

/// The path of a collection, an object or a subresource.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ResourcePath {
    /// Empty for the core group.
    pub(crate) group: String,
    pub(crate) version: String,
    /// Whether this is one of the deprecated `/watch/` paths.
    pub(crate) watch: bool,
    pub(crate) namespace: Option<String>,
    pub(crate) plural: String,
    pub(crate) name: Option<String>,
    /// All that follows the name: `status`, or `proxy/a/b`.
    pub(crate) subresource: Option<String>,
}

impl ApiPath {
    /// Takes a path as sent apart. Percent escapes are decoded first, so an escaped slash separates like any other, as
    /// in the API server. `None` when what is escaped is no UTF-8.
    pub(crate) fn parse(path: &str) -> Option<Self> {
        let decoded = percent_decode_str(path).decode_utf8().ok()?;
        let segments: Vec<&str> = decoded.trim_matches('/').split('/').collect();
        Some(match segments.as_slice() {
            ["api"] => Self::CoreVersions,
            ["apis"] => Self::Groups,
            ["apis", group] => Self::Group((*group).to_owned()),
            ["api", version] => Self::version("", version),
            ["apis", group, version] => Self::version(group, version),
            ["api", version, rest @ ..] => Self::Resource(ResourcePath::parse("", version, rest)),
            ["apis", group, version, rest @ ..] => {
                Self::Resource(ResourcePath::parse(group, version, rest))
            }
            _ => Self::Other(decoded.clone().into_owned()),
        })
    }

    fn version(group: &str, version: &str) -> Self {
        Self::Version {
            group: group.to_owned(),
            version: version.to_owned(),
        }
    }
}

impl ResourcePath {
    fn parse(group: &str, version: &str, rest: &[&str]) -> Self {
        let (watch, rest) = match rest {
            ["watch", rest @ ..] if !rest.is_empty() => (true, rest),
            rest => (false, rest),
        };
        let mut path = Self {
            group: group.to_owned(),
            version: version.to_owned(),
            watch,
            ..Self::default()
        };
        // `namespaces` is a resource of the core group as well as the parent of all namespaced ones.
        let object = match rest {
            ["namespaces", _, "status" | "finalize"] | ["namespaces"] | ["namespaces", _] => rest,
            ["namespaces", namespace, object @ ..] => {
                path.namespace = Some((*namespace).to_owned());
                object
            }
            object => object,
        };
        if let [plural, object @ ..] = object {
            path.plural = (*plural).to_owned();
            if let [name, subresource @ ..] = object {
                path.name = Some((*name).to_owned());
                path.subresource = (!subresource.is_empty()).then(|| subresource.join("/"));
            }
        }
        path
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resource(path: &str) -> ResourcePath {
        match ApiPath::parse(path) {
            Some(ApiPath::Resource(path)) => path,
            other => panic!("{path} is {other:?}"),
        }
    }

    #[test]
    fn discovery_paths_may_end_with_a_slash() {
        assert_eq!(ApiPath::parse("/apis/"), Some(ApiPath::Groups));
        assert_eq!(ApiPath::parse("/api"), Some(ApiPath::CoreVersions));
        assert_eq!(
            ApiPath::parse("/apis/apps"),
            Some(ApiPath::Group("apps".to_owned()))
        );
        assert_eq!(
            ApiPath::parse("/apis/apps/v1/"),
            Some(ApiPath::Version {
                group: "apps".to_owned(),
                version: "v1".to_owned()
            })
        );
    }

    #[test]
    fn namespaces_are_both_a_resource_and_a_parent() {
        let namespace = resource("/api/v1/namespaces/ns");
        assert_eq!(
            (namespace.plural.as_str(), namespace.name.as_deref()),
            ("namespaces", Some("ns"))
        );
        assert_eq!(namespace.namespace, None);
        let finalize = resource("/api/v1/namespaces/ns/finalize");
        assert_eq!(finalize.subresource.as_deref(), Some("finalize"));
        let pods = resource("/api/v1/namespaces/ns/pods");
        assert_eq!(
            (pods.namespace.as_deref(), pods.plural.as_str()),
            (Some("ns"), "pods")
        );
        assert_eq!(pods.name, None);
    }

    #[test]
    fn subresources_keep_all_that_follows_the_name() {
        let path = resource("/apis/apps/v1/namespaces/ns/deployments/web/scale");
        assert_eq!(path.subresource.as_deref(), Some("scale"));
        let proxy = resource("/api/v1/nodes/n/proxy/a/b");
        assert_eq!(proxy.subresource.as_deref(), Some("proxy/a/b"));
    }

    #[test]
    fn deprecated_watch_paths_are_recognised() {
        let path = resource("/apis/apps/v1/watch/namespaces/ns/deployments");
        assert!(path.watch);
        assert_eq!(path.plural, "deployments");
    }

    #[test]
    fn escapes_are_decoded_before_splitting() {
        assert_eq!(resource("/api/v1/nodes/p%2Eq").name.as_deref(), Some("p.q"));
        assert_eq!(resource("/api/v1/nodes/100%").name.as_deref(), Some("100%"));
        assert_eq!(ApiPath::parse("/api/v1/nodes/%ff"), None);
    }
}
