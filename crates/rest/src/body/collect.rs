//! Reading a body whole, within a bound.

use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;
use tower::BoxError;

use super::Body;

/// A promised length is believed up to this size; beyond it memory is taken as the data arrives.
const BELIEVED_LENGTH: usize = 64 << 20;

/// Why a body could not be read whole.
#[derive(Debug)]
pub(crate) enum CollectError {
    /// It is longer than the limit.
    TooLarge,
    /// It ended early or could not be decompressed.
    Broken(BoxError),
}

/// Reads the whole body. One that arrives in one piece is not copied.
pub(crate) async fn collect(body: &mut Body, limit: usize) -> Result<Bytes, CollectError> {
    let promised = http_body::Body::size_hint(body).lower();
    if promised > limit as u64 {
        return Err(CollectError::TooLarge);
    }
    let Some(first) = next(body).await? else {
        return Ok(Bytes::new());
    };
    if first.len() > limit {
        return Err(CollectError::TooLarge);
    }
    let Some(mut chunk) = next(body).await? else {
        return Ok(first);
    };
    let capacity = usize::try_from(promised).unwrap_or(usize::MAX).clamp(
        first.len() + chunk.len(),
        BELIEVED_LENGTH.max(first.len() + chunk.len()),
    );
    let mut whole = BytesMut::with_capacity(capacity);
    whole.extend_from_slice(&first);
    drop(first);
    loop {
        if whole.len() + chunk.len() > limit {
            return Err(CollectError::TooLarge);
        }
        whole.extend_from_slice(&chunk);
        match next(body).await? {
            Some(next) => chunk = next,
            None => return Ok(whole.freeze()),
        }
    }
}

/// Reads the beginning of a body whose end does not matter: it stops at the limit and at the first error.
///
/// What has been read is in `beginning` also when the future is dropped.
pub(crate) async fn collect_beginning(body: &mut Body, limit: usize, beginning: &mut BytesMut) {
    while beginning.len() < limit {
        match next(body).await {
            Ok(Some(chunk)) => {
                let wanted = chunk.len().min(limit - beginning.len());
                beginning.extend_from_slice(&chunk[..wanted]);
            }
            Ok(None) | Err(_) => break,
        }
    }
}

/// Returns the next piece of data that is not empty.
async fn next(body: &mut Body) -> Result<Option<Bytes>, CollectError> {
    while let Some(frame) = body.frame().await {
        match frame.map_err(CollectError::Broken)?.into_data() {
            Ok(data) if !data.is_empty() => return Ok(Some(data)),
            Ok(_) | Err(_) => {}
        }
    }
    Ok(None)
}
