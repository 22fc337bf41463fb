//! JSON web tokens, signed with a key of the server's own.

use std::fmt;
use std::sync::OnceLock;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest::{SHA256, digest};
use ring::rand::SystemRandom;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair,
    UnparsedPublicKey,
};
use serde_json::{Value, json};

/// The longest token that is looked at.
const LONGEST: usize = 64 * 1024;

/// Signs and verifies tokens. Its key is made when it is first needed and never leaves the server.
#[derive(Default)]
pub(super) struct Issuer(OnceLock<Option<Key>>);

struct Key {
    pair: EcdsaKeyPair,
    id: String,
}

impl Issuer {
    /// Makes a token of these claims; `None` if the system has no randomness.
    pub(super) fn sign(&self, claims: &Value) -> Option<String> {
        let key = self.key()?;
        let header = json!({"alg": "ES256", "kid": key.id});
        let mut token = encode(header.to_string());
        token.push('.');
        token.push_str(&encode(claims.to_string()));
        let signature = key.pair.sign(&SystemRandom::new(), token.as_bytes()).ok()?;
        token.push('.');
        token.push_str(&encode(signature));
        Some(token)
    }

    /// The claims of a token of this issuer. Nothing is known of them but that this issuer made them.
    pub(super) fn verify(&self, token: &str) -> Option<Value> {
        if token.len() > LONGEST {
            return None;
        }
        let (signed, signature) = token.rsplit_once('.')?;
        let (_, claims) = signed.split_once('.')?;
        let key = self.key()?.pair.public_key();
        UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, key)
            .verify(signed.as_bytes(), &decode(signature)?)
            .ok()?;
        serde_json::from_slice(&decode(claims)?).ok()
    }

    /// The public key, as clients that verify tokens themselves read it.
    pub(super) fn key_set(&self) -> Value {
        let keys = self.key().map(|key| {
            // An uncompressed point: a byte that says so, and two numbers of 32 bytes.
            let point = key.pair.public_key().as_ref();
            let (x, y) = point.get(1..).unwrap_or_default().split_at(32);
            json!({
                "use": "sig",
                "kty": "EC",
                "kid": key.id,
                "crv": "P-256",
                "alg": "ES256",
                "x": encode(x),
                "y": encode(y),
            })
        });
        json!({"keys": keys.into_iter().collect::<Vec<_>>()})
    }

    fn key(&self) -> Option<&Key> {
        self.0.get_or_init(Key::generate).as_ref()
    }
}

impl Key {
    fn generate() -> Option<Self> {
        let random = SystemRandom::new();
        let algorithm = &ECDSA_P256_SHA256_FIXED_SIGNING;
        let document = EcdsaKeyPair::generate_pkcs8(algorithm, &random).ok()?;
        let pair = EcdsaKeyPair::from_pkcs8(algorithm, document.as_ref(), &random).ok()?;
        let id = encode(digest(&SHA256, pair.public_key().as_ref()));
        Some(Self { pair, id })
    }
}

impl fmt::Debug for Issuer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Issuer")
    }
}

fn encode(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn decode(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_only_as_good_as_its_signature() {
        let issuer = Issuer::default();
        let claims = json!({"sub": "a"});
        let token = issuer.sign(&claims).expect("a token");
        assert_eq!(issuer.verify(&token), Some(claims));
        assert_eq!(Issuer::default().verify(&token), None);
        let (head, rest) = token.split_once('.').expect("a header");
        let (_, signature) = rest.split_once('.').expect("claims");
        let forged = encode(r#"{"sub":"b"}"#);
        assert_eq!(issuer.verify(&format!("{head}.{forged}.{signature}")), None);
        assert_eq!(issuer.verify("a.b"), None);
        assert_eq!(issuer.verify(""), None);
    }

    #[test]
    fn the_key_set_holds_the_key_that_tokens_name() {
        let issuer = Issuer::default();
        let token = issuer.sign(&json!({})).expect("a token");
        let (head, _) = token.split_once('.').expect("a header");
        let head = decode(head).expect("base64");
        let head: Value = serde_json::from_slice(&head).expect("JSON");
        assert_eq!(issuer.key_set()["keys"][0]["kid"], head["kid"]);
    }
}
