//! An API of the server as a source.

use futures::future::BoxFuture;
use futures::{FutureExt, StreamExt, TryStreamExt};
use kubekit_core::{Codec, ListOptions, ObjectList, Scope, WatchOptions};
use kubekit_rest::{Api, Error};

use super::{ListWatch, ListWatchError, ListWatchErrorKind, WatchStream};

impl<K, S, C> ListWatch<K> for Api<K, S, C>
where
    K: Send + 'static,
    S: Scope + 'static,
    C: Codec<K>,
{
    fn list(&self, options: ListOptions) -> BoxFuture<'_, Result<ObjectList<K>, ListWatchError>> {
        let list = Api::list(self).options(options);
        async move { list.await.map_err(Into::into) }.boxed()
    }

    fn watch(
        &self,
        options: WatchOptions,
    ) -> BoxFuture<'_, Result<WatchStream<K>, ListWatchError>> {
        let watch = Api::watch(self).options(options);
        async move { Ok(watch.await?.map_err(Into::into).boxed()) }.boxed()
    }
}

impl From<Error> for ListWatchError {
    fn from(error: Error) -> Self {
        let delay = error.retry_after();
        match error.status().cloned() {
            Some(status) => Self::answered(status, error).delay(delay),
            None => Self::new(unanswered(&error), error),
        }
    }
}

/// What a failure without an answer means.
fn unanswered(error: &Error) -> ListWatchErrorKind {
    if error.is_connect() || error.is_connection_lost() {
        ListWatchErrorKind::Connection
    } else if error.is_timeout() {
        ListWatchErrorKind::Unavailable
    } else if error.is_decode() || error.is_too_large() {
        ListWatchErrorKind::Undecodable
    } else if error.is_credential() {
        ListWatchErrorKind::Unauthorized
    } else if error.is_refused() {
        ListWatchErrorKind::Rejected
    } else {
        ListWatchErrorKind::Other
    }
}
