use crate::component::{ADDER, IMAGES, component};
use crate::project::{Project, assert_runs};

#[test]
fn functions_are_listed() {
    let project = Project::new();
    project.write("bare.wasm", component(IMAGES, "bare"));
    project.write("twins.wasm", component(TWINS, "twins"));
    project.write("nothing.wasm", wat::parse_str("(component)").unwrap());
    assert_runs!(
        project,
        project.plug(&["call", "bare.wasm"]),
        project.plug(&["call", "twins.wasm"]),
        project.plug(&["call", "twins.wasm", "--format", "json"]),
        project.plug(&["call", "nothing.wasm"]),
    );
}

#[test]
fn functions_of_resources_are_listed() {
    let project = Project::new();
    project.write("bare.wasm", component(IMAGES, "bare"));
    project.write("store.wasm", component(STORE, "only"));
    assert_runs!(
        project,
        project.plug(&["call", "bare.wasm", "--format", "json"]),
        project.plug(&["call", "store.wasm"]),
        project.plug(&["call", "store.wasm", "anything()"]),
        project.plug(&["call", "store.wasm", "counter-1.nxt()"]),
    );
}

const STORE: &str = "package acme:store;
    interface store { resource counter { constructor(start: u32); next: func() -> u32; } }
    world only { export store; }";

const TWINS: &str = "package acme:twins;
    interface one { check: func(); }
    interface two { check: func(); alone: func(); }
    world twins { export one; export two; export plug:plugin/health@1.0.0; }";

#[test]
fn a_call_needs_a_function_and_grants_need_a_name() {
    let project = Project::new();
    project.write("twins.wasm", component(TWINS, "twins"));
    project.write("nothing.wasm", wat::parse_str("(component)").unwrap());
    let call = |args: &[&str]| project.plug(&[&["call"], args].concat());
    assert_runs!(
        project,
        call(&["twins.wasm", "check()"]),
        call(&["twins.wasm", "alnoe()"]),
        call(&["twins.wasm", "three.check()"]),
        call(&["nothing.wasm", "check()"]),
        call(&["twins.wasm", "alone()", "--allow", "fs:read=."]),
        call(&["twins.wasm", "alone()", "--allow", "random"]),
        call(&["twins.wasm", "alone()", "--allow", "fs:raed=."]),
        call(&["twins.wasm", "alone()", "--allow", "everything"]),
        call(&["nowhere.wasm", "alone()"]),
    );
}

/// A component that exports a type by itself, and a function of it.
const ROOT_TYPE: &str = r#"(component
    (core module $m (func (export "one") (result i32) (i32.const 1)))
    (core instance $i (instantiate $m))
    (type $t (record (field "a" u32)))
    (export $named "t" (type $t))
    (func (export "one") (result $named) (canon lift (core func $i "one"))))"#;

#[test]
fn a_component_that_wit_cannot_express_has_no_contract() {
    let project = Project::new();
    project.write("root.wasm", wat::parse_str(ROOT_TYPE).unwrap());
    assert_runs!(project, project.plug(&["inspect", "root.wasm"]), project.plug(&["caps", "root.wasm"]),);
}

#[test]
fn of_many_names_few_are_told() {
    let project = Project::new();
    let faces: Vec<_> = (0..12).map(|number| format!("face-n{number}")).collect();
    let wit = format!(
        "package acme:many; {} world many {{ {} }}",
        faces.iter().map(|face| format!("interface {face} {{ check: func(); }}")).collect::<String>(),
        faces.iter().map(|face| format!("export {face};")).collect::<String>(),
    );
    project.write("many.wasm", component(&wit, "many"));
    assert_runs!(
        project,
        project.plug(&["call", "many.wasm", "anything()"]),
        project.plug(&["call", "many.wasm", "check()"]),
    );
}

#[test]
fn what_may_be_a_handle_or_a_name_is_ambiguous() {
    let project = Project::new();
    let wit = "package acme:store@1.0.0;
        interface store { resource counter { constructor(); add: func(n: u32) -> u32; } }
        interface counter-1 { add: func(n: u32) -> u32; sub: func(); }
        world both { export store; export counter-1; }";
    project.write("both.wasm", component(wit, "both"));
    assert_runs!(
        project,
        project.plug(&["call", "both.wasm"]),
        project.plug(&["call", "both.wasm", "counter()", "counter-1.add(1)"]),
    );
}

#[cfg(not(feature = "run"))]
#[test]
fn without_the_feature_nothing_is_run() {
    let project = Project::new();
    project.write("adder.wasm", wat::parse_str(ADDER).unwrap());
    project.write("root.wasm", wat::parse_str(ROOT_TYPE).unwrap());
    assert_runs!(
        project,
        project.plug(&["call", "adder.wasm", "add(1, 2)"]),
        project.plug(&["call", "root.wasm"]),
    );
}

#[cfg(feature = "run")]
mod sandbox {
    use plug_contract::{Contract, Manifest, Section, Wit};
    use plug_fixtures::{Guest, guest};

    use super::*;
    use crate::component::with_core;

    fn with_guests(guests: &[Guest]) -> Project {
        let project = Project::new();
        for which in guests {
            std::fs::copy(guest(*which), project.join(&format!("{}.wasm", which.name()))).unwrap();
        }
        project
    }

    #[test]
    fn any_component_can_be_called() {
        let project = Project::new();
        project.write("adder.wasm", wat::parse_str(ADDER).unwrap());
        let call = |args: &[&str]| project.plug(&[&["call", "adder.wasm"], args].concat());
        assert_runs!(
            project,
            call(&["add(1, 2)"]),
            call(&["add(4294967295, 1)", "--format", "json"]),
            call(&["nothing()"]),
            call(&["nothing()", "--format", "json"]),
            call(&["trap()"]),
        );
    }

    #[test]
    fn values_that_do_not_fit_are_pointed_at() {
        let project = Project::new();
        project.write("adder.wasm", wat::parse_str(ADDER).unwrap());
        let call = |call: &str| project.plug(&["call", "adder.wasm", call]);
        assert_runs!(
            project,
            call("add"),
            call("add("),
            call("add(1)"),
            call("add(1, 2, 3)"),
            call("add(1, \"ß\")"),
            call("add(\"ß\", 1)"),
            call("add(1, -1)"),
            call("add(1, 4294967296)"),
            call("add(1, 2) and more"),
            call("nothing(1)"),
            call("add(1,\n    \"x\",\n)"),
            call(&format!("add(1, [{}], 2)", "1234567890, ".repeat(40))),
        );
    }

    #[test]
    fn fields_that_a_record_does_not_have_are_refused() {
        let project = with_guests(&[Guest::Echo]);
        let call = |call: &str| project.plug(&["call", "echo.wasm", call]);
        assert_runs!(
            project,
            call("process({input: \"hi\", options: [], extra: 1})"),
            call("process({input: \"hi\", optoins: []})"),
            call("process({input: \"hi\", options: []})"),
        );
    }

    #[test]
    fn what_the_manifest_wants_limits_a_call() {
        let project = Project::new();
        let endless = wat::parse_str(
            r#"(component
                (core module $m (func (export "spin") (loop br 0)))
                (core instance $i (instantiate $m))
                (func (export "spin") (canon lift (core func $i "spin"))))"#,
        )
        .unwrap();
        let wit = Wit::from_text("t.wit", "package a:b; world w { export spin: func(); }").unwrap();
        let actual = Contract::from_component(&endless).unwrap();
        let mut manifest = Manifest::default();
        manifest.limits.deadline_ms = Some(100);
        let section = Section::declare(&wit, None, &actual, [].into(), manifest).unwrap();
        project.write("endless.wasm", section.embed(&endless).unwrap());
        let limit = |args: &[&str]| {
            let run = project.plug(&[&["call", "endless.wasm", "spin()"], args].concat());
            assert_eq!(run.code, Some(1), "{run}");
            run.stderr
        };
        let wanted = limit(&[]);
        assert!(wanted.contains("100ms"), "{wanted}");
        let given = limit(&["--deadline", "300ms"]);
        assert!(given.contains("300ms"), "{given}");
    }

    #[test]
    fn no_text_breaks_the_tool() {
        let project = Project::new();
        project.write("adder.wasm", wat::parse_str(ADDER).unwrap());
        let deep = format!("add({}1{}, 2)", "[".repeat(60_000), "]".repeat(60_000));
        for call in [
            "",
            "(",
            ")",
            "add)",
            "add(()",
            "add({})",
            "add({:})",
            "add('",
            "add(\"\\u{110000}\")",
            "add(none)",
            "add(some(1))",
            "add(%x, [)",
            "add(1 2)",
            "add(,)",
            "add(1,,2)",
            "add(ok, err)",
            "add(nan, inf)",
            &deep,
        ] {
            let run = project.plug(&["call", "adder.wasm", call]);
            assert_eq!(run.code, Some(2), "{call:.60}: {}", run.stderr.lines().next().unwrap_or_default());
            assert!(run.stderr.starts_with("error[PLG070"), "{call:.60}");
        }
    }

    #[test]
    fn the_host_interface_is_served() {
        let project = with_guests(&[Guest::Echo, Guest::Logs, Guest::EmitsEvents, Guest::ConfigReader]);
        let call = |guest: &str, input: &str, more: &[&str]| {
            let call = format!("process({{input: \"{input}\", options: []}})");
            project.plug(&[&["call", &format!("{guest}.wasm"), &call], more].concat())
        };
        assert_runs!(
            project,
            call("echo", "hi", &[]),
            call("echo", "hi", &["--format", "json"]),
            call("echo", "\u{1b}[31mred", &[]),
            call("echo", "hi", &["--time"]),
            call("logs", "hi", &[]),
            call("emits-events", "hi", &[]),
            call("config-reader", "max-width", &["--config", "max-width=640"]),
            call("config-reader", "max-width", &["--config", "max-width=wide"]),
            call("config-reader", "max-width", &[]),
            project.plug(&["call", "echo.wasm", "get-metadata()"]),
        );
    }

    #[test]
    fn plugins_that_break_are_told_of() {
        let project =
            with_guests(&[Guest::Panics, Guest::NeverReturns, Guest::EatsMemory, Guest::RefusesInitialize]);
        let call = |guest: &str, more: &[&str]| {
            let run = project.plug(
                &[&["call", &format!("{guest}.wasm"), "process({input: \"\", options: []})"], more].concat(),
            );
            // Frames differ from compiler to compiler; that there are some is what counts.
            let is_frame = |line: &str| {
                line.trim_start().split_once(": ").is_some_and(|(number, _)| number.parse::<u32>().is_ok())
            };
            let stderr =
                run.stderr.lines().filter(|line| !is_frame(line)).map(|line| format!("{line}\n")).collect();
            crate::project::Run { stderr, ..run }
        };
        assert_runs!(
            project,
            call("panics", &[]),
            call("never-returns", &["--deadline", "100ms"]),
            call("eats-memory", &["--memory", "8MiB"]),
            call("eats-memory", &["--memory", "64KiB"]),
            call("refuses-initialize", &[]),
        );
    }

    #[test]
    fn what_has_no_text_is_refused_before_the_call() {
        let project = with_guests(&[Guest::ImportsApplicationInterface]);
        project.write("waits.wasm", component(WAITS, "waits"));
        assert_runs!(
            project,
            project.plug(&["call", "waits.wasm"]),
            project.plug(&["call", "waits.wasm", "now()", "wait([pollable-1])"]),
            project.plug(&["call", "waits.wasm", "soon()"]),
            project.plug(&["call", "imports-application-interface.wasm", "answer(\"why\")"]),
        );
    }

    /// Imports a resource, and has it in its own functions.
    const WAITS: &str = "package acme:waits;
        world waits {
            use wasi:io/poll@0.2.6.{pollable};
            export now: func();
            export wait: func(on: list<borrow<pollable>>);
            export soon: func() -> option<pollable>;
        }
        package wasi:io@0.2.6 { interface poll { resource pollable { block: func(); } } }";

    fn bank() -> Project {
        let project = Project::new();
        project.write("bank.wasm", with_core(BANK, "bank", BANK_CORE));
        project
    }

    #[test]
    fn handles_go_from_call_to_call() {
        let project = bank();
        let call = |args: &[&str]| project.plug(&[&["call", "bank.wasm"], args].concat());
        assert_runs!(
            project,
            call(&[]),
            call(&["counter(1)"]),
            call(&["counter(1)", "--format", "json"]),
            call(&["counter(20)", "counter-1.add(1)", "counter.add(counter-1, 1)", "store.counter-1.add(1)"]),
            call(&["acme:bank/store@1.0.0#counter(2)", "acme:bank/store#counter-1.add(3)"]),
            call(&["counter(1)", "counter(2)", "counter.sum([counter-1, counter-2, counter-1])"]),
            call(&[
                "counter(20)",
                "split(counter-1)",
                "counter.sum([counter-2, counter-3])",
                "join({left: counter-2, right: some(counter-3)})",
                "join({left: counter-4})",
                "dropped()",
                "close(one(counter-5))",
                "dropped()",
                "close(nothing)",
                "forget()",
            ]),
            call(&["counter(20)", "split(counter-1)", "close(nothing)", "forget()", "--format", "json"]),
            call(&["counter(5)", "seal(counter-1)", "seal(%counter-1)", "counter-1.add(1)"]),
        );
    }

    #[test]
    fn handles_that_do_not_fit_are_pointed_at() {
        let project = bank();
        let call = |args: &[&str]| project.plug(&[&["call", "bank.wasm"], args].concat());
        assert_runs!(
            project,
            call(&["counter-1.add(1)"]),
            call(&["counter(1)", "counter(2)", "counter.sum([counter-1, counter-3])"]),
            call(&["counter(1)", "seal(counter-1)", "counter.sum([counter-1, seal-1])"]),
            call(&["counter(1)", "split(counter-1)", "counter-1.add(1)"]),
            call(&["counter(1)", "close(one(counter-1))", "close(one(counter-1))"]),
            call(&["counter(1)", "join({left: counter-1, right: some(counter-1)})"]),
            call(&["counter(1)", "counter-2.add(1)", "--format", "json"]),
            // These are wrong whatever the calls before return, so nothing is called.
            call(&["counter(1)", "counter-1.add(x)"]),
            call(&["counter(1)", "counter-1.ad(1)"]),
            call(&["counter(1)", "counter.add(1, 1)"]),
            call(&["counter(1)", "join({left: counter-1, right: counter-1, lost: 1})"]),
            call(&["counter(1)", "seal-1.add(1)"]),
        );
    }

    #[test]
    fn resources_of_one_name_are_told_apart() {
        let wit = "package acme:doors;
            interface front { resource key { constructor(); turn: func() -> string; } }
            interface back { resource key { constructor(); turn: func() -> string; } }
            world doors { export front; export back; }";
        let core = r#"(module
            (import "[export]acme:doors/front" "[resource-new]key" (func $front (param i32) (result i32)))
            (import "[export]acme:doors/back" "[resource-new]key" (func $back (param i32) (result i32)))
            (memory (export "memory") 1)
            (data (i32.const 16) "\18\00\00\00\05\00\00\00front")
            (data (i32.const 32) "\28\00\00\00\04\00\00\00back")
            (func (export "acme:doors/front#[constructor]key") (result i32) (call $front (i32.const 16)))
            (func (export "acme:doors/back#[constructor]key") (result i32) (call $back (i32.const 32)))
            (func (export "acme:doors/front#[method]key.turn") (param i32) (result i32) (local.get 0))
            (func (export "acme:doors/back#[method]key.turn") (param i32) (result i32) (local.get 0)))"#;
        let project = Project::new();
        project.write("doors.wasm", with_core(wit, "doors", core));
        let call = |calls: &[&str]| project.plug(&[&["call", "doors.wasm"], calls].concat());
        assert_runs!(
            project,
            call(&[]),
            call(&["front.key()", "back.key()", "front.key-1.turn()", "back.key-2.turn()"]),
            call(&["front.key()", "back.key-1.turn()"]),
            call(&["front.key()", "key-1.turn()"]),
            call(&["key()"]),
        );
    }

    #[test]
    fn handles_are_dropped_at_the_end() {
        let project = bank();
        let call = |args: &[&str]| project.plug(&[&["call", "bank.wasm"], args].concat());
        assert_runs!(
            project,
            call(&["counter(66)"]),
            call(&["counter(66)", "--format", "json"]),
            call(&["counter(1)", "counter(66)", "counter(3)"]),
            call(&["counter(66)", "counter-2.add(1)"]),
            call(&["counter(77)", "--deadline", "100ms"]),
            call(&["counter(1)", "counter-1.add(13)", "dropped()"]),
        );
    }

    #[test]
    fn all_drops_have_the_time_of_one_call() {
        let project = bank();
        // Each takes a few milliseconds.
        let mut args = vec!["call", "bank.wasm", "--deadline", "200ms"];
        args.extend(["counter(88)"; 100]);
        let run = project.plug(&args);
        assert_eq!(run.code, Some(1), "{run}");
        assert_eq!(run.stdout.lines().count(), 100);
        assert!(run.stderr.starts_with("error[PLG0606]"), "{run}");
        assert!(run.stderr.contains("it was to drop the handle:"), "{run}");
    }

    #[test]
    fn components_without_a_contract_are_called() {
        let resource = r#"(component
            (type $r (resource (rep i32)))
            (core func $new (canon resource.new $r))
            (core module $m
                (import "" "new" (func $new (param i32) (result i32)))
                (func (export "make") (result i32) (call $new (i32.const 7)))
                (func (export "get") (param i32) (result i32) (local.get 0)))
            (core instance $i (instantiate $m (with "" (instance (export "new" (func $new))))))
            (export $named "thing" (type $r))
            (func (export "[constructor]thing") (result (own $named)) (canon lift (core func $i "make")))
            (func (export "get") (param "what" (borrow $named)) (result u32) (canon lift (core func $i "get"))))"#;
        let project = Project::new();
        project.write("root.wasm", wat::parse_str(ROOT_TYPE).unwrap());
        project.write("thing.wasm", wat::parse_str(resource).unwrap());
        assert_runs!(
            project,
            project.plug(&["call", "root.wasm"]),
            project.plug(&["call", "root.wasm", "one()"]),
            project.plug(&["call", "root.wasm", "two()"]),
            project.plug(&["call", "thing.wasm", "--format", "json"]),
            project.plug(&["call", "thing.wasm", "thing()", "get(thing-1)"]),
            project.plug(&["call", "thing.wasm", "thing()", "get(7)"]),
        );
    }

    #[test]
    fn options_may_be_left_out() {
        let wit = "package acme:options;
            world options {
                export all: func(a: option<u32>, b: option<u32>) -> u32;
                export last: func(a: u32, b: option<u32>) -> u32;
            }";
        let core = r#"(module
            (func (export "all") (param i32 i32 i32 i32) (result i32)
                (i32.add (i32.mul (i32.const 10) (local.get 0)) (local.get 2)))
            (func (export "last") (param i32 i32 i32) (result i32) (local.get 1)))"#;
        let project = Project::new();
        project.write("options.wasm", with_core(wit, "options", core));
        let call = |calls: &[&str]| project.plug(&[&["call", "options.wasm"], calls].concat());
        assert_runs!(
            project,
            call(&["all()", "all", "all(1)", "all(none, 1)", "all(1, 1)", "last(1)"]),
            call(&["last()"]),
        );
    }

    #[test]
    fn an_import_of_another_type_is_named() {
        let wit = "package acme:odd;
            world odd { import wasi:cli/environment@0.2.6; export run: func(); }
            package wasi:cli@0.2.6 { interface environment { get-arguments: func() -> u32; } }";
        let core = r#"(module
            (import "wasi:cli/environment@0.2.6" "get-arguments" (func (result i32)))
            (func (export "run")))"#;
        let project = Project::new();
        project.write("odd.wasm", with_core(wit, "odd", core));
        assert_runs!(project, project.plug(&["call", "odd.wasm", "run()"]));
    }

    #[test]
    fn garbage_is_the_plugins_fault() {
        let wit = "package acme:garbage;
            world garbage { export text: func() -> string; export letter: func() -> char; }";
        let core = r#"(module
            (memory (export "memory") 1)
            (data (i32.const 16) "\20\00\00\00\02\00\00\00")
            (data (i32.const 32) "\ff\ff")
            (func (export "text") (result i32) (i32.const 16))
            (func (export "letter") (result i32) (i32.const 0xd800)))"#;
        let project = Project::new();
        project.write("garbage.wasm", with_core(wit, "garbage", core));
        assert_runs!(
            project,
            project.plug(&["call", "garbage.wasm", "text()"]),
            project.plug(&["call", "garbage.wasm", "letter()"]),
        );
    }

    #[test]
    fn a_guest_with_a_resource_is_called() {
        let project = with_guests(&[Guest::ResourceCounter]);
        let call = |calls: &[&str]| project.plug(&[&["call", "resource-counter.wasm"], calls].concat());
        assert_runs!(
            project,
            call(&[]),
            call(&[
                "counter(40)",
                "counter-1.add(2)",
                "counter(1)",
                "counter.sum-of([counter-1, counter-2])"
            ]),
            call(&["counter(18446744073709551615)", "counter-1.add(1)", "counter-1.add(0)"]),
        );
    }

    const BANK: &str = "package acme:bank@1.0.0;
        interface store {
            resource counter {
                constructor(start: u32);
                add: func(n: u32) -> u32;
                sum: static func(counters: list<borrow<counter>>) -> u32;
            }
            record pair { left: counter, right: option<counter> }
            variant deposit { nothing, one(counter) }
            split: func(of: counter) -> pair;
            join: func(of: pair) -> counter;
            close: func(what: deposit) -> result<u32, string>;
            forget: func();
            dropped: func() -> u32;
        }
        interface seals {
            use store.{counter};
            resource seal { constructor(of: borrow<counter>); }
        }
        world bank { export store; export seals; }";

    /// A counter is the address of its number. Adding 13 breaks; dropping breaks at 66, never ends at
    /// 77, and takes a while at 88.
    const BANK_CORE: &str = r#"(module
        (import "[export]acme:bank/store@1.0.0" "[resource-new]counter" (func $new (param i32) (result i32)))
        (import "[export]acme:bank/store@1.0.0" "[resource-rep]counter" (func $rep (param i32) (result i32)))
        (import "[export]acme:bank/store@1.0.0" "[resource-drop]counter" (func $drop (param i32)))
        (import "[export]acme:bank/seals@1.0.0" "[resource-new]seal" (func $seal (param i32) (result i32)))
        (memory (export "memory") 1)
        (data (i32.const 512) "nothing")
        (global $free (mut i32) (i32.const 1024))
        (global $dropped (mut i32) (i32.const 0))
        (func $alloc (export "cabi_realloc") (param i32 i32 i32 i32) (result i32)
            (global.get $free)
            (global.set $free
                (i32.add (global.get $free) (i32.and (i32.add (local.get 3) (i32.const 7)) (i32.const -8)))))
        (func $spin (param $left i32)
            (loop $again
                (local.set $left (i32.sub (local.get $left) (i32.const 1)))
                (br_if $again (local.get $left))))
        (func $counter (export "acme:bank/store@1.0.0#[constructor]counter") (param $start i32) (result i32)
            (local $at i32)
            (local.set $at (call $alloc (i32.const 0) (i32.const 0) (i32.const 4) (i32.const 4)))
            (i32.store (local.get $at) (local.get $start))
            (call $new (local.get $at)))
        (func (export "acme:bank/store@1.0.0#[method]counter.add") (param $at i32) (param $n i32) (result i32)
            (if (i32.eq (local.get $n) (i32.const 13)) (then unreachable))
            (i32.store (local.get $at) (i32.add (i32.load (local.get $at)) (local.get $n)))
            (i32.load (local.get $at)))
        (func (export "acme:bank/store@1.0.0#[static]counter.sum") (param $at i32) (param $left i32) (result i32)
            (local $sum i32)
            (block $end (loop $next
                (br_if $end (i32.eqz (local.get $left)))
                (local.set $sum (i32.add (local.get $sum) (i32.load (i32.load (local.get $at)))))
                (local.set $at (i32.add (local.get $at) (i32.const 4)))
                (local.set $left (i32.sub (local.get $left) (i32.const 1)))
                (br $next)))
            (local.get $sum))
        (func (export "acme:bank/store@1.0.0#split") (param $of i32) (result i32)
            (local $half i32)
            (local.set $half (i32.shr_u (i32.load (call $rep (local.get $of))) (i32.const 1)))
            (i32.store (call $rep (local.get $of)) (local.get $half))
            (i32.store (i32.const 16) (local.get $of))
            (i32.store (i32.const 20) (i32.const 1))
            (i32.store (i32.const 24) (call $counter (local.get $half)))
            (i32.const 16))
        (func (export "acme:bank/store@1.0.0#join")
            (param $left i32) (param $is_there i32) (param $right i32) (result i32)
            (local $at i32)
            (if (local.get $is_there) (then
                (local.set $at (call $rep (local.get $left)))
                (i32.store (local.get $at)
                    (i32.add (i32.load (local.get $at)) (i32.load (call $rep (local.get $right)))))
                (call $drop (local.get $right))))
            (local.get $left))
        (func (export "acme:bank/store@1.0.0#close") (param $is_one i32) (param $one i32) (result i32)
            (i32.store (i32.const 16) (i32.eqz (local.get $is_one)))
            (if (local.get $is_one)
                (then
                    (i32.store (i32.const 20) (i32.load (call $rep (local.get $one))))
                    (call $drop (local.get $one)))
                (else
                    (i32.store (i32.const 20) (i32.const 512))
                    (i32.store (i32.const 24) (i32.const 7))))
            (i32.const 16))
        (func (export "acme:bank/store@1.0.0#forget"))
        (func (export "acme:bank/store@1.0.0#dropped") (result i32) (global.get $dropped))
        (func (export "acme:bank/store@1.0.0#[dtor]counter") (param $at i32)
            (if (i32.eq (i32.load (local.get $at)) (i32.const 66)) (then unreachable))
            (if (i32.eq (i32.load (local.get $at)) (i32.const 77)) (then (loop (br 0))))
            (if (i32.eq (i32.load (local.get $at)) (i32.const 88)) (then (call $spin (i32.const 20000000))))
            (global.set $dropped (i32.add (global.get $dropped) (i32.const 1))))
        (func (export "acme:bank/seals@1.0.0#[constructor]seal") (param $at i32) (result i32)
            (call $seal (local.get $at))))"#;

    #[test]
    fn an_err_is_an_answer_and_no_success() {
        let project = with_guests(&[Guest::HealthState, Guest::FilterUpper]);
        assert_runs!(
            project,
            project.plug(&["call", "health-state.wasm"]),
            project.plug(&["call", "health-state.wasm", "load([1, 2, 3], \"0.0.0\")"]),
            project.plug(&["call", "health-state.wasm", "check()"]),
            project.plug(&["call", "filter-upper.wasm"]),
        );
    }
}

/// The engine counts what a policy limits, though nothing else asks for it.
#[test]
fn fuel_is_counted_where_it_is_limited() {
    let project = Project::new();
    project.write("adder.wasm", wat::parse_str(ADDER).unwrap());
    project.write("enough.toml", "[plugin.adder.limits]\nfuel = 100000\n");
    project.write("none.toml", "[plugin.adder.limits]\nfuel = 1\n");
    assert_runs!(
        project,
        project.plug(&["call", "adder.wasm", "add(1, 2)", "--policy", "enough.toml"]),
        project.plug(&["call", "adder.wasm", "add(1, 2)", "--policy", "none.toml"]),
    );
}
