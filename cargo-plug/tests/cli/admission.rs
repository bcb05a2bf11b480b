//! `keygen`, `sign`, `verify` and `lock`, and the tool minisign beside them.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::process::{Command, Stdio};

use plug_contract::{Contract, Manifest, Section, Want, Wit};

use crate::component::{EMPTY, IMAGES, component, custom_section};
use crate::project::{Project, Run, assert_runs};

/// A component that wants something.
fn plugin(wants: &[(&str, &str)]) -> Vec<u8> {
    let component = component(IMAGES, "filter");
    let actual = Contract::from_component(&component).unwrap();
    let mut manifest = Manifest::default();
    manifest.name = "sepia".to_owned();
    manifest.version = "1.0.0".to_owned();
    manifest.capabilities = wants.iter().map(|(want, reason)| Want::new(*want, *reason, true)).collect();
    let wit = Wit::from_text("test.wit", IMAGES).unwrap();
    let section = Section::declare(&wit, Some("acme:images/filter"), &actual, BTreeMap::new(), manifest);
    section.unwrap().embed(&component).unwrap()
}

/// A project with `sepia.wasm`, which is signed by `me`, and a file that trusts them.
fn signed() -> Project {
    let project = Project::new().with_var("SOURCE_DATE_EPOCH", "1700000000");
    project.write("sepia.wasm", plugin(&[("net=api.example.com:443", "asks for colours")]));
    fine(project.plug(&["keygen", "--no-password", "--out", "me"]));
    fine(project.plug(&["sign", "sepia.wasm", "--key", "me.key"]));
    trust(&project, "trust.toml", "me", r#"["sepia"]"#, "");
    project
}

fn fine(run: Run) {
    assert_eq!(run.code, Some(0), "{run}");
}

/// The key in the second line of a `.pub` file.
fn public_key(project: &Project, key: &str) -> String {
    project.read(&format!("{key}.pub")).lines().nth(1).expect("a public key").to_owned()
}

fn trust(project: &Project, file: &str, key: &str, plugins: &str, more: &str) {
    let text = format!(
        "[[key]]\nname = \"acme\"\npublic-key = \"{}\"\nplugins = {plugins}\n{more}",
        public_key(project, key)
    );
    project.write(file, text);
}

#[test]
fn a_pair_of_keys_is_made_and_never_replaced() {
    let project = Project::new();
    project.write("taken.pub", "mine").write("pw", "secret\n").write("empty", "\n");
    assert_runs!(
        project,
        project.plug(&["keygen", "--no-password"]),
        project.plug(&["keygen", "--no-password", "--format", "json", "--out", "second"]),
        project.plug(&["keygen", "--no-password"]),
        project.plug(&["keygen", "--no-password", "--out", "taken"]),
        project.plug(&["keygen", "--no-password", "--out", "nowhere/me"]),
        project.plug(&["keygen"]),
        project.plug(&["keygen", "--password-file", "empty"]),
        project.plug(&["keygen", "--password-file", "nowhere"]),
        project.plug(&["keygen", "--no-password", "--password-file", "pw"]),
    );
    assert_eq!(project.read("taken.pub"), "mine");
    assert_eq!(
        project.files(),
        ["empty", "plug.key", "plug.pub", "pw", "second.key", "second.pub", "taken.pub"]
    );
}

#[cfg(unix)]
#[test]
fn a_secret_key_is_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;

    let project = signed();
    let mode = |file: &str| fs::metadata(project.join(file)).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode("me.key"), 0o600);
    assert_eq!(mode("me.pub") & 0o400, 0o400);
}

#[test]
fn a_key_with_a_password() {
    let project = Project::new().with_var("SOURCE_DATE_EPOCH", "1700000000");
    project.write("sepia.wasm", plugin(&[])).write("pw", "secret\n").write("wrong", "secrets\n");
    let with_password =
        |file: &str| project.plug(&["sign", "sepia.wasm", "--key", "me.key", "--password-file", file]);
    assert_runs!(
        project,
        project.plug(&["keygen", "--out", "me", "--password-file", "pw"]),
        project.plug(&["sign", "sepia.wasm", "--key", "me.key"]),
        with_password("wrong"),
        with_password("pw"),
        project.plug(&["verify", "sepia.wasm", "--key", "me.pub"]),
    );
    let text = fs::read_to_string(project.join("me.key")).unwrap();
    assert!(!text.contains("secret\n"), "{text}");
    let project = project.with_var("PLUG_KEY_PASSWORD", "secret");
    fine(project.plug(&["sign", "sepia.wasm", "--key", "me.key"]));
}

#[test]
fn a_plugin_is_signed_and_verified() {
    let project = signed();
    project.write("lock", "format = 1\n");
    let key = public_key(&project, "me");
    assert_runs!(
        project,
        project.plug(&["sign", "sepia.wasm", "--key", "me.key"]),
        project.plug(&["sign", "sepia.wasm", "--key", "me.key", "--format", "json", "--plugin", "sepia"]),
        project.plug(&["verify", "sepia.wasm", "--key", "me.pub"]),
        project.plug(&["verify", "sepia.wasm", "--key", &key]),
        project.plug(&["verify", "sepia.wasm", "--trust", "trust.toml"]),
        project.plug(&["verify", "sepia.wasm", "--trust", "trust.toml", "--format", "json"]),
    );
}

#[test]
fn what_is_wrong_with_a_signature_is_told() {
    let project = signed();
    fine(project.plug(&["keygen", "--no-password", "--out", "other"]));
    let sepia = fs::read(project.join("sepia.wasm")).unwrap();
    let signature = fs::read(project.join("sepia.wasm.minisig")).unwrap();
    let changed = [sepia.as_slice(), &custom_section("x", b"y")].concat();
    project.write("unsigned.wasm", &sepia);
    project.write("short.wasm", &sepia).write("short.wasm.minisig", &signature[..100]);
    project.write("changed/sepia.wasm", &changed).write("changed/sepia.wasm.minisig", &signature);
    project.write("text.wasm", "hello").write("text.wasm.minisig", &signature);
    trust(&project, "narrow.toml", "me", r#"["lower", "acme-*"]"#, "");
    trust(&project, "revoked.toml", "me", r#"["*"]"#, "revoked = true\n");
    trust(&project, "all.toml", "me", r#"["*"]"#, "");
    project.write("sepia.lock", "format = 1\n");
    assert_runs!(
        project,
        project.plug(&["verify", "unsigned.wasm", "--key", "me.pub"]),
        project.plug(&["verify", "short.wasm", "--key", "me.pub"]),
        project.plug(&["verify", "sepia.wasm", "--key", "other.pub"]),
        project.plug(&["verify", "sepia.wasm", "--trust", "revoked.toml"]),
        project.plug(&["verify", "sepia.wasm", "--trust", "narrow.toml"]),
        project.plug(&["verify", "changed/sepia.wasm", "--key", "me.pub"]),
        project.plug(&["verify", "sepia.wasm", "--trust", "all.toml", "--plugin", "lower"]),
        // one that may be loaded does not make up for others
        project.plug(&[
            "verify",
            "sepia.wasm",
            "short.wasm",
            "text.wasm",
            "--trust",
            "all.toml",
            "--format",
            "json"
        ]),
    );
}

#[test]
fn what_is_pinned_and_what_differs() {
    let project = signed();
    fine(project.plug(&["keygen", "--no-password", "--out", "other"]));
    let both = format!(
        "{}\n[[key]]\nname = \"other\"\npublic-key = \"{}\"\nplugins = [\"*\"]\n",
        project.read("trust.toml"),
        public_key(&project, "other")
    );
    project.write("trust.toml", both);
    let lock = |args: &[&str]| project.plug(&[&["lock", "--trust", "trust.toml"], args].concat());
    let verify = |args: &[&str]| project.plug(&[&["verify", "--lock", "plug.lock"], args].concat());
    let runs = vec![
        lock(&["sepia.wasm"]),
        lock(&["sepia.wasm"]),
        verify(&["sepia.wasm", "--trust", "trust.toml"]),
        verify(&["sepia.wasm"]),
        verify(&["upper=sepia.wasm", "--trust", "trust.toml"]),
    ];
    let pinned = project.read("plug.lock");

    // a new version, of somebody else, that wants more and has other functions
    let wit = IMAGES.replace("world filter {", "world filter { export more: func();");
    let component = component(&wit, "filter");
    let actual = Contract::from_component(&component).unwrap();
    let mut manifest = Manifest::default();
    manifest.capabilities = vec![Want::new("net=*.example.com:443", "asks\u{1b} others too", true)];
    let wit = Wit::from_text("test.wit", &wit).unwrap();
    let section =
        Section::declare(&wit, Some("acme:images/filter"), &actual, BTreeMap::new(), manifest).unwrap();
    project.write("sepia.wasm", section.embed(&component).unwrap());
    fine(project.plug(&["sign", "sepia.wasm", "--key", "other.key"]));
    let mut runs = runs;
    runs.push(verify(&["sepia.wasm", "--trust", "trust.toml"]));
    runs.push(lock(&["sepia.wasm"]));
    runs.push(lock(&["sepia.wasm", "--accept-capabilities", "--format", "json"]));
    assert_eq!(project.read("plug.lock"), pinned, "nothing is pinned that nobody agreed to");
    runs.push(lock(&["sepia.wasm", "--accept-capabilities", "--accept-signer"]));
    runs.push(verify(&["sepia.wasm", "--trust", "trust.toml"]));

    // without trust nobody is known to have signed it
    runs.push(project.plug(&["lock", "sepia.wasm"]));
    let filters = project.filters();
    insta::with_settings!({
        filters => filters.iter().map(|(what, by)| (what.as_str(), *by)),
        omit_expression => true,
        prepend_module_to_snapshot => true,
    }, { insta::assert_snapshot!(crate::project::transcript(runs)) });
}

#[test]
fn nothing_is_pinned_unless_all_is() {
    let project = signed();
    project.write("good.wasm", plugin(&[])).write("text.wasm", "hello");
    project.write("odd.wasm", [EMPTY, &custom_section("wit-contract", b"{\"format\":9}")].concat());
    project.write("vague.wasm", plugin(&[("disc=/", "?")]));
    assert_runs!(
        project,
        project.plug(&["lock", "good.wasm", "text.wasm"]),
        project.plug(&["lock", "good.wasm", "odd.wasm", "vague.wasm"]),
        project.plug(&["lock", "good.wasm", "nowhere.wasm"]),
        project.plug(&["lock", "good.wasm", "text.wasm", "--format", "json"]),
    );
    assert!(!project.join("plug.lock").exists());
    fine(project.plug(&["lock", "good.wasm", "better=good.wasm", "--lock", "plugins.lock"]));
    let text = project.read("plugins.lock");
    assert!(text.contains("[plugin.\"better\"]") && text.contains("[plugin.\"good\"]"), "{text}");
    // what is not named stays as it is
    fine(project.plug(&["lock", "other=good.wasm", "--lock", "plugins.lock"]));
    assert_eq!(project.read("plugins.lock").matches("[plugin.").count(), 3);
}

#[test]
fn files_with_mistakes_admit_nothing() {
    let project = signed();
    project.write("newer.lock", "format = 2\n").write("wrong.toml", "[[key]]\nname = 1\n");
    project.write("keys.toml", "[[key]]\nname = \"a\"\npublic-key = \"RW\"\nplugins = [\"a*b\"]\n");
    project.write("key.txt", "hello\nworld\n");
    let secret = project.read("me.key").lines().nth(1).unwrap().to_owned();
    assert_runs!(
        project,
        project.plug(&["verify", "sepia.wasm", "--lock", "nowhere.lock"]),
        project.plug(&["verify", "sepia.wasm", "--lock", "newer.lock"]),
        project.plug(&["lock", "sepia.wasm", "--lock", "newer.lock"]),
        project.plug(&["verify", "sepia.wasm", "--trust", "nowhere.toml"]),
        project.plug(&["verify", "sepia.wasm", "--trust", "wrong.toml"]),
        project.plug(&["verify", "sepia.wasm", "--trust", "keys.toml", "--format", "json"]),
        project.plug(&["verify", "sepia.wasm", "--key", "nowhere.pub"]),
        project.plug(&["verify", "sepia.wasm", "--key", "key.txt"]),
        project.plug(&["verify", "sepia.wasm", "--key", "me.key"]),
        project.plug(&["sign", "sepia.wasm", "--key", "me.pub"]),
        project.plug(&["sign", "sepia.wasm", "--key", "nowhere.key"]),
        project.plug(&["sign", "trust.toml", "--key", "me.key"]),
    );
    let run = project.plug(&["sign", "sepia.wasm", "--key", "key.txt"]);
    assert!(!run.stderr.contains(&secret) && run.code == Some(1), "{run}");
}

#[test]
fn names_and_arguments_that_are_wrong() {
    let project = signed();
    project.write("a b.wasm", plugin(&[]));
    assert_runs!(
        project,
        project.plug(&["verify", "sepia.wasm"]),
        project.plug(&["verify", "--key", "me.pub"]),
        project.plug(&["verify", "sepia.wasm", "x/sepia.wasm", "--key", "me.pub"]),
        project.plug(&["verify", "sepia.wasm", "x.wasm", "--key", "me.pub", "--plugin", "y"]),
        project.plug(&["verify", "a b.wasm", "--key", "me.pub"]),
        project.plug(&["sign", "a b.wasm", "--key", "me.key"]),
        project.plug(&["lock", "-a=sepia.wasm"]),
        project.plug(&["lock", "a/b=sepia.wasm"]),
        project.plug(&["keygen", "-h"]),
        project.plug(&["sign", "-h"]),
        project.plug(&["verify", "-h"]),
        project.plug(&["lock", "-h"]),
    );
}

/// Runs the tool minisign in the project.
fn minisign(project: &Project, args: &[&str], input: &str) {
    let mut child = Command::new("minisign")
        .args(args)
        .current_dir(project.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| {
            panic!("minisign does not run ({error}); install it by `cargo xtask setup` or `apt-get install minisign`")
        });
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let told = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "minisign {args:?}: {told}");
}

#[test]
fn minisign_verifies_what_was_signed_here() {
    let project = signed();
    minisign(&project, &["-V", "-p", "me.pub", "-m", "sepia.wasm"], "");
    let key = public_key(&project, "me");
    minisign(&project, &["-V", "-H", "-P", &key, "-m", "sepia.wasm"], "");
}

#[test]
fn what_minisign_signs_is_verified_here() {
    let project = Project::new();
    project.write("sepia.wasm", plugin(&[]));
    minisign(&project, &["-G", "-W", "-p", "theirs.pub", "-s", "theirs.key"], "");
    let verify = || project.plug(&["verify", "sepia.wasm", "--key", "theirs.pub"]);
    minisign(&project, &["-S", "-s", "theirs.key", "-m", "sepia.wasm", "-t", "plugin:sepia"], "");
    fine(verify());
    // a signature that names no plugin could be put beside any other file of the same signer
    minisign(&project, &["-S", "-s", "theirs.key", "-m", "sepia.wasm"], "");
    let run = verify();
    assert!(run.code == Some(1) && run.stdout.contains("[PLG1116]"), "{run}");
    minisign(&project, &["-S", "-l", "-s", "theirs.key", "-m", "sepia.wasm", "-t", "plugin:sepia"], "");
    let run = verify();
    assert!(run.code == Some(1) && run.stdout.contains("[PLG1111]"), "{run}");
    // their key signs here, and they verify it
    fine(project.plug(&["sign", "sepia.wasm", "--key", "theirs.key"]));
    fine(verify());
    minisign(&project, &["-V", "-p", "theirs.pub", "-m", "sepia.wasm"], "");
}

#[test]
fn minisign_signs_with_keys_made_here() {
    let project = Project::new();
    project.write("sepia.wasm", plugin(&[])).write("pw", "secret\n");
    fine(project.plug(&["keygen", "--no-password", "--out", "plain"]));
    fine(project.plug(&["keygen", "--password-file", "pw", "--out", "locked"]));
    for (key, input) in [("plain", ""), ("locked", "secret\n")] {
        let secret = format!("{key}.key");
        minisign(&project, &["-S", "-s", &secret, "-m", "sepia.wasm", "-t", "plugin:sepia"], input);
        fine(project.plug(&["verify", "sepia.wasm", "--key", &format!("{key}.pub")]));
    }
}

/// What is run is held to the same as what is loaded.
#[cfg(feature = "run")]
#[test]
fn a_call_asks_for_signature_and_pin() {
    let project = Project::new().with_var("SOURCE_DATE_EPOCH", "1700000000");
    let adder = wat::parse_str(crate::component::ADDER).unwrap();
    project.write("adder.wasm", &adder).write("strange.wasm", &adder);
    fine(project.plug(&["keygen", "--no-password", "--out", "me"]));
    fine(project.plug(&["sign", "adder.wasm", "--key", "me.key"]));
    trust(&project, "trust.toml", "me", r#"["adder"]"#, "");
    project.write("policy.toml", "[defaults]\nrequire-signature = true\n");
    fine(project.plug(&["lock", "adder.wasm", "--trust", "trust.toml"]));
    let call = |file: &str, args: &[&str]| project.plug(&[&["call", file, "add(1, 2)"], args].concat());
    assert_runs!(
        project,
        call("adder.wasm", &["--policy", "policy.toml", "--trust", "trust.toml", "--lock", "plug.lock"]),
        call("adder.wasm", &["--policy", "policy.toml"]),
        call("strange.wasm", &["--policy", "policy.toml", "--trust", "trust.toml"]),
        call("adder.wasm", &["--trust", "trust.toml", "--plugin", "subtracter"]),
        call("strange.wasm", &["--lock", "plug.lock"]),
        call("strange.wasm", &["--lock", "plug.lock", "--plugin", "adder", "--trust", "trust.toml"]),
        call("adder.wasm", &["--trust", "nowhere.toml"]),
    );
    fs::copy(project.join("adder.wasm.minisig"), project.join("strange.wasm.minisig")).unwrap();
    assert_runs!(project, call("strange.wasm", &["--trust", "trust.toml"]));
}
