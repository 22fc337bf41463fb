//! What a failure without an answer says about the request.

use std::error::Error as StdError;
use std::io;

use hyper_util::client::legacy;

/// Where a request was lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lost {
    /// There was no connection, so the server never saw it.
    BeforeSending,
    /// The connection broke; the server may have carried it out.
    AfterSending,
    /// The failure is not one of a connection.
    Otherwise,
}

/// Looks through the causes of an error for one that is known.
pub(crate) fn classify(error: &(dyn StdError + 'static)) -> Lost {
    let mut next = Some(error);
    while let Some(error) = next {
        let lost = classify_one(error);
        if lost != Lost::Otherwise {
            return lost;
        }
        next = cause(error);
    }
    Lost::Otherwise
}

fn classify_one(error: &(dyn StdError + 'static)) -> Lost {
    if let Some(error) = error.downcast_ref::<legacy::Error>() {
        if error.is_connect() {
            return Lost::BeforeSending;
        }
        return Lost::Otherwise;
    }
    if let Some(error) = error.downcast_ref::<hyper::Error>() {
        // What the peer or the user wrote wrongly is no lost connection; all else that hyper reports is.
        if error.is_parse() || error.is_user() {
            return Lost::Otherwise;
        }
        return Lost::AfterSending;
    }
    error
        .downcast_ref::<io::Error>()
        .map_or(Lost::Otherwise, |error| classify_io(error.kind()))
}

fn classify_io(kind: io::ErrorKind) -> Lost {
    use io::ErrorKind::{
        AddrNotAvailable, BrokenPipe, ConnectionAborted, ConnectionRefused, ConnectionReset,
        HostUnreachable, NetworkUnreachable, NotConnected, TimedOut, UnexpectedEof,
    };
    match kind {
        ConnectionRefused | HostUnreachable | NetworkUnreachable | AddrNotAvailable => {
            Lost::BeforeSending
        }
        ConnectionReset | ConnectionAborted | BrokenPipe | NotConnected | UnexpectedEof
        | TimedOut => Lost::AfterSending,
        _ => Lost::Otherwise,
    }
}

/// Returns the cause of an error. An [`io::Error`] that wraps another one skips it in `source`.
fn cause<'a>(error: &'a (dyn StdError + 'static)) -> Option<&'a (dyn StdError + 'static)> {
    match error
        .downcast_ref::<io::Error>()
        .and_then(io::Error::get_ref)
    {
        Some(inner) => Some(inner),
        None => error.source(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_wrapped_by_io_is_found() {
        let inner = io::Error::from(io::ErrorKind::ConnectionReset);
        let outer = io::Error::other(inner);
        assert_eq!(classify(&outer), Lost::AfterSending);
    }

    #[test]
    fn a_refused_connection_never_carried_the_request() {
        let refused = io::Error::from(io::ErrorKind::ConnectionRefused);
        assert_eq!(classify(&refused), Lost::BeforeSending);
    }

    #[test]
    fn an_unknown_error_is_no_lost_connection() {
        assert_eq!(classify(&io::Error::other("disk full")), Lost::Otherwise);
    }
}
