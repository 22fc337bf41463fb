//! Finding the API server that an example runs against.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use kubekit_config::{Config, Kubeconfig, Overrides};
use kubekit_fake::{ApiServer, Listening};
use kubekit_rest::RestClient;
use tempfile::TempDir;

/// An API server and a client for it.
#[derive(Debug)]
pub struct Cluster {
    /// The client.
    pub client: RestClient,
    /// The kubeconfig that the client was made from.
    pub kubeconfig: PathBuf,
    /// The context that was asked for.
    pub context: Option<String>,
    /// The URL of the server.
    pub url: String,
    embedded: Option<(Listening, TempDir)>,
}

impl Cluster {
    /// Connects to the cluster of a kubeconfig, or starts an API server in this process and connects to that.
    ///
    /// The embedded server listens on a socket and is reached through a kubeconfig, exactly like any other.
    pub async fn connect(kubeconfig: Option<&Path>, context: Option<&str>) -> anyhow::Result<Self> {
        match kubeconfig {
            Some(kubeconfig) => Self::of(kubeconfig.to_owned(), context, None),
            None => Self::embed().await,
        }
    }

    /// Says whether the API server runs in this process, without the controllers of a cluster around it.
    pub fn is_embedded(&self) -> bool {
        self.embedded.is_some()
    }

    /// Returns the beginning of a command that looks at this cluster.
    pub fn kubectl(&self) -> String {
        let context = self
            .context
            .as_ref()
            .map(|context| format!(" --context {context}"))
            .unwrap_or_default();
        format!(
            "kubectl --kubeconfig {}{context}",
            self.kubeconfig.display()
        )
    }

    /// Ends the embedded server, if there is one, after its open requests.
    pub async fn shutdown(self) {
        if let Some((server, _folder)) = self.embedded {
            server.shutdown().await;
        }
    }

    async fn embed() -> anyhow::Result<Self> {
        let server = ApiServer::builder().build();
        let listening = server
            .listen(([127, 0, 0, 1], 0))
            .await
            .context("cannot listen on the loopback interface")?;
        let folder = tempfile::Builder::new()
            .prefix("kubekit-")
            .tempdir()
            .context("cannot make a folder")?;
        let kubeconfig = folder.path().join("kubeconfig");
        listening
            .write_kubeconfig(&kubeconfig)
            .context("cannot write the kubeconfig")?;
        Self::of(kubeconfig, None, Some((listening, folder)))
    }

    fn of(
        kubeconfig: PathBuf,
        context: Option<&str>,
        embedded: Option<(Listening, TempDir)>,
    ) -> anyhow::Result<Self> {
        let mut overrides = Overrides::default();
        if let Some(context) = context {
            overrides = overrides.context(context);
        }
        let file = Kubeconfig::from_file(&kubeconfig)?;
        let config = Config::from_kubeconfig(&file, &overrides)?;
        let url = config.server.to_string().trim_end_matches('/').to_owned();
        let client = RestClient::new(&config)?;
        Ok(Self {
            client,
            kubeconfig,
            context: context.map(str::to_owned),
            url,
            embedded,
        })
    }
}
