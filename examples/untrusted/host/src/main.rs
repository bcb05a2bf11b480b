//! `untrusted FOLDER` runs all plugins of a folder, most of which try something forbidden, and prints
//! what they tried and what became of it.

mod stage;
mod store;
mod table;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Parser;
use plug_host::policy::Policy;
use plug_host::{Artifact, Host, PolicyEvent, PolicyEvents};

use crate::stage::Stage;
use crate::store::Store;
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
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// A folder with plugins.
    #[arg(value_name = "FOLDER")]
    plugins: PathBuf,

    /// What they may do.
    #[arg(long, value_name = "FILE")]
    policy: PathBuf,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(&Arguments::parse()).await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Whether all is as it should be afterwards.
async fn run(arguments: &Arguments) -> anyhow::Result<bool> {
    let files = plugins(&arguments.plugins)?;
    let stage = Stage::set()?;
    let store = Store::default();
    // the folders of the policy are those of the stage
    let policy = Policy::from_file(&arguments.policy)?.base(stage.folder());
    let mut host = Host::<Runner>::builder().policy(policy).capability(store.clone());
    let home = stage.home()?.to_string();
    for (name, _) in &files {
        host = host.config(name, [("home", &*home), ("billing.key", "4711")]);
    }
    let host = host.build()?;
    let mut events = host.capabilities().events();

    let mut table = Table::default();
    let mut told = Vec::new();
    for (name, file) in &files {
        attempt(&host, name, file, &mut table).await?;
        told.extend(denials(&mut events));
    }
    println!("{table}");
    println!("what the operator was told:");
    for line in told {
        println!("  {line}");
    }
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
async fn attempt(host: &Host<Runner>, name: &str, file: &Path, table: &mut Table) -> anyhow::Result<()> {
    let plugin = match host.load(name, Artifact::from_file(file)?).await {
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

/// The components of a folder, each with its name.
fn plugins(folder: &Path) -> anyhow::Result<Vec<(String, PathBuf)>> {
    let entries = folder.read_dir().with_context(|| format!("{} cannot be read", folder.display()))?;
    let mut found = Vec::new();
    for entry in entries {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "wasm")
            && let Some(name) = path.file_stem().and_then(|name| name.to_str())
        {
            found.push((name.to_owned(), path));
        }
    }
    found.sort();
    anyhow::ensure!(!found.is_empty(), "{} has no plugins", folder.display());
    Ok(found)
}
