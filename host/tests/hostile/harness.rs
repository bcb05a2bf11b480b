//! One host with a healthy plugin, and what it makes of the others.

use std::error::Error;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use plug_host::{
    Artifact, DynamicOptions, DynamicPlugin, Engine, Host, Limits, LoadLimits, PluginHandle, TrapError,
    TrapKind,
};

use crate::case::{Case, Deed, Ends, Made};
use crate::guest::{Guest, WIT};
use crate::support::{Line, Lines, chain, listen, policy};

plug_host::world! {
    pub Hostile: "tests/wit/hostile",
    world = "hostile",
    app = Application,
    imports = { "acme:hostile/application.wait": async, "acme:hostile/application.fail": trappable },
}

use hostile::exports::plug::plugin::processor;

#[derive(Default)]
pub struct Application;

impl hostile::acme::hostile::application::Host for Application {
    async fn wait(&mut self, milliseconds: u32) {
        match milliseconds {
            u32::MAX => std::future::pending().await,
            some => tokio::time::sleep(Duration::from_millis(some.into())).await,
        }
    }

    fn fail(&mut self) -> plug_host::wasmtime::Result<()> {
        plug_host::wasmtime::bail!("the application failed")
    }

    fn texts(&mut self, _: Vec<String>) {}

    fn lists(&mut self, _: Vec<Vec<Vec<u8>>>) {}

    fn letter(&mut self, _: char) {}
}

/// What a hostile plugin may use up; small, so that it is used up soon.
pub const MEMORY: usize = 16 << 20;
pub const TABLE: usize = 10_000;
pub const CPU: Duration = Duration::from_millis(300);
pub const DEADLINE: Duration = Duration::from_secs(1);
pub const TRANSFER: usize = 1 << 20;
pub const HANDLES: usize = 500;
pub const RATE: u32 = 50;

/// The limits that a policy would set go over the host's own; the healthy plugin has little patience.
const POLICY: &str = r#"
    [defaults]
    "events:emit" = ["*"]
    [defaults.limits]
    memory = "16MiB"
    deadline = "1s"
    [plugin.healthy.limits]
    deadline = "2s"
    cpu = "2s"
"#;

/// How much more memory the process may have after a case than before the first. It covers what
/// the allocator keeps for later, up to 31 MiB as measured, and is less than the 64 MiB that the cases which
/// fill their memory would leave behind.
const SLACK: usize = 48 << 20;

/// Families share a process under `cargo test`, and would measure each other's memory.
static TURN: Mutex<()> = Mutex::new(());

/// What became of a case.
#[derive(Default)]
pub struct Seen {
    pub ends: Option<Ends>,
    pub code: Option<&'static str>,
    pub kind: Option<TrapKind>,
    /// The error and its causes, as `Display` has them.
    pub says: String,
    /// The error with all that is known of it.
    pub long: String,
    pub last_words: Option<String>,
    pub output: String,
    /// Bytes of what it says that it does.
    pub description: usize,
    /// What the plugin logged, as it arrived at `tracing`.
    pub lines: Vec<Line>,
    /// All that the host said by `tracing` besides.
    pub own_lines: Vec<Line>,
    pub events: usize,
    pub denied: usize,
}

/// One host for all cases of a family.
pub struct Stage {
    host: Host<Hostile>,
    impatient: Host<Hostile>,
    healthy: PluginHandle<Hostile>,
    lines: Lines,
    memory: usize,
}

/// Plays the cases of a family, and collects what is not as it should be.
pub fn play(cases: Vec<Case>) {
    let turn = TURN.lock();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (lines, _guard) = listen();
    let wrong = runtime.block_on(async {
        let stage = Stage::set(lines).await;
        let mut wrong = Vec::new();
        for case in cases {
            let does = case.does;
            wrong.extend(stage.try_case(case).await.into_iter().map(|what| format!("{does}:\n  {what}")));
            if let Err(why) = stage.memory_is_back().await {
                // nor would it be back after any of the others
                wrong.push(format!("{does}:\n  {why}; the cases behind it were not tried"));
                break;
            }
        }
        stage.host.shutdown().await.unwrap();
        wrong
    });
    drop(turn);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Only one thread, so that whoever holds it up holds up the healthy plugin too.
fn limits() -> Limits {
    Limits::default()
        .memory(MEMORY)
        .table_elements(TABLE)
        .cpu(CPU)
        .deadline(DEADLINE)
        .transfer(TRANSFER)
        .handles(HANDLES)
        .log_rate(RATE)
        .event_rate(RATE)
}

fn load_limits() -> LoadLimits {
    LoadLimits::default().artifact(8 << 20).code(2 << 20).compile(Duration::from_secs(10))
}

impl Stage {
    async fn set(lines: Lines) -> Stage {
        let engine = Engine::builder().load_limits(load_limits()).build().unwrap();
        let host = Host::<Hostile>::builder()
            .engine(engine)
            .limits(limits())
            .policy(policy(POLICY))
            .build()
            .unwrap();
        let patience = load_limits().compile(Duration::from_millis(50));
        let engine = Engine::builder().load_limits(patience).build().unwrap();
        let impatient = Host::<Hostile>::builder().engine(engine).build().unwrap();
        let guest =
            Guest::of(WIT, "guest").process("(call $reply (local.get $input) (local.get $input_len))");
        let healthy = host.load("healthy", guest.artifact()).await.unwrap();
        let mut stage = Stage { host, impatient, healthy, lines, memory: 0 };
        // once around, so that what is made once is there before anything is measured
        for _ in 0..3 {
            stage.act(&Deed::Process { times: 1 }, guest.artifact(), &mut Seen::default()).await;
            assert_eq!(stage.ask().await, Ok(()));
        }
        stage.memory = resident();
        stage
    }

    async fn try_case(&self, case: Case) -> Vec<String> {
        let bytes = match &case.made {
            Made::Guest(guest) => guest.build(),
            Made::Bytes(make) => make(),
        };
        self.lines.clear();
        let mut seen = Seen::default();
        let unharmed = {
            let acted = self.attempt(&case.deed, bytes, &mut seen);
            let mut acted = std::pin::pin!(acted);
            // all the while, the healthy plugin is asked again and again
            loop {
                tokio::select! {
                    biased;
                    () = &mut acted => break Ok(()),
                    answer = async { tokio::time::sleep(Duration::from_millis(2)).await; self.ask().await } => {
                        if answer.is_err() { break answer }
                    }
                }
            }
        };
        let all = self.lines.all();
        (seen.lines, seen.own_lines) = all.into_iter().partition(|line| line.target == "plug::plugin");
        let mut wrong = case.misses(&seen);
        if let Err(why) = unharmed.and(self.ask().await) {
            wrong.push(format!("the healthy plugin suffers: {why}"));
        }
        if self.host.list().len() != 1 {
            wrong.push("something is still loaded".to_owned());
        }
        wrong
    }

    /// Has the healthy plugin answer.
    async fn ask(&self) -> Result<(), String> {
        match process(&self.healthy, "are you well?").await {
            Ok(answer) if answer.output == "are you well?" => Ok(()),
            Ok(answer) => Err(format!("it answers {answer:?}")),
            Err(error) => Err(format!("{error:#}")),
        }
    }

    async fn attempt(&self, deed: &Deed, bytes: Vec<u8>, seen: &mut Seen) {
        if let Deed::ByName(function) = deed {
            return self.by_name(function, bytes, seen).await;
        }
        // reading an artifact is the application's matter, and it does so where it may take its time
        let read = tokio::task::spawn_blocking(|| Artifact::from_bytes(bytes)).await.unwrap();
        match read {
            Ok(artifact) => self.act(deed, artifact, seen).await,
            Err(error) => seen.end(Ends::Artifact, error.code(), &error, None),
        }
    }

    async fn act(&self, deed: &Deed, artifact: Artifact, seen: &mut Seen) {
        let host = if matches!(deed, Deed::LoadImpatiently) { &self.impatient } else { &self.host };
        let mut events = host.events();
        let handle = match host.load("x", artifact).await {
            Ok(handle) => handle,
            Err(error) => return seen.end(Ends::Load, error.code(), &error, error.as_trap()),
        };
        seen.ends = Some(Ends::Served);
        seen.description = handle.metadata().description.len();
        if let Deed::Process { times } = deed {
            for _ in 0..*times {
                match process(&handle, "input").await {
                    Ok(answer) => seen.output = answer.output,
                    Err(error) => {
                        seen.end(Ends::Call, error.code(), &error, error.as_trap());
                        seen.long = format!("{error:#}");
                    }
                }
            }
        }
        while events.try_next().is_some() {
            seen.events += 1;
        }
        seen.denied = host.capabilities().denied("x").len();
        if let Err(error) = host.unload("x").await {
            let plug_host::UnloadError::Shutdown { error: inner, .. } = &error else { panic!("{error}") };
            seen.end(Ends::Unload, error.code(), &error, inner.as_trap());
        }
    }

    async fn by_name(&self, function: &str, bytes: Vec<u8>, seen: &mut Seen) {
        let options = DynamicOptions::default().limits(limits());
        let plugin = match DynamicPlugin::compile(self.host.engine(), "x", bytes, options).await {
            Ok(plugin) => plugin,
            Err(error) => return seen.end(Ends::Load, error.code(), &error, error.as_trap()),
        };
        let mut instance = plugin.instantiate().await.unwrap();
        match instance.call(function, &[]).await {
            Ok(_) => seen.ends = Some(Ends::Served),
            Err(error) => seen.end(Ends::Call, error.code(), &error, error.as_trap()),
        }
    }

    /// What is given up may take a moment to be given back: a compile that nobody waits for goes on.
    async fn memory_is_back(&self) -> Result<(), String> {
        let begin = Instant::now();
        loop {
            let more = resident().saturating_sub(self.memory);
            if more <= SLACK {
                return Ok(());
            }
            if begin.elapsed() > Duration::from_secs(15) {
                return Err(format!("{} MiB of memory more than before", more >> 20));
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

impl Seen {
    fn end(&mut self, ends: Ends, code: &'static str, error: &dyn Error, trap: Option<&TrapError>) {
        (self.ends, self.code) = (Some(ends), Some(code));
        self.says = chain(error).replace('\n', ": ");
        self.long.clone_from(&self.says);
        self.kind = trap.map(|trap| trap.kind().clone());
        self.last_words = trap.and_then(TrapError::last_words).map(str::to_owned);
    }
}

impl Case {
    /// What is not as it is expected.
    fn misses(&self, seen: &Seen) -> Vec<String> {
        let mut wrong = Vec::new();
        let mut compare = |what: &str, found: String, expected: String| {
            if found != expected {
                wrong.push(format!("{what} is {found}, not {expected}"));
            }
        };
        compare("its end", format!("{:?}", seen.ends), format!("{:?}", Some(self.ends)));
        compare("the code", format!("{:?}", seen.code), format!("{:?}", self.code));
        compare("the trap", format!("{:?}", seen.kind), format!("{:?}", self.kind));
        if self.code.is_some() {
            let said = &seen.says;
            let kept = if self.goes_on { &said[..said.floor_char_boundary(self.says.len())] } else { said };
            compare("the message", kept.to_owned(), self.says.to_owned());
        }
        let own = seen.own_lines.iter().map(|line| &line.message);
        for text in own.chain(seen.lines.iter().map(|line| &line.message)).chain([&seen.says, &seen.long]) {
            if let Some(found) = text.chars().find(|c| c.is_control() && *c != '\n' || *c == '\u{202e}') {
                wrong.push(format!("{found:?} comes through in {text:?}"));
            }
        }
        if let (Some(also), true) = (self.also, wrong.is_empty()) {
            also(seen);
        }
        wrong
    }
}

/// Calls it with that input.
pub async fn process(
    handle: &PluginHandle<Hostile>,
    input: &str,
) -> Result<processor::ProcessResponse, plug_host::CallError> {
    let request = processor::ProcessRequest { input: input.to_owned(), options: Vec::new() };
    handle.call(async |p, store| p.plug_plugin_processor().call_process(store, &request).await).await
}

/// Bytes of memory that the process really has. Elsewhere than on Linux nothing is measured.
pub fn resident() -> usize {
    let kib = status("VmRSS:").and_then(|line| line.strip_suffix(" kB")?.trim().parse::<usize>().ok());
    kib.unwrap_or_default() << 10
}

/// What the system says of the process under that name.
pub fn status(name: &str) -> Option<String> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    Some(status.lines().find_map(|line| line.strip_prefix(name))?.trim().to_owned())
}
