//! Lists.

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ListMeta;

use crate::{ResourceVersion, Undecodable};

/// A list, or one page of it.
#[derive(Debug)]
pub struct ObjectList<K> {
    /// The version of the list and how it goes on.
    pub metadata: ListMeta,
    /// The objects, in the server's order.
    pub items: Vec<K>,
    /// The objects that cannot be decoded.
    pub undecodable: Vec<Undecodable>,
}

impl<K> ObjectList<K> {
    /// Returns the version of the list, from which a watch can go on.
    pub fn resource_version(&self) -> Option<ResourceVersion> {
        self.metadata
            .resource_version
            .as_deref()
            .filter(|version| !version.is_empty())
            .map(Into::into)
    }

    /// Returns the token of the next page, or `None` after the last one.
    pub fn continue_token(&self) -> Option<&str> {
        self.metadata
            .continue_
            .as_deref()
            .filter(|token| !token.is_empty())
    }
}
