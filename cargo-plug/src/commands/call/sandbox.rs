//! The way into the sandbox of plug-host: a thread of its own.

use std::sync::mpsc::sync_channel;
use std::thread;

use plug_host::Artifact;

use super::Answer;
use super::host_failure::HostFailure;
use super::limits::limits;
use super::log_events::{LogEvents, listening};
use super::request::Request;
use super::session::{Message, Task, Trouble};
use crate::cli;
use crate::failure::Failure;
use crate::report::{Event, Reporter};

/// As much may be told before the reporter has printed the first of it.
const BACKLOG: usize = 1024;

/// Makes the calls, and hands over the answer of each as soon as it is there.
pub(super) fn call(
    args: &cli::Call,
    component: Vec<u8>,
    requests: Vec<Request>,
    reporter: &mut Reporter,
    tell: impl FnMut(&mut Reporter, Answer),
) -> Result<(), Failure> {
    let artifact = Artifact::from_bytes(component).map_err(HostFailure::from)?;
    let wanted = artifact.section().map(|section| section.manifest.limits).unwrap_or_default();
    let task = Task {
        name: plugin_name(args, &artifact),
        artifact,
        limits: limits(args.memory, args.deadline, wanted),
        config: args.config.clone(),
        requests,
        format: args.format,
    };
    match in_a_thread(task, args.time, reporter, tell)? {
        Ok(()) => Ok(()),
        Err(Trouble::Call(error)) => Err(error.into()),
        Err(Trouble::Host(failure)) => Err((*failure).into()),
    }
}

/// The name that the component has for itself, else that of its file.
fn plugin_name(args: &cli::Call, artifact: &Artifact) -> String {
    artifact
        .section()
        .map(|section| section.manifest.name.clone())
        .filter(|name| !name.is_empty())
        .or_else(|| Some(args.file.file_stem()?.to_string_lossy().into_owned()))
        .unwrap_or_else(|| "plugin".to_owned())
}

/// The plugin runs in a thread of its own, so that what it says is shown while it runs.
fn in_a_thread(
    task: Task,
    timed: bool,
    reporter: &mut Reporter,
    mut tell: impl FnMut(&mut Reporter, Answer),
) -> Result<Result<(), Trouble>, HostFailure> {
    let (sender, receiver) = sync_channel(BACKLOG);
    let worker = thread::Builder::new()
        .name("plug-call".to_owned())
        .spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
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
            Message::Answer(answer) => tell(reporter, answer),
            Message::Done(done) => result = Some(done),
        }
    }
    if worker.join().is_err() {
        return Err(HostFailure::thread());
    }
    result.ok_or_else(HostFailure::thread)
}
