//! The real things: a folder, sockets, a server, the log, and a host with the probe.

use std::path::PathBuf;
use std::rc::Rc;

use plug_host::{Events, Host, Standard};

use crate::folder::Folder;
use crate::guest::Guest;
use crate::lines::{Lines as Log, listen};
use crate::names::Names;
use crate::server::Server;
use crate::servers::TcpServer;
use crate::subject::{Effect, Lines, Subject};
use crate::support::{ALL, Probe, artifact, attempt, host, policy};

/// The want that `ALL` leaves out.
const MORE: &str = "events:subscribe";

const HEARS: &str = "package acme:hears@1.0.0;
    world hears { include plug:plugin/plugin@1.0.0; export plug:plugin/event-handler@1.0.0; }";

/// Where the real things are.
#[derive(Default)]
pub struct Places {
    pub folder: PathBuf,
    pub tcp_port: u16,
    /// Of another socket: who may connect to an address may do so by any name that may be looked up.
    pub private_port: u16,
    pub http_port: u16,
}

struct Real {
    folder: Folder,
    tcp: [TcpServer; 2],
    http: Server,
    names: Names,
    log: Log,
    _guard: tracing::subscriber::DefaultGuard,
}

/// The real things, and a probe that wants something of them.
pub struct Ground {
    pub places: Rc<Places>,
    real: Rc<Real>,
    wants: Vec<&'static str>,
    probe: Probe,
    events: Events,
}

impl Ground {
    /// With a probe that wants everything.
    pub async fn new() -> Ground {
        let (log, guard) = listen();
        let names = Names::none();
        names.lead("local.test", &["127.0.0.1"]);
        names.lead("other.test", &["127.0.0.1"]);
        let (folder, http) = (Folder::new(), Server::start().await);
        let tcp = ["127.0.0.1:0", "127.0.0.1:0"].map(TcpServer::at);
        let places = Places {
            folder: folder.path().to_owned(),
            tcp_port: tcp[0].port(),
            private_port: tcp[1].port(),
            http_port: http.port(),
        };
        let real = Real { folder, tcp, http, names, log, _guard: guard };
        let wants: Vec<&'static str> = ALL.into_iter().chain([MORE]).collect();
        Ground::on(Rc::new(places), Rc::new(real), wants).await
    }

    /// The same with a probe that wants no more than that.
    pub async fn wanting(&self, wants: &[&'static str]) -> Ground {
        Ground::on(Rc::clone(&self.places), Rc::clone(&self.real), wants.to_vec()).await
    }

    async fn on(places: Rc<Places>, real: Rc<Real>, wants: Vec<&'static str>) -> Ground {
        let host = host()
            .config("probe", [("db.host", "localhost"), ("db.hosts", "many"), ("db.port", "5432")])
            .resolver(real.names.clone());
        let probe = Probe::on(host, artifact(&wants)).await;
        let events = probe.host.events();
        Ground { places, real, wants, probe, events }
    }

    /// Whether the access shows at the real thing, under these lines of policy.
    pub async fn has_effect(&mut self, subject: &Subject, lines: &Lines) -> bool {
        if let Effect::Told = subject.effect {
            return self.tells(&subject.command, lines).await;
        }
        let mut instance = self.probe.under(self.real.folder.path(), &lines.text()).await;
        let connections = self.real.http.connections();
        let logged = self.logged();
        let answer =
            attempt(&mut instance, &subject.command).await.unwrap_or_else(|error| panic!("{error:#}"));
        match subject.effect {
            Effect::Answer(shows) => shows(&answer),
            Effect::Drawn => {
                let other = attempt(&mut self.probe.fresh().await, &subject.command).await;
                answer != other.unwrap_or_else(|error| panic!("{error:#}"))
            }
            Effect::Written => {
                let file = self.real.folder.at("other/mine.txt");
                let is_changed = self.real.folder.read("other/mine.txt") != "mine";
                std::fs::write(file, "mine").expect("written back");
                is_changed
            }
            // both are asked, so that nothing is left for the next time
            Effect::Heard => self.real.tcp.iter().map(|server| server.heard().len()).sum::<usize>() > 0,
            Effect::Requested => self.real.http.connections() > connections,
            Effect::Logged => self.logged() > logged,
            Effect::Emitted => self.events.try_next().is_some(),
            Effect::Told => unreachable!("told apart above"),
        }
    }

    /// Whether a plugin with a handler gets an event on the topic. It is sorted out when it is emitted.
    async fn tells(&self, topic: &str, lines: &Lines) -> bool {
        let ear = Guest::of(HEARS, "hears")
            .wanting(self.wants.iter().copied())
            .process("(call $reply (local.get $input) (local.get $input_len))")
            .item(
                r#"(func (export "plug:plugin/event-handler@1.0.0#on-event")
                    (param i32 i32 i32 i32) (result i32) (call $ok))"#,
            );
        let policy = policy(self.real.folder.path(), &lines.text());
        let host: Host<Standard> = host().policy(policy).build().expect("a host");
        let artifact = plug_host::Artifact::from_bytes(ear.build()).expect("a component");
        let ear = host.load("probe", artifact).await.unwrap_or_else(|error| panic!("{error}"));
        host.emit(topic, "hello");
        let events = ear.info().events.expect("a handler");
        events.waiting > 0 || events.delivered > 0
    }

    /// How many lines plugins have logged.
    fn logged(&self) -> usize {
        self.real.log.of_plugins().iter().filter(|line| line.message.contains("hello")).count()
    }
}
