//! Snapshots of the whole state.

use crate::store::Image;

/// All objects of a server at one moment. Cheap to take and to clone: the objects are shared.
///
/// It belongs to the server it was taken of, and to its clones.
#[derive(Clone, Debug)]
pub struct Snapshot(Image);

impl Snapshot {
    /// Returns the revision at which it was taken.
    pub fn revision(&self) -> u64 {
        self.0.revision
    }
}

impl crate::ApiServer {
    /// Remembers all objects as they are: definitions of custom resources too, but neither history, nor reactors, faults and actions.
    pub fn snapshot(&self) -> Snapshot {
        Snapshot(self.world().store.image())
    }

    /// Makes all objects what they were when the snapshot was taken, with the versions they had then.
    ///
    /// It is what a restored backup of etcd looks like that was bumped and marked as compacted: the revision of the server goes on and
    /// never back, watches and paged lists get 410 Expired, and informers list again and see what has changed. Nothing is refused and no
    /// finalizer is asked.
    ///
    /// # Examples
    ///
    /// ```
    /// use k8s_openapi::api::core::v1::ConfigMap;
    /// use kubekit_core::Namespace;
    /// use kubekit_fake::ApiServer;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let server = ApiServer::new();
    /// let maps = server.client().api::<ConfigMap, _>(Namespace::new("default"));
    /// let fresh = server.snapshot();
    ///
    /// let mut map = ConfigMap::default();
    /// map.metadata.name = Some("settings".to_owned());
    /// maps.create(&map).await?;
    ///
    /// server.restore(&fresh);
    /// assert!(maps.get("settings").await.unwrap_err().is_not_found());
    /// # Ok(())
    /// # }
    /// ```
    pub fn restore(&self, snapshot: &Snapshot) {
        let world = self.world();
        for (storage, key) in world.store.restore(&snapshot.0) {
            world.changed(&storage, &key);
        }
    }
}
