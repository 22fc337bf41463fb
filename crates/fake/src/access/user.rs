//! Who sends a request.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::meta;
use crate::request::Document;
use crate::strategy::NameRule;

/// The group of everyone who may do everything, whatever the access rules say.
pub(crate) const MASTERS: &str = "system:masters";
/// The group of everyone who has shown credentials.
pub(crate) const AUTHENTICATED: &str = "system:authenticated";
const UNAUTHENTICATED: &str = "system:unauthenticated";
const ANONYMOUS: &str = "system:anonymous";
const ACCOUNT_PREFIX: &str = "system:serviceaccount:";
const ACCOUNTS: &str = "system:serviceaccounts";

/// A user, as access rules and authorizers see it. Matches `user.Info` of the API server.
///
/// # Examples
///
/// ```
/// use kubekit_fake::User;
///
/// let jane = User::new("jane").group("devs");
/// assert_eq!(jane.groups, ["devs", "system:authenticated"]);
/// assert_eq!(User::admin().groups, ["system:masters", "system:authenticated"]);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct User {
    /// The name, such as `jane` or `system:serviceaccount:default:robot`.
    pub name: String,
    /// What tells the user from another one who had the name before; may be empty.
    pub uid: String,
    /// The groups, in the order in which the user's credentials have them.
    pub groups: Vec<String>,
    /// What else is known of the user.
    pub extra: BTreeMap<String, Vec<String>>,
}

impl User {
    /// A user of this name, in no group but `system:authenticated`.
    pub fn new(name: impl Into<String>) -> User {
        User {
            name: name.into(),
            groups: vec![AUTHENTICATED.to_owned()],
            ..User::default()
        }
    }

    /// The administrator: `admin` of `system:masters`, who may do everything.
    pub fn admin() -> User {
        User::new("admin").uid("admin").group(MASTERS)
    }

    /// Someone without credentials: `system:anonymous` of `system:unauthenticated`.
    pub fn anonymous() -> User {
        User {
            name: ANONYMOUS.to_owned(),
            groups: vec![UNAUTHENTICATED.to_owned()],
            ..User::default()
        }
    }

    /// A service account, in the groups that all service accounts are in.
    pub fn service_account(namespace: &str, name: &str) -> User {
        User {
            name: format!("{ACCOUNT_PREFIX}{namespace}:{name}"),
            groups: account_groups(namespace),
            ..User::default()
        }
        .authenticated()
    }

    /// Gives the user a uid.
    pub fn uid(mut self, uid: impl Into<String>) -> User {
        self.uid = uid.into();
        self
    }

    /// Puts the user in one more group. `system:authenticated` stays the last one.
    pub fn group(mut self, group: impl Into<String>) -> User {
        let group = group.into();
        if self.is_in(&group) {
            return self;
        }
        let last = self.groups.last().is_some_and(|last| last == AUTHENTICATED);
        let at = self.groups.len() - usize::from(last);
        self.groups.insert(at, group);
        self
    }

    /// Adds to what else is known of the user.
    pub fn extra(mut self, key: impl Into<String>, value: impl Into<String>) -> User {
        self.extra.entry(key.into()).or_default().push(value.into());
        self
    }

    /// Whether the user is in a group.
    pub fn is_in(&self, group: &str) -> bool {
        self.groups.iter().any(|known| known == group)
    }

    /// Whether the user has shown no credentials.
    pub(crate) fn is_anonymous(&self) -> bool {
        self.name == ANONYMOUS
    }

    /// Adds the group that everybody is in, with or without credentials.
    pub(crate) fn authenticated(self) -> User {
        let group = match self.is_anonymous() {
            true => UNAUTHENTICATED,
            false => AUTHENTICATED,
        };
        self.group(group)
    }

    /// `UserInfo`, as reviews show it.
    pub(crate) fn info(&self) -> Value {
        let mut info = Document::new();
        if !self.name.is_empty() {
            info.insert("username".to_owned(), self.name.as_str().into());
        }
        self.describe(&mut info);
        Value::Object(info)
    }

    /// Adds uid, groups and extra to a document, as far as there are any.
    pub(crate) fn describe(&self, document: &mut Document) {
        if !self.uid.is_empty() {
            document.insert("uid".to_owned(), self.uid.as_str().into());
        }
        if !self.groups.is_empty() {
            document.insert("groups".to_owned(), json!(self.groups));
        }
        if !self.extra.is_empty() {
            document.insert("extra".to_owned(), json!(self.extra));
        }
    }
}

/// The groups of the service accounts of a namespace.
pub(crate) fn account_groups(namespace: &str) -> Vec<String> {
    vec![ACCOUNTS.to_owned(), format!("{ACCOUNTS}:{namespace}")]
}

/// The namespace and the name of the service account that has this user name.
pub(crate) fn account_of(user: &str) -> Option<(&str, &str)> {
    let (namespace, name) = user.strip_prefix(ACCOUNT_PREFIX)?.split_once(':')?;
    let is = |text: &str, rule| meta::name_problems(text, rule).is_empty();
    (is(namespace, NameRule::Label) && is(name, NameRule::Subdomain)).then_some((namespace, name))
}

/// The name of the node that has this user name.
pub(crate) fn node_of(user: &str) -> Option<&str> {
    let name = user.strip_prefix("system:node:")?;
    meta::name_problems(name, NameRule::Subdomain)
        .is_empty()
        .then_some(name)
}
