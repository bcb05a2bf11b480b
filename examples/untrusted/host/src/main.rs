//! `untrusted FOLDER` runs all plugins of a folder, most of which try something forbidden, and prints
//! what they tried and what became of it. With `--load`, all of them do so again and again, beside a good one
//! that is called all the while.

mod load;
mod stage;
mod store;
mod strangers;
mod table;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use plug_host::policy::Policy;
use plug_host::{Artifact, Host, PolicyEvent, PolicyEvents};

use crate::stage::Stage;
use crate::store::Store;
use crate::strangers::{GOOD, Stranger, strangers};
use crate::table::{Outcome, Table};

plug_host::world! {
    /// What a plugin of this program is.
    pub Runner: "../wit",
    world = "acme:errands/runner",
    capabilities = ["acme:errands/store"],
}

/// Runs all plugins of a folder and prints what they tried, and what became of it.
///
/// Exit codes: 0 nothing happened that must not, 1 something did or the program failed, 2 wrong usage.
/// With `--load`, a call of the good plugin that fails must not happen.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// A folder with plugins.
    #[arg(value_name = "FOLDER")]
    plugins: PathBuf,

    /// What they may do.
    #[arg(long, value_name = "FILE")]
    policy: PathBuf,

    /// Call the good plugin again and again, first alone, then while all others try again and again.
    #[arg(long)]
    load: bool,

    /// How long, each time.
    #[arg(long, value_name = "N", default_value_t = 60, requires = "load")]
    seconds: u64,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let ended = if arguments.load { under_load(&arguments).await } else { run(&arguments).await };
    match ended {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// A host for these plugins, under that policy.
fn host(
    arguments: &Arguments,
    plugins: &[Stranger],
    stage: &Stage,
    store: &Store,
) -> anyhow::Result<Host<Runner>> {
    // the folders of the policy are those of the stage
    let policy = Policy::from_file(&arguments.policy)?.base(stage.folder());
    let mut host = Host::<Runner>::builder().policy(policy).capability(store.clone());
    let home = stage.home()?.to_string();
    for plugin in plugins {
        let does = plugin.does.map(|does| ("does", does));
        host = host.config(&plugin.name, [("home", &*home), ("billing.key", "4711")].into_iter().chain(does));
    }
    Ok(host.build()?)
}

/// Whether all is as it should be afterwards.
async fn run(arguments: &Arguments) -> anyhow::Result<bool> {
    let plugins = strangers(&arguments.plugins)?;
    let (stage, store) = (Stage::set()?, Store::default());
    let host = host(arguments, &plugins, &stage, &store)?;
    let mut events = host.capabilities().events();

    let mut table = Table::default();
    let mut told = Vec::new();
    for plugin in &plugins {
        attempt(&host, plugin, &mut table).await?;
        told.extend(denials(&mut events));
    }
    println!("{table}");
    println!("what the operator was told:");
    for line in told {
        println!("  {line}");
    }
    what_happened(&stage, &store)
}

/// Whether no call of the good plugin failed, and all is as it should be afterwards.
async fn under_load(arguments: &Arguments) -> anyhow::Result<bool> {
    let plugins = strangers(&arguments.plugins)?;
    let (stage, store) = (Stage::set()?, Store::default());
    let host = host(arguments, &plugins, &stage, &store)?;
    let time = Duration::from_secs(arguments.seconds);
    let (alone, beside, attempts) = load::compare(&host, &plugins, time).await?;
    println!("{attempts}");
    println!("{:23}      made  failed        p50        p99    longest", format!("calls of {GOOD}"));
    for (when, served) in [("alone", &alone), ("beside all the others", &beside)] {
        println!("{when:23}  {served}");
        if let Some(why) = served.why() {
            println!("  the first that failed: {why}");
        }
    }
    Ok(what_happened(&stage, &store)? & alone.always() & beside.always())
}

/// Prints what really happened; whether it is as it should be.
fn what_happened(stage: &Stage, store: &Store) -> anyhow::Result<bool> {
    println!("\nwhat really happened:");
    let mut fine = true;
    for (effect, as_it_should) in stage.effects()? {
        println!("  {}  {effect}", if as_it_should { "fine" } else { "BAD " });
        fine &= as_it_should;
    }
    println!("        the store has {:?}", store.entries());
    Ok(fine)
}

/// Loads one plugin and has it run its errand.
async fn attempt(host: &Host<Runner>, stranger: &Stranger, table: &mut Table) -> anyhow::Result<()> {
    let name = &stranger.name;
    let plugin = match host.load(name, Artifact::from_file(&stranger.file)?).await {
        Ok(plugin) => plugin,
        Err(refused) => {
            table.add(name, "be loaded", Outcome::Stopped(refused.to_string()));
            return Ok(());
        }
    };
    match plugin.call(async |p, store| p.errand().call_run(store).await).await {
        Ok(attempts) => {
            for attempt in attempts {
                let outcome = attempt.outcome.map_or_else(Outcome::Denied, Outcome::Done);
                table.add(name, attempt.what, outcome);
            }
        }
        Err(error) => table.add(name, "run its errand", Outcome::Stopped(error.to_string())),
    }
    // one that broke has no instance that could be told
    drop(host.unload(name).await);
    Ok(())
}

/// What was denied, with the line of policy that would allow it.
fn denials(events: &mut PolicyEvents) -> impl Iterator<Item = String> {
    std::iter::from_fn(|| events.try_next()).filter_map(|event| match event {
        PolicyEvent::Denied { plugin, capability, access, allow, .. } => {
            let allow =
                allow.as_deref().and_then(|lines| lines.lines().last()).unwrap_or("nothing can allow it");
            Some(format!("{plugin}: {capability} {access:?}; to allow it: {allow}"))
        }
        _ => None,
    })
}
