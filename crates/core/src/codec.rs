//! Between the bytes of the API and objects.

mod error;
mod framer;
mod json;

pub use error::{DecodeError, EncodeError};
pub use framer::{FrameError, Framer};
pub use json::{Json, JsonFramer};

use bytes::Bytes;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ListMeta;

use crate::{Undecodable, WatchEvent};

/// Encodes and decodes objects of the kind `K` in one wire format.
///
/// A client holds its codec as a value, so that the choice is made where the client is made. Decoding a list or a watch event
/// never fails as a whole because one object is bad: that object comes out as [`Undecodable`].
pub trait Codec<K>: Clone + Send + Sync + 'static {
    /// Splits the body of a watch into frames.
    type Framer: Framer;

    /// Returns the content type of request bodies.
    fn content_type(&self) -> &'static str;

    /// Returns the value of the `Accept` header for answers.
    fn accept(&self) -> &'static str;

    /// Writes an object.
    ///
    /// # Errors
    ///
    /// Fails when the object has no form in this format.
    fn encode(&self, object: &K) -> Result<Bytes, EncodeError>;

    /// Reads an object.
    ///
    /// # Errors
    ///
    /// Fails when the bytes are not such an object.
    fn decode(&self, body: &Bytes) -> Result<K, DecodeError>;

    /// Reads a list and hands each item to the sink, in order, as it is read.
    ///
    /// # Errors
    ///
    /// Fails when the bytes are not a list; items that were handed out before stay handed out.
    fn decode_list(
        &self,
        body: &Bytes,
        sink: &mut dyn FnMut(Result<K, Undecodable>),
    ) -> Result<ListMeta, DecodeError>;

    /// Reads one frame of a watch.
    ///
    /// # Errors
    ///
    /// Fails when the frame is not a watch event at all.
    fn decode_event(&self, frame: &Bytes) -> Result<WatchEvent<K>, DecodeError>;

    /// Makes the splitter for one watch.
    fn framer(&self) -> Self::Framer;
}
