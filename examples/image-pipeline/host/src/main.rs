//! `image-pipeline IN OUT --plugin FILE…` runs a picture through plugins and writes what comes out.

mod arguments;
mod failure;
mod picture;

use std::io::IsTerminal as _;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::Context as _;
use clap::Parser as _;
use plug_host::{Artifact, Host, Limits, MIB};

use crate::arguments::Arguments;

plug_host::world! {
    /// What a plugin of this program is.
    pub Filter: "../wit",
    world = "acme:images/filter",
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    show_log();
    match run(&arguments).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => failure::report(&error),
    }
}

async fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let steps = arguments.steps()?;
    let mut image = picture::read(&arguments.input)?;
    println!("{}: {}", arguments.input.display(), picture::size(&image));

    // Large pictures need more than plugins have by default.
    let limits = Limits::default().memory(768 * MIB).transfer(512 * MIB);
    let mut host = Host::<Filter>::builder().limits(limits);
    for step in &steps {
        host = host.config(&step.name, step.config.clone());
    }
    let host = host.build()?;
    // All are loaded before the first one runs: one that is refused costs no work.
    let mut plugins = Vec::new();
    for step in &steps {
        plugins.push(host.load(&step.name, Artifact::from_file(&step.file)?).await?);
    }
    for plugin in plugins {
        let start = Instant::now();
        let what = plugin.call(async |p, store| p.image_filter().call_describe(store).await).await?;
        image = plugin
            .try_call(async |p, store| p.image_filter().call_apply(store, &image, &arguments.options).await)
            .await?;
        picture::check(&image)
            .with_context(|| format!("plugin `{}` gave a broken picture", plugin.name()))?;
        let (size, time) = (picture::size(&image), start.elapsed());
        println!("{} {}: {size} in {time:.1?} ({what})", plugin.name(), plugin.metadata().version);
        host.unload(plugin.name()).await?;
    }

    picture::write(image, &arguments.output)?;
    println!("{}", arguments.output.display());
    Ok(())
}

/// What plugins log, and what the host says of them, goes to standard error. `RUST_LOG` chooses.
fn show_log() {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn,plug::plugin=info"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .without_time()
        .with_target(false)
        .init();
}
