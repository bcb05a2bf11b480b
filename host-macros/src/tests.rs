//! The macro as a function of tokens: what it writes, and what it says when it cannot.

use crate::args::WorldArgs;
use crate::expand;

fn expanded(input: &str) -> Result<String, String> {
    let args: WorldArgs = syn::parse_str(input).map_err(|why| why.to_string())?;
    expand::world(&args).map(|tokens| tokens.to_string()).map_err(|why| why.to_string())
}

fn refused(input: &str) -> String {
    expanded(input).expect_err("it was taken")
}

#[test]
fn what_is_written() {
    let code = expanded(
        r#"/// Words. 
        pub Worker: "tests/wit/fine""#,
    )
    .unwrap();
    let file: syn::File = syn::parse_str(&code).unwrap();
    let names: Vec<String> = file
        .items
        .iter()
        .map(|item| match item {
            syn::Item::Mod(item) => format!("mod {}", item.ident),
            syn::Item::Enum(item) => format!("enum {}", item.ident),
            syn::Item::Impl(item) => {
                format!("impl {}", item.trait_.as_ref().unwrap().1.segments.last().unwrap().ident)
            }
            syn::Item::Const(_) => "const".to_owned(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(names, ["mod worker", "const", "enum Worker", "impl World"]);
    assert!(code.contains("include_bytes ! (\""), "a change in the WIT rebuilds");
    assert!(code.contains("fine.wit"));
    assert!(code.contains("fn job"), "the short accessor");
    assert!(code.contains("fn acme_fine_job"));
}

/// A user's crate has no `wasmtime` of its own, or another one.
#[test]
fn the_code_names_nothing_but_this_crate() {
    let code = expanded(r#"Worker: "tests/wit/imports", app = App"#).unwrap();
    let code: String = code.split_whitespace().collect();
    for (at, _) in code.match_indices("wasmtime::") {
        assert!(code[..at].ends_with("::plug_host::"), "…{}", &code[at.saturating_sub(40)..at + 40]);
    }
}

#[test]
fn each_interface_of_the_application_is_linked() {
    let code = expanded(r#"Worker: "tests/wit/imports", app = crate::App"#).unwrap();
    let code: String = code.split_whitespace().collect();
    let link = &code[code.find("fnlink").unwrap()..code.find("fnprepare").unwrap()];
    assert_eq!(link.matches("add_to_linker::").count(), 2, "{link}");
    assert!(link.contains(
        "worker::acme::imports::stock::add_to_linker::<_,::plug_host::__private::HasSelf<crate::App>>"
    ));
    assert!(link.contains("worker::acme::imports::depot::add_to_linker::"));
    assert!(link.contains("worker::Worker::add_to_linker_imports::"));
    assert!(code.contains("pubuse::plug_host::__private::wasi"), "the host serves WASI");
    assert!(code.contains("pubuse::plug_host::__private::host_api"));
}

#[test]
fn an_optional_interface_is_looked_up_only_where_it_is() {
    let code = expanded(r#"Worker: "tests/wit/optional", world = "worker""#).unwrap();
    let code: String = code.split_whitespace().collect();
    // behind lifecycle and job
    for (field, interface) in [("interface2", "hint"), ("interface3", "undo")] {
        let guest = format!("exports::acme::optional::{interface}::Guest");
        for expected in [
            format!("{field}:::core::option::Option<{guest}>"),
            format!("{field}:::core::option::Option<{guest}Indices>"),
            format!(
                "let{field}=match_component.get_export_index(::core::option::Option::None,\"acme:optional/{interface}@1.1.0\")"
            ),
            format!(
                "let{field}=self.{field}.as_ref().map(|indices|indices.load(&mutstore,&_instance)).transpose()?"
            ),
            format!(
                "fnacme_optional_{interface}(&self)->::core::option::Option<&{guest}>{{self.{field}.as_ref()}}"
            ),
            format!(
                "fn{interface}(&self)->::core::option::Option<&{guest}>{{self.acme_optional_{interface}()}}"
            ),
        ] {
            assert!(code.contains(&expected), "{expected}\n{code}");
        }
    }
    let job = "exports::acme::optional::job::Guest";
    assert!(
        code.contains(&format!(":{job},")) && !code.contains(&format!("Option<{job}")),
        "the others stay"
    );
    assert!(code.contains(&format!("fnjob(&self)->&{job}")));
    // the text that is embedded has both worlds
    assert!(code.contains("worldworker-optional{"));
}

#[test]
fn an_interface_is_made_optional_by_its_name() {
    let named = |names: &str| {
        expanded(&format!(r#"Worker: "tests/wit/named", world = "plain", optional = [{names}]"#)).unwrap()
    };
    let code = named(r#""undo", "acme:more/more@0.1.0""#);
    // another spelling, and one that is given again
    assert_eq!(code, named(r#""acme:named/undo@1.1.0", "acme:more/more", "acme:named/undo""#));
    let squeezed: String = code.split_whitespace().collect();
    for interface in ["named::undo", "more::more"] {
        let short = interface.rsplit(':').next().unwrap();
        let accessor =
            format!("fn{short}(&self)->::core::option::Option<&exports::acme::{interface}::Guest>{{");
        assert!(squeezed.contains(&accessor), "{accessor}\n{squeezed}");
    }
    let job = "fnjob(&self)->&exports::acme::named::job::Guest{";
    assert!(squeezed.contains(job), "the others stay");
    let embedded = embedded(&code);
    let wit = plug_contract::Wit::from_text("world.wit", &embedded).unwrap();
    let names: Vec<String> = wit.optional_exports(wit.select_world(Some("plain")).unwrap()).unwrap();
    assert_eq!(names, ["acme:named/undo@1.1.0", "acme:more/more@0.1.0"]);
}

#[test]
fn names_stand_beside_the_world_of_the_optional_ones() {
    let worker = r#"Worker: "tests/wit/named", world = "worker""#;
    let both = expanded(&format!(r#"{worker}, optional = ["undo"]"#)).unwrap();
    let wit = plug_contract::Wit::from_text("world.wit", &embedded(&both)).unwrap();
    let world = wit.select_world(Some("worker")).unwrap();
    assert_eq!(wit.optional_exports(world).unwrap(), ["acme:named/hint@1.1.0", "acme:named/undo@1.1.0"]);
    // saying what the world says already changes nothing
    assert_eq!(expanded(&format!(r#"{worker}, optional = ["hint"]"#)), expanded(worker));
    assert_eq!(expanded(&format!("{worker}, optional = []")), expanded(worker));
}

/// The WIT that the code hands to the host.
fn embedded(code: &str) -> String {
    struct Texts(Vec<String>);
    impl syn::visit::Visit<'_> for Texts {
        fn visit_lit_str(&mut self, text: &syn::LitStr) {
            self.0.push(text.value());
        }
    }
    let mut texts = Texts(Vec::new());
    syn::visit::Visit::visit_file(&mut texts, &syn::parse_str(code).unwrap());
    texts.0.retain(|text| text.starts_with("package "));
    assert_eq!(texts.0.len(), 1);
    texts.0.remove(0)
}

#[test]
fn our_own_package_needs_no_folder() {
    assert!(expanded(r#"Standard, world = "plugin", crate = crate"#).is_ok());
    let why = refused("Standard");
    assert!(why.starts_with("several worlds in plug:plugin@1.0.0"), "{why}");
}

#[test]
fn names_can_be_chosen() {
    let code = expanded(r#"pub(crate) ImageWorker: "tests/wit/fine/fine.wit""#).unwrap();
    assert!(code.contains("pub (crate) mod image_worker"));
    let code = expanded(r#"ImageWorker: "tests/wit/fine", module = bindings,"#).unwrap();
    assert!(code.contains("mod bindings"));
}

#[test]
fn options_of_the_bindings() {
    let code = expanded(
        r#"Worker: "tests/wit/imports", app = App, derives = [PartialEq, serde::Serialize],
           with = { "acme:imports/depot/shelf": crate::Shelf },
           imports = { "acme:imports/stock": async | trappable, default: trappable }"#,
    );
    // the key of a resource has a dot
    let why = code.unwrap_err();
    assert!(why.contains("acme:imports/depot/shelf"), "{why}");

    let code = expanded(
        r#"Worker: "tests/wit/imports", app = App, derives = [PartialEq, serde::Serialize],
           with = { "acme:imports/depot.shelf": crate::Shelf },
           imports = { "acme:imports/stock": async | trappable, default: trappable }"#,
    )
    .unwrap();
    assert!(code.contains("crate :: Shelf"));
    assert!(code.contains("serde :: Serialize"));
}

#[test]
fn what_is_wrong_is_said() {
    let cases = [
        (r#"W: "tests/wit/none""#, "[PLG0102]"),
        (r#"W: "tests/wit/latin1/latin1.wit""#, "stream did not contain valid UTF-8 [PLG0102]"),
        (r#"W: "tests""#, "no .wit file in "),
        (r#"W: "tests/wit/broken""#, "broken.wit:4:16"),
        (
            r#"W: "tests/wit/two""#,
            "several worlds in acme:two@0.1.0, name one of them: `one`, `other` [PLG0103]",
        ),
        (
            r#"W: "tests/wit/two", world = "three""#,
            "no world `three` in acme:two@0.1.0: it has `one`, `other` [PLG0103]",
        ),
        (
            r#"W: "tests/wit/baseless""#,
            "the world `acme:baseless/worker@0.1.0` is no contract for plugins: it has to `include plug:plugin/base@1.0.0;` [PLG0104]",
        ),
        (
            r#"W: "tests/wit/async""#,
            "`acme:later/job@0.1.0#run` in the world `acme:later/worker@0.1.0` is an async function, which the host cannot call or serve yet; make it a plain `func` of plain types [PLG0514]",
        ),
        (
            r#"W: "tests/wit/stream""#,
            "`acme:later/job@0.1.0#run` in the world `acme:later/worker@0.1.0` passes a stream, which the host cannot call or serve yet; make it a plain `func` of plain types [PLG0514]",
        ),
        (
            r#"W: "tests/wit/imports""#,
            "the world `acme:imports/worker@0.1.0` imports `acme:imports/stock@0.1.0`, `acme:imports/depot@0.1.0`, functions of its own: name the type that serves them, `app = YourType` [PLG0515]",
        ),
        (
            r#"W: "tests/wit/fine", colour = "red""#,
            "unknown option `colour`; there are world, optional, capabilities, app, module, imports, with and derives [PLG0516]",
        ),
        (r#"W: "tests/wit/fine", world = "worker", world = "worker""#, "`world` is given twice [PLG0516]"),
        (
            r#"W: "tests/wit/imports", imports = { default: quick }"#,
            "unknown flag `quick`; there are async, ",
        ),
        (r#"W: "tests/wit/imports", app = A, imports = { "acme:other/x": async }"#, "acme:other/x"),
        (
            r#"W: "tests/wit/optional-function", world = "worker""#,
            "the world `worker-optional` exports `undo`, and only an interface can be optional: put it into one [PLG0518]",
        ),
        (
            r#"W: "tests/wit/named", world = "plain", optional = ["undo", "hnit"]"#,
            "no interface `hnit` among the packages of the world: `acme:named/hint@1.1.0` is the nearest [PLG0516]",
        ),
        (
            r#"W: "tests/wit/named", world = "plain", optional = ["acme:named/undo@1.0.0"]"#,
            "no interface `acme:named/undo@1.0.0` among the packages of the world: `acme:named/undo@1.1.0` is the nearest",
        ),
        (
            r#"W: "tests/wit/named", world = "plain", optional = ["acme:extra/tags"]"#,
            "several interfaces `acme:extra/tags`, name the version of one: `acme:extra/tags@1.0.0`, `acme:extra/tags@2.0.0` [PLG0516]",
        ),
        (
            r#"W: "tests/wit/named", world = "plain", optional = ["plug:plugin/lifecycle"]"#,
            "the world `plain` exports `plug:plugin/lifecycle@1.0.0`, so every plugin has to have it: take the name out here, or the export out of the world [PLG0516]",
        ),
        (
            r#"W: "tests/wit/named", world = "plain", optional = ["later"]"#,
            "`acme:named/later@1.1.0#run` in the world `acme:named/plain@1.1.0` is an async function",
        ),
        (
            r#"W: "tests/wit/named", world = "counter", optional = ["parts"]"#,
            "the optional exports of `counter` cannot stand beside its own: ",
        ),
        (
            r#"W: "tests/wit/named", world = "acme:away/worker""#,
            "the world `acme:away/worker@0.1.0` cannot be embedded as one text: no world `acme:away/worker@0.1.0` in ",
        ),
        (r#"W: "tests/wit/named", world = "plain", optional = [undo]"#, "expected string literal"),
        (r#"W: 7"#, "expected string literal"),
    ];
    for (input, expected) in cases {
        let why = refused(input);
        assert!(why.contains(expected), "{input}\n  said: {why}\n  expected: {expected}");
    }
}
