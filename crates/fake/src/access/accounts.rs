//! Tokens of service accounts: issued by the `token` subresource, and accepted as credentials for as long as all that they are bound to
//! is there.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::{Value, json};

use super::authenticate::Authenticated;
use super::user::User;
use crate::answer::Answer;
use crate::failure::{self, Failure, FieldError, FieldErrors};
use crate::meta;
use crate::object::{Content, Object, Types};
use crate::registry::StorageKey;
use crate::request::{ApiRequest, Document, Operation};
use crate::schema::Schema;
use crate::world::World;

/// Who signs the tokens, and whom they are meant for if they do not say.
pub(super) const ISSUER: &str = "https://kubernetes.default.svc.cluster.local";
const GROUP: &str = "authentication.k8s.io";
const SHORTEST: i64 = 10 * 60;
const LONGEST: i64 = 1 << 32;

/// Whom tokens for this server are meant for.
pub(super) fn audiences() -> [String; 1] {
    [ISSUER.to_owned()]
}

/// What clients need to verify tokens themselves.
pub(crate) fn openid_configuration() -> Value {
    json!({
        "issuer": ISSUER,
        "jwks_uri": format!("{ISSUER}/openid/v1/jwks"),
        "response_types_supported": ["id_token"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["ES256"],
    })
}

/// What a token says of itself.
#[derive(Debug, Deserialize)]
struct Claims {
    aud: Vec<String>,
    exp: i64,
    nbf: i64,
    #[serde(default)]
    jti: String,
    #[serde(rename = "kubernetes.io")]
    private: PrivateClaims,
}

#[derive(Debug, Deserialize)]
struct PrivateClaims {
    namespace: String,
    serviceaccount: Reference,
    pod: Option<Reference>,
    secret: Option<Reference>,
    node: Option<Reference>,
}

/// An object, and no other that has its name.
#[derive(Clone, Debug, Deserialize)]
struct Reference {
    name: String,
    uid: String,
}

/// Whose token this is, if it is one of a service account, meant for one of the audiences, and good at the moment.
pub(super) fn authenticate(
    world: &World,
    token: &str,
    audiences: &[String],
) -> Option<Authenticated> {
    let claims = world.access.issuer.verify(token)?;
    let claims: Claims = serde_json::from_value(claims).ok()?;
    let now = world.clock.now().as_second();
    if now < claims.nbf || now >= claims.exp {
        return None;
    }
    let audiences = audiences.iter().filter(|one| claims.aud.contains(one));
    let audiences: Vec<_> = audiences.cloned().collect();
    let bound = &claims.private;
    let namespace = bound.namespace.as_str();
    let is_there = |plural: &str, namespace: &str, reference: &Option<Reference>| {
        let reference = reference.as_ref();
        reference.is_none_or(|one| find(world, plural, namespace, &one.name, &one.uid).is_some())
    };
    let is_good = !audiences.is_empty()
        && is_there(
            "serviceaccounts",
            namespace,
            &Some(bound.serviceaccount.clone()),
        )
        && is_there("pods", namespace, &bound.pod)
        && is_there("secrets", namespace, &bound.secret)
        && (bound.pod.is_some() || is_there("nodes", "", &bound.node));
    is_good.then(|| Authenticated {
        user: claims.user(),
        audiences,
    })
}

impl Claims {
    fn user(&self) -> User {
        let private = &self.private;
        let account = &private.serviceaccount;
        let mut user =
            User::service_account(&private.namespace, &account.name).uid(account.uid.as_str());
        if !self.jti.is_empty() {
            let id = format!("JTI={}", self.jti);
            user = user.extra("authentication.kubernetes.io/credential-id", id);
        }
        for (what, reference) in [("node", &private.node), ("pod", &private.pod)] {
            if let Some(reference) = reference {
                let key = |field| format!("authentication.kubernetes.io/{what}-{field}");
                user = user.extra(key("name"), reference.name.as_str());
                user = user.extra(key("uid"), reference.uid.as_str());
            }
        }
        user
    }
}

/// Answers a POST to the `token` subresource of a service account.
///
/// # Errors
///
/// 404 for an account, or an object to bind the token to, that is not there; 422 for a lifetime that is out of bounds; 400 and 409 for
/// objects that cannot be bound to.
pub(crate) fn request_token(world: &World, request: ApiRequest) -> Result<Answer, Failure> {
    let Operation::Create { mut body, .. } = request.operation else {
        return Err(failure::method_not_allowed());
    };
    body.retain(|_, value| !value.is_null());
    Schema::of_built_in(GROUP, "v1", "TokenRequest")
        .settle(&mut body)
        .map_err(|error| {
            failure::bad_request(format!(
                "TokenRequest in version \"v1\" cannot be handled as a TokenRequest: {error}"
            ))
        })?;
    let namespace = request.namespace.as_deref().unwrap_or_default();
    check_place(&body, namespace, &request.name)?;
    let account = find(world, "serviceaccounts", namespace, &request.name, "")
        .ok_or_else(|| failure::not_found(&request.resource, &request.name))?;
    let issue = Issue {
        world,
        namespace,
        account: account.content().name(),
        uid: account.content().uid(),
    };
    let content = Content::new(issue.answer(body)?, Vec::new());
    let types = Types::new(GROUP, "v1", "TokenRequest");
    Ok(Answer::created(types, Object::unstored(content)))
}

/// A token to be issued.
struct Issue<'a> {
    world: &'a World,
    namespace: &'a str,
    account: &'a str,
    uid: &'a str,
}

impl Issue<'_> {
    fn answer(&self, mut body: Document) -> Result<Document, Failure> {
        let now = self.world.clock.now();
        let spec = meta::member(&mut body, "spec");
        let seconds = spec.get("expirationSeconds").and_then(Value::as_i64);
        let seconds = seconds.unwrap_or(60 * 60);
        check_lifetime(seconds)?;
        let mut audiences = texts(spec.get("audiences"));
        if audiences.is_empty() {
            audiences = audiences_of_server();
        }
        let reference = spec.get("boundObjectRef").cloned().unwrap_or_default();
        let bound = self.bound(&reference)?;
        spec.insert("audiences".to_owned(), json!(audiences));
        spec.insert("expirationSeconds".to_owned(), seconds.into());
        spec.insert("boundObjectRef".to_owned(), reference);
        let expires = now
            .checked_add(SignedDuration::from_secs(seconds))
            .map_err(|_| failure::unexpected("the token would never expire"))?;
        let token = self
            .world
            .access
            .issuer
            .sign(&self.claims(now, expires, &audiences, bound))
            .ok_or_else(|| failure::unexpected("failed to generate token"))?;
        let status = json!({"token": token, "expirationTimestamp": meta::time(expires)});
        body.insert("status".to_owned(), status);
        let metadata = meta::of_mut(&mut body);
        for (field, value) in [
            ("name", Value::from(self.account)),
            ("namespace", self.namespace.into()),
            ("uid", self.uid.into()),
            ("creationTimestamp", meta::time(now)),
        ] {
            metadata.insert(field.to_owned(), value);
        }
        Ok(body)
    }

    fn claims(
        &self,
        now: Timestamp,
        expires: Timestamp,
        audiences: &[String],
        bound: BTreeMap<&'static str, Value>,
    ) -> Value {
        let mut private = json!({
            "namespace": self.namespace,
            "serviceaccount": {"name": self.account, "uid": self.uid},
        });
        for (what, reference) in bound {
            private[what] = reference;
        }
        json!({
            "iss": ISSUER,
            "sub": User::service_account(self.namespace, self.account).name,
            "aud": audiences,
            "iat": now.as_second(),
            "nbf": now.as_second(),
            "exp": expires.as_second(),
            "jti": self.world.ids.uid(),
            "kubernetes.io": private,
        })
    }

    /// What the token is bound to, by kind: the object, and for a pod the node that it runs on.
    fn bound(&self, reference: &Value) -> Result<BTreeMap<&'static str, Value>, Failure> {
        let mut bound = BTreeMap::new();
        let text = |field: &str| reference[field].as_str().unwrap_or_default();
        if !reference.is_object() {
            return Ok(bound);
        }
        let (what, plural, namespace) = match (text("apiVersion"), text("kind")) {
            ("v1", "Pod") => ("pod", "pods", self.namespace),
            ("v1", "Secret") => ("secret", "secrets", self.namespace),
            ("v1", "Node") => ("node", "nodes", ""),
            (version, kind) => {
                return Err(failure::bad_request(format!(
                    "cannot bind token to object of type {version}, Kind={kind}"
                )));
            }
        };
        let name = text("name");
        let found = find(self.world, plural, namespace, name, "")
            .ok_or_else(|| not_found(self.world, plural, name))?;
        if what == "pod" {
            self.check_pod(&found, &mut bound)?;
        }
        let uid = found.content().uid();
        if !text("uid").is_empty() && text("uid") != uid {
            return Err(other_object(text("kind"), name, text("uid"), uid));
        }
        bound.insert(what, json!({"name": name, "uid": uid}));
        Ok(bound)
    }

    /// The pod must run as the account. Its node is in the token as well.
    fn check_pod(
        &self,
        pod: &Object,
        bound: &mut BTreeMap<&'static str, Value>,
    ) -> Result<(), Failure> {
        let document = Value::Object(pod.document());
        let runs_as = document["spec"]["serviceAccountName"]
            .as_str()
            .unwrap_or_default();
        if runs_as != self.account {
            return Err(failure::bad_request(format!(
                "cannot bind token for serviceaccount {:?} to pod running with different serviceaccount name.",
                self.account
            )));
        }
        let node = document["spec"]["nodeName"].as_str().unwrap_or_default();
        if let Some(node) = find(self.world, "nodes", "", node, "") {
            let content = node.content();
            let node = json!({"name": content.name(), "uid": content.uid()});
            bound.insert("node", node);
        }
        Ok(())
    }
}

/// A request that says which account it is for means the one in its path.
fn check_place(body: &Document, namespace: &str, name: &str) -> Result<(), Failure> {
    for (field, wanted) in [("name", name), ("namespace", namespace)] {
        let written = meta::text(meta::of(body), field);
        if !written.is_empty() && written != wanted {
            let detail = format!("must match the service account {field} if specified");
            let error = FieldError::invalid(format!("metadata.{field}"), written, detail);
            let errors = FieldErrors::from(error);
            return Err(failure::invalid_kind(GROUP, "TokenRequest", name, errors));
        }
    }
    Ok(())
}

fn check_lifetime(seconds: i64) -> Result<(), Failure> {
    let problem = match seconds {
        ..SHORTEST => "may not specify a duration less than 10 minutes",
        SHORTEST..=LONGEST => return Ok(()),
        _ => "may not specify a duration larger than 2^32 seconds",
    };
    let error = FieldError::invalid("spec.expirationSeconds", seconds, problem);
    Err(failure::invalid_kind(
        GROUP,
        "TokenRequest",
        "",
        FieldErrors::from(error),
    ))
}

fn audiences_of_server() -> Vec<String> {
    audiences().to_vec()
}

fn texts(list: Option<&Value>) -> Vec<String> {
    let items = list.and_then(Value::as_array).into_iter().flatten();
    items
        .filter_map(|item| item.as_str().map(str::to_owned))
        .collect()
}

/// An object of the core group; with a uid only if it is still that one.
fn find(world: &World, plural: &str, namespace: &str, name: &str, uid: &str) -> Option<Object> {
    let key = match namespace {
        "" => name.to_owned(),
        namespace => format!("{namespace}/{name}"),
    };
    let found = world.store.get(&StorageKey::new("", plural), &key)?;
    (uid.is_empty() || found.content().uid() == uid).then_some(found)
}

fn not_found(world: &World, plural: &str, name: &str) -> Failure {
    match world.registry.snapshot().resource("", "v1", plural) {
        Some(resource) => failure::not_found(resource, name),
        None => failure::resource_not_found(),
    }
}

fn other_object(kind: &str, name: &str, wanted: &str, found: &str) -> Failure {
    failure::bound_to_another(
        kind,
        name,
        format!(
            "the UID in the bound object reference ({wanted}) does not match the UID in record. The object might have been deleted and then recreated ({found})"
        ),
    )
}
