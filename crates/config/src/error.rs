//! What can go wrong with a configuration.

use std::{
    error::Error as StdError,
    fmt, io,
    path::{Path, PathBuf},
    sync::Arc,
};

/// A configuration that cannot be found, read or used.
///
/// What went wrong is told by the predicates and by [`problems`](Self::problems). `Display` is one line (more, when
/// several things are wrong) that a user can act on; neither it nor `Debug` ever shows a secret or a piece of a file.
#[derive(Clone)]
pub struct Error(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    kind: Kind,
    problems: Vec<Problem>,
    advice: Option<&'static str>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Nothing says which server to use.
    Empty,
    /// The environment is not that of a pod.
    NotInCluster,
    /// A file cannot be read.
    Unreadable,
    /// A file is no kubeconfig.
    Malformed,
    /// A kubeconfig contradicts itself.
    Invalid,
}

impl Error {
    pub(crate) fn new(kind: Kind, problem: Problem) -> Self {
        Self::with_problems(kind, vec![problem])
    }

    pub(crate) fn with_problems(kind: Kind, problems: Vec<Problem>) -> Self {
        Self(Arc::new(Inner {
            kind,
            problems,
            advice: None,
        }))
    }

    /// Adds what the user can do.
    pub(crate) fn advise(self, advice: &'static str) -> Self {
        Self(Arc::new(Inner {
            kind: self.0.kind,
            problems: self.0.problems.clone(),
            advice: Some(advice),
        }))
    }

    /// Joins the errors of several files; `None` when there are none. The first decides the predicates.
    pub(crate) fn join(errors: Vec<Self>) -> Option<Self> {
        let kind = errors.first()?.0.kind;
        let problems = errors
            .iter()
            .flat_map(|error| error.0.problems.iter().cloned())
            .collect();
        Some(Self::with_problems(kind, problems))
    }

    /// Whether nothing says which server to use: no kubeconfig was found, or it has no usable context.
    ///
    /// Matches `clientcmd.IsEmptyConfig`.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.kind == Kind::Empty
    }

    /// Whether the in-cluster configuration was asked for outside a pod.
    ///
    /// Matches `rest.ErrNotInCluster`.
    #[must_use]
    pub fn is_not_in_cluster(&self) -> bool {
        self.0.kind == Kind::NotInCluster
    }

    /// Whether a file could not be read; [`source`](StdError::source) says why.
    #[must_use]
    pub fn is_unreadable(&self) -> bool {
        self.0.kind == Kind::Unreadable
    }

    /// Whether a file or text is not a kubeconfig at all: no YAML or JSON, of the wrong shape, or too large.
    #[must_use]
    pub fn is_malformed(&self) -> bool {
        self.0.kind == Kind::Malformed
    }

    /// Whether a kubeconfig (with its overrides) contradicts itself or is incomplete.
    ///
    /// Matches `clientcmd.IsConfigurationInvalid`.
    #[must_use]
    pub fn is_invalid(&self) -> bool {
        self.0.kind == Kind::Invalid
    }

    /// Returns everything that is wrong, in the order it was found. Never empty.
    #[must_use]
    pub fn problems(&self) -> &[Problem] {
        &self.0.problems
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0.kind {
            Kind::Empty => "no configuration for a Kubernetes cluster: ",
            Kind::NotInCluster => "not in a cluster: ",
            Kind::Unreadable => "cannot read the configuration: ",
            Kind::Malformed => "not a kubeconfig: ",
            Kind::Invalid => "invalid configuration: ",
        })?;
        for (index, problem) in self.0.problems.iter().enumerate() {
            let separator = if index == 0 { "" } else { "; " };
            write!(f, "{separator}{problem}")?;
        }
        match self.0.advice {
            Some(advice) => write!(f, " ({advice})"),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("kind", &self.0.kind)
            .field("problems", &self.0.problems)
            .finish()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.problems.iter().find_map(Problem::source)
    }
}

/// One thing that is wrong: where, and what.
///
/// `Display` names the file, the stanza and the field, and says what to do where that is not obvious.
#[derive(Clone, Debug)]
pub struct Problem {
    file: Option<PathBuf>,
    stanza: Option<String>,
    field: Option<String>,
    reason: String,
    /// Whether the reason names the stanza and the field itself.
    says_where: bool,
    cause: Option<Arc<io::Error>>,
}

impl Problem {
    pub(crate) fn new(reason: impl Into<String>) -> Self {
        Self {
            file: None,
            stanza: None,
            field: None,
            reason: reason.into(),
            says_where: false,
            cause: None,
        }
    }

    pub(crate) fn in_file(mut self, file: Option<&Path>) -> Self {
        self.file = file.map(Path::to_owned);
        self
    }

    pub(crate) fn in_stanza(mut self, stanza: impl Into<String>) -> Self {
        self.stanza = Some(stanza.into());
        self
    }

    pub(crate) fn in_field(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }

    pub(crate) fn says_where(mut self) -> Self {
        self.says_where = true;
        self
    }

    pub(crate) fn caused_by(mut self, cause: io::Error) -> Self {
        self.cause = Some(Arc::new(cause));
        self
    }

    /// Returns the file in which it is wrong; `None` for text that came from no file and for overrides.
    #[must_use]
    pub fn file(&self) -> Option<&Path> {
        self.file.as_deref()
    }

    /// Returns the stanza in which it is wrong, such as `cluster "prod"`.
    #[must_use]
    pub fn stanza(&self) -> Option<&str> {
        self.stanza.as_deref()
    }

    /// Returns the field that is wrong, as it is spelt in the file.
    #[must_use]
    pub fn field(&self) -> Option<&str> {
        self.field.as_deref()
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(file) = &self.file {
            write!(f, "{}: ", file.display())?;
        }
        if !self.says_where {
            for part in [&self.stanza, &self.field].into_iter().flatten() {
                write!(f, "{part}: ")?;
            }
        }
        f.write_str(&self.reason)
    }
}

impl StdError for Problem {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.cause
            .as_deref()
            .map(|cause| cause as &(dyn StdError + 'static))
    }
}
