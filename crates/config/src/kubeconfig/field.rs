//! How single fields of a kubeconfig are read and written: `null` and the empty string are the same as an absent
//! field.

use ::base64::{Engine as _, engine::general_purpose::STANDARD};
use secrecy::{ExposeSecret, SecretSlice, SecretString};
use serde::{Deserialize, Deserializer, Serializer};

/// Reads a list, map, structure or flag that may be `null`.
pub(crate) fn nullable<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}

/// Reads a string; the empty one counts as none.
pub(crate) fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    Ok(text.filter(|text| !text.is_empty()))
}

/// Writes a string that every kubeconfig has, even when it is empty.
pub(crate) fn always<S: Serializer>(
    text: &Option<String>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(text.as_deref().unwrap_or_default())
}

/// Writes a flag only when it is set.
pub(crate) fn is_unset(flag: &bool) -> bool {
    !flag
}

/// A secret string; the empty one counts as none.
pub(crate) mod secret {
    use super::{Deserializer, ExposeSecret, SecretString, Serializer, text};

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<SecretString>, D::Error> {
        text(deserializer).map(|text| text.map(Into::into))
    }

    pub(crate) fn serialize<S: Serializer>(
        secret: &Option<SecretString>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(secret.as_ref().map_or("", |secret| secret.expose_secret()))
    }
}

/// Bytes in base64, as Go reads and writes them; none at all count as absent.
pub(crate) mod base64 {
    use super::{Deserializer, ExposeSecret, SecretSlice, Serializer, decode, encode, text};

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<SecretSlice<u8>>, D::Error> {
        text(deserializer)?.map(decode).transpose()
    }

    pub(crate) fn serialize<S: Serializer>(
        bytes: &Option<SecretSlice<u8>>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(
            &bytes
                .as_ref()
                .map_or_else(String::new, |bytes| encode(bytes.expose_secret())),
        )
    }
}

fn decode<E: serde::de::Error>(text: String) -> Result<SecretSlice<u8>, E> {
    let mut text = text.into_bytes();
    text.retain(|byte| !matches!(byte, b'\r' | b'\n'));
    match STANDARD.decode(&text) {
        Ok(bytes) => Ok(bytes.into()),
        Err(_) => Err(E::custom("not valid base64")),
    }
}

fn encode(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}
