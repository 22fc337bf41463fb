//! The cluster stanza in use, with the overrides on top.

use http::Uri;

use crate::{
    config::{proxy::ProxyUrl, server, server::DefaultScheme, tls::Tls},
    error::{Error, Kind, Problem},
    kubeconfig::{
        cluster::Cluster,
        named::{Named, find},
        unknown::Extension,
    },
    overrides::Overrides,
    resolve::{pem_pair::PemPair, place::Place},
};

/// The extension of a cluster that is meant for credential plugins.
const EXEC_EXTENSION: &str = "client.authentication.k8s.io/exec";

/// How to reach the server.
#[derive(Clone, Debug)]
pub(crate) struct ServerPart<'a> {
    place: Place<'a>,
    exists: bool,
    server: Option<String>,
    server_name: Option<String>,
    insecure: bool,
    ca: PemPair,
    proxy: Option<String>,
    pub(crate) disable_compression: bool,
    exec_extension: Option<&'a Extension>,
}

impl<'a> ServerPart<'a> {
    /// Takes a stanza, or nothing.
    pub(crate) fn of(cluster: Option<&'a Named<Cluster>>) -> Self {
        let Some(entry) = cluster else {
            return Self::nowhere();
        };
        let (place, cluster) = (Place::of(entry), &entry.value);
        let ca = PemPair::of(
            cluster.certificate_authority.as_deref(),
            cluster.certificate_authority_data.as_ref(),
            &place,
        );
        Self {
            place,
            exists: true,
            server: cluster.server.clone(),
            server_name: cluster.tls_server_name.clone(),
            insecure: cluster.insecure_skip_tls_verify,
            ca,
            proxy: cluster.proxy_url.clone(),
            disable_compression: cluster.disable_compression,
            exec_extension: find(&cluster.extensions, EXEC_EXTENSION).map(|entry| &entry.value),
        }
    }

    /// Describes the server of the cluster this process runs in.
    pub(crate) fn in_cluster(server: String, ca: PemPair) -> Self {
        Self {
            exists: true,
            server: Some(server),
            ca,
            ..Self::nowhere()
        }
    }

    fn nowhere() -> Self {
        Self {
            place: Place::outside("cluster"),
            exists: false,
            server: None,
            server_name: None,
            insecure: false,
            ca: PemPair::default(),
            proxy: None,
            disable_compression: false,
            exec_extension: None,
        }
    }

    /// Puts the overrides on top.
    pub(crate) fn overlay(mut self, overrides: &Overrides) -> Self {
        let text = |field: &Option<String>| field.clone().filter(|text| !text.is_empty());
        let (server, server_name) = (text(&overrides.server), text(&overrides.tls_server_name));
        if server.is_some() || server_name.is_some() {
            self.server_name = server_name;
        }
        self.server = server.or(self.server);
        self.proxy = text(&overrides.proxy_url).or(self.proxy);
        self.disable_compression |= overrides.disable_compression;
        let ca = overrides
            .certificate_authority
            .as_ref()
            .filter(|ca| !ca.is_empty());
        if overrides.insecure_skip_tls_verify || ca.is_some() {
            self.insecure = overrides.insecure_skip_tls_verify;
            self.ca = ca.map(PemPair::only).unwrap_or_default();
        }
        self
    }

    /// Whether nothing is said about the server at all.
    pub(crate) fn is_empty(&self) -> bool {
        !self.exists
            && self.server.is_none()
            && self.server_name.is_none()
            && !self.insecure
            && self.ca.is_none()
            && self.proxy.is_none()
            && !self.disable_compression
    }

    /// Lists what makes the stanza unusable, whatever the scheme of the server.
    pub(crate) fn problems(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        if self.server.is_none() {
            problems.push(self.place.problem("server", "it is not set"));
        }
        problems.extend(self.parse_proxy().err());
        problems.extend(self.ca.problems("certificate-authority", &self.place));
        problems
    }

    /// Tells that certificates would both be checked and not.
    pub(crate) fn tls_problem(&self) -> Option<Problem> {
        let contradicts = self.insecure && !self.ca.is_none();
        contradicts.then(|| {
            let reason = "it cannot be combined with a certificate authority";
            self.place.problem("insecure-skip-tls-verify", reason)
        })
    }

    /// Whether a server without a scheme is meant to be spoken to over TLS.
    pub(crate) fn implies_tls(&self) -> bool {
        self.insecure || !self.ca.is_none()
    }

    pub(crate) fn url(&self, default: DefaultScheme) -> Result<Uri, Error> {
        let server = self.server.as_deref().unwrap_or_default();
        server::parse(server, default)
            .map_err(|reason| Error::new(Kind::Invalid, self.place.problem("server", reason)))
    }

    pub(crate) fn proxy(&self) -> Result<Option<ProxyUrl>, Error> {
        self.parse_proxy()
            .map_err(|problem| Error::new(Kind::Invalid, problem))
    }

    pub(crate) fn tls(&self) -> Tls {
        Tls {
            ca: self.ca.pem(),
            server_name: self.server_name.clone(),
            insecure_skip_verify: self.insecure,
            ..Tls::default()
        }
    }

    /// Returns what the cluster has for credential plugins.
    pub(crate) fn exec_extension(&self) -> Option<&'a Extension> {
        self.exec_extension
    }

    fn parse_proxy(&self) -> Result<Option<ProxyUrl>, Problem> {
        let proxy = self.proxy.as_deref().map(str::parse).transpose();
        proxy.map_err(|error: crate::InvalidProxyUrl| {
            self.place.problem("proxy-url", error.reason())
        })
    }
}
