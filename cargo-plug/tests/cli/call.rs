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
fn functions_of_resources_are_listed_and_not_called() {
    let project = Project::new();
    project.write("bare.wasm", component(IMAGES, "bare"));
    project.write("store.wasm", component(STORE, "only"));
    assert_runs!(
        project,
        project.plug(&["call", "bare.wasm", "--format", "json"]),
        project.plug(&["call", "bare.wasm", "[constructor]counter(1)"]),
        project.plug(&["call", "bare.wasm", "counter.next(1)"]),
        project.plug(&["call", "store.wasm"]),
        project.plug(&["call", "store.wasm", "anything()"]),
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

#[cfg(not(feature = "run"))]
#[test]
fn without_the_feature_nothing_is_run() {
    let project = Project::new();
    project.write("adder.wasm", wat::parse_str(ADDER).unwrap());
    assert_runs!(project, project.plug(&["call", "adder.wasm", "add(1, 2)"]));
}

#[cfg(feature = "run")]
mod sandbox {
    use plug_contract::{Contract, Manifest, Section, Wit};
    use plug_fixtures::{Guest, guest};

    use super::*;

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
        let project = with_guests(&[Guest::ResourceCounter, Guest::ImportsApplicationInterface]);
        project.write("bare.wasm", component(IMAGES, "bare"));
        assert_runs!(
            project,
            project.plug(&["call", "bare.wasm", "make()"]),
            project.plug(&["call", "resource-counter.wasm"]),
            project.plug(&["call", "imports-application-interface.wasm", "answer(\"why\")"]),
        );
    }

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
