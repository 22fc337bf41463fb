//! Where configurations are found.

use std::{
    env,
    io::ErrorKind,
    path::{Path, PathBuf},
};

use crate::{
    config::Config,
    environment::{self, Environment},
    error::{Error, Kind, Problem},
    files, in_cluster,
    kubeconfig::Kubeconfig,
    overrides::Overrides,
    resolve,
};

/// Finds the configuration of a process: kubeconfig files, overrides, and the service account of a pod.
///
/// All reads are blocking; the files are small (at most 8 MiB each are accepted), and are read once. Nothing is
/// cached: each call looks again.
///
/// Matches `clientcmd.ClientConfigLoadingRules` and `clientcmd.NewNonInteractiveDeferredLoadingClientConfig`.
///
/// # Examples
///
/// ```
/// use kubekit_config::{Environment, Loader, Overrides};
///
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("config");
/// # std::fs::write(&path, "
/// # clusters: [{name: kind, cluster: {server: 'https://127.0.0.1:6443'}}]
/// # contexts: [{name: kind, context: {cluster: kind}}]")?;
/// # let environment = Environment::empty();
/// let config = Loader::new()
///     .environment(environment) // instead of that of the process
///     .path(path) // as in `--kubeconfig path`
///     .overrides(Overrides::new().context("kind").namespace("shop"))
///     .infer()?;
/// assert_eq!(config.server, "https://127.0.0.1:6443/");
/// assert_eq!(config.default_namespace, "shop");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Loader {
    environment: Environment,
    path: Option<PathBuf>,
    overrides: Overrides,
}

impl Default for Loader {
    fn default() -> Self {
        Self::new()
    }
}

impl Loader {
    /// Creates a loader for this process, without overrides.
    #[must_use]
    pub fn new() -> Self {
        Self {
            environment: Environment::process(),
            path: None,
            overrides: Overrides::new(),
        }
    }

    /// Sets where to look. Default: [`Environment::process`].
    #[must_use]
    pub fn environment(mut self, environment: Environment) -> Self {
        self.environment = environment;
        self
    }

    /// Sets the kubeconfig to use instead of those of the environment; it must exist. Default: none.
    ///
    /// The empty path counts as none, so that an empty flag can be passed on.
    #[must_use]
    pub fn path(mut self, path: impl Into<PathBuf>) -> Self {
        self.path = Some(path.into()).filter(|path| !path.as_os_str().is_empty());
        self
    }

    /// Sets what overrides the kubeconfig. Default: nothing.
    #[must_use]
    pub fn overrides(mut self, overrides: Overrides) -> Self {
        self.overrides = overrides;
        self
    }

    /// Returns the files that are looked at, first the one that wins; they need not exist.
    ///
    /// It is the [`path`](Self::path) if there is one; else the list in the variable `KUBECONFIG` in the notation of
    /// the platform (`:` between them, `;` on Windows), without repetitions; else `.kube/config` in the home
    /// directory.
    #[must_use]
    pub fn files(&self) -> Vec<PathBuf> {
        if let Some(path) = &self.path {
            return vec![path.clone()];
        }
        match self.environment.get("KUBECONFIG") {
            Some(list) => {
                unique(env::split_paths(&list).filter(|file| !file.as_os_str().is_empty()))
            }
            None => self
                .environment
                .home()
                .map(|home| environment::default_file(&home))
                .into_iter()
                .collect(),
        }
    }

    /// Reads the kubeconfig: all files of [`files`](Self::files) that exist, [merged](Kubeconfig::merge).
    ///
    /// When none exists, the kubeconfig is empty.
    ///
    /// Matches `clientcmd.ClientConfigLoadingRules.Load`.
    ///
    /// # Errors
    ///
    /// When the [`path`](Self::path) does not exist, or a file that exists cannot be read or is not a kubeconfig; every
    /// such file is reported.
    pub fn kubeconfig(&self) -> Result<Kubeconfig, Error> {
        let mut merged = Kubeconfig::default();
        let mut errors = Vec::new();
        for file in self.files() {
            match self.read(&file) {
                Ok(None) => {}
                Ok(Some(kubeconfig)) => merged = merged.merge(kubeconfig),
                Err(error) => errors.push(error),
            }
        }
        Error::join(errors).map_or(Ok(merged), Err)
    }

    /// Finds the configuration: that of the [`kubeconfig`](Self::kubeconfig) if it names a server, else that of the
    /// service account of the pod this process runs in.
    ///
    /// A kubeconfig that names a server but is wrong is an error, not a reason to look elsewhere. One that has
    /// no context, or a context whose cluster does not exist, counts as none. In a pod, a context that names no
    /// namespace gets the namespace of the pod.
    ///
    /// Matches `clientcmd.NewNonInteractiveDeferredLoadingClientConfig(..).ClientConfig()`. In contrast to it, all
    /// overrides apply to the service account as well, not only server, token and certificate authority.
    ///
    /// # Errors
    ///
    /// [`Error::is_empty`] holds when there is neither; the message lists what was tried and what to do. Else as
    /// [`kubeconfig`](Self::kubeconfig), [`Config::from_kubeconfig`] and [`in_cluster`](Self::in_cluster).
    pub fn infer(&self) -> Result<Config, Error> {
        let kubeconfig = self.kubeconfig()?;
        let in_pod = in_cluster::is_possible(&self.environment);
        match resolve::resolve(&kubeconfig, &self.overrides) {
            Ok(mut resolved) => {
                if in_pod && !resolved.names_namespace {
                    resolved.config.default_namespace = in_cluster::namespace(&self.environment);
                }
                Ok(resolved.config)
            }
            Err(error) if error.is_empty() && in_pod => {
                in_cluster::load(&self.environment, &self.overrides)
            }
            Err(error) if error.is_empty() => Err(self.nothing_found(&kubeconfig, &error)),
            Err(error) => Err(error),
        }
    }

    /// Reads the configuration of the service account of the pod this process runs in.
    ///
    /// The server is at `KUBERNETES_SERVICE_HOST` and `KUBERNETES_SERVICE_PORT`. In the
    /// [service account's folder](Environment::service_account), the token is read once and also kept as a file that
    /// is rotated, and `ca.crt` has the certificate authorities; without it, the system's are trusted. The namespace is that
    /// of the variable `POD_NAMESPACE`, else of the file `namespace`, else `default`.
    ///
    /// Matches `rest.InClusterConfig`.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_in_cluster`] holds when the variables are not set, [`Error::is_unreadable`] when the token cannot
    /// be read.
    pub fn in_cluster(&self) -> Result<Config, Error> {
        in_cluster::load(&self.environment, &self.overrides)
    }

    /// Reads a file; `None` if it is one of a list and does not exist.
    fn read(&self, file: &Path) -> Result<Option<Kubeconfig>, Error> {
        match files::read(file) {
            Ok(bytes) => Kubeconfig::from_origin(&bytes, Some(file)).map(Some),
            Err(cause) if cause.kind() == ErrorKind::NotFound && self.path.is_none() => Ok(None),
            Err(cause) => Err(files::unreadable(file, cause)),
        }
    }

    fn nothing_found(&self, kubeconfig: &Kubeconfig, error: &Error) -> Error {
        let mut tried = self.looked_at(kubeconfig);
        if !kubeconfig.origins.is_empty() {
            tried.extend_from_slice(error.problems());
        }
        tried.push(in_cluster::impossible(&self.environment));
        Error::with_problems(Kind::Empty, tried).advise(
            "set KUBECONFIG to a kubeconfig file, create ~/.kube/config, or run in a pod with a service account",
        )
    }

    /// Tells which files were looked for in vain.
    fn looked_at(&self, kubeconfig: &Kubeconfig) -> Vec<Problem> {
        let files = self.files();
        if files.is_empty() {
            return vec![Problem::new(
                "KUBECONFIG is not set, and the home directory is not known",
            )];
        }
        files
            .iter()
            .filter(|file| !kubeconfig.origins.contains(file))
            .map(|file| Problem::new("it does not exist").in_file(Some(file)))
            .collect()
    }
}

fn unique(files: impl Iterator<Item = PathBuf>) -> Vec<PathBuf> {
    let mut unique = Vec::new();
    for file in files {
        if !unique.contains(&file) {
            unique.push(file);
        }
    }
    unique
}
