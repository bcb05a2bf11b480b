//! `cargo plug call` of components that need more than the lean engine has.

use crate::project::{Project, assert_runs};

fn with(name: &str, text: &str) -> Project {
    let project = Project::new();
    project.write(name, wat::parse_str(text).unwrap());
    project
}

#[test]
fn async_functions_are_called() {
    let text = r#"(component
        (core module $m
            (import "" "return" (func $return (param i32)))
            (import "" "new" (func $new (result i32)))
            (func (export "add") (param i32 i32) (result i32)
                (call $return (i32.add (local.get 0) (local.get 1)))
                (i32.const 0))
            ;; gives way, and comes back at once
            (func (export "yield") (result i32) (i32.const 1))
            ;; waits for what never comes
            (func (export "wait") (result i32)
                (i32.or (i32.shl (call $new) (i32.const 4)) (i32.const 2)))
            (func (export "later") (param i32 i32 i32) (result i32) (i32.const 1)))
        (core func $return (canon task.return (result u32)))
        (core func $new (canon waitable-set.new))
        (core instance $i (instantiate $m
            (with "" (instance (export "return" (func $return)) (export "new" (func $new))))))
        (func (export "add") async (param "a" u32) (param "b" u32) (result u32)
            (canon lift (core func $i "add") async (callback (func $i "later"))))
        (func (export "spin") async (canon lift (core func $i "yield") async (callback (func $i "later"))))
        (func (export "wait") async (canon lift (core func $i "wait") async (callback (func $i "later")))))"#;
    let project = with("async.wasm", text);
    let call = |args: &[&str]| project.plug(&[&["call", "async.wasm"], args].concat());
    assert_runs!(
        project,
        call(&[]),
        call(&["add(2, 3)", "add(a, 3)"]),
        call(&["add(2, 3)", "add(4, 5)"]),
        call(&["spin()", "--deadline", "100ms"]),
        call(&["wait()"]),
    );
}

#[test]
fn lists_of_fixed_length_are_lists_and_maps_are_lists_of_pairs() {
    let text = r#"(component
        (core module $m
            (memory (export "memory") 1)
            (global $heap (mut i32) (i32.const 1024))
            (func (export "realloc") (param i32 i32 i32 i32) (result i32)
                (global.set $heap (i32.and (i32.add (global.get $heap) (i32.const 7)) (i32.const -8)))
                (global.get $heap)
                (global.set $heap (i32.add (global.get $heap) (local.get 3))))
            (func (export "turn") (param $a i32) (param $b i32) (param $c i32) (result i32)
                (i32.store8 (i32.const 16) (local.get $c))
                (i32.store8 (i32.const 17) (local.get $b))
                (i32.store8 (i32.const 18) (local.get $a))
                (i32.const 16))
            (func (export "same") (param $at i32) (param $len i32) (result i32)
                (i32.store (i32.const 32) (local.get $at))
                (i32.store (i32.const 36) (local.get $len))
                (i32.const 32)))
        (core instance $i (instantiate $m))
        (type $three (list u8 3))
        (type $ages (map string u32))
        (func (export "turn") (param "of" $three) (result $three)
            (canon lift (core func $i "turn") (memory $i "memory")))
        (func (export "same") (param "ages" $ages) (result $ages)
            (canon lift (core func $i "same") (memory $i "memory") (realloc (func $i "realloc")))))"#;
    let project = with("more.wasm", text);
    let call = |args: &[&str]| project.plug(&[&["call", "more.wasm"], args].concat());
    assert_runs!(
        project,
        call(&[]),
        call(&["turn([1, 2, 3])", r#"same([("ann", 41), ("bob", 7)])"#, "same([])"]),
        call(&["turn([1, 2, 3])", "--format", "json"]),
        call(&[r#"same([("ann", 41)])"#, "--format", "json"]),
        call(&["turn([1, 2])"]),
        call(&[r#"same([("ann", 41, 42)])"#]),
        call(&[r#"same([("ann", "old")])"#]),
    );
}

#[test]
fn streams_are_lists_and_futures_what_comes_of_them() {
    let text = r#"(component
        (core module $m (func (export "same") (param i32) (result i32) (local.get 0)))
        (core instance $i (instantiate $m))
        (type $words (stream string))
        (type $answer (future u32))
        (func (export "repeat") (param "words" $words) (result $words) (canon lift (core func $i "same")))
        (func (export "answer") (param "of" $answer) (result $answer) (canon lift (core func $i "same"))))"#;
    let project = with("streams.wasm", text);
    let call = |args: &[&str]| project.plug(&[&["call", "streams.wasm"], args].concat());
    assert_runs!(
        project,
        call(&[]),
        call(&[r#"repeat(["a", "b"])"#, "repeat([])", "answer(42)"]),
        call(&[r#"repeat(["a", "b"])"#, "--format", "json"]),
        call(&["repeat([1])"]),
        call(&["answer(-1)"]),
    );
}

#[test]
fn what_has_no_text_and_what_no_engine_takes_is_told() {
    let stream = r#"(component
        (core module $m
            (func (export "f") (result i32) unreachable)
            (func (export "g") (result i32) (i32.const 3)))
        (core instance $i (instantiate $m))
        (type $line (list u8))
        (type $s (stream $line))
        (func (export "tail") (result $s) (canon lift (core func $i "f")))
        (func (export "plain") (result u32) (canon lift (core func $i "g"))))"#;
    let context = r#"(component
        (core module $m (func (export "f") (param i32)))
        (core instance $i (instantiate $m))
        (func (export "blame") (param "on" error-context) (canon lift (core func $i "f"))))"#;
    let project = with("stream.wasm", stream);
    project.write("context.wasm", wat::parse_str(context).unwrap());
    assert_runs!(
        project,
        project.plug(&["call", "stream.wasm"]),
        project.plug(&["call", "stream.wasm", "tail()"]),
        project.plug(&["call", "stream.wasm", "plain()"]),
        project.plug(&["call", "context.wasm", "blame(1)"]),
    );
}
