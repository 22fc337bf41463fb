//! The questions an error can be asked.

use kubekit_core::Status;

use super::{Error, Kind};

macro_rules! by_status {
    ($($(#[$doc:meta])* $predicate:ident,)*) => {
        /// Predicates that ask the server's [`status`](Error::status) and are false without one. They decide as those of
        /// `apimachinery/api/errors` do.
        impl Error {
            $(
                $(#[$doc])*
                pub fn $predicate(&self) -> bool {
                    self.status().is_some_and(Status::$predicate)
                }
            )*
        }
    };
}

by_status! {
    /// There is no such object or resource.
    is_not_found,
    /// An object of that name exists.
    is_already_exists,
    /// The object has changed since it was read, or fields belong to another manager.
    is_conflict,
    /// The object breaks rules of its kind.
    is_invalid,
    /// The thing asked for will not be available again.
    is_gone,
    /// The resource version or continue token is too old: list again.
    is_expired,
    /// The resource version asked for lies in the future of the server, which may catch up.
    is_too_large_resource_version,
    /// The client or all clients together ask too much.
    is_too_many_requests,
    /// The request makes no sense to the server.
    is_bad_request,
    /// The request lacks credentials that the server accepts.
    is_unauthorized,
    /// The server does not allow the request.
    is_forbidden,
    /// The resource has no such verb.
    is_method_not_supported,
    /// The server has none of the content types asked for.
    is_not_acceptable,
    /// The server does not understand the content type sent.
    is_unsupported_media_type,
    /// The request is too large for the server.
    is_request_entity_too_large,
    /// The server could not finish in time; the request may be repeated.
    is_server_timeout,
    /// The server or the thing behind it is not there.
    is_service_unavailable,
    /// The server failed.
    is_internal_error,
    /// The answer was no `Status`; it came from a proxy or a server that is not an API server.
    is_unexpected_server_error,
}

/// Predicates about failures on the client's side.
impl Error {
    /// The configuration cannot make a client: contradictory, unreadable or not supported.
    pub fn is_config(&self) -> bool {
        matches!(self.kind(), Kind::Config { .. } | Kind::Unsupported(_))
    }

    /// The configuration asks for something that this version cannot do.
    pub fn is_unsupported(&self) -> bool {
        matches!(self.kind(), Kind::Unsupported(_))
    }

    /// The request was refused before anything was sent: an empty or impossible name or namespace, a bad path or header.
    pub fn is_refused(&self) -> bool {
        matches!(self.kind(), Kind::Refused { .. })
    }

    /// The object to be sent cannot be written.
    pub fn is_encode(&self) -> bool {
        matches!(self.kind(), Kind::Encode(_))
    }

    /// The answer cannot be read. If the request changes something, it has been carried out.
    pub fn is_decode(&self) -> bool {
        matches!(self.kind(), Kind::Decode(_) | Kind::Frame(_))
    }

    /// The credentials cannot be obtained, for example from a token file.
    pub fn is_credential(&self) -> bool {
        matches!(self.kind(), Kind::Credential(_))
    }

    /// No connection could be made: refused, no route, no such host, a certificate that does not fit, or too slow. The request
    /// was not sent.
    pub fn is_connect(&self) -> bool {
        matches!(self.kind(), Kind::Connect(_))
    }

    /// The connection broke after the request may have been sent. If the request changes something, it may have been carried
    /// out.
    pub fn is_connection_lost(&self) -> bool {
        matches!(self.kind(), Kind::ConnectionLost(_))
    }

    /// The time limit of the request ran out, here or on the server. If the request changes something, it may have been
    /// carried out.
    pub fn is_timeout(&self) -> bool {
        matches!(self.kind(), Kind::Timeout(..)) || self.status().is_some_and(Status::is_timeout)
    }

    /// The answer is larger than the client's limit.
    pub fn is_too_large(&self) -> bool {
        matches!(self.kind(), Kind::TooLarge { .. })
    }
}
