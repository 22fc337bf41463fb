//! What objects say of their own type.

use k8s_openapi::ResourceScope;
use serde::ser::SerializeMap;

use crate::{GroupVersion, GroupVersionKind, ParseNameError};

/// The version and kind that an object says it has.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct TypeMeta {
    /// The group and version, such as `apps/v1`; empty in items of built-in lists.
    pub api_version: String,
    /// The kind; empty in items of built-in lists.
    pub kind: String,
}

impl TypeMeta {
    /// Returns the group, version and kind.
    ///
    /// # Errors
    ///
    /// Fails when the version is not one.
    pub fn gvk(&self) -> Result<GroupVersionKind, ParseNameError> {
        Ok(self
            .api_version
            .parse::<GroupVersion>()?
            .with_kind(self.kind.clone()))
    }

    /// Writes the fields that are not empty.
    pub(super) fn serialize_into<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        for (name, value) in [("apiVersion", &self.api_version), ("kind", &self.kind)] {
            if !value.is_empty() {
                map.serialize_entry(name, value)?;
            }
        }
        Ok(())
    }
}

impl From<&GroupVersionKind> for TypeMeta {
    fn from(gvk: &GroupVersionKind) -> Self {
        Self {
            api_version: gvk.group_version().to_string(),
            kind: gvk.kind.clone().into_owned(),
        }
    }
}

/// The scope of types whose kind is only known at run time; which scope they have is known then, too.
#[derive(Clone, Copy, Debug)]
pub struct DynamicResourceScope {}

impl ResourceScope for DynamicResourceScope {}

/// Implements the traits of k8s-openapi for a type without static names. The constants are empty: what the object is, it says
/// itself, and how it is addressed, an [`ApiResource`](crate::ApiResource) says.
macro_rules! dynamic_object {
    ($object:ty) => {
        impl k8s_openapi::Resource for $object {
            const API_VERSION: &'static str = "";
            const GROUP: &'static str = "";
            const KIND: &'static str = "";
            const VERSION: &'static str = "";
            const URL_PATH_SEGMENT: &'static str = "";
            type Scope = $crate::DynamicResourceScope;
        }

        impl k8s_openapi::Metadata for $object {
            type Ty = k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

            fn metadata(&self) -> &Self::Ty {
                &self.metadata
            }

            fn metadata_mut(&mut self) -> &mut Self::Ty {
                &mut self.metadata
            }
        }
    };
}

pub(super) use dynamic_object;
