//! Compression of long answers.

use std::io::Write;

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use futures::stream::BoxStream;
use futures::{StreamExt, stream};
use http::header::{ACCEPT_ENCODING, CONTENT_ENCODING, HeaderValue, VARY};
use http::{HeaderMap, Response};

use super::body::{Body, Content};

/// Answers up to this many bytes are never compressed. The API server's limit.
const SHORT: usize = 128 * 1024;

/// Compresses an answer if it is long and the client wants it so. Watches are never compressed.
pub(super) fn answer(wanted: &HeaderMap, response: Response<Body>) -> Response<Body> {
    if !accepts_gzip(wanted) {
        return response;
    }
    let (mut head, Body(content)) = response.into_parts();
    let content = match content {
        Content::Full(bytes) if bytes.len() > SHORT => Content::Full(whole(&bytes)),
        Content::Pieces(pieces) => Content::Pieces(piecewise(pieces)),
        other => return Response::from_parts(head, Body(other)),
    };
    let gzip = HeaderValue::from_static("gzip");
    head.headers.insert(CONTENT_ENCODING, gzip);
    let vary = HeaderValue::from_static("Accept-Encoding");
    head.headers.append(VARY, vary);
    Response::from_parts(head, Body(content))
}

/// Whether the client names `gzip`, just so: with a quality it is something else for the API server.
fn accepts_gzip(headers: &HeaderMap) -> bool {
    let accepted = headers.get(ACCEPT_ENCODING);
    let accepted = accepted.and_then(|value| value.to_str().ok());
    accepted.is_some_and(|tokens| tokens.split(',').any(|token| token.trim() == "gzip"))
}

fn whole(bytes: &[u8]) -> Bytes {
    let mut encoder = encoder(bytes.len() / 8);
    write(&mut encoder, bytes);
    finish(encoder)
}

/// Compresses each piece when it is asked for, so that a client can read it before the next is there.
fn piecewise(mut pieces: BoxStream<'static, Bytes>) -> BoxStream<'static, Bytes> {
    let mut open = Some(encoder(0));
    let compressed = stream::poll_fn(move |context| {
        let next = std::task::ready!(pieces.poll_next_unpin(context));
        let compressed = match (next, &mut open) {
            (Some(piece), Some(encoder)) => {
                write(encoder, &piece);
                // Writing to memory does not fail.
                let _ = encoder.flush();
                Some(std::mem::take(encoder.get_mut()).into())
            }
            _ => open.take().map(finish),
        };
        std::task::Poll::Ready(compressed)
    });
    compressed.fuse().boxed()
}

fn encoder(capacity: usize) -> GzEncoder<Vec<u8>> {
    GzEncoder::new(Vec::with_capacity(capacity), Compression::fast())
}

fn write(encoder: &mut GzEncoder<Vec<u8>>, bytes: &[u8]) {
    // Writing to memory does not fail.
    let _ = encoder.write_all(bytes);
}

fn finish(encoder: GzEncoder<Vec<u8>>) -> Bytes {
    encoder.finish().unwrap_or_default().into()
}
