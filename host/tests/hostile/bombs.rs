//! Components that are small, or not, and take long to compile.

use wasm_encoder::{
    BlockType, CodeSection, Component, ComponentSection as _, CustomSection, Function, FunctionSection,
    InstructionSink, Module, ModuleSection, NestedComponentSection, TypeSection, ValType,
};

use crate::case::{Case, Deed};
use crate::guest::echo;

/// A plugin that fits, with one more module that nobody instantiates.
fn with(functions: impl IntoIterator<Item = Function>) -> Vec<u8> {
    let (mut declared, mut code) = (FunctionSection::new(), CodeSection::new());
    for function in functions {
        declared.function(0);
        code.function(&function);
    }
    let mut types = TypeSection::new();
    types.ty().function([], []);
    let mut module = Module::new();
    module.section(&types).section(&declared).section(&code);
    with_module(&module)
}

fn with_module(module: &Module) -> Vec<u8> {
    let mut bytes = echo().build();
    ModuleSection(module).append_to_component(&mut bytes);
    bytes
}

fn function(locals: u32, body: impl FnOnce(&mut InstructionSink<'_>)) -> Function {
    let mut function = Function::new([(locals, ValType::I32)]);
    let mut sink = function.instructions();
    body(&mut sink);
    sink.end();
    function
}

/// Loops, one behind the other. What compiling them takes grows faster than their number.
pub fn loops(count: u32) -> Vec<u8> {
    with([function(1, |sink| {
        for _ in 0..count {
            sink.loop_(BlockType::Empty).local_get(0).br_if(0).end();
        }
    })])
}

fn nested_loops(depth: u32) -> Function {
    function(1, |sink| {
        for _ in 0..depth {
            sink.loop_(BlockType::Empty);
        }
        for _ in 0..depth {
            sink.local_get(0).br_if(0).end();
        }
    })
}

/// Each component makes two instances of the one before.
fn doubled(levels: usize) -> Vec<u8> {
    let mut text = String::from("(component (component $c0)");
    for level in 1..levels {
        let below = level - 1;
        text.push_str(&format!(
            "(component $c{level} (alias outer 1 $c{below} (component $c)) (instance (instantiate $c)) (instance (instantiate $c)))"
        ));
    }
    text.push_str(&format!("(instance (instantiate $c{})))", levels - 1));
    appended(&text)
}

/// The same, by components that are handed over.
fn handed_over() -> Vec<u8> {
    appended(
        "(component
            (component $twice
                (import \"c\" (component $c))
                (component (export \"d\")
                    (alias outer 1 $c (component $c))
                    (instance (instantiate $c)) (instance (instantiate $c))))
            (component $none)
            (instance $i (instantiate $twice (with \"c\" (component $none))))
            (alias export $i \"d\" (component $d))
            (instance (instantiate $d)))",
    )
}

/// A plugin that fits, with that component in it, of which no instance is made.
fn appended(text: &str) -> Vec<u8> {
    let inner = wat::parse_str(text).unwrap();
    let mut bytes = echo().build();
    let mut nested = vec![4];
    wasm_encoder::Encode::encode(&inner.len(), &mut nested);
    nested.extend(inner);
    bytes.extend(nested);
    bytes
}

/// Types of components in each other, more than a thread has stack for.
fn deep_types() -> Vec<u8> {
    let mut types = vec![1];
    types.extend([0x41, 1, 1].repeat(500_000));
    types.extend([0x41, 0]);
    let mut bytes = echo().build();
    bytes.push(7);
    wasm_encoder::Encode::encode(&types.len(), &mut bytes);
    bytes.extend(types);
    bytes
}

fn deep_components(levels: usize) -> Vec<u8> {
    let mut component = Component::new();
    for _ in 1..levels {
        let mut outer = Component::new();
        outer.section(&NestedComponentSection(&component));
        component = outer;
    }
    let mut bytes = echo().build();
    NestedComponentSection(&component).append_to_component(&mut bytes);
    bytes
}

/// A type that has two of the one before, and that two of the one before, …
fn doubling_types() -> Vec<u8> {
    wat::parse_str(format!(
        "(component (type $t0 (tuple u8 u8)) {})",
        (1..64).map(|i| format!("(type $t{i} (tuple $t{} $t{}))", i - 1, i - 1)).collect::<String>()
    ))
    .unwrap()
}

pub fn cases() -> Vec<Case> {
    vec![
        Case::refused(
            "has nine megabytes of data",
            || {
                let mut bytes = echo().build();
                let section = CustomSection { name: "data".into(), data: vec![0; 9 << 20].into() };
                section.append_to_component(&mut bytes);
                bytes
            },
            "PLG0524",
            "plugin `x` is more than this host compiles: it has 94",
        )
        .begins(),
        Case::refused(
            "has one function of more than a megabyte",
            || with([function(1, |sink| (0..200_000).for_each(|_| { sink.local_get(0).i32_const(5).i32_add().local_set(0); }))]),
            "PLG0524",
            "plugin `x` is more than this host compiles: its function 0 has 1400004 bytes, and may have 1048576 (`LoadLimits::function`)",
        ),
        Case::refused(
            "has a thousand functions of four kilobytes",
            || with((0..1000).map(|_| function(1, |sink| (0..600).for_each(|_| { sink.local_get(0).i32_const(5).i32_add().local_set(0); })))),
            "PLG0524",
            "plugin `x` is more than this host compiles: its functions have",
        )
        .begins(),
        Case::refused(
            "has more than a hundred thousand functions, which do nothing",
            || with((0..=100_000).map(|_| function(0, |_| {}))),
            "PLG0524",
            "plugin `x` is more than this host compiles: it has 100011 functions, and may have 100000 (`LoadLimits::functions`)",
        ),
        Case::refused(
            "has a function of fifty thousand local variables",
            || with([function(50_000, |_| {})]),
            "PLG0524",
            "plugin `x` is more than this host compiles: its function 0 has 50000 local variables, and may have 10000 (`LoadLimits::locals`)",
        ),
        Case::refused(
            "nests a hundred thousand blocks",
            || with([nested_loops(100_000)]),
            "PLG0524",
            "plugin `x` is more than this host compiles: its function 0 nests blocks 2001 deep, and may have 2000 (`LoadLimits::nesting`)",
        ),
        Case::refused(
            "has twenty thousand loops, one behind the other",
            || loops(20_000),
            "PLG0524",
            "plugin `x` is more than this host compiles: the control flow of its functions is entangled to 64",
        )
        .begins(),
        Case::refused(
            "has loops within loops in many functions, each of them small enough",
            || with((0..20).map(|_| nested_loops(1_500))),
            "PLG0524",
            "plugin `x` is more than this host compiles: the control flow of its functions is entangled to 2",
        )
        .begins(),
        Case::refused(
            "jumps by a table of half a million places",
            || with([function(1, |sink| { sink.block(BlockType::Empty).local_get(0).br_table(vec![0; 500_000], 0).end(); })]),
            "PLG0503",
            "plugin `x` cannot be compiled: failed to compile: wasm[1]::function[0]: WebAssembly translation error: Unsupported feature: `br_table` has 500000 targets, which exceeds the implementation limit of 65520",
        ),
        Case::refused(
            "has two hundred thousand types",
            || {
                let mut types = TypeSection::new();
                for params in 0..200_000 {
                    types.ty().function(vec![ValType::I32; params % 7], []);
                }
                with_module(Module::new().section(&types))
            },
            "PLG0524",
            "plugin `x` is more than this host compiles: it comes to 200",
        )
        .begins(),
        Case::refused(
            "makes two instances of a component that makes two instances of a component, fifty levels down",
            || doubled(50),
            "PLG0524",
            "plugin `x` is more than this host compiles: it comes to",
        )
        .begins(),
        Case::refused(
            "makes two instances of whatever component it is handed",
            handed_over,
            "PLG0524",
            "plugin `x` is more than this host compiles: it comes to 18446744073709551615 types",
        )
        .begins(),
        Case::refused(
            "has components in components, fifty levels deep",
            || deep_components(50),
            "PLG0524",
            "plugin `x` is more than this host compiles: it nests components 33 deep, and may have 32 (`LoadLimits::depth`)",
        ),
        Case::no_artifact(
            "has components in components, a thousand levels deep",
            || deep_components(1000),
            "PLG0203",
            "not a valid component: components or types within each other, more than 100 levels of them",
        ),
        Case::no_artifact(
            "has types in types, half a million levels deep",
            deep_types,
            "PLG0203",
            "not a valid component: components or types within each other, more than 100 levels of them",
        ),
        Case::refused(
            "has types in types, half a million levels deep, and is called without a contract",
            deep_types,
            "PLG0503",
            "plugin `x` cannot be compiled: not a valid component: components or types within each other, more than 100 levels of them",
        )
        .by(Deed::ByName("none")),
        Case::no_artifact(
            "has a type that doubles with each of sixty-four levels",
            doubling_types,
            "PLG0203",
            "not a valid component: effective type size exceeds the limit of 1000000",
        )
        .begins(),
        Case::refused(
            "takes longer to compile than its host waits",
            || loops(2_000),
            "PLG0525",
            "plugin `x` took longer than the 50ms that it may to be compiled (`LoadLimits::compile`)",
        )
        .by(Deed::LoadImpatiently),
    ]
}
