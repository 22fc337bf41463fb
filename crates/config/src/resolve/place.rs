//! Where in a kubeconfig something is.

use std::{io, path::Path};

use crate::{
    error::Problem,
    kubeconfig::named::{Entry, Named},
};

/// An entry of a kubeconfig, or what takes its place when the overrides say it all.
#[derive(Clone, Debug)]
pub(crate) struct Place<'a> {
    pub(crate) file: Option<&'a Path>,
    stanza: String,
}

impl<'a> Place<'a> {
    /// Points at an entry of a file.
    pub(crate) fn of<T: Entry>(entry: &'a Named<T>) -> Self {
        Self {
            file: entry.origin.as_deref(),
            stanza: format!("{} {:?}", T::FIELD, entry.name),
        }
    }

    /// Points at no file.
    pub(crate) fn outside(name: &'static str) -> Self {
        Self {
            file: None,
            stanza: name.to_owned(),
        }
    }

    /// Tells what is wrong with a field here.
    pub(crate) fn problem(&self, field: &'static str, reason: impl Into<String>) -> Problem {
        Problem::new(reason)
            .in_file(self.file)
            .in_stanza(self.stanza.as_str())
            .in_field(field)
    }

    /// Tells what is wrong with a field here, in a sentence that names both the stanza and the field.
    pub(crate) fn sentence(&self, field: &'static str, sentence: String) -> Problem {
        self.problem(field, sentence).says_where()
    }

    /// Says that the file a field here names cannot be read.
    pub(crate) fn unreadable(&self, field: &'static str, file: &Path, cause: io::Error) -> Problem {
        let file = file.display();
        let reason = match cause.kind() {
            io::ErrorKind::NotFound => format!("the file {file} does not exist"),
            io::ErrorKind::FileTooLarge => format!("the file {file} is larger than 8 MiB"),
            _ => format!("the file {file} cannot be read"),
        };
        self.problem(field, reason).caused_by(cause)
    }
}
