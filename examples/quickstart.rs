//! A controller from end to end: informers, a work queue and workers that turn websites into ConfigMaps and Deployments.
//!
//! `cargo run --example quickstart` runs it on the embedded API server; `--help` says what else it can do.

#[path = "quickstart/controller.rs"]
mod controller;
#[path = "quickstart/prepare.rs"]
mod prepare;
#[path = "quickstart/reconcile.rs"]
mod reconcile;
#[path = "quickstart/report.rs"]
mod report;
#[path = "quickstart/story.rs"]
mod story;

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser;
use kubekit_core::Namespace;
use kubekit_examples::cluster::Cluster;
use kubekit_examples::manifests;
use kubekit_examples::narrator::Narrator;
use kubekit_examples::stand_in;
use kubekit_examples::website::Website;
use tokio_util::task::AbortOnDropHandle;

use crate::controller::Controller;
use crate::story::Story;

/// Runs a controller that turns websites into ConfigMaps and Deployments, and shows what it does.
#[derive(Parser)]
struct Args {
    /// Run against the cluster of this kubeconfig instead of the embedded API server.
    #[arg(long, value_name = "PATH")]
    kubeconfig: Option<PathBuf>,
    /// The context of the kubeconfig to use instead of its current one.
    #[arg(long, value_name = "NAME", requires = "kubeconfig")]
    context: Option<String>,
    /// Create so many websites more, and show progress instead of each step.
    #[arg(long, value_name = "N", default_value_t = 0)]
    objects: usize,
    /// How many websites are reconciled at the same time.
    #[arg(long, value_name = "N", default_value_t = 4)]
    workers: usize,
    /// Keep running until Ctrl-C, to look at it with kubectl.
    #[arg(long)]
    serve: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(&Args::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(args: &Args) -> anyhow::Result<()> {
    let cluster = Cluster::connect(args.kubeconfig.as_deref(), args.context.as_deref()).await?;
    let namespace = Namespace::new("kubekit-quickstart");
    let client = &cluster.client;
    let whose = if cluster.is_embedded() {
        "embedded in this process"
    } else {
        "of a cluster"
    };
    println!("API server   {} ({whose})", cluster.url);
    println!(
        "controller   {} workers turn websites into ConfigMaps and Deployments",
        args.workers
    );
    prepare::prepare(client, &namespace).await?;

    // A cluster makes Deployments run; an API server alone needs somebody to say that they do.
    let _stand_in = cluster.is_embedded().then(|| {
        AbortOnDropHandle::new(tokio::spawn(stand_in::run_deployments(
            client.clone(),
            namespace.clone(),
        )))
    });

    let mut websites: Vec<Website> = manifests::load("websites.yaml")?;
    websites.extend(
        (1..=args.objects)
            .map(|n| Website::new(format!("site-{n:05}"), format!("<h1>Site {n}</h1>"), 1)),
    );
    let narrator = Arc::new(match args.objects {
        0 => Narrator::detailed(),
        _ => Narrator::with_progress(websites.len() as u64),
    });
    let controller = Controller::start(client, &namespace, args.workers, &narrator).await?;
    let story = Story {
        client,
        namespace: &namespace,
        controller: &controller,
        narrator: &narrator,
    };
    story.create(websites).await?;
    story.scale("shop", 5).await?;
    story.publish("home", "<h1>Welcome back</h1>").await?;
    story.sabotage("blog").await?;
    story.publish("draft", "<h1>At last</h1>").await?;
    story.delete("blog").await?;

    if args.serve {
        let kubectl = cluster.kubectl();
        narrator.finish(format_args!(
            "\nlook at it:  {kubectl} --namespace {} get websites,deployments,configmaps",
            namespace.name()
        ));
        println!(
            "change it:   {kubectl} --namespace {} patch website shop --type=merge -p '{{\"spec\":{{\"replicas\":1}}}}'",
            namespace.name()
        );
        println!("end it:      Ctrl-C");
        tokio::signal::ctrl_c().await?;
    }
    if !cluster.is_embedded() {
        story.delete_all().await?;
    }
    narrator.finish(report::table(&controller));
    controller.shutdown().await;
    if !cluster.is_embedded() {
        prepare::clean_up(client, &namespace).await?;
    }
    cluster.shutdown().await;
    Ok(())
}
