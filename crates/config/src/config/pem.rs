//! PEM material, by path or by value.

use std::{io, path::PathBuf};

use secrecy::{ExposeSecret as _, SecretSlice};

use crate::files;

/// Certificates or a key in PEM: a file that may be rotated, or the bytes themselves.
///
/// `Debug` shows the path of a file and nothing of the bytes.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Pem {
    /// A file, to be read when a connection is made and again when it has changed.
    File(PathBuf),
    /// The PEM text itself.
    Data(SecretSlice<u8>),
}

impl Pem {
    /// Wraps PEM text.
    ///
    /// # Examples
    ///
    /// ```
    /// use kubekit_config::Pem;
    ///
    /// let pem = Pem::data("-----BEGIN CERTIFICATE-----\n...");
    /// assert_eq!(format!("{pem:?}"), "Data(SecretBox<[u8]>([REDACTED]))");
    /// ```
    #[must_use]
    pub fn data(pem: impl Into<Vec<u8>>) -> Self {
        Self::Data(pem.into().into())
    }

    /// Returns the PEM text, reading the file if it is in one.
    ///
    /// The read is blocking; the files are small and at most 8 MiB are accepted.
    ///
    /// # Errors
    ///
    /// When the file cannot be read or is larger than that.
    pub fn read(&self) -> io::Result<SecretSlice<u8>> {
        match self {
            Self::File(path) => files::read(path).map(Into::into),
            Self::Data(data) => Ok(data.clone()),
        }
    }

    /// Whether there is nothing in it: an empty path or no bytes, as an empty flag of a command line gives.
    pub(crate) fn is_empty(&self) -> bool {
        match self {
            Self::File(path) => path.as_os_str().is_empty(),
            Self::Data(data) => data.expose_secret().is_empty(),
        }
    }
}

impl From<PathBuf> for Pem {
    fn from(path: PathBuf) -> Self {
        Self::File(path)
    }
}
