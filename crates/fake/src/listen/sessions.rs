//! Sessions: what goes on on a connection after its last answer.

use tokio_util::sync::CancellationToken;

use super::tasks::Tasks;

/// Where sessions run. Requests carry it, so that whoever answers one can begin a session that ends with the server.
#[derive(Clone, Debug)]
pub(crate) struct Sessions {
    tasks: Tasks,
    shutdown: CancellationToken,
}

impl Sessions {
    pub(super) fn new(tasks: &Tasks, shutdown: &CancellationToken) -> Self {
        Self {
            tasks: tasks.clone(),
            shutdown: shutdown.clone(),
        }
    }

    /// Runs a session until it ends or the server shuts down, whichever is first.
    pub(crate) fn spawn(&self, session: impl Future<Output = ()> + Send + 'static) {
        let shutdown = self.shutdown.clone();
        self.tasks.spawn(async move {
            shutdown.run_until_cancelled(session).await;
        });
    }
}
