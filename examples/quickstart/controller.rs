//! Informers, queue and workers: what turns changes into reconciliations.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::core::v1::ConfigMap;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use kubekit_cache::SharedInformer;
use kubekit_core::{LabelSelector, Namespace, ObjectKey};
use kubekit_examples::narrator::Narrator;
use kubekit_examples::website::Website;
use kubekit_rest::RestClient;
use kubekit_workqueue::{Item, WorkQueue};
use tokio::task::JoinSet;

use crate::reconcile::{MANAGED_BY, Reconciler};

/// How long the caches may take to fill.
const SYNC_TIMEOUT: Duration = Duration::from_secs(60);

/// A running controller for websites.
pub(crate) struct Controller {
    pub(crate) websites: SharedInformer<Website>,
    pub(crate) config_maps: SharedInformer<ConfigMap>,
    pub(crate) deployments: SharedInformer<Deployment>,
    pub(crate) queue: WorkQueue<ObjectKey>,
    pub(crate) counts: Arc<Counts>,
    workers: JoinSet<()>,
}

/// What the workers did.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    pub(crate) reconciles: AtomicU64,
    pub(crate) failures: AtomicU64,
}

impl Controller {
    /// Fills the caches of one namespace and starts the workers.
    pub(crate) async fn start(
        client: &RestClient,
        namespace: &Namespace,
        workers: usize,
        narrator: &Arc<Narrator>,
    ) -> anyhow::Result<Self> {
        let websites = client.api::<Website, _>(namespace.clone());
        let config_maps = client.api::<ConfigMap, _>(namespace.clone());
        let deployments = client.api::<Deployment, _>(namespace.clone());

        // Only what belongs to websites is cached.
        let (label, value) = MANAGED_BY;
        let owned = LabelSelector::all().eq(label, value)?;
        let website_informer = SharedInformer::builder(websites.clone()).start();
        let config_map_informer = SharedInformer::builder(config_maps.clone())
            .labels(owned.clone())
            .start();
        let deployment_informer = SharedInformer::builder(deployments.clone())
            .labels(owned)
            .start();

        let queue = WorkQueue::builder().name("websites").build();
        enqueue(&website_informer, &queue, |website| {
            ObjectKey::of(&website.metadata)
        });
        enqueue(&config_map_informer, &queue, |map| owner(&map.metadata));
        enqueue(&deployment_informer, &queue, |deployment| {
            owner(&deployment.metadata)
        });
        website_informer.wait_for_sync(SYNC_TIMEOUT).await?;
        config_map_informer.wait_for_sync(SYNC_TIMEOUT).await?;
        deployment_informer.wait_for_sync(SYNC_TIMEOUT).await?;

        let reconciler = Arc::new(Reconciler {
            website_lister: website_informer.lister(),
            config_map_lister: config_map_informer.lister(),
            deployment_lister: deployment_informer.lister(),
            websites,
            config_maps,
            deployments,
            narrator: Arc::clone(narrator),
        });
        let counts = Arc::new(Counts::default());
        let mut tasks = JoinSet::new();
        for _ in 0..workers {
            tasks.spawn(work(
                queue.clone(),
                Arc::clone(&reconciler),
                Arc::clone(&counts),
            ));
        }
        Ok(Self {
            websites: website_informer,
            config_maps: config_map_informer,
            deployments: deployment_informer,
            queue,
            counts,
            workers: tasks,
        })
    }

    /// Ends in order: no more events, then what is queued is worked off, then the workers end.
    pub(crate) async fn shutdown(self) {
        self.websites.shutdown().await;
        self.config_maps.shutdown().await;
        self.deployments.shutdown().await;
        self.queue.drain().await;
        self.workers.join_all().await;
    }
}

/// Queues the key that each event stands for.
fn enqueue<K: Send + Sync + 'static>(
    informer: &SharedInformer<K>,
    queue: &WorkQueue<ObjectKey>,
    key: impl Fn(&K) -> Option<ObjectKey> + Send + 'static,
) {
    let queue = queue.clone();
    informer
        .add_handler(move |event: kubekit_cache::Event<K>| {
            if let Some(key) = key(event.object()) {
                queue.add(key);
            }
        })
        .detach();
}

/// Returns the website that an object belongs to.
fn owner(metadata: &ObjectMeta) -> Option<ObjectKey> {
    let owners = metadata.owner_references.as_deref().unwrap_or_default();
    let owner = owners
        .iter()
        .find(|owner| owner.controller == Some(true) && owner.kind == "Website")?;
    Some(ObjectKey::namespaced(
        metadata.namespace.as_deref()?,
        &owner.name,
    ))
}

async fn work(queue: WorkQueue<ObjectKey>, reconciler: Arc<Reconciler>, counts: Arc<Counts>) {
    while let Some(item) = queue.get().await {
        counts.reconciles.fetch_add(1, Ordering::Relaxed);
        match reconciler.reconcile(item.key()).await {
            Ok(()) => item.forget(),
            Err(error) => {
                counts.failures.fetch_add(1, Ordering::Relaxed);
                retry(item, &error, &reconciler.narrator);
            }
        }
    }
}

/// Puts the key back for later, so that the worker is free for others.
fn retry(item: Item<ObjectKey>, error: &anyhow::Error, narrator: &Narrator) {
    let name = item.key().name().to_owned();
    let attempt = item.num_requeues() + 1;
    let delay = item.retry();
    narrator.tell(
        name,
        format_args!("attempt {attempt} failed: {error:#}; the next one is in {delay:?}"),
    );
}
