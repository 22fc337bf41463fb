//! Resource versions as clients send them.

use crate::failure::{self, Failure};

/// A resource version, 0 if it is empty.
///
/// # Errors
///
/// Fails with a text for whatever status the verb gives to a version that is not a number.
pub(super) fn parse(text: &str) -> Result<u64, String> {
    if text.is_empty() {
        return Ok(0);
    }
    text.parse()
        .map_err(|_| format!("strconv.ParseUint: parsing \"{text}\": invalid syntax"))
}

/// Refuses a version that the store has not reached. The real server waits for it first, which a single server need not.
pub(super) fn check_reached(asked: u64, current: u64) -> Result<(), Failure> {
    if asked > current {
        return Err(failure::too_large_resource_version(asked, current));
    }
    Ok(())
}
