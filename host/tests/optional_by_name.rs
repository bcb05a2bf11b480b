//! Optional exports that the host names itself, in `world!`: alone, and beside those of the contract.

mod support;

use plug_host::{Host, LoadError, Verdict, World};
use support::Guest;

plug_host::world! {
    /// Its package has no `plain-optional`.
    pub Plain: "tests/wit/optional-by-name",
    world = "plain",
    optional = ["acme:images/hooks@1.2.0"],
}

plug_host::world! {
    /// Its package has a `filter-optional`, with `preview`.
    pub Filter: "tests/wit/optional-by-name",
    world = "filter",
    optional = ["hooks", "acme:images/preview"],
}

const WIT: &str = include_str!("wit/optional-by-name/images.wit");

/// A filter that exports `optional` too; `hooks` is what that interface has.
fn guest(optional: &[&str], hooks: &str) -> Guest {
    let exports: String = optional.iter().map(|name| format!("export {name};")).collect();
    let wit = WIT
        .replace("loaded: func(times: u32) -> u32;", hooks)
        .replace("world plain {", &format!("world plain {{ {exports}"));
    let core = |name: &str, code: &str| format!(r#"(func (export "acme:images/{name}") {code})"#);
    let mut guest = Guest::of(&wit, "plain").item(&core(
        "image-filter@1.2.0#apply",
        "(param i32) (result i32) (i32.mul (local.get 0) (i32.const 2))",
    ));
    if optional.contains(&"hooks") {
        guest = guest.item(&core(
            "hooks@1.2.0#loaded",
            "(param i32) (result i32) (i32.add (local.get 0) (i32.const 1))",
        ));
    }
    if optional.contains(&"preview") {
        // the length of the pixels
        guest = guest.item(&core("preview@1.2.0#preview", "(param i32 i32) (result i32) (local.get 1)"));
    }
    guest
}

const HOOKS: &str = "loaded: func(times: u32) -> u32;";

#[tokio::test]
async fn alone_it_is_used_where_it_is() -> anyhow::Result<()> {
    let host = Host::<Plain>::builder().build()?;
    for (name, optional, expected) in
        [("with", &["hooks"][..], Some(6)), ("without", &[], None), ("other", &["preview"], None)]
    {
        let plugin = host.load(name, guest(optional, HOOKS).artifact()).await?;
        assert!(plugin.plugin().report().verdict() <= Verdict::Compatible);
        let answer = plugin
            .call(async |plain, mut store| {
                assert_eq!(plain.image_filter().call_apply(&mut store, 21).await?, 42);
                match plain.hooks() {
                    Some(hooks) => Ok(Some(hooks.call_loaded(store, 5).await?)),
                    None => Ok(None),
                }
            })
            .await?;
        assert_eq!(answer, expected, "{name}");
    }
    Ok(())
}

#[tokio::test]
async fn beside_those_of_the_contract_each_is_used_where_it_is() -> anyhow::Result<()> {
    let host = Host::<Filter>::builder().build()?;
    let image = filter::exports::acme::images::image_filter::Image { pixels: vec![0; 7] };
    for optional in [&[][..], &["hooks"], &["preview"], &["hooks", "preview"]] {
        let plugin = host.load("x", guest(optional, HOOKS).artifact()).await?;
        let answer = plugin
            .call(async |filter, mut store| {
                let loaded = match filter.hooks() {
                    Some(hooks) => Some(hooks.call_loaded(&mut store, 5).await?),
                    None => None,
                };
                let preview = match filter.preview() {
                    Some(preview) => Some(preview.call_preview(store, &image).await?),
                    None => None,
                };
                Ok((loaded, preview))
            })
            .await?;
        let expected = (optional.contains(&"hooks").then_some(6), optional.contains(&"preview").then_some(7));
        assert_eq!(answer, expected, "{optional:?}");
        host.unload("x").await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_wrong_one_is_refused_with_a_report() {
    let host = Host::<Plain>::builder().build().unwrap();
    let wrong = guest(&["hooks"], "loaded: func(times: s32) -> u32;");
    let error = host.load("x", wrong.artifact()).await.unwrap_err();
    assert!(matches!(error, LoadError::Contract { .. }), "{error:?}");
    assert!(error.to_string().contains("acme:images/hooks@1#loaded"), "{error}");
    assert!(host.get("x").is_none());
}

#[test]
fn the_embedded_contract_has_them_and_keeps_its_hash() {
    fn names<W: World>() -> Vec<&'static str> {
        W::contract().optional_exports().map(|(name, _)| name).collect()
    }
    assert_eq!(names::<Plain>(), ["acme:images/hooks@1"]);
    assert_eq!(names::<Filter>(), ["acme:images/hooks@1", "acme:images/preview@1"]);
    let wit = plug_contract::Wit::from_text("images.wit", WIT).unwrap();
    assert_eq!(wit.contract(Some("plain")).unwrap().hash(), Plain::contract().hash());
    assert_eq!(wit.contract(Some("filter")).unwrap().hash(), Filter::contract().hash());
}
