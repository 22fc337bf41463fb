//! Lists in pages.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures::{Stream, StreamExt};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ListMeta;
use kubekit_core::{Codec, Json, ListOptions, ObjectList};

use crate::{CallFuture, Error, ListRequest};

/// How many items a page has unless the list has a limit.
const PAGE_SIZE: u32 = 500;

/// A page of a list.
#[derive(Debug)]
#[non_exhaustive]
pub enum Page<K> {
    /// Goes on after the pages before.
    Next(ObjectList<K>),
    /// Replaces all pages before: their continue token expired, and this is the whole list as it is now. It is the last page.
    Restart(ObjectList<K>),
}

impl<K> Page<K> {
    /// Returns the items, for a caller that does not mind seeing some twice.
    pub fn into_list(self) -> ObjectList<K> {
        match self {
            Self::Next(list) | Self::Restart(list) => list,
        }
    }
}

/// The pages of a list, made by [`ListRequest::pages`]: a stream that asks for a page when it is polled for one.
///
/// The first page is read at the resource version of the request, the others where it leads. When the continue token expires
/// on the way (the server remembers for 5 min only), everything is read again in one answer, a [`Page::Restart`]. An error
/// ends the stream.
///
/// Matches `pager.ListPager` of client-go, whose `EachListItem` has no such restart and fails instead.
///
/// # Cancel safety
///
/// `next` is cancel safe: a page under way is kept. Dropping the stream cancels it.
///
/// # Examples
///
/// ```no_run
/// use futures::StreamExt;
/// use k8s_openapi::api::core::v1::Pod;
/// use kubekit_core::AllNamespaces;
/// use kubekit_rest::Page;
///
/// # async fn example(client: kubekit_rest::RestClient) -> Result<(), kubekit_rest::Error> {
/// let mut count = 0;
/// let mut pages = client.api::<Pod, _>(AllNamespaces).list().pages();
/// while let Some(page) = pages.next().await {
///     count = match page? {
///         Page::Next(list) => count + list.items.len(),
///         Page::Restart(list) => list.items.len(),
///         _ => count,
///     };
/// }
/// # Ok(())
/// # }
/// ```
#[must_use = "streams do nothing unless polled"]
pub struct Pages<K, C = Json> {
    request: ListRequest<K, C>,
    options: ListOptions,
    state: State<K>,
}

enum State<K> {
    /// The first page is to be asked for.
    Start,
    /// The page after this token is to be asked for.
    After(String),
    /// A page is under way.
    Fetching(Fetch, CallFuture<ObjectList<K>>),
    Done,
}

#[derive(Clone, Copy)]
enum Fetch {
    First,
    Later,
    Whole,
}

impl<K, C> Pages<K, C> {
    pub(super) fn new(request: ListRequest<K, C>, mut options: ListOptions) -> Self {
        options.limit.get_or_insert(PAGE_SIZE);
        Self {
            request,
            options,
            state: State::Start,
        }
    }
}

impl<K: 'static, C: Codec<K>> Pages<K, C> {
    /// Reads all pages into one list. Its metadata is that of the last page.
    ///
    /// # Errors
    ///
    /// Fails when one of the pages does.
    ///
    /// # Cancel safety
    ///
    /// Pages that have been read are lost when the future is dropped.
    pub async fn all(mut self) -> Result<ObjectList<K>, Error> {
        let mut all = ObjectList {
            metadata: ListMeta::default(),
            items: Vec::new(),
            undecodable: Vec::new(),
        };
        while let Some(page) = self.next().await {
            match page? {
                Page::Next(mut page) => {
                    all.metadata = page.metadata;
                    all.items.append(&mut page.items);
                    all.undecodable.append(&mut page.undecodable);
                }
                Page::Restart(whole) => all = whole,
            }
        }
        Ok(all)
    }

    fn start(&mut self) -> (Fetch, CallFuture<ObjectList<K>>) {
        let fetch = if self.options.continue_token.is_some() {
            Fetch::Later
        } else {
            Fetch::First
        };
        (fetch, self.request.call(&self.options))
    }

    /// A continue token stands for the version of the first page, so none is sent along.
    fn after(&self, token: String) -> (Fetch, CallFuture<ObjectList<K>>) {
        let mut options = self.options.clone();
        options.resource_version = None;
        options.resource_version_match = None;
        options.continue_token = Some(token);
        (Fetch::Later, self.request.call(&options))
    }

    fn whole(&self) -> (Fetch, CallFuture<ObjectList<K>>) {
        let mut options = self.options.clone();
        options.limit = None;
        options.continue_token = None;
        (Fetch::Whole, self.request.call(&options))
    }
}

impl<K: 'static, C: Codec<K>> Stream for Pages<K, C> {
    type Item = Result<Page<K>, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        loop {
            let (fetch, call) = match std::mem::replace(&mut this.state, State::Done) {
                State::Done => return Poll::Ready(None),
                State::Start => this.start(),
                State::After(token) => this.after(token),
                State::Fetching(fetch, call) => (fetch, call),
            };
            this.state = State::Fetching(fetch, call);
            let State::Fetching(_, call) = &mut this.state else {
                return Poll::Ready(None);
            };
            let result = ready!(Pin::new(call).poll(cx));
            this.state = State::Done;
            match (fetch, result) {
                (Fetch::Later, Err(error)) if error.is_expired() => {
                    let (fetch, call) = this.whole();
                    this.state = State::Fetching(fetch, call);
                }
                (_, Err(error)) => return Poll::Ready(Some(Err(error))),
                (Fetch::Whole, Ok(list)) => return Poll::Ready(Some(Ok(Page::Restart(list)))),
                (_, Ok(list)) => {
                    if let Some(token) = list.continue_token() {
                        this.state = State::After(token.to_owned());
                    }
                    return Poll::Ready(Some(Ok(Page::Next(list))));
                }
            }
        }
    }
}

impl<K, C> Unpin for Pages<K, C> {}

impl<K, C> fmt::Debug for Pages<K, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages")
            .field("request", &self.request)
            .finish_non_exhaustive()
    }
}
