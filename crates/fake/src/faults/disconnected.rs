//! The end of a connection.

use std::error::Error;
use std::fmt;

/// The connection was cut, by a [`Fault`](crate::Fault) and nothing else.
///
/// Over a socket the connection really goes away; in process this is the error of the service, or of the body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Disconnected(());

impl Disconnected {
    pub(crate) fn new() -> Disconnected {
        Disconnected(())
    }
}

impl fmt::Display for Disconnected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the connection was cut")
    }
}

impl Error for Disconnected {}
