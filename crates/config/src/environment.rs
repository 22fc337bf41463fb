//! The environment of a process, as a value.

pub(crate) mod home;

use std::{
    collections::BTreeMap,
    env,
    ffi::{OsStr, OsString},
    fmt,
    path::{Path, PathBuf},
};

/// Where a configuration is looked for: the variables of a process and the folder of its service account.
///
/// Tests and programs that must not depend on their surroundings make their own with [`empty`](Self::empty).
///
/// # Examples
///
/// ```
/// use kubekit_config::{Environment, Loader};
///
/// let environment = Environment::empty().var("KUBECONFIG", "/nowhere/config");
/// let error = Loader::new().environment(environment).infer().unwrap_err();
/// assert!(error.is_empty());
/// ```
#[derive(Clone)]
pub struct Environment {
    set: BTreeMap<OsString, OsString>,
    inherit: bool,
    service_account: Option<PathBuf>,
}

impl Environment {
    /// Takes the environment of this process, read when it is needed.
    #[must_use]
    pub fn process() -> Self {
        Self {
            set: BTreeMap::new(),
            inherit: true,
            service_account: Some("/var/run/secrets/kubernetes.io/serviceaccount".into()),
        }
    }

    /// Creates an environment without any variable, in which there is no service account.
    #[must_use]
    pub fn empty() -> Self {
        Self {
            set: BTreeMap::new(),
            inherit: false,
            service_account: None,
        }
    }

    /// Sets a variable, over the process's own if this is the environment of the process.
    #[must_use]
    pub fn var(mut self, name: impl Into<OsString>, value: impl Into<OsString>) -> Self {
        self.set.insert(name.into(), value.into());
        self
    }

    /// Sets the folder with the files `token`, `ca.crt` and `namespace` of the pod's service account.
    ///
    /// Default: `/var/run/secrets/kubernetes.io/serviceaccount`; none in an [`empty`](Self::empty) environment.
    #[must_use]
    pub fn service_account(mut self, folder: impl Into<PathBuf>) -> Self {
        self.service_account = Some(folder.into());
        self
    }

    /// Returns a variable; an empty one counts as not set.
    pub(crate) fn get(&self, name: &str) -> Option<OsString> {
        let inherited = || self.inherit.then(|| env::var_os(name)).flatten();
        self.set
            .get(OsStr::new(name))
            .cloned()
            .or_else(inherited)
            .filter(|value| !value.is_empty())
    }

    /// Returns a variable as text; one that is not Unicode has its odd bytes replaced.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        self.get(name)
            .map(|value| value.to_string_lossy().into_owned())
    }

    /// Returns the folder of the service account.
    pub(crate) fn service_account_folder(&self) -> Option<&Path> {
        self.service_account.as_deref()
    }

    /// Returns the user's home directory.
    pub(crate) fn home(&self) -> Option<PathBuf> {
        if cfg!(windows) {
            home::on_windows(self)
        } else {
            home::on_unix(self)
        }
    }
}

impl fmt::Debug for Environment {
    /// Shows no value of a variable: any of them may be a secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Environment")
            .field("set", &self.set.keys())
            .field("inherit", &self.inherit)
            .field("service_account", &self.service_account)
            .finish()
    }
}

/// Where kubeconfig is below a home directory.
pub(crate) fn default_file(home: &Path) -> PathBuf {
    home.join(".kube").join("config")
}
