//! Telling what happens, in lines that people can read.

use std::fmt::Display;

use indicatif::{ProgressBar, ProgressStyle};
use tokio::time::Instant;

/// Tells what happens, each line with the time since the start, above a progress bar if there is one.
#[derive(Debug)]
pub struct Narrator {
    start: Instant,
    bar: ProgressBar,
    /// Objects beyond the first few are not told of one by one.
    detailed: bool,
}

impl Narrator {
    /// Tells of every object.
    pub fn detailed() -> Self {
        Self {
            start: Instant::now(),
            bar: ProgressBar::hidden(),
            detailed: true,
        }
    }

    /// Tells of the run as a whole, and shows a bar for so many objects.
    pub fn with_progress(objects: u64) -> Self {
        let style = ProgressStyle::with_template("{bar:40} {pos}/{len} websites ready, {elapsed}")
            .unwrap_or_else(|_| ProgressStyle::default_bar());
        Self {
            start: Instant::now(),
            bar: ProgressBar::new(objects).with_style(style),
            detailed: false,
        }
    }

    /// Tells of the run as a whole.
    pub fn headline(&self, text: impl Display) {
        self.bar.suspend(|| println!("\n── {text}"));
    }

    /// Tells of something about one object.
    pub fn tell(&self, object: impl Display, text: impl Display) {
        if self.detailed {
            self.tell_anyway(object, text);
        }
    }

    /// Tells of something about one object that everybody should know.
    pub fn tell_anyway(&self, object: impl Display, text: impl Display) {
        self.bar.suspend(|| {
            // Read within, so that the lines are in the order of their times.
            let seconds = self.start.elapsed().as_secs_f64();
            println!("{seconds:7.3}s  {object:<16} {text}");
        });
    }

    /// Shows how many objects are ready.
    pub fn progress(&self, ready: u64) {
        self.bar.set_position(ready);
    }

    /// Takes the progress bar away and prints a line below it.
    pub fn finish(&self, text: impl Display) {
        self.bar.finish_and_clear();
        println!("{text}");
    }
}
