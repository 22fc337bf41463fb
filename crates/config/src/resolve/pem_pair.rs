//! PEM material that a kubeconfig may hold by path, by value, or both.

use std::{fs::File, path::PathBuf};

use secrecy::SecretSlice;

use crate::{config::pem::Pem, error::Problem, files, resolve::place::Place};

/// A `x` and `x-data` pair of fields.
#[derive(Clone, Debug, Default)]
pub(crate) struct PemPair {
    file: Option<PathBuf>,
    data: Option<SecretSlice<u8>>,
}

impl PemPair {
    pub(crate) fn of(
        file: Option<&str>,
        data: Option<&SecretSlice<u8>>,
        place: &Place<'_>,
    ) -> Self {
        Self {
            file: file.map(|file| files::resolve(file, place.file)),
            data: data.cloned(),
        }
    }

    pub(crate) fn is_none(&self) -> bool {
        self.file.is_none() && self.data.is_none()
    }

    /// Takes a path or a value, in place of both fields.
    pub(crate) fn only(pem: &Pem) -> Self {
        let (file, data) = match pem {
            Pem::File(path) => (Some(path.clone()), None),
            Pem::Data(data) => (None, Some(data.clone())),
        };
        Self { file, data }
    }

    /// Lists what is wrong: both fields are set, or the file cannot be opened.
    pub(crate) fn problems(&self, field: &'static str, place: &Place<'_>) -> Vec<Problem> {
        let mut problems = Vec::new();
        if self.file.is_some() && self.data.is_some() {
            problems.push(place.problem(
                field,
                format!("only one of {field} and {field}-data may be set"),
            ));
        }
        if let Some(file) = &self.file
            && let Err(cause) = File::open(file)
        {
            problems.push(place.unreadable(field, file, cause));
        }
        problems
    }

    /// Returns the material; the data when there is both.
    pub(crate) fn pem(&self) -> Option<Pem> {
        match (&self.data, &self.file) {
            (Some(data), _) => Some(Pem::Data(data.clone())),
            (None, Some(file)) => Some(Pem::File(file.clone())),
            (None, None) => None,
        }
    }
}
