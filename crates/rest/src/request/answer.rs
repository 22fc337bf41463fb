//! A successful answer, read whole.

use bytes::Bytes;
use kubekit_core::{Codec, DecodeError, ObjectList, Status};
use serde::de::DeserializeOwned;

use crate::error::Kind;
use crate::{Error, RequestInfo};

#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) info: RequestInfo,
    pub(crate) body: Bytes,
}

impl Answer {
    pub(crate) fn json<T: DeserializeOwned>(&self) -> Result<T, Error> {
        serde_json::from_slice(&self.body)
            .map_err(|error| self.undecodable(DecodeError::new("answer", 0, error)))
    }

    pub(crate) fn object<K, C: Codec<K>>(&self, codec: &C) -> Result<K, Error> {
        codec
            .decode(&self.body)
            .map_err(|error| self.undecodable(error))
    }

    pub(crate) fn list<K, C: Codec<K>>(&self, codec: &C) -> Result<ObjectList<K>, Error> {
        let mut items = Vec::new();
        let mut undecodable = Vec::new();
        let metadata = codec
            .decode_list(&self.body, &mut |item| match item {
                Ok(item) => items.push(item),
                Err(item) => undecodable.push(item),
            })
            .map_err(|error| self.undecodable(error))?;
        Ok(ObjectList {
            metadata,
            items,
            undecodable,
        })
    }

    /// Makes the error for an answer that is not what was asked for. A failure that came with a success code is one still.
    fn undecodable(&self, error: DecodeError) -> Error {
        let failure = Status::from_json(&self.body).filter(|status| status.status == "Failure");
        let kind = match failure {
            Some(status) => Kind::Status {
                status: Box::new(status),
                retry_after: None,
            },
            None => Kind::Decode(error),
        };
        Error::of(&self.info, kind)
    }
}
