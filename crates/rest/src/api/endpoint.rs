//! Where the requests of an API go.

use std::sync::Arc;

use http::Method;
use kubekit_core::{ApiResource, Name, Scope};

use crate::error::Kind;
use crate::request::Segments;
use crate::request_info::Target;
use crate::{RequestBuilder, RequestInfo, RestClient};

#[derive(Clone, Debug)]
pub(crate) struct Endpoint {
    client: RestClient,
    resource: Arc<ApiResource>,
    namespace: Option<Arc<str>>,
    subresource: Option<Name>,
}

impl Endpoint {
    pub(crate) fn new(client: &RestClient, resource: ApiResource, scope: &impl Scope) -> Self {
        Self {
            client: client.clone(),
            resource: Arc::new(resource),
            namespace: scope.namespace().map(Into::into),
            subresource: None,
        }
    }

    /// Checks what the compiler cannot know of a resource that is a value.
    pub(crate) fn checked<S: Scope>(
        client: &RestClient,
        mut resource: ApiResource,
        scope: &S,
    ) -> Result<Self, Kind> {
        if resource.namespaced != S::NAMESPACED {
            let lives = if resource.namespaced { "in" } else { "outside" };
            return Err(Kind::config(format!(
                "{resource} live {lives} namespaces, and the scope is another one"
            )));
        }
        let mut segments = Segments::below(String::new());
        if !resource.group.is_empty() {
            segments = segments.push("group", &resource.group)?;
        }
        segments
            .push("version", &resource.version)?
            .push("plural name", &resource.plural)?;
        if resource.plural.chars().any(char::is_uppercase) {
            resource.plural = resource.plural.to_lowercase().into();
        }
        Ok(Self::new(client, resource, scope))
    }

    pub(crate) fn client(&self) -> &RestClient {
        &self.client
    }

    pub(crate) fn resource(&self) -> &ApiResource {
        &self.resource
    }

    pub(crate) fn namespace(&self) -> Option<&str> {
        self.namespace.as_deref()
    }

    /// Addresses a subresource of the objects.
    pub(crate) fn subresource(&self, name: Name) -> Self {
        Self {
            subresource: Some(name),
            ..self.clone()
        }
    }

    /// Starts a request to the collection.
    pub(crate) fn collection(&self, verb: &'static str, method: Method) -> RequestBuilder {
        self.request(verb, method, None)
    }

    /// Starts a request to an object.
    pub(crate) fn object(&self, verb: &'static str, method: Method, name: &str) -> RequestBuilder {
        self.request(verb, method, Some(name))
    }

    fn request(&self, verb: &'static str, method: Method, name: Option<&str>) -> RequestBuilder {
        let target = Target::Resource {
            resource: Arc::clone(&self.resource),
            namespace: self.namespace.clone(),
            name: name.map(Into::into),
            subresource: self.subresource.clone(),
        };
        let info = RequestInfo::new(verb, target);
        let mut request = RequestBuilder::new(&self.client, method, info);
        match self.path(name) {
            Ok(path) => request.path(path),
            Err(problem) => request.refuse(problem),
        }
        request
    }

    fn path(&self, name: Option<&str>) -> Result<String, Kind> {
        let mut segments = Segments::below(self.resource.group_version().api_path());
        if let Some(namespace) = self.namespace() {
            segments = segments
                .push("word", "namespaces")?
                .push("namespace", namespace)?;
        }
        segments = segments.push("plural name", &self.resource.plural)?;
        if let Some(name) = name {
            segments = segments.push("name", name)?;
            if let Some(subresource) = &self.subresource {
                segments = segments.push("subresource", subresource)?;
            }
        }
        Ok(segments.finish())
    }
}
