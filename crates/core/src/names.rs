//! Names of API groups, versions, kinds and resources.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use k8s_openapi::Resource;

/// A name that is either part of the program or came from outside.
pub type Name = Cow<'static, str>;

/// Identifies a version of an API group; the core group is the empty string.
///
/// Prints and parses as the `apiVersion` field does: `v1`, `apps/v1`. Matches `schema.GroupVersion` of apimachinery.
///
/// # Examples
///
/// ```
/// use kubekit_core::GroupVersion;
///
/// let apps: GroupVersion = "apps/v1".parse()?;
/// assert_eq!(apps.group, "apps");
/// assert_eq!(apps.api_path(), "/apis/apps/v1");
/// assert_eq!(GroupVersion::new("", "v1").api_path(), "/api/v1");
/// # Ok::<(), kubekit_core::ParseNameError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct GroupVersion {
    /// The API group; empty for the core group.
    pub group: Name,
    /// The version within the group.
    pub version: Name,
}

impl GroupVersion {
    /// Names a version of a group.
    pub fn new(group: impl Into<Name>, version: impl Into<Name>) -> Self {
        Self {
            group: group.into(),
            version: version.into(),
        }
    }

    /// Returns the path below which the resources of this group and version are served.
    pub fn api_path(&self) -> String {
        if self.group.is_empty() {
            format!("/api/{}", self.version)
        } else {
            format!("/apis/{}/{}", self.group, self.version)
        }
    }

    /// Names a kind of this group and version.
    pub fn with_kind(self, kind: impl Into<Name>) -> GroupVersionKind {
        GroupVersionKind {
            group: self.group,
            version: self.version,
            kind: kind.into(),
        }
    }

    /// Names a resource of this group and version.
    pub fn with_resource(self, resource: impl Into<Name>) -> GroupVersionResource {
        GroupVersionResource {
            group: self.group,
            version: self.version,
            resource: resource.into(),
        }
    }
}

impl fmt::Display for GroupVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.group.is_empty() {
            write!(f, "{}/", self.group)?;
        }
        f.write_str(&self.version)
    }
}

impl FromStr for GroupVersion {
    type Err = ParseNameError;

    fn from_str(s: &str) -> Result<Self, Self::Err> {
        let (group, version) = s.split_once('/').unwrap_or(("", s));
        if version.is_empty() || version.contains('/') || (group.is_empty() && s.contains('/')) {
            return Err(ParseNameError {
                input: s.into(),
                expected: "an API version such as \"v1\" or \"apps/v1\"",
            });
        }
        Ok(Self::new(group.to_owned(), version.to_owned()))
    }
}

/// Identifies a kind in every version of its group. Prints as `Kind` or `Kind.group`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct GroupKind {
    /// The API group; empty for the core group.
    pub group: Name,
    /// The kind, as in the `kind` field.
    pub kind: Name,
}

impl GroupKind {
    /// Names a kind of a group.
    pub fn new(group: impl Into<Name>, kind: impl Into<Name>) -> Self {
        Self {
            group: group.into(),
            kind: kind.into(),
        }
    }
}

impl fmt::Display for GroupKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_qualified(f, &self.kind, &self.group)
    }
}

/// Identifies a resource in every version of its group. Prints as `resources` or `resources.group`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct GroupResource {
    /// The API group; empty for the core group.
    pub group: Name,
    /// The plural, lower-case name of the resource.
    pub resource: Name,
}

impl GroupResource {
    /// Names a resource of a group.
    pub fn new(group: impl Into<Name>, resource: impl Into<Name>) -> Self {
        Self {
            group: group.into(),
            resource: resource.into(),
        }
    }
}

impl fmt::Display for GroupResource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_qualified(f, &self.resource, &self.group)
    }
}

/// Identifies a kind of one version of a group. Prints as `apps/v1, Kind=Deployment`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct GroupVersionKind {
    /// The API group; empty for the core group.
    pub group: Name,
    /// The version within the group.
    pub version: Name,
    /// The kind, as in the `kind` field.
    pub kind: Name,
}

impl GroupVersionKind {
    /// Names a kind of a group and version.
    pub fn new(group: impl Into<Name>, version: impl Into<Name>, kind: impl Into<Name>) -> Self {
        GroupVersion::new(group, version).with_kind(kind)
    }

    /// Names the kind of a built-in type or of any other type that knows its own.
    pub const fn of<K: Resource>() -> Self {
        Self {
            group: Cow::Borrowed(K::GROUP),
            version: Cow::Borrowed(K::VERSION),
            kind: Cow::Borrowed(K::KIND),
        }
    }

    /// Returns the group and version, which print as the `apiVersion` field.
    pub fn group_version(&self) -> GroupVersion {
        GroupVersion {
            group: self.group.clone(),
            version: self.version.clone(),
        }
    }

    /// Returns the group and kind without the version.
    pub fn group_kind(&self) -> GroupKind {
        GroupKind {
            group: self.group.clone(),
            kind: self.kind.clone(),
        }
    }
}

impl fmt::Display for GroupVersionKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, Kind={}", self.group_version(), self.kind)
    }
}

/// Identifies a resource of one version of a group. Prints as `apps/v1, Resource=deployments`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct GroupVersionResource {
    /// The API group; empty for the core group.
    pub group: Name,
    /// The version within the group.
    pub version: Name,
    /// The plural, lower-case name of the resource.
    pub resource: Name,
}

impl GroupVersionResource {
    /// Names a resource of a group and version.
    pub fn new(
        group: impl Into<Name>,
        version: impl Into<Name>,
        resource: impl Into<Name>,
    ) -> Self {
        GroupVersion::new(group, version).with_resource(resource)
    }

    /// Returns the group and version, which print as the `apiVersion` field.
    pub fn group_version(&self) -> GroupVersion {
        GroupVersion {
            group: self.group.clone(),
            version: self.version.clone(),
        }
    }

    /// Returns the group and resource without the version.
    pub fn group_resource(&self) -> GroupResource {
        GroupResource {
            group: self.group.clone(),
            resource: self.resource.clone(),
        }
    }
}

impl fmt::Display for GroupVersionResource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, Resource={}", self.group_version(), self.resource)
    }
}

/// Reports a string that is not the name it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseNameError {
    pub(crate) input: Box<str>,
    pub(crate) expected: &'static str,
}

impl ParseNameError {
    /// Returns the string that was refused.
    pub fn input(&self) -> &str {
        &self.input
    }
}

impl fmt::Display for ParseNameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} is not {}", self.input, self.expected)
    }
}

impl std::error::Error for ParseNameError {}

fn write_qualified(f: &mut fmt::Formatter<'_>, name: &str, group: &str) -> fmt::Result {
    f.write_str(name)?;
    if !group.is_empty() {
        write!(f, ".{group}")?;
    }
    Ok(())
}
