//! GET of the changes of a collection.

use std::sync::Arc;
use std::time::Duration;

use super::call::Call;
use super::list_options::{self, Purpose};
use super::resource_version;
use crate::answer::{self, Answer, Payload};
use crate::failure::{self, Failure};
use crate::request::ListOptions;
use crate::selectors::Selection;
use crate::watch::{Begin, Watch};

/// Watches that do not say end after a time between this and twice this.
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(30 * 60);

pub(super) fn watch(call: &Call<'_>, options: &ListOptions) -> Result<Answer, Failure> {
    let selection = Selection::new(&call.resource, &call.namespace, options)?;
    list_options::check(options, Purpose::Watch)?;
    let asked = resource_version::parse(&options.resource_version).map_err(failure::unexpected)?;
    call.world.store.open(call.storage());
    resource_version::check_reached(asked, call.world.store.revision())?;
    let watch = Watch {
        world: Arc::clone(call.world),
        storage: call.storage().clone(),
        selection,
        begin: begin(options, asked),
        bookmarks: options.allow_watch_bookmarks,
        timeout: timeout(call, options),
    };
    Ok(Answer::ok(Payload::Watch(answer::Watch {
        resource: Arc::clone(&call.resource),
        events: watch.events(),
    })))
}

/// Without a version, and with version 0, a watch begins with what there is, unless it says that it does not want that.
fn begin(options: &ListOptions, asked: u64) -> Begin {
    match options.send_initial_events {
        Some(true) => Begin::State,
        None if asked == 0 => Begin::State,
        Some(false) if asked == 0 => Begin::Now,
        _ => Begin::After(asked),
    }
}

fn timeout(call: &Call<'_>, options: &ListOptions) -> Duration {
    let asked = options
        .timeout_seconds
        .and_then(|seconds| u64::try_from(seconds).ok());
    match asked {
        None | Some(0) => DEFAULT_TIMEOUT.mul_f64(1.0 + call.world.ids.fraction()),
        Some(seconds) => Duration::from_secs(seconds),
    }
}
