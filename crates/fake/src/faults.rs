//! Faults: what goes wrong in real clusters, on purpose and counted.

mod disconnected;
mod fault;
mod plan;
mod skew;
mod stream;

use std::sync::Arc;

use jiff::SignedDuration;

use crate::hook::{Hook, Hooks};
use crate::requests::Requests;

pub use disconnected::Disconnected;
pub use fault::Fault;

pub(crate) use plan::{Mishap, Plan};
pub(crate) use stream::Break;

use skew::Skew;

/// The faults of a server.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    injected: Hooks<Fault>,
    pub(crate) skew: Skew,
}

impl crate::ApiServer {
    /// Lets something go wrong on these requests, until the fault is used up or removed.
    ///
    /// Faults follow from the order of requests alone, never from chance. Several may be for the same request: delays add up, and of
    /// those that decide the answer the first that was injected does; the others are not used up.
    ///
    /// # Examples
    ///
    /// A client repeats what is refused for the moment:
    ///
    /// ```
    /// use std::time::Duration;
    /// use k8s_openapi::api::core::v1::Namespace;
    /// use kubekit_core::Cluster;
    /// use kubekit_fake::{ApiServer, Fault, Requests, Verb};
    ///
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let server = ApiServer::new();
    /// let busy = Fault::too_many_requests(Duration::from_secs(1)).times(2);
    /// let busy = server.inject(Requests::all().verb(Verb::Get).resource("namespaces"), busy);
    ///
    /// server.client().api::<Namespace, _>(Cluster).get("default").await?;
    /// assert_eq!(busy.hits(), 2);
    /// # Ok(())
    /// # }
    /// ```
    pub fn inject(&self, requests: Requests, fault: Fault) -> Hook {
        let limit = fault.limit;
        self.world()
            .interception
            .faults
            .injected
            .add(requests, limit, Arc::new(fault))
    }

    /// Removes all faults. Streams and answers that already suffer from one are not healed.
    pub fn clear_faults(&self) {
        self.world().interception.faults.injected.clear();
    }

    /// Lets the clock of the server be off by this from now on; zero sets it right again.
    pub fn skew_clock(&self, by: SignedDuration) {
        self.world().interception.faults.skew.set(by);
    }
}
