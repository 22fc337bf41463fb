//! Reading small files.

use std::{
    fs::File,
    io::{self, Read as _},
    path::{Component, Path, PathBuf},
};

use crate::error::{Error, Kind, Problem};

/// The largest file that is read: 8 MiB.
pub(crate) const MAX_BYTES: usize = 8 << 20;

/// Reads a whole file, unless it is too large.
pub(crate) fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let limit = MAX_BYTES as u64 + 1;
    File::open(path)?.take(limit).read_to_end(&mut bytes)?;
    if bytes.len() > MAX_BYTES {
        return Err(io::Error::new(
            io::ErrorKind::FileTooLarge,
            "it is larger than 8 MiB",
        ));
    }
    Ok(bytes)
}

/// Says that a file could not be read.
pub(crate) fn unreadable(path: &Path, cause: io::Error) -> Error {
    let reason = match cause.kind() {
        io::ErrorKind::NotFound => "it does not exist",
        io::ErrorKind::FileTooLarge => "it is larger than 8 MiB",
        _ => "it cannot be read",
    };
    let problem = Problem::new(reason).in_file(Some(path)).caused_by(cause);
    Error::new(Kind::Unreadable, problem)
}

/// Makes a path of a stanza absolute: relative to the folder of the file the stanza came from, if it came from one.
///
/// As in client-go, `..` is taken out by name, without a look at symbolic links.
pub(crate) fn resolve(path: &str, origin: Option<&Path>) -> PathBuf {
    let path = Path::new(path);
    let folder = origin
        .filter(|_| path.is_relative())
        .and_then(|origin| std::path::absolute(origin).ok());
    match folder.as_deref().and_then(Path::parent) {
        Some(folder) => clean(&folder.join(path)),
        None => path.to_owned(),
    }
}

fn clean(path: &Path) -> PathBuf {
    let mut clean = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                clean.pop();
            }
            kept => clean.push(kept),
        }
    }
    clean
}
