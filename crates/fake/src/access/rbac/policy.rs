//! The access rules as they are stored, decoded once and kept until they change.

use std::collections::{BTreeMap, HashMap};

use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector as MetaSelector;
use kubekit_core::LabelSelector;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::rule::Rule;
use crate::access::user::{User, account_of};
use crate::object::Object;
use crate::registry::StorageKey;
use crate::store::{Range, Store};

pub(in crate::access) const GROUP: &str = "rbac.authorization.k8s.io";

/// All roles and bindings at one moment.
#[derive(Debug, Default)]
pub(super) struct Policy {
    /// Aggregated roles have the rules of those they are made of.
    cluster_roles: HashMap<String, Vec<Rule>>,
    /// By `namespace/name`.
    roles: HashMap<String, Vec<Rule>>,
    cluster_bindings: Vec<Binding>,
    /// By namespace.
    bindings: BTreeMap<String, Vec<Binding>>,
}

/// A rule that a user has, and from where; or why the rules of a binding could not be found.
pub(super) type Grant<'a> = Result<(&'a Rule, Source<'a>), String>;

/// What gives a user a rule.
#[derive(Clone, Copy, Debug)]
pub(super) struct Source<'a> {
    binding: &'a Binding,
    subject: &'a Subject,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Binding {
    #[serde(skip)]
    name: String,
    #[serde(skip)]
    namespace: String,
    role_ref: RoleRef,
    #[serde(default, deserialize_with = "or_default")]
    subjects: Vec<Subject>,
}

/// What a binding refers to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(super) struct RoleRef {
    pub(super) kind: String,
    pub(super) name: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Subject {
    kind: String,
    name: String,
    namespace: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Role {
    #[serde(deserialize_with = "or_default")]
    rules: Vec<Rule>,
    aggregation_rule: Option<AggregationRule>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct AggregationRule {
    #[serde(deserialize_with = "or_default")]
    cluster_role_selectors: Vec<MetaSelector>,
}

impl Policy {
    /// Where the objects are that a policy is made of.
    pub(super) fn storages() -> [StorageKey; 4] {
        [
            "clusterroles",
            "roles",
            "clusterrolebindings",
            "rolebindings",
        ]
        .map(|plural| StorageKey::new(GROUP, plural))
    }

    /// Reads all roles and bindings. What does not decode allows nothing.
    pub(super) fn read(store: &Store) -> Policy {
        let [cluster_roles, roles, cluster_bindings, bindings] =
            Self::storages().map(|storage| objects(store, &storage));
        let mut policy = Policy {
            cluster_roles: aggregate(&cluster_roles),
            ..Policy::default()
        };
        for object in &roles {
            let role: Option<Role> = decode(object);
            let rules = role.unwrap_or_default().rules;
            let key = object.content().key().to_owned();
            policy.roles.insert(key, rules);
        }
        policy.cluster_bindings = cluster_bindings.iter().filter_map(Binding::read).collect();
        for binding in bindings.iter().filter_map(Binding::read) {
            let namespace = binding.namespace.clone();
            policy.bindings.entry(namespace).or_default().push(binding);
        }
        policy
    }

    /// The rules that a user has in a namespace, or in the cluster if it is empty.
    pub(super) fn grants<'a>(
        &'a self,
        user: &'a User,
        namespace: &str,
    ) -> impl Iterator<Item = Grant<'a>> {
        let here = self.bindings.get(namespace).into_iter().flatten();
        let bindings = self.cluster_bindings.iter().chain(here);
        bindings.flat_map(move |binding| self.granted(binding, user))
    }

    /// The rules that a role has.
    ///
    /// # Errors
    ///
    /// Fails with the words of the API server if there is no such role.
    pub(super) fn rules(&self, role: &RoleRef, namespace: &str) -> Result<&[Rule], String> {
        let found = match role.kind.as_str() {
            "Role" => self.roles.get(&format!("{namespace}/{}", role.name)),
            "ClusterRole" => self.cluster_roles.get(&role.name),
            kind => return Err(format!("unsupported role reference kind: {kind:?}")),
        };
        found.map(Vec::as_slice).ok_or_else(|| {
            let resource = role.kind.to_lowercase();
            format!("{resource}.{GROUP} {:?} not found", role.name)
        })
    }

    fn granted<'a>(&'a self, binding: &'a Binding, user: &'a User) -> Vec<Grant<'a>> {
        let Some(subject) = binding.subject(user) else {
            return Vec::new();
        };
        match self.rules(&binding.role_ref, &binding.namespace) {
            Ok(rules) => {
                let source = Source { binding, subject };
                rules.iter().map(|rule| Ok((rule, source))).collect()
            }
            Err(problem) => vec![Err(problem)],
        }
    }
}

impl Binding {
    fn read(object: &Object) -> Option<Binding> {
        let mut binding: Binding = decode(object)?;
        binding.name = object.content().name().to_owned();
        binding.namespace = object.content().namespace().to_owned();
        Some(binding)
    }

    /// The subject that is this user.
    fn subject(&self, user: &User) -> Option<&Subject> {
        let mut subjects = self.subjects.iter();
        subjects.find(|subject| match subject.kind.as_str() {
            "User" => subject.name == user.name,
            "Group" => user.is_in(&subject.name),
            "ServiceAccount" => {
                let namespace = subject.namespace_in(&self.namespace);
                account_of(&user.name) == Some((namespace, subject.name.as_str()))
            }
            _ => false,
        })
    }
}

impl Subject {
    /// An account without a namespace is one of that of the binding.
    fn namespace_in<'a>(&'a self, binding: &'a str) -> &'a str {
        match self.namespace.as_str() {
            "" => binding,
            namespace => namespace,
        }
    }
}

/// As reviews show it: `RoleBinding "readers/default" of Role "reader" to User "jane"`.
impl std::fmt::Display for Source<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Binding {
            name,
            namespace,
            role_ref,
            ..
        } = self.binding;
        match namespace.as_str() {
            "" => write!(f, "ClusterRoleBinding {name:?}")?,
            namespace => write!(f, "RoleBinding {:?}", format!("{name}/{namespace}"))?,
        }
        write!(f, " of {} {:?} to ", role_ref.kind, role_ref.name)?;
        let subject = self.subject;
        match subject.kind.as_str() {
            "ServiceAccount" => {
                let namespace = subject.namespace_in(namespace);
                write!(
                    f,
                    "ServiceAccount {:?}",
                    format!("{}/{namespace}", subject.name)
                )
            }
            kind => write!(f, "{kind} {:?}", subject.name),
        }
    }
}

fn objects(store: &Store, storage: &StorageKey) -> Vec<Object> {
    let page = store.page(storage, Range::default(), |_| true);
    page.map_or_else(|_| Vec::new(), |page| page.items)
}

fn decode<T: DeserializeOwned>(object: &Object) -> Option<T> {
    serde_json::from_value(Value::Object(object.document())).ok()
}

/// The rules of cluster roles: their own, and those of the roles that they are aggregated of, and so on.
fn aggregate(objects: &[Object]) -> HashMap<String, Vec<Rule>> {
    let roles = objects.iter().map(|object| {
        let role: Role = decode(object).unwrap_or_default();
        (object, selectors(&role), role.rules)
    });
    let roles: Vec<_> = roles.collect();
    let rules = (0..roles.len()).map(|index| {
        let mut parts = vec![index];
        let mut at = 0;
        while let Some(&part) = parts.get(at) {
            for (other, (object, ..)) in roles.iter().enumerate() {
                let labels = object.content().labels();
                let selected = roles[part]
                    .1
                    .iter()
                    .any(|selector| selector.matches(labels));
                if selected && !parts.contains(&other) {
                    parts.push(other);
                }
            }
            at += 1;
        }
        let rules = parts
            .into_iter()
            .flat_map(|part| roles[part].2.iter().cloned());
        (roles[index].0.content().name().to_owned(), rules.collect())
    });
    rules.collect()
}

fn selectors(role: &Role) -> Vec<LabelSelector> {
    let rule = role.aggregation_rule.iter();
    let selectors = rule.flat_map(|rule| &rule.cluster_role_selectors);
    selectors
        .filter_map(|selector| LabelSelector::try_from(selector).ok())
        .collect()
}

/// Lists may be null.
fn or_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: serde::Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Option::<T>::deserialize(deserializer).map(Option::unwrap_or_default)
}
