//! Reading small files.

use std::{
    fs::File,
    io::{self, Read as _},
    path::Path,
};

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
