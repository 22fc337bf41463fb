//! From the stanzas of a context and the overrides to a [`Config`].

pub(crate) mod chosen;
mod exec;
pub(crate) mod pem_pair;
pub(crate) mod place;
pub(crate) mod server_part;
pub(crate) mod user_part;

use crate::{
    config::{Config, server::DefaultScheme},
    error::{Error, Kind},
    kubeconfig::Kubeconfig,
    overrides::Overrides,
    resolve::{chosen::Chosen, server_part::ServerPart, user_part::UserPart},
};

/// The configuration a context resolves to, and what the caller needs to fill in the rest.
pub(crate) struct Resolved {
    pub(crate) config: Config,
    /// Whether the context or the overrides say which namespace to use.
    pub(crate) names_namespace: bool,
}

/// Resolves the context that the overrides or the kubeconfig choose.
pub(crate) fn resolve(kubeconfig: &Kubeconfig, overrides: &Overrides) -> Result<Resolved, Error> {
    let chosen = Chosen::of(kubeconfig, overrides)?;
    let server = ServerPart::of(chosen.cluster).overlay(overrides);
    let user = UserPart::of(chosen.user).overlay(overrides);

    let mut problems = chosen.problems();
    problems.extend(user.problems());
    if server.is_empty() {
        if problems.is_empty() {
            return Err(Error::new(Kind::Empty, chosen.no_cluster()));
        }
        problems.extend(chosen.context.map(|_| chosen.no_cluster()));
        return Err(Error::with_problems(Kind::Invalid, problems));
    }
    problems.extend(server.problems());
    if !problems.is_empty() {
        return Err(Error::with_problems(Kind::Invalid, problems));
    }

    let mut config = connect(server, user, overrides)?;
    let namespace = overrides.namespace_name().or(chosen.namespace());
    if let Some(namespace) = namespace {
        namespace.clone_into(&mut config.default_namespace);
    }
    Ok(Resolved {
        config,
        names_namespace: namespace.is_some(),
    })
}

/// Makes the configuration from a server and a user whose stanzas are in order.
///
/// A plain `http` server gets neither credentials nor TLS settings, so that no token travels in the clear.
pub(crate) fn connect(
    server: ServerPart<'_>,
    user: UserPart<'_>,
    overrides: &Overrides,
) -> Result<Config, Error> {
    let default = if server.implies_tls() || user.has_certificate() {
        DefaultScheme::Https
    } else {
        DefaultScheme::Http
    };
    let mut config = Config::new(server.url(default)?);
    config.proxy_url = server.proxy()?;
    config.disable_compression = server.disable_compression;
    config.request_timeout = overrides
        .request_timeout
        .filter(|timeout| !timeout.is_zero());
    config.auth.impersonate = user.impersonate();
    if config.server.scheme_str() == Some("https") {
        let problems: Vec<_> = [server.tls_problem(), user.auth_problem()]
            .into_iter()
            .flatten()
            .collect();
        if !problems.is_empty() {
            return Err(Error::with_problems(Kind::Invalid, problems));
        }
        config.tls = server.tls();
        (config.tls.client_certificate, config.tls.client_key) = user.certificate();
        config.auth = user.auth(config.auth.basic, &server)?;
    }
    Ok(config)
}
