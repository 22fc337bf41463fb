//! Real threads: what must hold whatever the scheduler does.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::thread;
use std::time::Duration;

use kubekit_workqueue::{Item, ItemExponential, WorkQueue};

const KEYS: usize = 1000;
const PRODUCERS: usize = 8;
const WORKERS: usize = 8;
const ROUNDS: usize = 5;

/// What the producers did to a key and what the workers saw of it.
#[derive(Default)]
struct Cell {
    added: AtomicU32,
    seen: AtomicU32,
    processing: AtomicBool,
}

type Cells = Arc<Vec<Cell>>;

fn cells() -> Cells {
    Arc::new((0..KEYS).map(|_| Cell::default()).collect())
}

fn produce(queue: &WorkQueue<usize>, cells: &Cells, producer: usize) {
    for n in 0..ROUNDS * KEYS {
        let key = (n * 7 + producer * 131) % KEYS;
        cells[key].added.fetch_add(1, Ordering::SeqCst);
        if n % 3 == 0 {
            queue.add_after(key, Duration::from_micros(n as u64 % 500));
        } else {
            queue.add(key);
        }
    }
}

async fn process(item: &Item<usize>, cells: &Cells) {
    let cell = &cells[*item.key()];
    assert!(!cell.processing.swap(true, Ordering::SeqCst), "two at once");
    let added = cell.added.load(Ordering::SeqCst);
    tokio::task::yield_now().await;
    cell.seen.store(added, Ordering::SeqCst);
    cell.processing.store(false, Ordering::SeqCst);
}

fn start_producers(queue: &WorkQueue<usize>, cells: &Cells) -> Vec<thread::JoinHandle<()>> {
    (0..PRODUCERS)
        .map(|producer| {
            let (queue, cells) = (queue.clone(), Arc::clone(cells));
            thread::spawn(move || produce(&queue, &cells, producer))
        })
        .collect()
}

/// Waits for the producers, until every add has been seen by a worker, and for the workers to be done.
///
/// Does not touch the queue before, lest that wake somebody who should have been awake.
async fn finish(queue: &WorkQueue<usize>, cells: &Cells, producers: Vec<thread::JoinHandle<()>>) {
    let join = move || producers.into_iter().all(|it| it.join().is_ok());
    assert!(matches!(tokio::task::spawn_blocking(join).await, Ok(true)));
    let up_to_date = |cell: &Cell| {
        let added = cell.added.load(Ordering::SeqCst);
        added > 0 && added == cell.seen.load(Ordering::SeqCst)
    };
    eventually(|| cells.iter().all(up_to_date)).await;
    // A key may be queued once more although its worker has just seen the last add.
    eventually(|| queue.stats().delayed == 0).await;
    queue.drain().await;
    let stats = queue.stats();
    assert_eq!((stats.depth, stats.processing), (0, 0));
    assert_eq!(stats.adds, stats.work_duration.count());
    assert_eq!(stats.adds, stats.queue_latency.count());
}

/// Waits until something is true, for a time after which it never will be.
async fn eventually(condition: impl Fn() -> bool) {
    let wait = async {
        while !condition() {
            tokio::task::yield_now().await;
        }
    };
    let patience = Duration::from_secs(60);
    assert!(tokio::time::timeout(patience, wait).await.is_ok());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_thousand_keys_of_many_producers_are_each_processed_once_at_a_time() {
    let (queue, cells) = (WorkQueue::new(), cells());
    let workers: Vec<_> = (0..WORKERS)
        .map(|_| {
            let (queue, cells) = (queue.clone(), Arc::clone(&cells));
            tokio::spawn(async move {
                while let Some(item) = queue.get().await {
                    process(&item, &cells).await;
                }
            })
        })
        .collect();
    let producers = start_producers(&queue, &cells);
    finish(&queue, &cells, producers).await;
    for worker in workers {
        worker.await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn workers_that_cancel_all_the_time_lose_nothing() {
    let (queue, cells) = (WorkQueue::new(), cells());
    let workers: Vec<_> = (0..WORKERS)
        .map(|_| {
            let (queue, cells) = (queue.clone(), Arc::clone(&cells));
            tokio::spawn(async move {
                loop {
                    tokio::select! {
                        biased;
                        item = queue.get() => match item {
                            Some(item) => process(&item, &cells).await,
                            None => break,
                        },
                        () = tokio::task::yield_now() => {}
                    }
                }
            })
        })
        .collect();
    let producers = start_producers(&queue, &cells);
    finish(&queue, &cells, producers).await;
    for worker in workers {
        worker.await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn keys_that_fail_a_few_times_succeed_in_the_end() {
    let queue = WorkQueue::builder()
        .rate_limiter(ItemExponential::new(
            Duration::from_micros(10),
            Duration::from_millis(1),
        ))
        .build();
    let succeeded = Arc::new(AtomicU32::new(0));
    let workers: Vec<_> = (0..WORKERS)
        .map(|_| {
            let (queue, succeeded) = (queue.clone(), Arc::clone(&succeeded));
            tokio::spawn(async move {
                while let Some(item) = queue.get().await {
                    if item.num_requeues() < 3 {
                        item.retry();
                    } else {
                        item.forget();
                        succeeded.fetch_add(1, Ordering::SeqCst);
                    }
                }
            })
        })
        .collect();
    (0..KEYS).for_each(|key| queue.add(key));
    eventually(|| succeeded.load(Ordering::SeqCst) == KEYS as u32).await;
    queue.drain().await;
    for worker in workers {
        worker.await.unwrap();
    }
    assert_eq!(queue.stats().retries, 3 * KEYS as u64);
    assert_eq!(queue.stats().adds, 4 * KEYS as u64);
}
