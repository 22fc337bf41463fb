//! A client of the server, without a socket in between.

use http::Uri;
use kubekit_config::Config;
use kubekit_rest::{ClientBuilder, RestClient};

use crate::server::ApiServer;

impl ApiServer {
    /// Returns a client of this server that needs no socket. Its layers (retries, headers, warnings) are those of every client.
    ///
    /// # Examples
    ///
    /// ```
    /// use k8s_openapi::api::core::v1::ConfigMap;
    /// use kubekit_core::Namespace;
    /// use kubekit_fake::ApiServer;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let client = ApiServer::new().client();
    /// let maps = client.api::<ConfigMap, _>(Namespace::new("default"));
    ///
    /// let mut map = ConfigMap::default();
    /// map.metadata.name = Some("settings".to_owned());
    /// let created = maps.create(&map).await?;
    /// assert!(created.metadata.uid.is_some());
    ///
    /// let again = maps.create(&map).await;
    /// assert!(again.unwrap_err().is_already_exists());
    /// # Ok(())
    /// # }
    /// ```
    pub fn client(&self) -> RestClient {
        self.client_builder()
            .build()
            .expect("a client without TLS and credentials can always be built")
    }

    /// Begins to make a client of this server, for who wants other layers or limits than [`client`](ApiServer::client) has.
    pub fn client_builder(&self) -> ClientBuilder {
        let config = Config::new(Uri::from_static("http://fake"));
        RestClient::builder(&config).transport(self.clone())
    }
}
