//! Set-up on machines of every kind.
#![cfg(unix)]

mod machine;

use std::fs;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use machine::{Machine, VERSION};
use plug_toolchain::{Progress, Setup, SetupError, Target, TargetState, Way};

fn ways(machine: &Machine) -> Vec<Way> {
    Setup::plan(&machine.rustc()).ways().to_vec()
}

fn rustup_way() -> Way {
    Way::Rustup { toolchain: "1.95.0-fake-host".to_owned() }
}

fn failure(machine: &Machine) -> SetupError {
    machine.set_up().0.expect_err("set-up cannot succeed here")
}

fn assert_present(machine: &Machine) {
    assert_eq!(Target::state(&machine.rustc()), TargetState::Present);
    assert_eq!(machine.leftovers(), [""; 0]);
}

// The plan.

#[test]
fn nothing_to_do_is_said_and_nothing_is_done() {
    let machine = Machine::with_both();
    machine.install_target(VERSION);
    let plan = Setup::plan(&machine.rustc());
    assert_eq!(plan.ways(), [Way::AlreadyPresent]);
    assert!(plan.is_done());
    assert_eq!(plan.writes_into(), None);
    assert!(plan.steps()[0].starts_with("nothing: wasm32-wasip2 is installed"), "{:?}", plan.steps());
    let before = machine.snapshot();
    plan.run(&mut |progress| panic!("it did something: {progress}")).expect("nothing fails");
    assert_eq!(machine.snapshot(), before);
}

#[test]
fn rustup_comes_first_and_the_sources_second() {
    let machine = Machine::with_both();
    assert_eq!(ways(&machine), [rustup_way(), Way::BuildStd { via: "apt" }]);
}

#[test]
fn without_debian_only_rustup_is_left() {
    assert_eq!(ways(&Machine::with_rustup()), [rustup_way()]);
}

#[test]
fn without_rustup_only_the_sources_are_left() {
    assert_eq!(ways(&Machine::with_apt()), [Way::BuildStd { via: "apt" }]);
}

#[test]
fn a_rustup_that_manages_another_compiler_is_no_way() {
    let machine = Machine::with_both().var("FAKE_RUSTUP", "other");
    assert_eq!(ways(&machine), [Way::BuildStd { via: "apt" }]);
}

#[test]
fn the_toolchain_of_the_environment_is_the_one_that_is_changed() {
    let machine = Machine::with_rustup().var("RUSTUP_TOOLCHAIN", "1.95.0-fake-host");
    assert_eq!(ways(&machine), [rustup_way()]);
    assert_eq!(machine.calls("rustup", "show"), 0);
}

#[test]
fn no_distribution_packages_a_nightly() {
    let machine = Machine::with_apt().var("FAKE_RELEASE", "1.97.0-nightly");
    assert!(matches!(ways(&machine).as_slice(), [Way::ByHand { .. }]));
}

#[test]
fn no_way_of_ours_without_a_keyring_or_a_mirror() {
    let no_keyring = Machine::with_apt().without_keyring();
    assert!(matches!(ways(&no_keyring).as_slice(), [Way::ByHand { .. }]));
    let no_mirror = Machine::with_apt().var("FAKE_APT", "no-mirror");
    assert!(matches!(ways(&no_mirror).as_slice(), [Way::ByHand { .. }]));
}

#[test]
fn a_plan_changes_nothing() {
    let machine = Machine::with_both();
    let before = machine.snapshot();
    let plan = Setup::plan(&machine.rustc());
    assert_eq!(plan.writes_into(), Some(machine.path("sysroot").as_path()));
    assert_eq!(machine.snapshot(), before);
    assert_eq!(machine.calls("rustup", "add") + machine.calls("apt-get", "update"), 0);
    let steps: Vec<_> = plan.steps().iter().map(|step| machine.redact(step)).collect();
    assert_eq!(
        steps,
        [
            "run `rustup target add wasm32-wasip2 --toolchain 1.95.0-fake-host`",
            "if that fails: fetch the packages rust-src and wasi-libc (46 MB) from \
             http://mirror.example/debian/ by apt, install neither, keep them in \
             MACHINE/home/.cache/plug/guest-toolchain/1.95.0-59807616e",
            "if that fails: compile the standard library for wasm32-wasip2 with rustc 1.95.0",
            "if that fails: move it to MACHINE/sysroot/lib/rustlib/wasm32-wasip2",
            "compile a small plugin, to see that it works",
        ]
    );
}

// By rustup.

#[test]
fn rustup_installs_it() {
    let machine = Machine::with_both();
    let (outcome, told) = machine.set_up();
    outcome.expect("rustup works");
    assert_present(&machine);
    assert_eq!(machine.calls("apt-get", "update"), 0);
    let line = "rustup target add wasm32-wasip2 --toolchain 1.95.0-fake-host";
    assert_eq!(told[0], Progress::Step(line.to_owned()));
    assert_eq!(told[1], Progress::Output("info: downloading component rust-std".to_owned()));
}

#[test]
fn a_second_run_does_nothing() {
    let machine = Machine::with_both();
    machine.set_up().0.expect("rustup works");
    machine.clear_log();
    let (outcome, told) = machine.set_up();
    outcome.expect("nothing is to be done");
    assert_eq!(told, []);
    assert_eq!(machine.calls("rustup", "add"), 0);
}

#[test]
fn rustup_replaces_what_was_built_for_another_compiler() {
    let machine = Machine::with_rustup();
    machine.install_target("rustc 1.94.1 (0123456 2026-03-01)");
    machine.mark_target("rustc 1.94.1 (0123456 2026-03-01)\n");
    let steps = Setup::plan(&machine.rustc()).steps().to_vec();
    assert_eq!(steps[0], "replace wasm32-wasip2, which was built by rustc 1.94.1 (0123456 2026-03-01)");
    machine.set_up().0.expect("rustup works");
    assert_present(&machine);
    assert!(!machine.target().join("built-by-plug-setup").exists());
}

#[test]
fn rustup_replaces_what_it_left_incomplete() {
    let machine = Machine::with_rustup();
    machine.install_target(VERSION);
    fs::remove_file(machine.target().join("lib/self-contained/libc.a")).expect("it is there");
    machine.set_up().0.expect("rustup works");
    assert_present(&machine);
    assert_eq!(machine.calls("rustup", "remove"), 1);
}

#[test]
fn a_target_that_compiles_nothing_is_not_called_installed() {
    let machine = Machine::with_rustup().var("FAKE_RUSTUP", "broken");
    let error = failure(&machine);
    assert_eq!(error.code(), "PLG0406");
    assert!(error.to_string().contains("error[E0514]"), "{error}");
}

#[test]
fn what_was_there_stays_when_rustup_fails() {
    let machine = Machine::with_rustup().var("FAKE_RUSTUP", "refuses");
    machine.install_target("rustc 1.94.1 (0123456 2026-03-01)");
    machine.mark_target("rustc 1.94.1 (0123456 2026-03-01)\n");
    let error = failure(&machine);
    assert_eq!(error.code(), "PLG0404");
    assert_eq!(Target::state(&machine.rustc()), TargetState::Stale);
    assert_eq!(machine.leftovers(), [""; 0]);
}

// From source.

#[test]
fn the_sources_serve_where_rustup_cannot_download() {
    let machine = Machine::with_both().var("FAKE_RUSTUP", "refuses");
    let (outcome, told) = machine.set_up();
    outcome.expect("the sources serve");
    assert_present(&machine);
    let marker = fs::read_to_string(machine.target().join("built-by-plug-setup")).expect("a marker");
    assert_eq!(marker, machine.rustc().verbose_version());
    let libc = machine.target().join("lib/self-contained/libc.a");
    assert_eq!(fs::read_to_string(libc).expect("libc"), "packaged\n");
    let why = "that did not work: rustup failed (exit status: 1): \
               error: component download failed for rust-std-wasm32-wasip2";
    assert!(told.contains(&Progress::Step(why.to_owned())), "{told:?}");
    // Nothing but libraries: no dependency files of the build.
    let lib = fs::read_dir(machine.target().join("lib")).expect("a folder").count();
    assert_eq!(lib, 5 + 1);
}

#[test]
fn the_sources_serve_where_rustup_hangs() {
    let machine = Machine::with_both().var("FAKE_RUSTUP", "hangs").impatient();
    machine.set_up().0.expect("the sources serve");
    assert_present(&machine);
}

#[test]
fn the_sources_serve_where_rustup_reports_a_success_that_is_none() {
    let machine = Machine::with_both().var("FAKE_RUSTUP", "lies");
    machine.set_up().0.expect("the sources serve");
    assert_present(&machine);
}

#[test]
fn suites_are_tried_until_one_has_the_version() {
    let machine = Machine::with_apt().var("FAKE_APT", "sid-only");
    machine.set_up().0.expect("sid has it");
    assert_present(&machine);
    // trixie-backports (whose list serves wasi-libc, too), forky, sid.
    assert_eq!(machine.calls("apt-get", "update"), 3);
}

#[test]
fn downloads_are_kept_and_used_again() {
    let machine = Machine::with_apt();
    machine.set_up().0.expect("the sources serve");
    let kept = machine.path("home/.cache/plug/guest-toolchain/1.95.0-59807616e");
    assert!(kept.join("rust-src.deb").is_file() && kept.join("wasi-libc.deb").is_file());
    fs::remove_dir_all(machine.target()).expect("it is there");
    machine.clear_log();
    machine.set_up().0.expect("the sources serve again");
    assert_present(&machine);
    assert_eq!(machine.calls("apt-get", "download"), 0);
}

#[test]
fn a_spoilt_download_is_fetched_anew() {
    let machine = Machine::with_apt();
    let kept = machine.path("home/.cache/plug/guest-toolchain/1.95.0-59807616e");
    fs::create_dir_all(&kept).expect("a folder");
    fs::write(kept.join("rust-src.deb"), "half of a pack").expect("a file");
    machine.set_up().0.expect("the sources serve");
    assert_present(&machine);
    let text = fs::read_to_string(kept.join("rust-src.deb")).expect("a package");
    assert_eq!(text, "rust-src 1.95.0+dfsg1-2\n");
}

#[test]
fn the_cache_folder_of_the_environment_is_used() {
    let machine = Machine::with_apt();
    let cache = machine.path("cache").display().to_string();
    let machine = machine.var("XDG_CACHE_HOME", &cache);
    machine.set_up().0.expect("the sources serve");
    assert!(machine.path("cache/plug/guest-toolchain/1.95.0-59807616e/rust-src.deb").is_file());
}

#[test]
fn the_registry_supplies_crates_that_the_package_lacks() {
    let machine = Machine::with_apt().var("FAKE_STD", "needs-registry");
    machine.set_up().0.expect("the registry helps");
    assert_present(&machine);
    assert_eq!(machine.calls("cargo", "--offline"), 1);
    assert_eq!(machine.calls("cargo", "build"), 2);
}

// When nothing leads there.

#[test]
fn every_way_that_failed_is_named_with_its_reason() {
    let machine = Machine::with_both().var("FAKE_RUSTUP", "refuses").var("FAKE_APT", "other-versions");
    let before = machine.snapshot();
    let error = failure(&machine);
    assert_eq!(error.code(), "PLG0404");
    assert_eq!(
        error.to_string(),
        "the target wasm32-wasip2 could not be installed\n  \
         rustup: rustup failed (exit status: 1): \
         error: component download failed for rust-std-wasm32-wasip2\n  \
         from source: no fitting package rust-src (trixie-backports: only 1.96.1+dfsg1-2; \
         forky: only 1.96.1+dfsg1-2; sid: only 1.96.1+dfsg1-2; \
         forky-backports: only 1.96.1+dfsg1-2; trixie: only 1.96.1+dfsg1-2)"
    );
    let mend = machine.redact(&error.mend());
    for part in [
        "`rustup target add wasm32-wasip2`",
        "MACHINE/sysroot/lib/rustlib/wasm32-wasip2/lib/self-contained",
        "crt1-command.o, crt1-reactor.o, libc.a",
        VERSION,
        "cargo plug explain PLG0404",
    ] {
        assert!(mend.contains(part), "{part} is not in:\n{mend}");
    }
    let mut after = machine.snapshot();
    after.retain(|line| !line.contains(".plug-setup.lock"));
    assert_eq!(after, before);
}

#[test]
fn an_unreachable_mirror_is_a_reason() {
    let machine = Machine::with_apt().var("FAKE_APT", "unreachable");
    let error = failure(&machine);
    assert_eq!(error.code(), "PLG0404");
    let text = error.to_string();
    assert!(text.contains("rustup: rustup is not installed"), "{text}");
    assert!(text.contains("E: Failed to fetch"), "{text}");
}

#[test]
fn a_standard_library_that_does_not_compile_changes_nothing() {
    let machine = Machine::with_apt().var("FAKE_STD", "fails");
    let error = failure(&machine);
    assert_eq!(error.code(), "PLG0404");
    assert!(error.to_string().contains("could not compile `std`"), "{error}");
    assert_eq!(Target::state(&machine.rustc()), TargetState::Absent);
    assert!(!machine.target().exists());
    assert_eq!(machine.leftovers(), [""; 0]);
}

#[test]
fn a_standard_library_that_is_of_no_use_is_never_put_in_place() {
    let machine = Machine::with_apt().var("FAKE_STD", "useless");
    let error = failure(&machine);
    assert!(error.to_string().contains("it was built, but compiles nothing"), "{error}");
    assert!(!machine.target().exists());
}

#[test]
fn without_any_way_the_error_tells_what_to_do_by_hand() {
    let machine = Machine::with(&["rustc"]);
    let before = machine.snapshot();
    let error = failure(&machine);
    assert_eq!(error.code(), "PLG0404");
    let text = error.to_string();
    assert!(text.contains("rustup: rustup is not installed"), "{text}");
    assert!(text.contains("from source: this needs Debian's tools, and there is no `apt-get`"), "{text}");
    assert_eq!(machine.snapshot(), before);
}

/// Not even root creates files there.
#[cfg(target_os = "linux")]
const NOBODY_WRITES_HERE: &str = "/sys";

#[cfg(target_os = "linux")]
#[test]
fn a_toolchain_of_somebody_else_is_named() {
    let machine = Machine::with_rustup();
    let targets = machine.path("sysroot/lib/rustlib");
    fs::remove_dir_all(&targets).expect("it is there");
    std::os::unix::fs::symlink(NOBODY_WRITES_HERE, &targets).expect("a link");
    let error = failure(&machine);
    assert_eq!(error.code(), "PLG0405");
    assert_eq!(
        machine.redact(&error.to_string()),
        "the toolchain's folder MACHINE/sysroot/lib/rustlib cannot be written"
    );
    assert!(error.mend().contains("run it as the user"), "{}", error.mend());
    assert_eq!(machine.calls("rustup", "add"), 0);
}

#[test]
fn a_toolchain_without_folders_is_named() {
    let machine = Machine::with_rustup();
    fs::remove_dir_all(machine.path("sysroot/lib/rustlib")).expect("it is there");
    let error = failure(&machine);
    assert_eq!(error.code(), "PLG0407");
    assert_eq!(machine.redact(&error.to_string()), "cannot write to MACHINE/sysroot/lib/rustlib");
}

// Interruptions and company.

#[test]
fn what_a_killed_run_left_is_cleared_away() {
    let machine = Machine::with_apt();
    let left = machine.path("sysroot/lib/rustlib/.plug-setup-Ab12/sysroot");
    fs::create_dir_all(&left).expect("a folder");
    fs::write(left.join("half"), "of a library").expect("a file");
    machine.set_up().0.expect("the sources serve");
    assert_present(&machine);
}

#[test]
fn two_runs_at_once_take_turns() {
    let machine = Machine::with_both();
    let lock = fs::File::create(machine.path("sysroot/lib/rustlib/.plug-setup.lock")).expect("a lock");
    lock.lock().expect("nobody else holds it");
    let plan = Setup::plan(&machine.rustc());
    let (sender, receiver) = mpsc::channel();
    thread::scope(|scope| {
        let run = scope.spawn(move || plan.run(&mut |progress| sender.send(progress).expect("heard")));
        let waiting = "waiting for another set-up of this toolchain".to_owned();
        let told = receiver.recv_timeout(Duration::from_secs(30));
        assert_eq!(told, Ok(Progress::Step(waiting)));
        // Meanwhile the other run does the work.
        machine.install_target(VERSION);
        drop(lock);
        run.join().expect("no panic").expect("the other did it");
    });
    assert_eq!(machine.calls("rustup", "add"), 0);
}
