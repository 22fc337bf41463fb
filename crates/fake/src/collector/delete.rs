//! How the garbage collector deletes: as a client would, without asking for anything that a client may be refused.

use std::sync::Arc;

use super::graph::Id;
use crate::meta;
use crate::registry::Resource;
use crate::request::Propagation;
use crate::strategy::Verdict;
use crate::world::World;

/// What becomes of the dependents of what is deleted.
#[derive(Clone, Copy, Debug)]
pub(super) enum Policy {
    /// They go first.
    Foreground,
    /// What the finalizers of the object say; without them they go afterwards.
    AsItSays,
}

/// Deletes an object, or begins to.
pub(super) fn delete(world: &World, id: &Id, policy: Policy) {
    let Some(resource) = resource(world, id) else {
        return;
    };
    let requested = match policy {
        Policy::Foreground => Some(Propagation::Foreground),
        Policy::AsItSays => None,
    };
    let strategy = &resource.strategy;
    let mut goes = false;
    world.revise(&resource, &id.1, |document| {
        let metadata = meta::of_mut(document);
        let finalizers = meta::collector_finalizers(metadata, requested, Propagation::Background);
        let has_finalizers = !finalizers.is_empty();
        meta::set_finalizers(metadata, finalizers);
        let verdict = strategy.verdict(document, has_finalizers, None);
        goes = !matches!(verdict, Verdict::Waits(_));
        match verdict {
            Verdict::Gone => false,
            Verdict::Waits(doom) | Verdict::Stopped(doom) => {
                if let Some(doom) = doom {
                    meta::doom(meta::of_mut(document), doom, &world.clock);
                }
                true
            }
        }
    });
    if goes {
        world.erase(&id.0, &id.1);
    }
}

/// Takes away a finalizer of the garbage collector, and the object with it if nothing else holds it.
pub(super) fn release(world: &World, id: &Id, finalizer: &str) {
    let Some(resource) = resource(world, id) else {
        return;
    };
    let mut goes = false;
    world.revise(&resource, &id.1, |document| {
        let metadata = meta::of_mut(document);
        let others = meta::finalizers(metadata).filter(|other| *other != finalizer);
        let others = others.map(str::to_owned).collect();
        meta::set_finalizers(metadata, others);
        goes = resource.strategy.is_released(document);
        !goes
    });
    if goes {
        world.erase(&id.0, &id.1);
    }
}

fn resource(world: &World, id: &Id) -> Option<Arc<Resource>> {
    let catalog = world.registry.snapshot();
    let found = catalog.stored().find(|resource| resource.storage == id.0);
    found.cloned()
}
