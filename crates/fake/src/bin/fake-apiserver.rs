//! An embedded Kubernetes API server on a socket of this machine, for kubectl and clients in other languages.

use std::error::Error;
use std::io::Write;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use kubekit_fake::ApiServer;

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
    let server = ApiServer::builder().build();
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, arguments.port));
    let listening = server
        .listen(address)
        .await
        .map_err(|error| format!("cannot listen on {address}: {error}"))?;
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
