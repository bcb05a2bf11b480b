//! Three versions of one contract, plugins of each of them, and every pair of a host and a plugin:
//! what the judge says, what the host does, and what a real call gives are the same answer.
//!
//! 1.1.0 adds a function to what a plugin may import, and an interface that it may export; 2.0.0 is
//! another track.

use std::sync::OnceLock;

use plug_contract::judge;
use plug_e2e::cargo_plug;
use plug_fixtures::{Guest, guest_built_by};
use plug_host::{Artifact, Host, LoadError, PluginHandle, Verdict, World};

plug_host::world! {
    /// A host that was built for 1.0.0.
    pub V1: "../fixtures/guests/speaks-v1/wit",
    app = Shelf,
}

plug_host::world! {
    /// A host that was built for 1.1.0.
    pub V11: "../fixtures/guests/summarises-for-v1-1/wit",
    app = Shelf,
}

plug_host::world! {
    /// A host that was built for 2.0.0.
    pub V2: "../fixtures/guests/speaks-v2/wit",
    app = Shelf,
}

/// What the application serves, in all its versions.
#[derive(Default)]
pub struct Shelf;

impl v1::fixtures::notes::shelf::Host for Shelf {
    fn find(&mut self, name: String) -> Option<String> {
        (name == "milk").then(|| "in the fridge".to_owned())
    }
}

impl v11::fixtures::notes::shelf::Host for Shelf {
    fn find(&mut self, name: String) -> Option<String> {
        v1::fixtures::notes::shelf::Host::find(self, name)
    }

    fn count(&mut self) -> u32 {
        7
    }
}

impl v2::fixtures::notes::shelf::Host for Shelf {
    fn find(&mut self, name: String) -> Option<String> {
        v1::fixtures::notes::shelf::Host::find(self, name)
    }

    fn count(&mut self) -> u32 {
        7
    }
}

/// As `cargo plug build` makes it.
fn artifact(guest: Guest) -> Artifact {
    static CARGO_PLUG: OnceLock<std::path::PathBuf> = OnceLock::new();
    let component = guest_built_by(CARGO_PLUG.get_or_init(cargo_plug), guest);
    Artifact::from_file(component.unwrap_or_else(|error| panic!("{error}"))).unwrap()
}

/// What becomes of a plugin on a host.
enum Expected {
    /// It answers a note `milk` with that.
    Answers(&'static str),
    /// The report on it names that.
    Refused(&'static str),
}

use Expected::{Answers, Refused};

const OTHER_TRACK: &str = "export fixtures:notes/notes@";

/// The plugins, and what becomes of them on the hosts of 1.0.0, 1.1.0 and 2.0.0.
const TABLE: [(Guest, [Expected; 3]); 4] = [
    (Guest::SpeaksV1, [Answers("milk: in the fridge"), Answers("milk: in the fridge"), Refused(OTHER_TRACK)]),
    (
        Guest::CountsWithV11,
        [Refused("import fixtures:notes/shelf@1#count"), Answers("milk: one of 7"), Refused(OTHER_TRACK)],
    ),
    (Guest::SummarisesForV11, [Answers("milk!"), Answers("milk!"), Refused(OTHER_TRACK)]),
    (Guest::SpeaksV2, [Refused(OTHER_TRACK), Refused(OTHER_TRACK), Answers("milk, 4 stars")]),
];

/// Judges, loads and calls, and holds all three against the expectation.
async fn try_out<W: World<App = Shelf>>(
    guest: Guest,
    expected: &Expected,
    annotate: impl AsyncFn(&PluginHandle<W>) -> String,
) {
    let artifact = artifact(guest);
    let pair = format!("{} on {}", guest.name(), W::contract().id());
    let report = judge(W::contract(), artifact.contract());
    let host = Host::<W>::builder().build().unwrap();
    match (host.load(guest.name(), artifact).await, expected) {
        (Ok(plugin), Answers(answer)) => {
            assert_eq!(report.verdict(), Verdict::Compatible, "{pair}: {report}");
            assert_eq!(annotate(&plugin).await, *answer, "{pair}");
        }
        (Err(error), Refused(place)) => {
            assert_eq!(report.verdict(), Verdict::Breaking, "{pair}: {report}");
            assert!(matches!(error, LoadError::Contract { .. }), "{pair}: {error:?}");
            assert_eq!(error.report(), Some(&report), "{pair}");
            assert!(error.to_string().contains(place), "{pair}: {error}");
        }
        (Ok(_), Refused(_)) => panic!("{pair} was loaded: {report}"),
        (Err(error), Answers(_)) => panic!("{pair}: {error}"),
    }
}

#[tokio::test]
async fn every_plugin_on_every_host() {
    for (guest, [on_v1, on_v11, on_v2]) in &TABLE {
        try_out::<V1>(*guest, on_v1, async |plugin| {
            let note = v1::exports::fixtures::notes::notes::Note { text: "milk".to_owned() };
            plugin
                .call(async |plugin, store| plugin.notes().call_annotate(store, &note).await)
                .await
                .unwrap()
                .text
        })
        .await;
        try_out::<V11>(*guest, on_v11, async |plugin| {
            let note = v11::exports::fixtures::notes::notes::Note { text: "milk".to_owned() };
            plugin
                .call(async |plugin, store| plugin.notes().call_annotate(store, &note).await)
                .await
                .unwrap()
                .text
        })
        .await;
        try_out::<V2>(*guest, on_v2, async |plugin| {
            let note = v2::exports::fixtures::notes::notes::Note { text: "milk".to_owned(), stars: 3 };
            let note = plugin
                .call(async |plugin, store| plugin.notes().call_annotate(store, &note).await)
                .await
                .unwrap();
            format!("{}, {} stars", note.text, note.stars)
        })
        .await;
    }
}

/// The host of 1.1.0 uses the optional interface where it is, and does without where it is not.
#[tokio::test]
async fn an_optional_interface_is_used_where_it_is_there() {
    use v11::exports::fixtures::notes::notes::Note;

    let host = Host::<V11>::builder().build().unwrap();
    for (guest, expected) in [
        (Guest::SpeaksV1, None),
        (Guest::CountsWithV11, None),
        (Guest::SummarisesForV11, Some("milk and bread")),
    ] {
        let plugin = host.load(guest.name(), artifact(guest)).await.unwrap();
        let notes = ["milk", "bread"].map(|text| Note { text: text.to_owned() });
        let summary = plugin
            .call(async |plugin, store| match plugin.summary() {
                Some(summary) => summary.call_summarise(store, &notes).await.map(Some),
                None => Ok(None),
            })
            .await
            .unwrap();
        assert_eq!(summary.map(|note| note.text).as_deref(), expected, "{}", guest.name());
    }
}
