//! The table at the end.

use std::fmt::Write as _;
use std::sync::atomic::Ordering;
use std::time::Duration;

use kubekit_workqueue::Timing;

use crate::controller::Controller;

/// Writes what the controller has done.
pub(crate) fn table(controller: &Controller) -> String {
    let stats = controller.queue.stats();
    let reconciles = controller.counts.reconciles.load(Ordering::Relaxed);
    let failures = controller.counts.failures.load(Ordering::Relaxed);
    let objects = format!(
        "{} websites, {} config maps, {} deployments",
        controller.websites.lister().snapshot().len(),
        controller.config_maps.lister().snapshot().len(),
        controller.deployments.lister().snapshot().len(),
    );
    let mut table = String::from("\n── what the controller did\n");
    for (name, value) in [
        ("objects", objects),
        (
            "reconciles",
            format!("{reconciles}, of which {failures} failed and were retried"),
        ),
        ("waited in the queue", latency(&stats.queue_latency)),
        ("were reconciled within", latency(&stats.work_duration)),
    ] {
        let _ = writeln!(table, "   {name:<24}{value}");
    }
    table
}

fn latency(timing: &Timing) -> String {
    let [half, most, max] = [timing.quantile(0.5), timing.quantile(0.99), timing.max()].map(round);
    format!("half of them {half:?}, 99 % of them {most:?}, all of them {max:?}")
}

fn round(duration: Duration) -> Duration {
    let unit = if duration < Duration::from_millis(1) {
        1_000
    } else {
        100_000
    };
    Duration::from_nanos(
        u64::try_from(duration.as_nanos().next_multiple_of(unit)).unwrap_or(u64::MAX),
    )
}
