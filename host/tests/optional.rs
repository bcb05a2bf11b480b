//! Optional exports: used where they are, done without where they are not, and never taken for
//! absent when they are wrong.

mod support;

use plug_contract::{Contract, Wit};
use plug_host::{Host, LoadError, Verdict, World as _};
use support::Guest;

plug_host::world! {
    /// Has an optional interface `hint`.
    pub Worker: "tests/wit/optional",
    world = "worker",
}

/// A worker that exports `hint` with these functions, or not at all.
fn worker(hint: &str) -> Guest {
    let export = if hint.is_empty() { "" } else { "export hint;" };
    let wit = format!(
        "package acme:hints@1.1.0;
         interface job {{ run: func(number: u32) -> u32; }}
         interface hint {{ {hint} }}
         world worker {{ include plug:plugin/base@1.0.0; export job; {export} }}"
    );
    let core = |name: &str, code: &str| format!(r#"(func (export "acme:hints/{name}") {code})"#);
    let mut guest = Guest::of(&wit, "worker")
        .item(&core("job@1.1.0#run", "(param i32) (result i32) (i32.mul (local.get 0) (i32.const 2))"));
    if hint.contains("hint:") {
        guest = guest
            .item(&core("hint@1.1.0#hint", "(param i32) (result i32) (i32.add (local.get 0) (i32.const 1))"));
    }
    if hint.contains("least:") {
        guest = guest.item(&core("hint@1.1.0#least", "(result i32) (i32.const 7)"));
    }
    guest
}

const WHOLE: &str = "hint: func(number: u32) -> u32; least: func() -> u32;";

#[tokio::test]
async fn it_is_called_where_it_is() -> anyhow::Result<()> {
    let host = Host::<Worker>::builder().build()?;
    for (name, hint, expected) in [("with", WHOLE, Some((6, 7))), ("without", "", None)] {
        let plugin = host.load(name, worker(hint).artifact()).await?;
        assert!(plugin.plugin().report().verdict() <= Verdict::Compatible);
        let answer = plugin
            .call(async |worker, mut store| {
                assert_eq!(worker.job().call_run(&mut store, 21).await?, 42);
                let Some(hint) = worker.hint() else { return Ok(None) };
                assert!(worker.acme_hints_hint().is_some());
                let next = hint.call_hint(&mut store, 5).await?;
                Ok(Some((next, hint.call_least(store).await?)))
            })
            .await?;
        assert_eq!(answer, expected, "{name}");
    }
    Ok(())
}

#[tokio::test]
async fn a_wrong_one_is_refused_with_a_report() {
    let host = Host::<Worker>::builder().build().unwrap();
    for (hint, place) in [
        ("hint: func(number: s32) -> u32; least: func() -> u32;", "acme:hints/hint@1#hint"),
        ("hint: func(number: u32) -> u32;", "acme:hints/hint@1#least"),
    ] {
        let error = host.load("x", worker(hint).artifact()).await.unwrap_err();
        assert!(matches!(error, LoadError::Contract { .. }), "{hint}: {error:?}");
        assert_eq!(error.code(), "PLG0301");
        assert!(error.to_string().contains(place), "{error}");
        assert!(host.get("x").is_none());
    }
}

/// What the macro embeds has the optional part, and the contract hash does not.
#[test]
fn the_contract_has_it() {
    let names: Vec<&str> = Worker::contract().optional_exports().map(|(name, _)| name).collect();
    assert_eq!(names, ["acme:hints/hint@1"]);
    let text = include_str!("wit/optional/hints.wit");
    let without = text.replace("export hint;", "");
    let contract = |text: &str| -> Contract {
        Wit::from_text("hints.wit", text).unwrap().contract(Some("worker")).unwrap()
    };
    assert_eq!(contract(text).hash(), Worker::contract().hash());
    assert_eq!(contract(&without).hash(), Worker::contract().hash());
}
