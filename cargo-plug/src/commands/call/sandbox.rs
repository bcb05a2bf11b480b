//! The way into the sandbox of plug-host: a thread of its own.

use std::sync::mpsc::sync_channel;
use std::thread;

use plug_contract::Section;
use plug_host::{DynamicFunction, DynamicOptions, DynamicPlugin, Engine};
use plug_policy::AuditRecord;

use super::Answer;
use super::callable::{Callable, Functions};
use super::grant::Granted;
use super::host_failure::HostFailure;
use super::labels::Labels;
use super::limits::limits;
use super::log_events::{LogEvents, listening};
use super::request::Request;
use super::session::{Message, Task, Trouble};
use super::type_text::TypeText;
use crate::cli;
use crate::failure::Failure;
use crate::report::{Event, Reporter};

/// As much may be told before the reporter has printed the first of it.
const BACKLOG: usize = 1024;

/// The functions of a component that has no contract, as the engine knows them.
pub(super) fn functions(args: &cli::Call, granted: &Granted, component: &[u8]) -> Result<Functions, Failure> {
    let section = Section::read(component).map_err(HostFailure::from)?;
    let engine = Engine::builder().fuel(true).build().map_err(HostFailure::from)?;
    // Nothing is compiled that may not be called.
    let mut options = DynamicOptions::default().admission(granted.admission.clone());
    options = options.signature(granted.signature.clone());
    if let Some(policy) = granted.policy.clone() {
        options = options.policy(policy);
    }
    let name = plugin_name(args, section);
    let compiled = async { DynamicPlugin::compile(&engine, &name, component.to_vec(), options).await };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
    let plugin = runtime.map_err(HostFailure::from)?.block_on(compiled).map_err(HostFailure::from)?;
    let labels = Labels::new(&plugin, None);
    let callable = |function: &DynamicFunction| {
        let shown = |ty| TypeText::new(ty, &labels);
        let params: Vec<_> =
            function.params.iter().map(|(name, ty)| format!("{name}: {}", shown(ty))).collect();
        let result = function.result.as_ref().map_or_else(String::new, |ty| format!(" -> {}", shown(ty)));
        let signature = format!("func({}){result}", params.join(", "));
        Callable::new(function.interface.clone(), function.name.clone(), signature)
    };
    Ok(Functions::new(plugin.functions().iter().map(callable).collect()))
}

/// Makes the calls, and hands over the answer of each as soon as it is there. What was denied on the way
/// is there however they end.
pub(super) fn call(
    args: &cli::Call,
    granted: Granted,
    component: Vec<u8>,
    requests: Vec<Request>,
    denied: &mut Vec<AuditRecord>,
    reporter: &mut Reporter,
    tell: impl FnMut(&mut Reporter, Answer),
) -> Result<(), Failure> {
    let section = Section::read(&component).map_err(HostFailure::from)?;
    let wanted = section.as_ref().map(|section| section.manifest.limits.clone()).unwrap_or_default();
    let task = Task {
        name: plugin_name(args, section),
        granted,
        audit: args.audit.is_some(),
        component,
        limits: limits(args.memory, args.deadline, &wanted),
        config: args.config.clone(),
        requests,
        format: args.format,
    };
    match in_a_thread(task, args.time, denied, reporter, tell)? {
        Ok(()) => Ok(()),
        Err(Trouble::Call(error)) => Err(error.into()),
        Err(Trouble::Host(failure)) => Err((*failure).into()),
    }
}

/// The name that the component has for itself, else that of its file. By a policy, a lock or a signature it
/// goes by the name that the user knows, so that it cannot choose the entry that counts.
fn plugin_name(args: &cli::Call, section: Option<Section>) -> String {
    if let Some(name) = &args.plugin {
        return name.clone();
    }
    if args.policy.is_some() || args.trust.is_some() || args.lock.is_some() {
        return file_name(args);
    }
    let name = section.map(|section| section.manifest.name).filter(|name| !name.is_empty());
    name.unwrap_or_else(|| file_name(args))
}

fn file_name(args: &cli::Call) -> String {
    args.file.file_stem().map_or_else(|| "plugin".to_owned(), |stem| stem.to_string_lossy().into_owned())
}

/// The plugin runs in a thread of its own, so that what it says is shown while it runs.
fn in_a_thread(
    task: Task,
    timed: bool,
    denied: &mut Vec<AuditRecord>,
    reporter: &mut Reporter,
    mut tell: impl FnMut(&mut Reporter, Answer),
) -> Result<Result<(), Trouble>, HostFailure> {
    let (sender, receiver) = sync_channel(BACKLOG);
    let worker = thread::Builder::new()
        .name("plug-call".to_owned())
        .spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            let result = match runtime {
                Err(source) => Err(Trouble::from(source)),
                Ok(runtime) => {
                    let log = LogEvents::new(sender.clone(), Message::Event);
                    listening(log, || runtime.block_on(task.run(&sender)))
                }
            };
            // Nobody listens any more only if this program is ending.
            drop(sender.send(Message::Done(result)));
        })
        .map_err(HostFailure::from)?;
    let mut result = None;
    for message in receiver {
        match message {
            Message::Event(Event::Took { .. }) if !timed => {}
            Message::Event(event) => reporter.event(event),
            Message::Denied(records) => denied.extend(records),
            Message::Answer(answer) => tell(reporter, answer),
            Message::Done(done) => result = Some(done),
        }
    }
    if worker.join().is_err() {
        return Err(HostFailure::thread());
    }
    result.ok_or_else(HostFailure::thread)
}
