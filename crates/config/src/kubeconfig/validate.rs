//! Checking a whole kubeconfig, used or not.

use crate::{
    error::{Error, Kind, Problem},
    kubeconfig::{
        Kubeconfig,
        context::Context,
        named::{Entry, Named, duplicate, find},
    },
    resolve::{
        chosen::{dangling, nowhere},
        place::Place,
        server_part::ServerPart,
        user_part::UserPart,
    },
};

impl Kubeconfig {
    /// Checks every stanza, also those that no context uses, and the references between them.
    ///
    /// [`Config::from_kubeconfig`](crate::Config::from_kubeconfig) checks what it uses by itself, and less strictly;
    /// this is for programs that edit or lint kubeconfig files. It looks whether the files exist that are referred to.
    ///
    /// Matches `clientcmd.Validate`.
    ///
    /// # Errors
    ///
    /// [`Error::is_empty`] holds for a kubeconfig with nothing in it; else [`Error::problems`] lists everything that is
    /// wrong.
    pub fn validate(&self) -> Result<(), Error> {
        if self.is_empty() {
            let problem = Problem::new("the kubeconfig has no context, cluster or user");
            return Err(Error::new(Kind::Empty, problem));
        }
        let mut problems = Vec::new();
        problems.extend(self.name_problems());
        problems.extend(self.current_context_problem());
        for context in &self.contexts {
            problems.extend(self.context_problems(context));
        }
        for user in &self.users {
            problems.extend(UserPart::of(Some(user)).problems());
        }
        for cluster in &self.clusters {
            problems.extend(ServerPart::of(Some(cluster)).problems());
        }
        if problems.is_empty() {
            Ok(())
        } else {
            Err(Error::with_problems(Kind::Invalid, problems))
        }
    }

    fn is_empty(&self) -> bool {
        self.contexts.is_empty()
            && self.clusters.is_empty()
            && self.users.is_empty()
            && self.current_context.is_none()
            && self.extensions.is_empty()
            && self.preferences.is_empty()
    }

    fn name_problems(&self) -> impl Iterator<Item = Problem> {
        [
            duplicate(&self.clusters),
            duplicate(&self.users),
            duplicate(&self.contexts),
            nameless(&self.clusters),
            nameless(&self.users),
            nameless(&self.contexts),
        ]
        .into_iter()
        .flatten()
    }

    fn current_context_problem(&self) -> Option<Problem> {
        let name = self.current_context.as_deref()?;
        if find(&self.contexts, name).is_some() {
            return None;
        }
        let reason = format!("it names context {name:?}, which {}", nowhere(self));
        Some(Problem::new(reason).in_field("current-context"))
    }

    fn context_problems(&self, entry: &Named<Context>) -> Vec<Problem> {
        let context = &entry.value;
        let cluster = context.cluster.as_deref();
        let user = context.user.as_deref();
        let namespace = context.namespace.as_deref();
        [
            self.reference_problem(entry, &self.clusters, cluster),
            self.reference_problem(entry, &self.users, user),
            namespace.filter(|name| !is_dns_label(name)).map(|name| {
                let reason = format!("{name:?} cannot be the name of a namespace");
                Place::of(entry).problem("namespace", reason)
            }),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    fn reference_problem<T: Entry>(
        &self,
        context: &Named<Context>,
        entries: &[Named<T>],
        name: Option<&str>,
    ) -> Option<Problem> {
        let Some(name) = name else {
            return Some(Place::of(context).problem(T::FIELD, "it is not set"));
        };
        if find(entries, name).is_some() {
            return None;
        }
        Some(dangling(self, context, T::FIELD, name))
    }
}

fn nameless<T: Entry>(entries: &[Named<T>]) -> Option<Problem> {
    let entry = find(entries, "")?;
    Some(
        Problem::new("an entry has no name")
            .in_file(entry.origin.as_deref())
            .in_field(T::LIST),
    )
}

/// Whether a text is a DNS label of RFC 1123, as names of namespaces are.
fn is_dns_label(text: &str) -> bool {
    let inner = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let bytes = text.as_bytes();
    text.len() <= 63
        && bytes.first().copied().is_some_and(inner)
        && bytes.last().copied().is_some_and(inner)
        && bytes.iter().all(|&byte| inner(byte) || byte == b'-')
}
