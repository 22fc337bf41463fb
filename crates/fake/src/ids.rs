//! Uids and the suffixes of generated names.

use parking_lot::Mutex;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

/// What generated names end with is made of these: no vowels and nothing that looks like one, so no words come out.
const SUFFIX_LETTERS: &[u8] = b"bcdfghjklmnpqrstvwxz2456789";
const SUFFIX_LENGTH: usize = 5;

/// Makes uids and name suffixes. With a seed it makes the same ones in every run.
#[derive(Debug)]
pub(crate) struct Ids(Mutex<StdRng>);

impl Ids {
    /// Ids that follow from `seed`, or that nobody can foresee without one.
    pub(crate) fn new(seed: Option<u64>) -> Ids {
        let rng = match seed {
            Some(seed) => StdRng::seed_from_u64(seed),
            None => StdRng::from_rng(&mut rand::rng()),
        };
        Ids(Mutex::new(rng))
    }

    /// A random (version 4) UUID.
    pub(crate) fn uid(&self) -> String {
        let random = self.0.lock().random();
        uuid::Builder::from_random_bytes(random)
            .into_uuid()
            .to_string()
    }

    /// A number from 0 to 1, for jitter.
    pub(crate) fn fraction(&self) -> f64 {
        self.0.lock().random()
    }

    /// Five characters for the end of a name.
    pub(crate) fn suffix(&self) -> String {
        let mut rng = self.0.lock();
        let mut letter = || SUFFIX_LETTERS[rng.random_range(0..SUFFIX_LETTERS.len())];
        (0..SUFFIX_LENGTH).map(|_| char::from(letter())).collect()
    }
}

/// What a `generateName` is cut to, so that the suffix fits into a DNS label.
pub(crate) const LONGEST_PREFIX: usize = 63 - SUFFIX_LENGTH;
