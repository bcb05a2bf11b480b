// Components out of WAT. No inner attributes here: the crate's front page includes this file.

use plug_contract::{Contract, Manifest, Section, Want, Wit};
use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};

/// A guest of the standard world, or of one with the same lifecycle, written as the bodies of its
/// functions.
#[derive(Clone)]
pub struct Guest {
    wit: Option<(String, String)>,
    name: &'static str,
    initialize: String,
    shutdown: String,
    metadata: String,
    process: Option<String>,
    imports: String,
    items: String,
    memory: String,
    realloc: String,
    post_return: String,
    wants: Vec<&'static str>,
    needs: bool,
}

/// Answers `ok`.
const OK: &str = "(call $ok)";

impl Guest {
    /// Echoes its input.
    pub fn echo() -> Guest {
        Guest {
            wit: None,
            name: "echo",
            initialize: OK.to_owned(),
            shutdown: OK.to_owned(),
            metadata: "(call $metadata)".to_owned(),
            process: Some("(call $reply (local.get $input) (local.get $input_len))".to_owned()),
            imports: String::new(),
            items: String::new(),
            memory: "1".to_owned(),
            realloc: String::new(),
            post_return: String::new(),
            wants: Vec::new(),
            needs: false,
        }
    }

    /// A guest of another world: `process` is not exported.
    pub fn of(wit: &str, world: &str) -> Guest {
        Guest { wit: Some((wit.to_owned(), world.to_owned())), process: None, ..Guest::echo() }
    }

    /// The name in its metadata; at most 16 bytes.
    pub fn named(mut self, name: &'static str) -> Guest {
        assert!(name.len() <= 16);
        self.name = name;
        self
    }

    /// The body of `process`, with the locals `$input`, `$input_len`, `$options`, `$options_len`
    /// and two spare ones, `$a` and `$b`. It leaves the answer's address.
    pub fn process(mut self, body: &str) -> Guest {
        self.process = Some(body.to_owned());
        self
    }

    /// The body of `initialize`, with the locals `$config`, `$config_len`, `$a` and `$b`.
    pub fn initialize(mut self, body: &str) -> Guest {
        self.initialize = body.to_owned();
        self
    }

    /// The body of `shutdown`.
    pub fn shutdown(mut self, body: &str) -> Guest {
        self.shutdown = body.to_owned();
        self
    }

    /// The body of `get-metadata`.
    pub fn metadata(mut self, body: &str) -> Guest {
        self.metadata = body.to_owned();
        self
    }

    /// Imports of the core module.
    pub fn import(mut self, import: &str) -> Guest {
        self.imports.push_str(import);
        self
    }

    /// The host-api, as `$log`, `$get_config` and `$emit`; their answers go to an area at 2048.
    pub fn host_api(self) -> Guest {
        self.import(
            r#"
            (import "plug:plugin/host-api@1.0.0" "log-message" (func $log_raw (param i32 i32 i32 i32)))
            (import "plug:plugin/host-api@1.0.0" "get-config" (func $get_config_raw (param i32 i32 i32)))
            (import "plug:plugin/host-api@1.0.0" "emit-event" (func $emit_raw (param i32 i32 i32 i32 i32)))
            "#,
        )
        .item(
            r"
            ;; whether the host refused
            (func $log (param $level i32) (param $text i32) (param $len i32) (result i32)
                (call $log_raw (local.get $level) (local.get $text) (local.get $len) (i32.const 2048))
                (i32.load8_u (i32.const 2048)))
            ;; whether there is a value; its address is at 2052, its length at 2056
            (func $get_config (param $key i32) (param $len i32) (result i32)
                (call $get_config_raw (local.get $key) (local.get $len) (i32.const 2048))
                (i32.load8_u (i32.const 2048)))
            ;; whether the host refused
            (func $emit (param i32 i32 i32 i32) (result i32)
                (call $emit_raw (local.get 0) (local.get 1) (local.get 2) (local.get 3) (i32.const 2048))
                (i32.load8_u (i32.const 2048)))
            ",
        )
    }

    /// With something in it that needs concurrency, although its contract does not.
    pub fn concurrent(self) -> Guest {
        self.import(r#"(import "$root" "[waitable-set-new]" (func (result i32)))"#)
    }

    /// More items of the core module: functions, globals, data. Data may lie from 3072 to 4095.
    pub fn item(mut self, item: &str) -> Guest {
        self.items.push_str(item);
        self
    }

    /// The initial pages of memory.
    pub fn memory(mut self, pages: &str) -> Guest {
        self.memory = pages.to_owned();
        self
    }

    /// What the allocator does before it gives room, with the locals `$old`, `$old_size`, `$align` and `$size`.
    pub fn realloc(mut self, body: &str) -> Guest {
        self.realloc = body.to_owned();
        self
    }

    /// What happens when the answer of `process` has been read.
    pub fn post_return(mut self, body: &str) -> Guest {
        self.post_return = body.to_owned();
        self
    }

    /// With a manifest that wants these capabilities, and can do without.
    pub fn wanting(mut self, capabilities: impl IntoIterator<Item = &'static str>) -> Guest {
        self.wants = capabilities.into_iter().collect();
        self
    }

    /// With a manifest that wants these capabilities, and cannot do without.
    pub fn needing(mut self, capabilities: impl IntoIterator<Item = &'static str>) -> Guest {
        self.needs = true;
        self.wanting(capabilities)
    }

    /// The component.
    pub fn build(&self) -> Vec<u8> {
        let (wit, world) = match &self.wit {
            None => (Wit::standard(), "plugin"),
            Some((text, world)) => {
                (Wit::from_text("test.wit", text).expect("the test's WIT"), world.as_str())
            }
        };
        let component = encode(&wit, world, &self.core());
        if self.wants.is_empty() {
            return component;
        }
        let mut manifest = Manifest::default();
        manifest.capabilities =
            self.wants.iter().map(|want| Want::new(*want, "to try it", self.needs)).collect();
        let actual = Contract::from_component(&component).expect("the test's component");
        let section = Section::declare(&wit, Some(world), &actual, Default::default(), manifest);
        section.expect("a section").embed(&component).expect("a component with a section")
    }

    fn core(&self) -> String {
        let Guest { realloc, post_return, .. } = self;
        let process = self.process.as_ref().map_or_else(String::new, |body| {
            format!(
                r#"
    (func (export "plug:plugin/processor@1.0.0#process")
        (param $input i32) (param $input_len i32) (param $options i32) (param $options_len i32) (result i32)
        (local $a i32) (local $b i32)
        {body})
    (func (export "cabi_post_plug:plugin/processor@1.0.0#process") (param i32)
        {post_return}
        (global.set $heap (i32.const 4096)))
    ;; an answer that succeeded, with this output
    (func $reply (param $output i32) (param $len i32) (result i32)
        (i32.store (i32.const 1024) (local.get $output))
        (i32.store (i32.const 1028) (local.get $len))
        (i32.store8 (i32.const 1032) (i32.const 1))
        (i32.store8 (i32.const 1036) (i32.const 0))
        (i32.const 1024))
"#
            )
        });
        let Guest { name, initialize, shutdown, metadata, imports, items, memory, .. } = self;
        let len = name.len();
        format!(
            r#"(module $guest
    {imports}
    (memory (export "memory") {memory})
    (global $heap (mut i32) (i32.const 4096))
    (data (i32.const 512) "{name}")
    (data (i32.const 528) "1.2.3a guest made of WAT")

    ;; a bump allocator, emptied after each `process`
    (func $alloc (export "cabi_realloc")
        (param $old i32) (param $old_size i32) (param $align i32) (param $size i32) (result i32)
        (local $at i32)
        {realloc}
        (local.set $at (i32.and (i32.add (global.get $heap) (i32.const 7)) (i32.const -8)))
        (global.set $heap (i32.add (local.get $at) (local.get $size)))
        (block $enough
            (loop $more
                (br_if $enough (i32.le_u (global.get $heap) (i32.mul (memory.size) (i32.const 65536))))
                (br_if $more (i32.ne (memory.grow (i32.const 1)) (i32.const -1))))
            unreachable)
        (if (local.get $old) (then (memory.copy (local.get $at) (local.get $old) (local.get $old_size))))
        (local.get $at))

    ;; result<_, string>
    (func $ok (result i32)
        (i32.store8 (i32.const 256) (i32.const 0))
        (i32.const 256))
    (func $err (param $text i32) (param $len i32) (result i32)
        (i32.store8 (i32.const 256) (i32.const 1))
        (i32.store (i32.const 260) (local.get $text))
        (i32.store (i32.const 264) (local.get $len))
        (i32.const 256))
    (func $metadata (result i32)
        (i32.store (i32.const 272) (i32.const 512))
        (i32.store (i32.const 276) (i32.const {len}))
        (i32.store (i32.const 280) (i32.const 528))
        (i32.store (i32.const 284) (i32.const 5))
        (i32.store (i32.const 288) (i32.const 533))
        (i32.store (i32.const 292) (i32.const 19))
        (i32.const 272))

    (func (export "plug:plugin/lifecycle@1.0.0#initialize") (param $config i32) (param $config_len i32) (result i32)
        (local $a i32) (local $b i32)
        {initialize})
    (func (export "plug:plugin/lifecycle@1.0.0#shutdown") (result i32)
        (local $a i32) (local $b i32)
        {shutdown})
    (func (export "plug:plugin/lifecycle@1.0.0#get-metadata") (result i32)
        {metadata})
    {process}
    {items}
)"#
        )
    }
}

/// A component of that world with this core module in it.
pub fn encode(wit: &Wit, world: &str, core: &str) -> Vec<u8> {
    let world = wit.select_world(Some(world)).expect("the test's world");
    let mut module = wat::parse_str(core).unwrap_or_else(|why| panic!("{why}\n{core}"));
    embed_component_metadata(&mut module, wit.resolve(), world, StringEncoding::UTF8).expect("metadata");
    ComponentEncoder::default()
        .validate(true)
        .module(&module)
        .and_then(|mut encoder| encoder.encode())
        .unwrap_or_else(|why| panic!("{why:?}\n{core}"))
}
