//! The calls, one after another on one instance.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::mpsc::SyncSender;
use std::time::{Duration, Instant};

use plug_host::wasmtime::component::Val;
use plug_host::{
    CallError, DropError, DynamicFunction, DynamicInstance, DynamicOptions, DynamicPlugin, Engine, Events,
    Limits, PolicyEvent, PolicyEvents,
};
use plug_policy::{AuditRecord, Grant, Pattern};

use super::choice::Choice;
use super::grant::Granted;
use super::handles::Handles;
use super::host_failure::{HostFailure, Moment};
use super::json_value::json_value;
use super::labels::Labels;
use super::request::Request;
use super::wave_text::wave_text;
use super::{Answer, CallCommandError, Value, values};
use crate::cli::CallFormat;
use crate::report::Event;

/// What the calls need, on its way to the thread that makes them.
pub(super) struct Task {
    pub(super) component: Vec<u8>,
    pub(super) name: String,
    pub(super) limits: Limits,
    pub(super) granted: Granted,
    /// Whether denials are recorded in full.
    pub(super) audit: bool,
    pub(super) config: Vec<(String, String)>,
    pub(super) requests: Vec<Request>,
    pub(super) format: CallFormat,
}

/// What the thread says.
pub(super) enum Message {
    Event(Event),
    Answer(Answer),
    Denied(Vec<AuditRecord>),
    Done(Result<(), Trouble>),
}

/// Why there is no answer.
pub(super) enum Trouble {
    Call(CallCommandError),
    Host(Box<HostFailure>),
}

impl<E: Into<HostFailure>> From<E> for Trouble {
    fn from(error: E) -> Self {
        Self::Host(Box::new(error.into()))
    }
}

impl From<CallCommandError> for Trouble {
    fn from(error: CallCommandError) -> Self {
        Self::Call(error)
    }
}

impl Task {
    /// The calls; what was denied on the way is told however they end.
    pub(super) async fn run(mut self, sender: &SyncSender<Message>) -> Result<(), Trouble> {
        let of_policy = self.granted.policy.as_ref().map(|policy| policy.resolve(&self.name, None).limits);
        let has_fuel = self.limits.fuel.or(of_policy.and_then(|limits| limits.fuel)).is_some();
        let engine = Engine::builder().fuel(has_fuel).build()?;
        let options = DynamicOptions::default().limits(self.limits.clone()).config(self.config.clone());
        // what is emitted goes to whoever called, and nowhere else
        let everything = Grant::Emit(Pattern::any());
        let grants = self.granted.grants.drain(..).chain([everything]).collect::<Vec<_>>();
        let mut options = options.allow(grants).audit(self.audit);
        if let Some(policy) = self.granted.policy.take() {
            options = options.policy(policy);
        }
        options = options.admission(std::mem::take(&mut self.granted.admission));
        options = options.signature(self.granted.signature.take());
        let component = std::mem::take(&mut self.component);
        let plugin = DynamicPlugin::compile(&engine, &self.name, component, options).await?;
        let outcome = self.calls(&plugin, sender).await;
        // Nobody listens any more only if this program is ending.
        drop(sender.send(Message::Denied(plugin.capabilities().denied(&self.name))));
        outcome
    }

    async fn calls(&self, plugin: &DynamicPlugin, sender: &SyncSender<Message>) -> Result<(), Trouble> {
        let told = Told { sender, events: plugin.events(), denied: plugin.capabilities().events() };
        told.took("compile", plugin.compile_time());
        told.say(Message::Event(Event::Detail { line: format!("revision {}", plugin.revision()) }));
        // What is wrong with a later call is told before an earlier one does anything.
        let functions = self.requests.iter().map(|request| function(request, plugin));
        let functions = functions.collect::<Result<Vec<_>, _>>()?;

        let instance = plugin.instantiate().await?;
        told.took("instantiate", instance.start_time());
        let mut session =
            Session { instance, told, handles: Rc::default(), has_several: self.requests.len() > 1 };
        let mut outcome = Ok(());
        for (request, function) in self.requests.iter().zip(functions) {
            let result = session.call(request, function, plugin).await;
            match result.and_then(|result| Ok(answer(request, result, self.format)?)) {
                Ok(answer) => session.told.say(Message::Answer(answer)),
                Err(trouble) => {
                    outcome = Err(trouble);
                    break;
                }
            }
        }
        // The first trouble is the one to tell of; what follows from it would only hide it.
        let ended = session.end().await;
        outcome.and(ended)
    }
}

/// The function, whose values and types all have a text form.
fn function<'a>(
    request: &Request,
    plugin: &'a DynamicPlugin,
) -> Result<&'a DynamicFunction, CallCommandError> {
    let function = plugin.function(&request.path).ok_or_else(|| CallCommandError::NoFunction {
        name: request.path.clone(),
        meant: None,
        known: Choice::first(plugin.functions().iter().map(DynamicFunction::path)),
    })?;
    let mut types = function.params.iter().map(|(_, ty)| ty).chain(&function.result);
    if let Some(objection) = types.find_map(|ty| values::without_text(ty, plugin)) {
        return Err(CallCommandError::NoText { name: request.path.clone(), objection });
    }
    values::read(request, &function.params, &Labels::new(plugin, None))?;
    Ok(function)
}

fn answer(request: &Request, result: Option<Val>, format: CallFormat) -> Result<Answer, CallCommandError> {
    let is_refusal = matches!(result, Some(Val::Result(Err(_))));
    let shown = |value: Val| match format {
        CallFormat::Json => Ok(Value::Json(json_value(&value))),
        CallFormat::Wave => wave_text(value).map(Value::Wave).map_err(|error| CallCommandError::NoText {
            name: request.path.clone(),
            objection: error.to_string(),
        }),
    };
    Ok(Answer { function: request.path.clone(), result: result.map(shown).transpose()?, is_refusal })
}

struct Session<'a> {
    instance: DynamicInstance,
    told: Told<'a>,
    handles: Rc<RefCell<Handles>>,
    has_several: bool,
}

impl Session<'_> {
    /// The result, with labels in the places of handles.
    async fn call(
        &mut self,
        request: &Request,
        function: &DynamicFunction,
        plugin: &DynamicPlugin,
    ) -> Result<Option<Val>, Trouble> {
        let labels = Labels::new(plugin, Some(&self.handles));
        let arguments = values::read(request, &function.params, &labels)?;
        let begin = Instant::now();
        let result = self.told.during(self.instance.call(&request.path, &arguments)).await;
        let time = begin.elapsed();
        let failure =
            |error| HostFailure::call(error, self.has_several.then(|| Moment::Call(request.text.clone())));
        let mut result = result.map_err(failure)?;
        self.told.took("call", time);
        let mut handles = self.handles.borrow_mut();
        handles.give(&labels.given(), &request.text);
        if let Some(result) = &mut result {
            handles.keep(result, &self.instance);
        }
        Ok(result)
    }

    /// Drops the handles, the last one first and all within the time of one call, and tells the plugin that its end has come.
    async fn end(mut self) -> Result<(), Trouble> {
        if !self.instance.is_alive() {
            return Ok(());
        }
        let left = self.handles.take().take();
        let dropped = self.instance.drop_handles(left.iter().map(|kept| kept.handle));
        self.told.during(dropped).await.map_err(|DropError { handle, error, .. }| {
            let kept = left.iter().find(|kept| kept.handle == handle);
            HostFailure::call(error, kept.map(|kept| Moment::Drop(kept.label.clone())))
        })?;
        // The answers are there: a plugin that does not end well changes nothing about them.
        if let Err(error) = self.told.during(self.instance.shutdown()).await {
            self.told.warn(&error);
        }
        Ok(())
    }
}

/// Passes on what happens.
struct Told<'a> {
    sender: &'a SyncSender<Message>,
    /// What the plugin emits.
    events: Events,
    /// What it may not.
    denied: PolicyEvents,
}

impl Told<'_> {
    /// Passes on what the plugin emits until `work` is through.
    async fn during<T>(&mut self, work: impl Future<Output = T>) -> T {
        let mut work = std::pin::pin!(work);
        let outcome = loop {
            tokio::select! {
                biased;
                outcome = &mut work => break outcome,
                Some(event) = self.events.next() => self.emitted(&event),
                Some(event) = self.denied.next() => self.denied(event),
            }
        };
        while let Some(event) = self.events.try_next() {
            self.emitted(&event);
        }
        while let Some(event) = self.denied.try_next() {
            self.denied(event);
        }
        outcome
    }

    fn emitted(&self, event: &plug_host::Event) {
        self.say(Message::Event(Event::PluginEmitted {
            plugin: event.emitter.to_string(),
            event_type: event.event_type.to_string(),
            payload: event.payload.to_string(),
        }));
    }

    fn denied(&self, event: PolicyEvent) {
        if let PolicyEvent::Denied { plugin, capability, access, allow, .. } = event {
            let access = if access.is_empty() { String::new() } else { format!("={access}") };
            let (plugin, access) = (plugin.to_string(), format!("{capability}{access}"));
            let can_be_granted = allow.is_some();
            self.say(Message::Event(Event::PluginDenied { plugin, access, can_be_granted }));
        }
    }

    fn took(&self, stage: &'static str, time: Duration) {
        self.say(Message::Event(Event::Took { stage, time }));
    }

    fn warn(&self, error: &CallError) {
        let message = format!("{error} [{}]", error.code());
        self.say(Message::Event(Event::Warning { message, help: None }));
    }

    /// Nobody listens any more only if this program is ending.
    fn say(&self, message: Message) {
        drop(self.sender.send(message));
    }
}
