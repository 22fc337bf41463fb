//! The user stanza in use, with the overrides on top.

use std::path::PathBuf;

use secrecy::{ExposeSecret as _, SecretString};

use crate::{
    config::{
        auth::{Auth, Basic, Impersonate},
        pem::Pem,
    },
    error::{Error, Kind, Problem},
    files,
    kubeconfig::{
        auth_info::AuthInfo, auth_provider::AuthProviderConfig, exec::ExecConfig, named::Named,
    },
    overrides::Overrides,
    resolve::{exec, pem_pair::PemPair, place::Place, server_part::ServerPart},
};

/// Who asks.
#[derive(Clone, Debug)]
pub(crate) struct UserPart<'a> {
    place: Place<'a>,
    certificate: PemPair,
    key: PemPair,
    token: Option<SecretString>,
    token_file: Option<PathBuf>,
    username: Option<String>,
    password: Option<SecretString>,
    impersonate: Impersonate,
    exec: Option<&'a ExecConfig>,
    auth_provider: Option<&'a AuthProviderConfig>,
}

impl<'a> UserPart<'a> {
    /// Takes a stanza, or nobody.
    pub(crate) fn of(user: Option<&'a Named<AuthInfo>>) -> Self {
        let Some(entry) = user else {
            return Self::nobody();
        };
        let (place, user) = (Place::of(entry), &entry.value);
        Self {
            certificate: PemPair::of(
                user.client_certificate.as_deref(),
                user.client_certificate_data.as_ref(),
                &place,
            ),
            key: PemPair::of(
                user.client_key.as_deref(),
                user.client_key_data.as_ref(),
                &place,
            ),
            token: user.token.clone(),
            token_file: user
                .token_file
                .as_deref()
                .map(|path| files::resolve(path, place.file)),
            username: user.username.clone(),
            password: user.password.clone(),
            impersonate: Impersonate {
                user: user.impersonate.clone(),
                uid: user.impersonate_uid.clone(),
                groups: user.impersonate_groups.clone(),
                extra: user.impersonate_user_extra.clone(),
            },
            exec: user.exec.as_ref(),
            auth_provider: user.auth_provider.as_ref(),
            place,
        }
    }

    /// Describes the service account of the pod this process runs in.
    pub(crate) fn service_account(token_file: PathBuf) -> Self {
        Self {
            token_file: Some(token_file),
            place: Place::outside("service account"),
            ..Self::nobody()
        }
    }

    fn nobody() -> Self {
        Self {
            place: Place::outside("user"),
            certificate: PemPair::default(),
            key: PemPair::default(),
            token: None,
            token_file: None,
            username: None,
            password: None,
            impersonate: Impersonate::default(),
            exec: None,
            auth_provider: None,
        }
    }

    /// Puts the overrides on top.
    pub(crate) fn overlay(mut self, overrides: &Overrides) -> Self {
        let text = |field: &Option<String>| field.clone().filter(|text| !text.is_empty());
        let secret = |field: &Option<SecretString>| {
            field
                .clone()
                .filter(|secret| !secret.expose_secret().is_empty())
        };
        let token = secret(&overrides.token);
        let token_file = overrides
            .token_file
            .clone()
            .filter(|path| !path.as_os_str().is_empty());
        if token.is_some() || token_file.is_some() {
            (self.token, self.token_file) = (token, token_file);
        }
        self.username = text(&overrides.username).or(self.username);
        self.password = secret(&overrides.password).or(self.password);
        let pem = |field: &Option<Pem>| {
            field
                .as_ref()
                .filter(|pem| !pem.is_empty())
                .map(PemPair::only)
        };
        self.certificate = pem(&overrides.client_certificate).unwrap_or(self.certificate);
        self.key = pem(&overrides.client_key).unwrap_or(self.key);
        let impersonate = &mut self.impersonate;
        impersonate.user = text(&overrides.impersonate).or(impersonate.user.take());
        impersonate.uid = text(&overrides.impersonate_uid).or(impersonate.uid.take());
        if !overrides.impersonate_groups.is_empty() {
            impersonate.groups.clone_from(&overrides.impersonate_groups);
        }
        impersonate
            .extra
            .extend(overrides.impersonate_user_extra.clone());
        self
    }

    /// Lists what makes the stanza unusable, whatever the scheme of the server.
    pub(crate) fn problems(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        if !self.certificate.is_none() {
            problems.extend(self.certificate.problems("client-certificate", &self.place));
            problems.extend(self.key.problems("client-key", &self.place));
            if self.key.is_none() {
                let reason = "it is not set, and client-certificate needs it";
                problems.push(self.place.problem("client-key", reason));
            }
        }
        if let Some(exec) = self.exec {
            problems.extend(exec::problems(exec, &self.place));
            if self.auth_provider.is_some() {
                problems.push(
                    self.place
                        .problem("auth-provider", "it cannot be combined with exec"),
                );
            }
        }
        if self.token.is_some() && self.has_basic() {
            problems.push(self.place.problem("token", TWO_WAYS));
        }
        if self.impersonate.user.is_none() && self.impersonate != Impersonate::default() {
            let reason = "it is not set, and as-uid, as-groups and as-user-extra need it";
            problems.push(self.place.problem("as", reason));
        }
        problems
    }

    /// Tells that there are two ways to authenticate, one of them a token file.
    pub(crate) fn auth_problem(&self) -> Option<Problem> {
        let contradicts = self.token.is_none() && self.token_file.is_some() && self.has_basic();
        contradicts.then(|| self.place.problem("tokenFile", TWO_WAYS))
    }

    /// Whether there is a client certificate, which only TLS can send.
    pub(crate) fn has_certificate(&self) -> bool {
        !self.certificate.is_none()
    }

    /// Returns the client certificate and its key.
    pub(crate) fn certificate(&self) -> (Option<Pem>, Option<Pem>) {
        match self.certificate.pem() {
            Some(certificate) => (Some(certificate), self.key.pem()),
            None => (None, None),
        }
    }

    /// Returns whom to act for.
    pub(crate) fn impersonate(&self) -> Impersonate {
        self.impersonate.clone()
    }

    /// Returns the credentials. Those in the URL of the server, if any, win, as they do in Go's HTTP client.
    pub(crate) fn auth(
        self,
        of_url: Option<Basic>,
        server: &ServerPart<'_>,
    ) -> Result<Auth, Error> {
        if of_url.is_some() {
            return Ok(Auth {
                basic: of_url,
                impersonate: self.impersonate,
                ..Auth::default()
            });
        }
        let token = match self.token.clone() {
            Some(token) => Some(token),
            None => self.read_token()?,
        };
        let has_basic = self.has_basic();
        Ok(Auth {
            token,
            basic: has_basic.then(|| Basic {
                username: self.username.unwrap_or_default(),
                password: self.password.unwrap_or_default(),
            }),
            token_file: self.token_file,
            impersonate: self.impersonate,
            exec: self
                .exec
                .map(|exec| exec::resolve(exec, self.place.file, server)),
            auth_provider: self.auth_provider.cloned(),
        })
    }

    fn has_basic(&self) -> bool {
        self.username.is_some() || self.password.is_some()
    }

    fn read_token(&self) -> Result<Option<SecretString>, Error> {
        let Some(path) = &self.token_file else {
            return Ok(None);
        };
        let bytes = files::read(path).map_err(|cause| {
            Error::new(
                Kind::Unreadable,
                self.place.unreadable("tokenFile", path, cause),
            )
        })?;
        let token = String::from_utf8_lossy(bytes.trim_ascii());
        Ok(Some(token.into_owned().into())
            .filter(|token: &SecretString| !token.expose_secret().is_empty()))
    }
}

const TWO_WAYS: &str = "it cannot be combined with username and password";
