//! Merging kubeconfig files: whoever says something first, wins.

use std::collections::HashSet;

use crate::kubeconfig::{Kubeconfig, named::Named, preferences::Preferences};

impl Kubeconfig {
    /// Merges another kubeconfig into this one, which takes precedence.
    ///
    /// Clusters, users, contexts and extensions are taken over when none of that name is here yet, each as a
    /// whole: two entries of the same name are never mixed. Single values, such as `current-context`, are taken over
    /// when they are not set here. Merging is associative, and merging a file with itself changes nothing but the
    /// list of [`origins`](Self::origins).
    ///
    /// Matches the merge of `clientcmd.ClientConfigLoadingRules.Load`.
    ///
    /// # Examples
    ///
    /// ```
    /// use kubekit_config::Kubeconfig;
    ///
    /// let first = Kubeconfig::from_bytes(b"{current-context: a}")?;
    /// let second = Kubeconfig::from_bytes(b"{current-context: b, contexts: [{name: b, context: {cluster: c}}]}")?;
    /// let merged = first.merge(second);
    /// assert_eq!(merged.current_context.as_deref(), Some("a"));
    /// assert!(merged.context("b").is_some());
    /// # Ok::<(), kubekit_config::Error>(())
    /// ```
    #[must_use]
    pub fn merge(mut self, other: Self) -> Self {
        self.api_version = self.api_version.or(other.api_version);
        self.kind = self.kind.or(other.kind);
        merge_entries(&mut self.clusters, other.clusters);
        merge_entries(&mut self.users, other.users);
        merge_entries(&mut self.contexts, other.contexts);
        self.current_context = self.current_context.or(other.current_context);
        self.preferences.merge(other.preferences);
        merge_entries(&mut self.extensions, other.extensions);
        self.origins.extend(other.origins);
        self.unknown.merge(other.unknown);
        self
    }
}

impl Preferences {
    fn merge(&mut self, other: Self) {
        self.colors |= other.colors;
        merge_entries(&mut self.extensions, other.extensions);
        self.unknown.merge(other.unknown);
    }
}

fn merge_entries<T>(entries: &mut Vec<Named<T>>, others: Vec<Named<T>>) {
    let known: HashSet<String> = entries.iter().map(|entry| entry.name.clone()).collect();
    entries.extend(
        others
            .into_iter()
            .filter(|other| !known.contains(&other.name)),
    );
}
