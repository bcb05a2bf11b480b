//! Every guest that the SDK makes, in the real host: what the SDK promises its authors and the
//! host its embedders, both at once.

use std::path::Path;
use std::time::Duration;

use plug_contract::{Contract, Manifest, Section, Want, Wit, judge};
use plug_fixtures::{Expectation, Guest, guest};
use plug_host::policy::Policy;
use plug_host::{Artifact, Host, Limits, LoadError, MIB, ProcessRequest, Standard, Verdict};

fn artifact(which: Guest) -> Artifact {
    Artifact::from_file(guest(which)).unwrap()
}

/// The same, with a manifest that wants a capability.
fn wanting(which: Guest, capability: &str) -> Artifact {
    let bare = artifact(which);
    let mut manifest = Manifest::default();
    manifest.capabilities = vec![Want::new(capability, "to try it", true)];
    let section =
        Section::declare(&Wit::standard(), Some("plugin"), bare.contract(), Default::default(), manifest);
    Artifact::from_bytes(section.unwrap().embed(bare.bytes()).unwrap()).unwrap()
}

/// Small limits, so that guests which run into them do so soon.
fn tight() -> Limits {
    Limits::default().memory(32 * MIB).cpu(Duration::from_millis(200)).deadline(Duration::from_secs(5))
}

#[tokio::test]
async fn each_guest_ends_as_expected_and_the_others_go_on() {
    let host = Host::<Standard>::builder().limits(tight()).build().unwrap();
    let echo = host.load("witness", artifact(Guest::Echo)).await.unwrap();

    for which in Guest::ALL.into_iter().filter(|which| which.own_world().is_none()) {
        let name = which.name();
        let loaded = host.load(name, artifact(which)).await;
        if which.expectation() == Expectation::RefusesToStart {
            let error = loaded.unwrap_err();
            assert!(matches!(error, LoadError::Refused { .. }), "{name}: {error:?}");
            continue;
        }
        let plugin = loaded.unwrap();
        let outcome = plugin.process(&ProcessRequest::new("hello")).await;
        match which.expectation() {
            Expectation::Answers => {
                outcome.unwrap_or_else(|error| panic!("{name}: {error}"));
            }
            Expectation::Panics => {
                let error = outcome.unwrap_err();
                let trap = error.as_trap().unwrap_or_else(|| panic!("{name}: {error:?}"));
                let words = trap.last_words().unwrap();
                assert!(words.contains("panicked at") && words.contains("src/lib.rs:"), "{words}");
                assert!(!trap.backtrace().frames().is_empty());
            }
            Expectation::NeverReturns => assert!(outcome.unwrap_err().is_deadline(), "{name}"),
            Expectation::RunsOutOfMemory => assert!(outcome.unwrap_err().is_out_of_memory(), "{name}"),
            Expectation::OverflowsStack => {
                let error = outcome.unwrap_err();
                assert_eq!(error.code(), "PLG0603", "{name}: {error}");
            }
            Expectation::RefusesToStart => unreachable!(),
        }
        let witness = echo.process(&ProcessRequest::new("still here")).await.unwrap();
        assert_eq!(witness.output, "still here", "after {name}");
        host.unload(name).await.unwrap_or_else(|error| panic!("{name}: {error}"));
    }
}

#[test]
fn a_guest_has_the_contract_that_it_was_written_for() {
    let standard = Wit::standard().contract(Some("plugin")).unwrap();
    for which in Guest::ALL {
        let actual = Contract::from_component(&std::fs::read(guest(which)).unwrap()).unwrap();
        let declared = match which.own_world() {
            None => standard.clone(),
            Some(world) => {
                let folder =
                    Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/guests").join(which.name());
                Wit::from_dir(&folder.join("wit")).unwrap().contract(Some(world)).unwrap()
            }
        };
        let report = judge(&declared, &actual);
        assert!(report.verdict() <= Verdict::Compatible, "{}: {report}", which.name());

        // exported when asked for, and only then
        for optional in ["health", "state", "event-handler"] {
            let there = actual.export(&format!("plug:plugin/{optional}@1")).is_some();
            assert_eq!(there, which == Guest::HealthState, "{} {optional}", which.name());
        }
        // what is not used is not imported
        if which == Guest::Logs {
            assert!(actual.import("plug:plugin/host-api@1").is_some());
        }
    }
}

#[tokio::test]
async fn log_config_and_events_arrive() {
    let policy = Policy::parse("policy.toml", "[plugin.\"emits-events\"]\n\"events:emit\" = [\"line\"]");
    let host = Host::<Standard>::builder().config("config-reader", [("max-width", "640")]);
    let host = host.policy(policy.unwrap()).build().unwrap();
    let mut events = host.events();

    let reader = host.load("config-reader", artifact(Guest::ConfigReader)).await.unwrap();
    let answer = reader.process(&ProcessRequest::new("max-width")).await.unwrap();
    assert!(answer.success && answer.output.contains("640"), "{answer:?}");

    let emitter = host.load("emits-events", wanting(Guest::EmitsEvents, "events:emit")).await.unwrap();
    emitter.process(&ProcessRequest::new("one")).await.unwrap();
    let event = events.try_next().expect("an event was emitted");
    assert_eq!(event.plugin(), Some("emits-events"));

    let metadata = reader.metadata();
    assert_eq!(
        (metadata.name.as_str(), metadata.version.as_str()),
        ("config-reader", env!("CARGO_PKG_VERSION"))
    );
}

#[tokio::test]
async fn no_file_can_be_read() {
    let host = Host::<Standard>::builder().build().unwrap();
    let plugin = host.load("wants-wasi", artifact(Guest::WantsWasi)).await.unwrap();
    for path in ["/etc/hostname", "Cargo.toml", "../Cargo.toml", "."] {
        let answer = plugin.process(&ProcessRequest::new(path)).await.unwrap();
        assert!(!answer.success, "{path}: {answer:?}");
    }
}

plug_host::world! {
    /// Records, variants and lists of bytes.
    pub TextFilter: "../fixtures/guests/filter-upper/wit",
}

plug_host::world! {
    /// Exports a resource.
    pub Counting: "../fixtures/guests/resource-counter/wit",
}

plug_host::world! {
    /// Imports an interface of the application's, with a resource in it.
    pub Looker: "../fixtures/guests/imports-application-interface/wit",
    app = Library,
    with = { "fixtures:looker/library.shelf": crate::Shelf },
}

#[tokio::test]
async fn an_own_contract_with_records_variants_and_bytes() {
    use text_filter::exports::fixtures::text::text_filter::{Mode, Origin, Page, Refusal};

    let host = Host::<TextFilter>::builder().build().unwrap();
    let filter = host.load("filter", artifact(Guest::FilterUpper)).await.unwrap();
    let page = |bytes: &[u8]| Page { origin: Origin { name: "a".into(), limit: 8 }, bytes: bytes.to_vec() };
    for (input, mode, expected) in [
        (&b"Hello"[..], Mode::Upper, &b"HELLO"[..]),
        (b"Hello", Mode::Lower, b"hello"),
        (b"Hello", Mode::Replace((b'l', b'L')), b"HeLLo"),
    ] {
        let sent = page(input);
        let out = filter
            .call(async |plugin, store| plugin.text_filter().call_apply(store, &sent, mode).await)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(out.bytes, expected);
        assert_eq!(out.origin.name, "a");
    }
    let long = page(b"much too long");
    let refusal = filter
        .call(async |plugin, store| plugin.text_filter().call_apply(store, &long, Mode::Upper).await)
        .await
        .unwrap()
        .unwrap_err();
    assert!(matches!(&refusal, Refusal::TooLong(what) if what.limit == 8 && what.found == 13), "{refusal:?}");
}

#[tokio::test]
async fn an_own_contract_with_an_exported_resource() {
    let host = Host::<Counting>::builder().build().unwrap();
    let plugin = host.load("counter", artifact(Guest::ResourceCounter)).await.unwrap();
    let sum = plugin
        .call(async |plugin, mut store| {
            let counters = plugin.counters();
            let counter = counters.counter();
            let one = counter.call_constructor(&mut store, 1).await?;
            let two = counter.call_constructor(&mut store, u64::MAX).await?;
            assert_eq!(counter.call_add(&mut store, one, 4).await?.unwrap(), 5);
            assert_eq!(counter.call_add(&mut store, two, 1).await?.unwrap_err().at, u64::MAX);
            let sum = counter.call_sum_of(&mut store, &[one]).await?;
            one.resource_drop_async(&mut store).await?;
            two.resource_drop_async(&mut store).await?;
            Ok(sum)
        })
        .await
        .unwrap();
    assert_eq!(sum, 5);
}

/// The application's side of `looker`.
#[derive(Default)]
pub struct Library {
    table: plug_host::wasmtime::component::ResourceTable,
}

/// A shelf of the library.
pub struct Shelf {
    name: String,
}

mod library {
    use super::looker::fixtures::looker::library::{Fact, Host, HostShelf, Miss};
    use super::{Library, Shelf};
    use plug_host::wasmtime::component::Resource;

    impl Host for Library {}

    impl HostShelf for Library {
        fn new(&mut self, name: String) -> Resource<Shelf> {
            self.table.push(Shelf { name }).unwrap()
        }

        fn find(&mut self, shelf: Resource<Shelf>, question: String) -> Result<Fact, Miss> {
            let shelf = self.table.get(&shelf).unwrap();
            match question.as_str() {
                "answer" => Ok(Fact { text: format!("42, says {}", shelf.name), pages: 1 }),
                "secret" => Err(Miss::Locked("noon".to_owned())),
                _ => Err(Miss::Unknown),
            }
        }

        fn drop(&mut self, shelf: Resource<Shelf>) -> plug_host::wasmtime::Result<()> {
            self.table.delete(shelf)?;
            Ok(())
        }
    }
}

#[tokio::test]
async fn an_own_contract_that_imports_from_the_application() {
    let host = Host::<Looker>::builder().build().unwrap();
    let plugin = host.load("looker", artifact(Guest::ImportsApplicationInterface)).await.unwrap();
    let ask = async |question: &str| {
        plugin.call(async |plugin, store| plugin.answers().call_answer(store, question).await).await.unwrap()
    };
    assert_eq!(ask("answer").await, Ok("42, says facts (1 pages)".to_owned()));
    assert_eq!(ask("secret").await, Err("come back at noon".to_owned()));
    assert_eq!(ask("what").await, Err("nobody knows `what`".to_owned()));
}

#[tokio::test]
async fn a_guest_of_another_contract_is_refused_with_a_report() {
    let host = Host::<Standard>::builder().build().unwrap();
    let error = host.load("filter", artifact(Guest::FilterUpper)).await.unwrap_err();
    let report = error.report().unwrap_or_else(|| panic!("{error:?}")).to_string();
    assert!(report.contains("export plug:plugin/processor@1"), "{report}");
    assert!(report.contains("help:"), "{report}");
    assert!(host.get("filter").is_none());
}
