//! One host, and what is done on it.

use std::fmt::Display;
use std::sync::{Mutex, MutexGuard};
use std::time::{Duration, Instant};

use plug_host::policy::Grant;
use plug_host::{
    Artifact, CallError, DynamicOptions, DynamicPlugin, Engine, Events, Host, Limits, LoadLimits,
    PluginHandle, UnloadError,
};
use tokio::sync::RwLock;

use crate::case::{Deed, Ends};
use crate::cast::{Cast, Healthy, Hostile as Villain};
use crate::harness::hostile::exports::plug::plugin::processor;
use crate::harness::{self, Hostile, process};
use crate::plan::{Action, SLOTS};
use crate::support::policy;
use crate::tally::Tally;

/// Longer than in the suite: several compute at once, and each has to have had its time before it is over. The
/// policy says the same.
const DEADLINE: Duration = Duration::from_secs(8);

/// What is not over by then never will be.
const HANGS: Duration = Duration::from_secs(120);

/// All may emit; one of them has that taken away, and given back. A policy has limits of its own.
const POLICY: &str = r#"
    [defaults]
    "events:emit" = ["*"]
    [defaults.limits]
    memory = "16MiB"
    cpu = "300ms"
    deadline = "8s"
"#;

/// The one whose powers change. What is changed is remembered by name, so it is always the same one.
const CHANGED: &str = "changed";

/// Does what the plan says.
pub struct Performer {
    pub host: Host<Hostile>,
    cast: Cast,
    /// The healthy plugins. Who replaces one waits until nobody calls it.
    slots: Vec<RwLock<PluginHandle<Hostile>>>,
    changed: tokio::sync::Mutex<()>,
    /// Somebody who wanted to hear all events, and never listens.
    _deaf: Events,
    tally: Mutex<Tally>,
}

fn limits() -> Limits {
    Limits::default()
        .memory(harness::MEMORY)
        .table_elements(harness::TABLE)
        .cpu(harness::CPU)
        .deadline(DEADLINE)
        .transfer(harness::TRANSFER)
        .handles(harness::HANDLES)
        .log_rate(harness::RATE)
        .event_rate(harness::RATE)
}

type Answer = Result<processor::ProcessResponse, CallError>;

impl Performer {
    /// With a host on which the first healthy plugins are loaded.
    pub async fn new(cast: Cast) -> Performer {
        let load = LoadLimits::default().artifact(8 << 20).code(2 << 20).compile(Duration::from_secs(30));
        let engine = Engine::builder().load_limits(load).build().unwrap();
        let host = Host::<Hostile>::builder().engine(engine).limits(limits()).policy(policy(POLICY));
        let host = host.build().unwrap();
        let mut slots = Vec::new();
        for slot in 0..SLOTS {
            let artifact = cast.healthy(Healthy::ALL[slot % Healthy::ALL.len()]);
            slots.push(RwLock::new(host.load(&format!("first{slot}"), artifact).await.unwrap()));
        }
        let _deaf = host.events();
        Performer { host, cast, slots, changed: Default::default(), _deaf, tally: Default::default() }
    }

    pub fn tally(&self) -> MutexGuard<'_, Tally> {
        self.tally.lock().unwrap()
    }

    /// Does it, and notes what became of it.
    pub async fn perform(&self, number: u64, action: Action) {
        let ended = tokio::time::timeout(HANGS, self.act(action)).await;
        if let Err(why) = ended.unwrap_or_else(|_| Err("it never ends".to_owned())) {
            self.tally().wrong(format!("action {number}: {why}"));
        }
    }

    async fn act(&self, action: Action) -> Result<(), String> {
        match action {
            Action::Call { slot, input } => {
                let plugin = self.slots[slot].read().await;
                let begin = Instant::now();
                let answer = process(&plugin, &input).await;
                let mut tally = self.tally();
                tally.longest = tally.longest.max(begin.elapsed());
                drop(tally);
                self.answered("healthy: called", answer, &input)
            }
            Action::Crowd { slot, callers, input } => {
                let plugin = self.slots[slot].read().await;
                for answer in crowd(&plugin, callers, &input).await {
                    self.answered("healthy: called by many", answer, &input)?;
                }
                Ok(())
            }
            Action::Abandon { slot, after, input } => {
                let plugin = self.slots[slot].read().await;
                match tokio::time::timeout(after, process(&plugin, &input)).await {
                    Ok(answer) => self.answered("healthy: called impatiently", answer, &input)?,
                    Err(_) => self.tally().count("healthy: called impatiently", "given up"),
                }
                // nobody is harmed by who went away
                self.answered("healthy: called impatiently", process(&plugin, &input).await, &input)
            }
            Action::Replace { slot, with, name } => {
                let mut plugin = self.slots[slot].write().await;
                let old = plugin.name().to_owned();
                self.host
                    .unload(&old)
                    .await
                    .map_err(|error| unexpected("unloading a healthy one", &error))?;
                let new = self.host.load(&name, self.cast.healthy(with)).await;
                *plugin = new.map_err(|error| unexpected("loading a healthy one", &error))?;
                self.tally().count("healthy: replaced", "done");
                Ok(())
            }
            Action::OwnInstance { slot, input } => {
                let plugin = self.slots[slot].read().await.plugin().clone();
                let instance = plugin.instantiate().await;
                let mut instance =
                    instance.map_err(|error| unexpected("an instance of one's own", &error))?;
                let request = processor::ProcessRequest { input: input.clone(), options: Vec::new() };
                for _ in 0..2 {
                    let answer = instance
                        .call(async |p, store| p.plug_plugin_processor().call_process(store, &request).await)
                        .await;
                    self.answered("healthy: instance of one's own", answer, &input)?;
                }
                instance.shutdown().await.map_err(|error| unexpected("shutting it down", &error))
            }
            Action::Hostile { case, name } => self.hostile(&self.cast.hostile[case], &name).await,
            Action::UnloadUnderLoad { name, callers, input } => {
                self.unload_under_load(&name, callers, &input).await
            }
            Action::RevokeAndGrant => self.revoke_and_grant().await,
            Action::AbandonLoad { name, after } => self.abandon_load(&name, after).await,
            Action::TakenName { slot } => {
                // while it is held, nobody unloads it
                let plugin = self.slots[slot].read().await;
                self.not_loaded("load: a name that is taken", plugin.name(), "PLG0502").await
            }
            Action::NoName => self.not_loaded("load: what is no name", "../p", "PLG0501").await,
            Action::ByName { name } => self.by_name(&name).await,
            Action::Emit { count } => {
                for _ in 0..count {
                    self.host.emit("news", "of the host");
                }
                self.tally().count("host: emits", "done");
                Ok(())
            }
        }
    }

    /// A healthy plugin answers with what it was asked, always.
    fn answered(&self, what: &'static str, answer: Answer, input: &str) -> Result<(), String> {
        match answer {
            Ok(answer) if answer.output == input => {
                self.tally().count(what, "answered");
                Ok(())
            }
            Ok(answer) => {
                Err(format!("{what}: an answer of {} bytes instead of {}", answer.output.len(), input.len()))
            }
            Err(error) => Err(unexpected(what, &error)),
        }
    }

    async fn hostile(&self, villain: &Villain, name: &str) -> Result<(), String> {
        let (ends, code) = self.attempt(villain, name).await;
        if (ends, code) != (villain.ends, villain.code) {
            let Villain { does, ends: expected, code: as_code, .. } = villain;
            return Err(format!("`{does}`: ends at {ends:?} {code:?}, not at {expected:?} {as_code:?}"));
        }
        if self.host.get(name).is_some() {
            return Err(format!("`{}`: it is still there", villain.does));
        }
        self.tally().count(villain.family, code.unwrap_or("served"));
        Ok(())
    }

    /// Where it ends, and with which code.
    async fn attempt(&self, villain: &Villain, name: &str) -> (Ends, Option<&'static str>) {
        let bytes = villain.bytes.clone();
        if let Deed::ByName(function) = villain.deed {
            let options = DynamicOptions::default().limits(limits());
            let plugin = match DynamicPlugin::compile(self.host.engine(), name, bytes, options).await {
                Ok(plugin) => plugin,
                Err(error) => return (Ends::Load, Some(error.code())),
            };
            let mut instance = match plugin.instantiate().await {
                Ok(instance) => instance,
                Err(error) => return (Ends::Load, Some(error.code())),
            };
            return match instance.call(function, &[]).await {
                Ok(_) => (Ends::Served, None),
                Err(error) => (Ends::Call, Some(error.code())),
            };
        }
        let read = tokio::task::spawn_blocking(|| Artifact::from_bytes(bytes)).await.unwrap();
        let artifact = match read {
            Ok(artifact) => artifact,
            Err(error) => return (Ends::Artifact, Some(error.code())),
        };
        let plugin = match self.host.load(name, artifact).await {
            Ok(plugin) => plugin,
            Err(error) => return (Ends::Load, Some(error.code())),
        };
        let mut end = (Ends::Served, None);
        if let Deed::Process { times } = villain.deed {
            for _ in 0..times {
                if let Err(error) = process(&plugin, "input").await {
                    end = (Ends::Call, Some(error.code()));
                }
            }
        }
        if let Err(error) = self.host.unload(name).await {
            end = (Ends::Unload, Some(error.code()));
        }
        end
    }

    /// Each call is answered, or told that the plugin is gone.
    async fn unload_under_load(&self, name: &str, callers: usize, input: &str) -> Result<(), String> {
        let what = "healthy: unloaded while called";
        let plugin = self.host.load(name, self.cast.healthy(Healthy::Naps)).await;
        let plugin = plugin.map_err(|error| unexpected(what, &error))?;
        let (answers, unloaded) = tokio::join!(crowd(&plugin, callers, input), async {
            tokio::time::sleep(Duration::from_millis(8)).await;
            self.host.unload(name).await
        });
        unloaded.map_err(|error| unexpected(what, &error))?;
        for answer in answers {
            match answer {
                Err(error) if error.code() == "PLG0612" => self.tally().count(what, "PLG0612"),
                answer => self.answered(what, answer, input)?,
            }
        }
        match process(&plugin, input).await {
            Err(error) if error.code() == "PLG0612" => Ok(()),
            other => Err(format!("{what}: {other:?} afterwards")),
        }
    }

    async fn revoke_and_grant(&self) -> Result<(), String> {
        let what = "powers: revoked and granted";
        let _one = self.changed.lock().await;
        let all: Grant = "events:emit=*".parse().map_err(|error| unexpected(what, &error))?;
        let capabilities = self.host.capabilities();
        let plugin = self.host.load(CHANGED, self.cast.emits.clone()).await;
        let plugin = plugin.map_err(|error| unexpected(what, &error))?;
        self.answered(what, process(&plugin, "").await, "y")?;
        capabilities.revoke(CHANGED, &all, "soak").map_err(|error| unexpected(what, &error))?;
        self.answered(what, process(&plugin, "").await, "n")?;
        capabilities.grant(CHANGED, all, "soak").map_err(|error| unexpected(what, &error))?;
        // its next instance has it again
        let instance = plugin.plugin().instantiate().await;
        let mut instance = instance.map_err(|error| unexpected(what, &error))?;
        let request = processor::ProcessRequest { input: String::new(), options: Vec::new() };
        let answer = instance
            .call(async |p, store| p.plug_plugin_processor().call_process(store, &request).await)
            .await;
        self.answered(what, answer, "y")?;
        self.host.unload(CHANGED).await.map_err(|error| unexpected(what, &error))
    }

    async fn abandon_load(&self, name: &str, after: Duration) -> Result<(), String> {
        let what = "load: given up";
        let load = self.host.load(name, self.cast.healthy(Healthy::Echoes));
        match tokio::time::timeout(after, load).await {
            Ok(Ok(_)) => {
                self.tally().count(what, "loaded in time");
                self.host.unload(name).await.map_err(|error| unexpected(what, &error))
            }
            Ok(Err(error)) => Err(unexpected(what, &error)),
            Err(_) => match self.host.unload(name).await {
                Err(UnloadError::NotLoaded { .. }) => {
                    self.tally().count(what, "PLG0509");
                    Ok(())
                }
                other => Err(format!("{what}: unloading is {other:?}")),
            },
        }
    }

    async fn not_loaded(&self, what: &'static str, name: &str, code: &'static str) -> Result<(), String> {
        match self.host.load(name, self.cast.healthy(Healthy::Echoes)).await {
            Err(error) if error.code() == code => {
                self.tally().count(what, code);
                Ok(())
            }
            Err(error) => Err(unexpected(what, &error)),
            Ok(_) => Err(format!("{what}: it is loaded")),
        }
    }

    async fn by_name(&self, name: &str) -> Result<(), String> {
        let what = "healthy: called by name";
        let bytes = self.cast.healthy(Healthy::Echoes).bytes().to_vec();
        let options = DynamicOptions::default().limits(limits());
        let plugin = DynamicPlugin::compile(self.host.engine(), name, bytes, options).await;
        let plugin = plugin.map_err(|error| unexpected(what, &error))?;
        let mut instance = plugin.instantiate().await.map_err(|error| unexpected(what, &error))?;
        let metadata = instance.call("plug:plugin/lifecycle@1.0.0#get-metadata", &[]).await;
        metadata.map_err(|error| unexpected(what, &error))?;
        self.tally().count(what, "answered");
        instance.shutdown().await.map_err(|error| unexpected(what, &error))
    }
}

/// What all callers are answered.
async fn crowd(plugin: &PluginHandle<Hostile>, callers: usize, input: &str) -> Vec<Answer> {
    let calls: Vec<_> = (0..callers)
        .map(|_| {
            let (plugin, input) = (plugin.clone(), input.to_owned());
            tokio::spawn(async move { process(&plugin, &input).await })
        })
        .collect();
    let mut answers = Vec::new();
    for call in calls {
        answers.push(call.await.unwrap());
    }
    answers
}

fn unexpected(what: &str, error: &dyn Display) -> String {
    format!("{what}: {error:#}")
}
