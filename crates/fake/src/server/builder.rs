//! What can be chosen about a server.

mod backends;

use std::sync::Arc;
use std::time::Duration;

use super::ApiServer;
use crate::access::{Access, AccessSettings, AuthorizationMode, Authorizer, TokenTable};
use crate::clock::Clock;
use crate::collector::Collector;
use crate::crd;
use crate::kubelet::Kubelet;
use crate::namespaces::Emptier;
use crate::workloads::Workloads;
use crate::world::{Settings, World};

/// Makes an [`ApiServer`].
///
/// # Examples
///
/// ```
/// use std::time::Duration;
/// use kubekit_fake::{ApiServer, Clock};
///
/// let server = ApiServer::builder()
///     .clock(Clock::from_fn(|| "2030-01-01T00:00:00Z".parse().unwrap()))
///     .bookmark_interval(Duration::from_secs(5))
///     .seed(7)
///     .build();
/// # let _ = server;
/// ```
#[derive(Clone, Debug, Default)]
pub struct ApiServerBuilder {
    clock: Clock,
    settings: Settings,
    access: AccessSettings,
    empties_namespaces: bool,
    collects_garbage: bool,
    runs_pods: bool,
    settles_workloads: bool,
}

impl ApiServerBuilder {
    /// Takes timestamps in objects from this clock. Default: the machine's.
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// Remembers at most this many changes; lists and watches from before get 410 Expired. Default: 100,000.
    pub fn history(mut self, changes: usize) -> Self {
        self.settings.history = changes;
        self
    }

    /// Ends a watch that is this many changes behind, as the API server does to clients that do not read. Default: 10,000.
    pub fn watch_lag(mut self, changes: usize) -> Self {
        self.settings.watch_lag = changes;
        self
    }

    /// Sends bookmarks this often to watches that want them. The time is tokio's. Default: one minute.
    pub fn bookmark_interval(mut self, interval: Duration) -> Self {
        self.settings.bookmark_interval = interval;
        self
    }

    /// Makes uids and generated names that follow from `seed`, the same in every run. Default: nobody can foresee them.
    pub fn seed(mut self, seed: u64) -> Self {
        self.settings.seed = Some(seed);
        self
    }

    /// Remembers at most this many of the latest requests for [`actions`](ApiServer::actions); 0 remembers none. Default: 10,000.
    pub fn action_log(mut self, actions: usize) -> Self {
        self.settings.action_log = actions;
        self
    }

    /// Knows these bearer tokens: kube-apiserver's `--token-auth-file`. Requests without credentials are then those of
    /// `system:anonymous`, and requests with other tokens, but for those of service accounts, get 401. Default: no tokens, and everybody
    /// is the administrator.
    pub fn tokens(mut self, tokens: TokenTable) -> Self {
        self.access.tokens = tokens;
        self
    }

    /// Chooses who decides what a user may do: kube-apiserver's `--authorization-mode`. Members of `system:masters` may do everything.
    /// Default: [`AuthorizationMode::AlwaysAllow`].
    pub fn authorization_mode(mut self, mode: AuthorizationMode) -> Self {
        self.access.mode = mode;
        self
    }

    /// Asks this authorizer before all that decides otherwise, even about members of `system:masters`; when it is called several times,
    /// the authorizers are asked in that order. Default: none.
    pub fn authorizer(mut self, authorizer: impl Authorizer) -> Self {
        self.access.authorizers.push(authorizer);
        self
    }

    /// Empties namespaces that are being deleted and then lets them go, as the namespace controller of a cluster does. Objects are
    /// deleted without grace; those with finalizers hold the namespace until they are gone. Default: a deleted namespace stays
    /// `Terminating` with all that is in it until somebody writes to its `finalize` subresource, as with an API server alone.
    pub fn namespace_controller(mut self) -> Self {
        self.empties_namespaces = true;
        self
    }

    /// Deletes objects whose owners (`metadata.ownerReferences`) are gone, lets dependents go first on foreground deletion, and cuts the
    /// bond on orphaning, as the garbage collector of a cluster does, but before the request that caused it is answered. Default: owner
    /// references mean nothing, as with an API server alone.
    pub fn garbage_collector(mut self) -> Self {
        self.collects_garbage = true;
        self
    }

    /// Runs pods, as scheduler and kubelet do: a new pod gets the node `fake-node` unless it has one, and is `Running` and ready at once;
    /// a deleted pod stops at once. Pods with scheduling gates wait, and no pod ends by itself. Default: pods stay `Pending`.
    pub fn kubelet(mut self) -> Self {
        self.runs_pods = true;
        self
    }

    /// Makes the status of Deployments, ReplicaSets and StatefulSets say that all replicas are there and ready. No pods are made. Default:
    /// they have no status.
    pub fn workload_controllers(mut self) -> Self {
        self.settles_workloads = true;
        self
    }

    /// Makes the server. It has the namespaces that every cluster has, and nothing else.
    pub fn build(self) -> ApiServer {
        let mut controllers = crd::controllers();
        if self.empties_namespaces {
            controllers.push(Box::new(Emptier::default()));
        }
        if self.collects_garbage {
            controllers.push(Box::new(Collector::default()));
        }
        if self.runs_pods {
            controllers.push(Box::new(Kubelet));
        }
        if self.settles_workloads {
            controllers.push(Box::new(Workloads));
        }
        let world = World::new(
            self.settings,
            self.clock,
            Access::new(self.access),
            controllers,
        );
        ApiServer {
            world: Arc::new(world),
            user: None,
        }
    }
}
