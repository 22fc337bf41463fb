//! Disruption budgets: how many pods may go away at the same time.

use kubekit_core::LabelSelector;
use serde_json::{Map, Value, json};

use crate::clock::Clock;
use crate::failure::{self, Failure};
use crate::meta;
use crate::object::Object;
use crate::request::Document;
use crate::store::Range;
use crate::world::World;

/// How many evictions may wait to be noticed.
const MOST_DISRUPTED: usize = 2000;
/// How long to wait for a budget that is not up to date, in seconds.
const UNSETTLED_DELAY: u32 = 10;

/// A budget that a pod is under, as it is at the moment.
#[derive(Debug)]
pub(super) struct Budget {
    object: Object,
    document: Document,
}

impl Budget {
    /// All budgets that a pod is under.
    pub(super) fn all_of(world: &World, pod: &Object) -> Vec<Budget> {
        let catalog = world.registry.snapshot();
        let Some(resource) = catalog.resource("policy", "v1", "poddisruptionbudgets") else {
            return Vec::new();
        };
        let prefix = format!("{}/", pod.content().namespace());
        let range = Range {
            prefix: &prefix,
            ..Range::default()
        };
        // The current revision can always be read.
        let page = world.store.page(&resource.storage, range, |_| true);
        let budgets = page.into_iter().flat_map(|page| page.items);
        let budgets = budgets.map(|object| Budget {
            document: object.document(),
            object,
        });
        budgets.filter(|budget| budget.covers(pod)).collect()
    }

    /// No selector selects nothing, an empty one everything, and one that makes no sense nothing.
    fn covers(&self, pod: &Object) -> bool {
        let spec = self.document.get("spec").unwrap_or(&Value::Null);
        let selector = &spec["selector"];
        if selector.is_null() {
            return false;
        }
        let selector: Result<k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector, _> =
            serde_json::from_value(selector.clone());
        let selector = selector
            .ok()
            .and_then(|selector| LabelSelector::try_from(&selector).ok());
        selector.is_some_and(|selector| selector.matches(pod.content().labels()))
    }

    /// Whether pods that are not ready can go without counting.
    pub(super) fn spares_unready(&self) -> bool {
        let spec = self.document.get("spec").unwrap_or(&Value::Null);
        let status = self.document.get("status").and_then(Value::as_object);
        let number = |field| status.map_or(0, |status| number(status, field));
        spec["unhealthyPodEvictionPolicy"] == "AlwaysAllow"
            || (number("currentHealthy") >= number("desiredHealthy")
                && number("desiredHealthy") > 0)
    }

    /// Takes one disruption from the budget and writes down which pod it was for.
    ///
    /// # Errors
    ///
    /// 403 and 429 for a budget that does not allow it.
    pub(super) fn take(&self, world: &World, pod: &str, dry_run: bool) -> Result<(), Failure> {
        let catalog = world.registry.snapshot();
        let resource = catalog.resource("policy", "v1", "poddisruptionbudgets");
        let resource = resource.ok_or_else(failure::resource_not_found)?;
        let mut taken = Ok(());
        let found = world.revise(resource, self.object.content().key(), |budget| {
            taken = check(budget);
            if taken.is_err() || dry_run {
                return false;
            }
            write_down(budget, pod, &world.clock);
            true
        });
        match found {
            Some(_) => taken,
            None => Err(failure::not_found(resource, self.object.content().name())),
        }
    }

    /// 429 for a budget that is not known to be up to date.
    pub(super) fn unsettled(&self) -> Failure {
        unsettled(self.object.content().name())
    }
}

/// 500 for a pod under two budgets.
pub(super) fn too_many() -> Failure {
    failure::unexpected(
        "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.",
    )
}

fn unsettled(name: &str) -> Failure {
    let why = format!("The disruption budget {name} is still being processed by the server.");
    failure::over_budget(why, UNSETTLED_DELAY)
}

fn check(budget: &Document) -> Result<(), Failure> {
    let metadata = meta::of(budget);
    let name = meta::text(metadata, "name");
    let nothing = Map::new();
    let status = budget
        .get("status")
        .and_then(Value::as_object)
        .unwrap_or(&nothing);
    if number(status, "observedGeneration") < number(metadata, "generation") {
        return Err(unsettled(name));
    }
    let disrupted = status.get("disruptedPods").and_then(Value::as_object);
    match number(status, "disruptionsAllowed") {
        ..0 => Err(failure::budget_broken(
            name,
            "pdb disruptions allowed is negative",
        )),
        _ if disrupted.is_some_and(|pods| pods.len() > MOST_DISRUPTED) => {
            Err(failure::budget_broken(
                name,
                "DisruptedPods map too big - too many evictions not confirmed by PDB controller",
            ))
        }
        0 => {
            let (desired, current) = (
                number(status, "desiredHealthy"),
                number(status, "currentHealthy"),
            );
            let why = format!(
                "The disruption budget {name} needs {desired} healthy pods and has {current} currently"
            );
            Err(failure::over_budget(why, 0))
        }
        _ => Ok(()),
    }
}

fn write_down(budget: &mut Document, pod: &str, clock: &Clock) {
    let status = meta::member(budget, "status");
    let left = number(status, "disruptionsAllowed") - 1;
    status.insert("disruptionsAllowed".to_owned(), left.into());
    meta::member(status, "disruptedPods").insert(pod.to_owned(), meta::time(clock.now()));
    if left == 0 {
        exhaust(status, clock);
    }
}

/// Says in a condition that the budget allows nothing more.
fn exhaust(status: &mut Map<String, Value>, clock: &Clock) {
    let mut condition = json!({
        "type": "DisruptionAllowed",
        "status": "False",
        "reason": "InsufficientPods",
        "message": "",
        "lastTransitionTime": meta::time(clock.now()),
    });
    if let Some(observed) = status.get("observedGeneration") {
        condition["observedGeneration"] = observed.clone();
    }
    let conditions = status.entry("conditions").or_insert_with(|| json!([]));
    let Value::Array(conditions) = conditions else {
        return;
    };
    let kind = condition["type"].clone();
    match conditions.iter_mut().find(|known| known["type"] == kind) {
        Some(known) => {
            if known["status"] == condition["status"] {
                condition["lastTransitionTime"] = known["lastTransitionTime"].clone();
            }
            *known = condition;
        }
        None => conditions.push(condition),
    }
}

fn number(object: &Map<String, Value>, field: &str) -> i64 {
    object.get(field).and_then(Value::as_i64).unwrap_or(0)
}
