//! Which stanzas of a kubeconfig are used.

use crate::{
    error::{Error, Kind, Problem},
    kubeconfig::{
        Kubeconfig,
        auth_info::AuthInfo,
        cluster::Cluster,
        context::Context,
        named::{Entry, Named, Sealed as _, find},
    },
    overrides::Overrides,
    resolve::place::Place,
};

/// The stanzas of a context. Any of them may be missing: the overrides may say it all.
pub(crate) struct Chosen<'a> {
    kubeconfig: &'a Kubeconfig,
    pub(crate) context: Option<&'a Named<Context>>,
    pub(crate) cluster: Option<&'a Named<Cluster>>,
    pub(crate) user: Option<&'a Named<AuthInfo>>,
}

impl<'a> Chosen<'a> {
    /// Finds the stanzas. What the overrides name must exist; what the kubeconfig itself names need not.
    pub(crate) fn of(kubeconfig: &'a Kubeconfig, overrides: &'a Overrides) -> Result<Self, Error> {
        let required = |name: &'a Option<String>| name.as_deref().filter(|name| !name.is_empty());
        let context = match required(&overrides.context) {
            Some(name) => Some(existing(&kubeconfig.contexts, name, kubeconfig)?),
            None => find(&kubeconfig.contexts, or_empty(&kubeconfig.current_context)),
        };
        let named = context.map(|context| &context.value);
        let user = match required(&overrides.user) {
            Some(name) => Some(existing(&kubeconfig.users, name, kubeconfig)?),
            None => find(
                &kubeconfig.users,
                named.map_or("", |context| or_empty(&context.user)),
            ),
        };
        let cluster = match required(&overrides.cluster) {
            Some(name) => Some(existing(&kubeconfig.clusters, name, kubeconfig)?),
            None => find(
                &kubeconfig.clusters,
                named.map_or("", |context| or_empty(&context.cluster)),
            ),
        };
        Ok(Self {
            kubeconfig,
            context,
            cluster,
            user,
        })
    }

    /// Returns the namespace of the context.
    pub(crate) fn namespace(&self) -> Option<&'a str> {
        self.context?.value.namespace.as_deref()
    }

    /// Lists what is wrong with the choice itself: `current-context` is not the name of a context.
    pub(crate) fn problems(&self) -> Vec<Problem> {
        match &self.kubeconfig.current_context {
            Some(name) if self.context.is_none() => {
                let reason = format!(
                    "it names context {name:?}, which {}",
                    nowhere(self.kubeconfig)
                );
                vec![Problem::new(reason).in_field("current-context")]
            }
            _ => Vec::new(),
        }
    }

    /// Says why there is no cluster.
    pub(crate) fn no_cluster(&self) -> Problem {
        let Some(context) = self.context else {
            return Problem::new("no context is chosen: there is no current-context");
        };
        match &context.value.cluster {
            Some(cluster) => dangling(self.kubeconfig, context, Cluster::FIELD, cluster),
            None => Place::of(context).problem(Cluster::FIELD, "it is not set"),
        }
    }
}

fn or_empty(name: &Option<String>) -> &str {
    name.as_deref().unwrap_or_default()
}

fn existing<'a, T: Entry>(
    entries: &'a [Named<T>],
    name: &str,
    kubeconfig: &Kubeconfig,
) -> Result<&'a Named<T>, Error> {
    find(entries, name).ok_or_else(|| {
        let reason = format!(
            "{} {name:?} was asked for, which {}",
            T::FIELD,
            nowhere(kubeconfig)
        );
        Error::new(Kind::Invalid, Problem::new(reason))
    })
}

/// Says that a context refers to something that does not exist.
pub(crate) fn dangling(
    kubeconfig: &Kubeconfig,
    context: &Named<Context>,
    kind: &'static str,
    name: &str,
) -> Problem {
    let nowhere = nowhere(kubeconfig);
    let context_name = &context.name;
    let reason = format!("context {context_name:?} refers to {kind} {name:?}, which {nowhere}");
    Place::of(context).sentence(kind, reason)
}

/// Tells where an entry was looked for in vain.
pub(crate) fn nowhere(kubeconfig: &Kubeconfig) -> String {
    match kubeconfig.origins.as_slice() {
        [] => "the kubeconfig does not have".to_owned(),
        [file] => format!("{} does not have", file.display()),
        files => {
            let files: Vec<_> = files
                .iter()
                .map(|file| file.display().to_string())
                .collect();
            format!("none of these files has: {}", files.join(", "))
        }
    }
}
