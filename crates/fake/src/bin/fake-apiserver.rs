//! An embedded Kubernetes API server on a socket of this machine, for kubectl and clients in other languages.

use std::error::Error;
use std::io::Write;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;
use kubekit_fake::{ApiServer, AuthorizationMode, Listening, Tls, TokenTable};

/// Serves an embedded Kubernetes API server on 127.0.0.1 until Ctrl-C or SIGTERM.
#[derive(Debug, Parser)]
#[command(name = "fake-apiserver", version)]
struct Arguments {
    /// The port to listen on; 0 takes a free one.
    #[arg(long, value_name = "N", default_value_t = 0)]
    port: u16,

    /// Writes a kubeconfig for kubectl and other clients to this file.
    #[arg(long, value_name = "PATH")]
    write_kubeconfig: Option<PathBuf>,

    /// Knows the bearer tokens in this file: token,user,uid,"group1,group2" in each line. Without it, and without client certificates,
    /// everybody is the administrator.
    #[arg(long, value_name = "CSV")]
    token_auth_file: Option<PathBuf>,

    /// Who decides what a user may do: AlwaysAllow or RBAC.
    #[arg(long, value_name = "MODE", default_value = "AlwaysAllow")]
    authorization_mode: AuthorizationMode,

    /// Serves with TLS, with a certificate made for the occasion; its authority is in the kubeconfig.
    #[arg(long)]
    tls: bool,

    /// Knows users by certificates that an authority in this file has signed.
    #[arg(long, value_name = "PEM", requires = "tls")]
    client_ca_file: Option<PathBuf>,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(&Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("fake-apiserver: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    // Signals are caught before the URL is printed: who reads it may send one at once.
    let stop = stop_signal()?;
    let listening = listen(arguments, &server(arguments)?).await?;
    if let Some(path) = &arguments.write_kubeconfig {
        listening
            .write_kubeconfig(path)
            .map_err(|error| format!("cannot write the kubeconfig {}: {error}", path.display()))?;
    }
    // Who started the server may not listen to it.
    let _ = writeln!(std::io::stdout(), "{}", listening.url());
    stop.await;
    listening.shutdown().await;
    Ok(())
}

fn server(arguments: &Arguments) -> Result<ApiServer, Box<dyn Error>> {
    let mut builder = ApiServer::builder().authorization_mode(arguments.authorization_mode);
    if let Some(path) = &arguments.token_auth_file {
        let text = String::from_utf8(read(path)?)?;
        let tokens = TokenTable::parse(&text)
            .map_err(|error| format!("cannot use the tokens in {}: {error}", path.display()))?;
        builder = builder.tokens(tokens);
    }
    Ok(builder.build())
}

async fn listen(arguments: &Arguments, server: &ApiServer) -> Result<Listening, Box<dyn Error>> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, arguments.port));
    let listening = if arguments.tls {
        let mut tls = Tls::self_signed();
        if let Some(path) = &arguments.client_ca_file {
            tls = tls.client_ca(read(path)?);
        }
        server.listen_with_tls(address, &tls).await
    } else {
        server.listen(address).await
    };
    listening.map_err(|error| format!("cannot listen on {address}: {error}").into())
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    std::fs::read(path).map_err(|error| format!("cannot read {}: {error}", path.display()))
}

/// Starts to listen for the signals that end the server, and returns a future that waits for one.
#[cfg(unix)]
fn stop_signal() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};

    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

#[cfg(not(unix))]
fn stop_signal() -> std::io::Result<impl Future<Output = ()>> {
    Ok(async {
        let _ = tokio::signal::ctrl_c().await;
    })
}
