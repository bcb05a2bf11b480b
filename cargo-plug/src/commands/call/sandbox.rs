//! The call itself, in the sandbox of plug-host.

use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread;
use std::time::Instant;

use plug_host::wasmtime::component::{Type, Val};
use plug_host::{
    Artifact, CallError, DynamicFunction, DynamicOptions, DynamicPlugin, Engine, Event as PluginEvent, Limits,
};
use wasm_wave::parser::ParserError;
use wasm_wave::untyped::UntypedFuncCall;
use wasm_wave::wasm::DisplayType;

use super::excerpt::excerpt;
use super::host_failure::HostFailure;
use super::json_value::json_value;
use super::limits::limits;
use super::log_events::{LogEvents, listening};
use super::unknown_field::UnknownField;
use super::{Answer, CallCommandError, Callable, Value, unknown_field};
use crate::cli::{self, CallFormat};
use crate::failure::Failure;
use crate::report::{Event, Reporter};

/// As much may be told before the reporter has printed the first of it.
const BACKLOG: usize = 1024;

/// A value that is nested more deeply is a mistake; reading it would use up the stack.
const DEEPEST: usize = 200;

/// What a call needs, on its way to the thread that makes it.
struct Task {
    artifact: Artifact,
    name: String,
    limits: Limits,
    config: Vec<(String, String)>,
    /// `plug:plugin/processor@1.0.0#process`
    path: String,
    call: Text,
}

/// The call as it was written.
struct Text {
    call: String,
    /// Where the values begin.
    values_at: usize,
    signature: String,
}

/// What the thread says.
enum Message {
    Event(Event),
    Done(Result<Option<Val>, Trouble>),
}

/// Why there is no answer.
enum Trouble {
    Call(CallCommandError),
    Host(Box<HostFailure>),
}

impl<E: Into<HostFailure>> From<E> for Trouble {
    fn from(error: E) -> Self {
        Self::Host(Box::new(error.into()))
    }
}

pub(super) fn call(
    args: &cli::Call,
    component: Vec<u8>,
    function: &Callable,
    call: &str,
    values: &str,
    reporter: &mut Reporter,
) -> Result<Answer, Failure> {
    let artifact = Artifact::from_bytes(component).map_err(HostFailure::from)?;
    let path = function.path();
    let wanted = artifact.section().map(|section| section.manifest.limits).unwrap_or_default();
    let task = Task {
        name: plugin_name(args, &artifact),
        artifact,
        limits: limits(args.memory, args.deadline, wanted),
        config: args.config.clone(),
        path: path.clone(),
        call: Text {
            call: call.to_owned(),
            values_at: call.len() - values.len(),
            signature: function.signature.clone(),
        },
    };
    let result = match in_a_thread(task, args.time, reporter)? {
        Ok(result) => result,
        Err(Trouble::Call(error)) => return Err(error.into()),
        Err(Trouble::Host(failure)) => return Err((*failure).into()),
    };
    let is_refusal = matches!(result, Some(Val::Result(Err(_))));
    let result = match (result, args.format) {
        (None, _) => None,
        (Some(value), CallFormat::Json) => Some(Value::Json(json_value(&value))),
        (Some(value), CallFormat::Wave) => {
            Some(Value::Wave(wasm_wave::to_string(&value).map_err(|error| CallCommandError::NoText {
                name: path.clone(),
                objection: error.to_string(),
            })?))
        }
    };
    Ok(Answer { function: path, result, is_refusal })
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
) -> Result<Result<Option<Val>, Trouble>, HostFailure> {
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
            Message::Done(done) => result = Some(done),
        }
    }
    if worker.join().is_err() {
        return Err(HostFailure::thread());
    }
    result.ok_or_else(HostFailure::thread)
}

impl Task {
    async fn run(self, sender: &SyncSender<Message>) -> Result<Option<Val>, Trouble> {
        let say = |event| drop(sender.send(Message::Event(event)));
        let took = |stage, time| say(Event::Took { stage, time });
        let engine = Engine::new()?;
        let options = DynamicOptions::default().limits(self.limits.clone()).config(self.config.clone());
        let plugin = DynamicPlugin::compile(&engine, &self.name, self.artifact.clone(), options).await?;
        took("compile", plugin.compile_time());
        let function = plugin.functions().iter().find(|function| function.path() == self.path);
        let Some(function) = function else {
            return Err(Trouble::Call(CallCommandError::NoFunction {
                name: self.path.clone(),
                meant: None,
                known: plugin.functions().iter().map(DynamicFunction::path).collect(),
            }));
        };
        let arguments = self.arguments(function).map_err(Trouble::Call)?;

        let mut events = plugin.events();
        let told = |event: PluginEvent| {
            say(Event::PluginEmitted {
                plugin: event.plugin.to_string(),
                event_type: event.event_type.to_string(),
                payload: event.payload.to_string(),
            });
        };
        let mut instance = plugin.instantiate().await?;
        took("instantiate", instance.start_time());
        let begin = Instant::now();
        let result = {
            let call = instance.call(&self.path, &arguments);
            tokio::pin!(call);
            loop {
                tokio::select! {
                    biased;
                    result = &mut call => break result,
                    Some(event) = events.next() => told(event),
                }
            }
        };
        let time = begin.elapsed();
        while let Some(event) = events.try_next() {
            told(event);
        }
        let result = result?;
        took("call", time);
        // The answer is there: a plugin that does not end well changes nothing about it.
        if let Err(error) = instance.shutdown().await {
            say(Event::Warning { message: format!("{error} [{}]", error.code()), help: None });
        }
        while let Some(event) = events.try_next() {
            told(event);
        }
        Ok(result)
    }

    fn arguments(&self, function: &DynamicFunction) -> Result<Vec<Val>, CallCommandError> {
        let types = function.params.iter().map(|(_, ty)| ty).chain(&function.result);
        if let Some(what) = types.filter_map(without_text).next() {
            return Err(CallCommandError::NoText {
                name: self.path.clone(),
                objection: format!("{what} has no text form"),
            });
        }
        self.call.read(&function.params)
    }
}

impl Text {
    fn read(&self, params: &[(String, Type)]) -> Result<Vec<Val>, CallCommandError> {
        let types: Vec<Type> = params.iter().map(|(_, ty)| ty.clone()).collect();
        let wrong = |at: usize, objection: String, mend: Option<String>| CallCommandError::Values {
            excerpt: excerpt(&self.call, at),
            objection,
            mend,
            signature: self.signature.clone(),
            params: params.iter().map(|(name, ty)| (name.clone(), DisplayType(ty).to_string())).collect(),
        };
        let values = &self.call[self.values_at..];
        if let Some(at) = too_deep(values) {
            let objection = format!("a value is nested more than {DEEPEST} times");
            return Err(wrong(self.values_at + at, objection, None));
        }
        // The name was looked up already, and wasm-wave knows fewer forms of it.
        let text = if values.is_empty() { "f()".to_owned() } else { format!("f{values}") };
        let place = |at: usize| self.values_at + at.saturating_sub(1);
        let unreadable = |error: ParserError| {
            let cause = std::error::Error::source(&error).map(ToString::to_string);
            let objection = match cause.as_deref().or(error.detail()) {
                Some(detail) => format!("{}: {detail}", error.kind()),
                None => error.kind().to_string(),
            };
            wrong(place(error.span().start), objection, None)
        };
        let call = UntypedFuncCall::parse(&text).map_err(unreadable)?;
        let unknown = call.params_node().and_then(|values| unknown_field::in_call(values, &types, &text));
        if let Some(UnknownField { at, name, help }) = unknown {
            return Err(wrong(place(at), format!("the record has no field `{name}`"), Some(help)));
        }
        call.to_wasm_params(&types).map_err(unreadable)
    }
}

/// Where brackets are nested too deeply. Those in strings count as well; nobody nests them so.
fn too_deep(values: &str) -> Option<usize> {
    let mut depth = 0usize;
    for (at, c) in values.char_indices() {
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > DEEPEST {
            return Some(at);
        }
    }
    None
}

/// The part of a type that cannot be written down, in words.
fn without_text(ty: &Type) -> Option<&'static str> {
    match ty {
        Type::Own(_) | Type::Borrow(_) => Some("a handle of a resource"),
        Type::Future(_) => Some("a future"),
        Type::Stream(_) => Some("a stream"),
        Type::ErrorContext => Some("an error-context"),
        Type::Map(_) => Some("a map"),
        Type::List(list) => without_text(&list.ty()),
        Type::FixedLengthList(list) => without_text(&list.ty()),
        Type::Option(option) => without_text(&option.ty()),
        Type::Record(record) => record.fields().find_map(|field| without_text(&field.ty)),
        Type::Tuple(tuple) => tuple.types().find_map(|ty| without_text(&ty)),
        Type::Variant(variant) => variant.cases().filter_map(|case| case.ty).find_map(|ty| without_text(&ty)),
        Type::Result(result) => result.ok().into_iter().chain(result.err()).find_map(|ty| without_text(&ty)),
        _ => None,
    }
}

impl From<CallError> for HostFailure {
    fn from(error: CallError) -> Self {
        Self::call(error)
    }
}
