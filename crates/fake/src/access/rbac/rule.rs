//! What one rule of a role allows.

use serde::{Deserialize, Serialize};

use crate::access::attributes::{Attributes, ResourceTarget, Target};

/// A rule, as in `rules` of roles. What is absent is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Rule {
    pub(crate) verbs: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) api_groups: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) resources: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) resource_names: Vec<String>,
    #[serde(rename = "nonResourceURLs", skip_serializing_if = "Vec::is_empty")]
    pub(crate) urls: Vec<String>,
}

impl Rule {
    /// All that can be allowed: every resource and every path.
    pub(crate) fn everything() -> [Rule; 2] {
        let all = || vec!["*".to_owned()];
        let resources = Rule {
            verbs: all(),
            api_groups: all(),
            resources: all(),
            ..Rule::default()
        };
        let paths = Rule {
            verbs: all(),
            urls: all(),
            ..Rule::default()
        };
        [resources, paths]
    }

    /// Whether it allows this.
    pub(crate) fn allows(&self, attributes: &Attributes) -> bool {
        has(&self.verbs, &attributes.verb)
            && match &attributes.target {
                Target::Resource(target) => self.reaches(target),
                Target::Path(path) => self.urls.iter().any(|url| reaches_path(url, path)),
            }
    }

    /// Whether it is about this resource.
    fn reaches(&self, target: &ResourceTarget) -> bool {
        has(&self.api_groups, &target.group)
            && self.reaches_resource(&target.combined(), &target.subresource)
            && (self.resource_names.is_empty() || self.resource_names.contains(&target.name))
    }

    fn reaches_resource(&self, combined: &str, subresource: &str) -> bool {
        self.resources.iter().any(|resource| {
            resource == "*"
                || resource == combined
                || (!subresource.is_empty() && resource.strip_prefix("*/") == Some(subresource))
        })
    }

    /// Whether everything that `other` allows is allowed by this. `other` is [`simple`](Rule::simple).
    fn covers(&self, other: &Rule) -> bool {
        let all = |ours: &[String], theirs: &[String]| theirs.iter().all(|one| has(ours, one));
        if !all(&self.verbs, &other.verbs) {
            return false;
        }
        if !other.urls.is_empty() {
            let covered = |path: &String| self.urls.iter().any(|url| reaches_path(url, path));
            return other.urls.iter().all(covered);
        }
        let names = &self.resource_names;
        all(&self.api_groups, &other.api_groups)
            && other.resources.iter().all(|resource| {
                let subresource = resource.split_once('/').map_or("", |(_, sub)| sub);
                self.reaches_resource(resource, subresource)
            })
            && (names.is_empty()
                || (!other.resource_names.is_empty()
                    && other.resource_names.iter().all(|name| names.contains(name))))
    }

    /// Rules that allow the same together, each of which has one verb and one thing.
    fn simple(&self) -> Vec<Rule> {
        let mut simple = Vec::new();
        let one = |text: &String| vec![text.clone()];
        for url in &self.urls {
            simple.extend(self.verbs.iter().map(|verb| Rule {
                verbs: one(verb),
                urls: one(url),
                ..Rule::default()
            }));
        }
        // A rule without names is about all names, which is one simple rule and not none.
        let names: Vec<Vec<String>> = match self.resource_names.is_empty() {
            true => vec![Vec::new()],
            false => self.resource_names.iter().map(one).collect(),
        };
        for group in &self.api_groups {
            for resource in &self.resources {
                for name in &names {
                    simple.extend(self.verbs.iter().map(|verb| Rule {
                        verbs: one(verb),
                        api_groups: one(group),
                        resources: one(resource),
                        resource_names: name.clone(),
                        urls: Vec::new(),
                    }));
                }
            }
        }
        simple
    }

    /// As messages show it: `{APIGroups:[""], Resources:["pods"], Verbs:["get"]}`.
    fn show(&self) -> String {
        let parts = [
            ("APIGroups", &self.api_groups),
            ("Resources", &self.resources),
            ("NonResourceURLs", &self.urls),
            ("ResourceNames", &self.resource_names),
            ("Verbs", &self.verbs),
        ];
        let parts = parts.into_iter().filter(|(_, texts)| !texts.is_empty());
        let parts: Vec<_> = parts
            .map(|(name, texts)| format!("{name}:{}", quoted(texts)))
            .collect();
        format!("{{{}}}", parts.join(", "))
    }
}

/// What `wanted` allows and `owned` does not, as messages show it; empty if there is nothing.
pub(crate) fn missing(owned: &[Rule], wanted: &[Rule]) -> Vec<String> {
    let simple = wanted.iter().flat_map(Rule::simple);
    let uncovered = simple.filter(|rule| !owned.iter().any(|owned| owned.covers(rule)));
    let mut merged: Vec<Rule> = Vec::new();
    for rule in uncovered {
        let same = |known: &&mut Rule| {
            known.api_groups == rule.api_groups
                && known.resources == rule.resources
                && known.resource_names == rule.resource_names
                && known.urls == rule.urls
        };
        // Paths stay apart, as in the API server.
        match merged
            .iter_mut()
            .find(same)
            .filter(|_| rule.urls.is_empty())
        {
            Some(known) => known.verbs.extend(rule.verbs),
            None => merged.push(rule),
        }
    }
    let mut shown: Vec<_> = merged.iter().map(Rule::show).collect();
    shown.sort();
    shown.dedup();
    shown
}

/// `["a" "b"]`.
pub(crate) fn quoted(texts: &[String]) -> String {
    let texts: Vec<_> = texts.iter().map(|text| format!("{text:?}")).collect();
    format!("[{}]", texts.join(" "))
}

fn has(known: &[String], wanted: &str) -> bool {
    known.iter().any(|one| one == "*" || one == wanted)
}

fn reaches_path(url: &str, path: &str) -> bool {
    match url.strip_suffix('*') {
        Some(prefix) => path.starts_with(prefix),
        None => url == path,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::json;

    use super::*;
    use crate::access::User;

    fn rule(rule: serde_json::Value) -> Rule {
        serde_json::from_value(rule).expect("a rule")
    }

    fn on(verb: &str, target: ResourceTarget) -> Attributes {
        Attributes::on(&Arc::new(User::new("jane")), verb, target)
    }

    #[test]
    fn a_resource_is_not_its_subresources() {
        let pods = ResourceTarget::new("", "pods");
        let pods_only = rule(json!({"apiGroups": [""], "resources": ["pods"], "verbs": ["get"]}));
        assert!(pods_only.allows(&on("get", pods.clone())));
        assert!(!pods_only.allows(&on("get", pods.clone().subresource("log"))));
        assert!(!pods_only.allows(&on("list", pods.clone())));
        let logs = rule(json!({"apiGroups": ["*"], "resources": ["*/log"], "verbs": ["*"]}));
        assert!(logs.allows(&on("get", pods.clone().subresource("log"))));
        assert!(!logs.allows(&on("get", pods.clone())));
        let all = rule(json!({"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]}));
        assert!(all.allows(&on("get", pods.subresource("log"))));
    }

    #[test]
    fn names_leave_collections_out() {
        let one = rule(json!({
            "apiGroups": [""], "resources": ["secrets"], "resourceNames": ["one"], "verbs": ["get", "list"],
        }));
        let secrets = ResourceTarget::new("", "secrets");
        assert!(one.allows(&on("get", secrets.clone().name("one"))));
        assert!(!one.allows(&on("get", secrets.clone().name("two"))));
        assert!(!one.allows(&on("list", secrets)));
    }

    #[test]
    fn paths_end_with_a_star() {
        let api = rule(json!({"nonResourceURLs": ["/api/*", "/version"], "verbs": ["get"]}));
        let get = |path: &str| Attributes {
            target: Target::Path(path.to_owned()),
            ..on("get", ResourceTarget::default())
        };
        assert!(api.allows(&get("/api/v1")));
        assert!(api.allows(&get("/version")));
        assert!(!api.allows(&get("/version/")));
        assert!(!api.allows(&get("/api")));
    }

    #[test]
    fn what_is_missing_is_shown_by_resource() {
        let owned = [rule(
            json!({"apiGroups": [""], "resources": ["pods"], "verbs": ["get"]}),
        )];
        let wanted = [
            rule(
                json!({"apiGroups": [""], "resources": ["pods"], "verbs": ["get", "list", "watch"]}),
            ),
            rule(json!({"nonResourceURLs": ["/metrics"], "verbs": ["get"]})),
        ];
        assert_eq!(
            missing(&owned, &wanted),
            [
                r#"{APIGroups:[""], Resources:["pods"], Verbs:["list" "watch"]}"#,
                r#"{NonResourceURLs:["/metrics"], Verbs:["get"]}"#,
            ]
        );
        assert!(missing(&owned, &owned).is_empty());
    }

    #[test]
    fn rules_for_names_do_not_cover_rules_for_all() {
        let some = [rule(json!({
            "apiGroups": [""], "resources": ["pods"], "resourceNames": ["a"], "verbs": ["get"],
        }))];
        let all = [rule(
            json!({"apiGroups": [""], "resources": ["pods"], "verbs": ["get"]}),
        )];
        assert!(missing(&all, &some).is_empty());
        assert_eq!(missing(&some, &all).len(), 1);
    }
}
