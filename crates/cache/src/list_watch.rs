//! Where a cache gets its objects from.

mod api;
mod error;

pub use error::{ListWatchError, ListWatchErrorKind};

use std::sync::Arc;

use futures::future::BoxFuture;
use futures::stream::BoxStream;
use kubekit_core::{ListOptions, ObjectList, WatchEvent, WatchOptions};

/// The answer to a watch: events until the server or the connection ends.
pub type WatchStream<K> = BoxStream<'static, Result<WatchEvent<K>, ListWatchError>>;

/// Lists and watches the objects of one kind: the source of an informer.
///
/// [`Api`](kubekit_rest::Api) is one, for every kind and scope. Tests and caches of other things write their own. Matches
/// client-go's `ListerWatcher`.
///
/// # Contract
///
/// Both pass the options on as they are: selectors, limits, versions and timeouts are the caller's. Neither retries for long by
/// itself, because the caller does, and knows whether a list or a watch is the better next step. Both futures, and the stream,
/// must be cancel safe: dropping one gives up the request.
pub trait ListWatch<K>: Send + Sync + 'static {
    /// Requests one page of a list.
    ///
    /// # Errors
    ///
    /// If there is no list to return. An object that cannot be decoded is part of the list, not an error.
    fn list(&self, options: ListOptions) -> BoxFuture<'_, Result<ObjectList<K>, ListWatchError>>;

    /// Opens a watch.
    ///
    /// # Errors
    ///
    /// If the server does not open it. Errors after that are items of the stream.
    fn watch(&self, options: WatchOptions)
    -> BoxFuture<'_, Result<WatchStream<K>, ListWatchError>>;
}

impl<K, L: ListWatch<K> + ?Sized> ListWatch<K> for Arc<L> {
    fn list(&self, options: ListOptions) -> BoxFuture<'_, Result<ObjectList<K>, ListWatchError>> {
        (**self).list(options)
    }

    fn watch(
        &self,
        options: WatchOptions,
    ) -> BoxFuture<'_, Result<WatchStream<K>, ListWatchError>> {
        (**self).watch(options)
    }
}
