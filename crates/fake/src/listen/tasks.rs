//! The tasks of a listening server, which end with it.

use std::future::Future;

use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// A set of tasks that can be cut and waited for together.
///
/// It is hyper's executor as well, so the streams of an HTTP/2 connection are in it like the connection itself.
#[derive(Clone, Debug, Default)]
pub(super) struct Tasks {
    tracker: TaskTracker,
    abort: CancellationToken,
}

impl Tasks {
    pub(super) fn spawn<F>(&self, future: F)
    where
        F: Future + Send + 'static,
        F::Output: Send,
    {
        let abort = self.abort.clone();
        self.tracker.spawn(async move {
            abort.run_until_cancelled(future).await;
        });
    }

    /// Cuts every task, also those started later.
    pub(super) fn abort(&self) {
        self.abort.cancel();
    }

    /// Waits until no task is left.
    pub(super) async fn finished(&self) {
        self.tracker.close();
        self.tracker.wait().await;
    }
}

impl<F> hyper::rt::Executor<F> for Tasks
where
    F: Future + Send + 'static,
    F::Output: Send,
{
    fn execute(&self, future: F) {
        self.spawn(future);
    }
}
