//! The predicates of `apimachinery/api/errors`.

use std::time::Duration;

use super::{CauseType, Status, StatusCause, StatusReason};

macro_rules! predicates {
    ($($(#[$doc:meta])* $predicate:ident = $reason:ident or $code:literal;)*) => {
        impl Status {
            $(
                $(#[$doc])*
                pub fn $predicate(&self) -> bool {
                    self.reason == StatusReason::$reason || (!self.reason.is_known() && self.code == $code)
                }
            )*
        }
    };
}

predicates! {
    /// There is no such object or resource. `IsNotFound`.
    is_not_found = NotFound or 404;
    /// The object has changed since it was read, or fields belong to another manager. `IsConflict`.
    is_conflict = Conflict or 409;
    /// The object breaks rules of its kind. `IsInvalid`.
    is_invalid = Invalid or 422;
    /// The thing asked for will not be available again. `IsGone`.
    is_gone = Gone or 410;
    /// The server has none of the content types asked for. `IsNotAcceptable`.
    is_not_acceptable = NotAcceptable or 406;
    /// The server does not understand the content type sent. `IsUnsupportedMediaType`.
    is_unsupported_media_type = UnsupportedMediaType or 415;
    /// The resource has no such verb. `IsMethodNotSupported`.
    is_method_not_supported = MethodNotAllowed or 405;
    /// The server or the thing behind it is not there. `IsServiceUnavailable`.
    is_service_unavailable = ServiceUnavailable or 503;
    /// The request makes no sense. `IsBadRequest`.
    is_bad_request = BadRequest or 400;
    /// The request lacks credentials that the server accepts. `IsUnauthorized`.
    is_unauthorized = Unauthorized or 401;
    /// The server does not allow the request. `IsForbidden`.
    is_forbidden = Forbidden or 403;
    /// The request ran into its own time limit. `IsTimeout`.
    is_timeout = Timeout or 504;
    /// The server failed. `IsInternalError`.
    is_internal_error = InternalError or 500;
}

impl Status {
    /// An object of that name exists. `IsAlreadyExists`.
    pub fn is_already_exists(&self) -> bool {
        self.reason == StatusReason::AlreadyExists
    }

    /// The resource version or continue token is too old. `IsResourceExpired`.
    pub fn is_expired(&self) -> bool {
        self.reason == StatusReason::Expired
    }

    /// The server could not finish in time; the request may be repeated. `IsServerTimeout`.
    pub fn is_server_timeout(&self) -> bool {
        self.reason == StatusReason::ServerTimeout
    }

    /// The client or all clients together ask too much. `IsTooManyRequests`.
    pub fn is_too_many_requests(&self) -> bool {
        self.reason == StatusReason::TooManyRequests || self.code == 429
    }

    /// The request is too large. `IsRequestEntityTooLargeError`.
    pub fn is_request_entity_too_large(&self) -> bool {
        self.reason == StatusReason::RequestEntityTooLarge || self.code == 413
    }

    /// The server cannot read the object in its store. `IsStoreReadError`.
    pub fn is_store_read_error(&self) -> bool {
        self.reason == StatusReason::StoreReadError
    }

    /// The server answered in a way that the client does not understand. `IsUnexpectedServerError`.
    pub fn is_unexpected_server_error(&self) -> bool {
        self.has_cause(&CauseType::UNEXPECTED_SERVER_RESPONSE)
    }

    /// The resource version asked for lies in the future of the server, which may catch up. `IsTooLargeResourceVersion` of
    /// the storage layer, and what older servers say instead of the cause.
    pub fn is_too_large_resource_version(&self) -> bool {
        self.has_cause(&CauseType::RESOURCE_VERSION_TOO_LARGE)
            || (self.is_timeout() && self.message.contains("Too large resource version"))
    }

    /// Says whether one of the causes is of this type. `HasStatusCause`.
    pub fn has_cause(&self, cause: &CauseType) -> bool {
        self.causes().iter().any(|present| present.reason == *cause)
    }

    /// Returns the causes, which are empty when there are no details.
    pub fn causes(&self) -> &[StatusCause] {
        self.details.as_ref().map_or(&[], |details| &details.causes)
    }

    /// Returns how long the server asks the client to wait before another attempt. `SuggestsClientDelay`.
    pub fn suggests_client_delay(&self) -> Option<Duration> {
        let seconds = self.details.as_ref()?.retry_after_seconds;
        (seconds > 0 || self.is_server_timeout()).then(|| Duration::from_secs(u64::from(seconds)))
    }
}
