//! Bearer tokens from a file that someone else rotates.

use std::path::PathBuf;
use std::time::Duration;

use futures::future::BoxFuture;
use http::HeaderValue;
use parking_lot::RwLock;
use tokio::sync::Mutex;
use tokio::time::Instant;
use tracing::warn;

use crate::stack::auth::source::{CredentialError, CredentialSource, sensitive};

/// How long a token is used before the file is read again.
const REREAD_AFTER: Duration = Duration::from_secs(60);
/// How long the last good token is used after the file could not be read.
const RETRY_AFTER: Duration = Duration::from_secs(10);

/// Reads a token file once a minute and after a 401. When it cannot be read, the last good token stays in use.
pub(super) struct TokenFile {
    path: PathBuf,
    known: RwLock<Option<Known>>,
    /// What to send before the file could ever be read.
    fallback: Option<HeaderValue>,
    /// Held while the file is read, so that a crowd of requests reads it once.
    reading: Mutex<()>,
}

struct Known {
    header: HeaderValue,
    good_until: Instant,
}

impl TokenFile {
    pub(super) fn new(path: PathBuf, fallback: Option<HeaderValue>) -> Self {
        Self {
            path,
            known: RwLock::new(None),
            fallback,
            reading: Mutex::new(()),
        }
    }

    /// Returns the token as long as the file need not be read.
    fn fresh(&self) -> Option<HeaderValue> {
        let known = self.known.read();
        let known = known.as_ref()?;
        (Instant::now() < known.good_until).then(|| known.header.clone())
    }

    /// Reads the file; the caller holds `reading`.
    async fn reread(&self) -> Result<HeaderValue, CredentialError> {
        match self.read().await {
            Ok(header) => {
                self.remember(header.clone(), REREAD_AFTER);
                Ok(header)
            }
            Err(error) => {
                let Some(last_good) = self.last_good() else {
                    return Err(error);
                };
                warn!(error = %error, "keeping the last good token");
                self.remember(last_good.clone(), RETRY_AFTER);
                Ok(last_good)
            }
        }
    }

    fn last_good(&self) -> Option<HeaderValue> {
        let known = self.known.read();
        let known = known.as_ref().map(|known| &known.header);
        known.or(self.fallback.as_ref()).cloned()
    }

    fn remember(&self, header: HeaderValue, duration: Duration) {
        let good_until = Instant::now() + duration;
        *self.known.write() = Some(Known { header, good_until });
    }

    async fn read(&self) -> Result<HeaderValue, CredentialError> {
        let path = self.path.display();
        let text = tokio::fs::read_to_string(&self.path)
            .await
            .map_err(|error| {
                let problem = format!("the token file {path} cannot be read");
                CredentialError::new(problem, Some(error.into()))
            })?;
        let token = text.trim();
        if token.is_empty() {
            let problem = format!("the token file {path} is empty");
            return Err(CredentialError::new(problem, None));
        }
        sensitive(&format!("Bearer {token}")).ok_or_else(|| {
            let problem = format!("the token file {path} holds something that is no token");
            CredentialError::new(problem, None)
        })
    }
}

impl CredentialSource for TokenFile {
    fn credential(&self) -> BoxFuture<'_, Result<HeaderValue, CredentialError>> {
        Box::pin(async move {
            if let Some(header) = self.fresh() {
                return Ok(header);
            }
            let _reading = self.reading.lock().await;
            match self.fresh() {
                Some(header) => Ok(header),
                None => self.reread().await,
            }
        })
    }

    fn can_renew(&self) -> bool {
        true
    }

    fn renew<'a>(&'a self, refused: &'a HeaderValue) -> BoxFuture<'a, Option<HeaderValue>> {
        Box::pin(async move {
            let _reading = self.reading.lock().await;
            let read_since = self.fresh().filter(|header| header != refused);
            match read_since {
                Some(header) => Some(header),
                None => self.reread().await.ok().filter(|header| header != refused),
            }
        })
    }
}
