//! `data-processor CSV --plugin FILE` has a plugin of the standard world process a table in batches.

mod batch;

use std::fs;
use std::io::IsTerminal as _;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use clap::Parser;
use plug_host::policy::{Entry, Policy};
use plug_host::{Artifact, ArtifactError, CallError, Host, LoadError, ProcessRequest, Standard};

/// Has a plugin process a table in batches, and prints its answers and its events.
///
/// Exit codes: 0 fine, 1 the table cannot be read or the plugin could not process it, 2 wrong usage,
/// 3 the plugin was refused or broke.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// A table: a head line, then rows.
    #[arg(value_name = "CSV")]
    table: PathBuf,

    /// A plugin of the standard world.
    #[arg(long, value_name = "FILE")]
    plugin: PathBuf,

    /// Configures the plugin: `column=temperature`.
    #[arg(long, value_name = "KEY=VALUE", value_parser = entry)]
    config: Vec<(String, String)>,

    /// Rows in a batch.
    #[arg(long, value_name = "ROWS", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..))]
    batch: u32,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    show_log();
    match run(&arguments).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => report(&error),
    }
}

async fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let table = fs::read_to_string(&arguments.table)
        .with_context(|| format!("the table {} cannot be read", arguments.table.display()))?;
    let name = arguments.plugin.file_stem().context("--plugin is no file")?.to_string_lossy();

    // a plugin may announce its batches, and do nothing else
    let entry = Entry::new().allow("events:emit=batch-done".parse()?);
    let policy = Policy::restricted().defaults(entry);
    let host = Host::<Standard>::builder().policy(policy).config(&*name, arguments.config.clone()).build()?;
    let mut events = host.events();
    let plugin = host.load(&name, Artifact::from_file(&arguments.plugin)?).await?;
    for batch in batch::batches(&table, arguments.batch as usize) {
        let request = ProcessRequest::new(batch.text).option("first-line", batch.first_line.to_string());
        let response = plugin.process(&request).await?;
        if !response.success {
            bail!("plugin `{name}` could not: {}", response.error_message.unwrap_or_default());
        }
        println!("line {}: {}", batch.first_line, response.output);
        while let Some(event) = events.try_next() {
            println!("  event {} of {}: {}", event.event_type, event.emitter, event.payload);
        }
    }
    host.unload(&name).await?;
    Ok(())
}

/// What the plugin logs, and what the host says of it, goes to standard error. `RUST_LOG` chooses.
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

fn report(error: &anyhow::Error) -> ExitCode {
    match error.downcast_ref::<CallError>() {
        // with what the plugin wrote last, and where it was
        Some(call) => eprintln!("error: {call:#}"),
        None => eprintln!("error: {error}"),
    }
    for cause in error.chain().skip(1) {
        eprintln!("  because: {cause}");
    }
    let code = error
        .downcast_ref()
        .map(CallError::code)
        .or_else(|| error.downcast_ref().map(LoadError::code))
        .or_else(|| error.downcast_ref().map(ArtifactError::code));
    match code {
        Some(code) => {
            eprintln!("`cargo plug explain {code}` tells more");
            ExitCode::from(3)
        }
        None => ExitCode::FAILURE,
    }
}

fn entry(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((key, value)) if !key.is_empty() => Ok((key.to_owned(), value.to_owned())),
        _ => Err("it has to be KEY=VALUE".to_owned()),
    }
}
