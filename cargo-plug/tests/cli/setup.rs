use std::fs;

use crate::project::{Project, assert_runs};

/// A compiler that has no guest target, and a rustup that would install it.
#[cfg(unix)]
fn machine_without_target() -> Project {
    use std::os::unix::fs::PermissionsExt;

    let project = Project::new();
    let rustc = "#!/bin/sh\n\
        sysroot=\"$(dirname \"$0\")/../toolchains/stable\"\n\
        case \"$*\" in\n\
        -vV) printf 'rustc 1.95.0 (59807616e 2026-04-14)\\nbinary: rustc\\ncommit-hash: 59807616e1fa2540724bfbac14d7976d7e4a3860\\ncommit-date: 2026-04-14\\nhost: x86_64-unknown-linux-gnu\\nrelease: 1.95.0\\nLLVM version: 22.1.2\\n';;\n\
        *sysroot*target-libdir*) echo \"$sysroot\"; echo \"$sysroot/lib/rustlib/wasm32-wasip2/lib\";;\n\
        *) exit 1;;\n\
        esac\n";
    let rustup = "#!/bin/sh\ncase \"$*\" in *--version*) echo 'rustup 1.29.0';; *) echo stable;; esac\n";
    for (name, script) in [("rustc", rustc), ("rustup", rustup)] {
        project.write(&format!("bin/{name}"), script);
        fs::set_permissions(project.join(&format!("bin/{name}")), fs::Permissions::from_mode(0o755)).unwrap();
    }
    project.write("toolchains/stable/lib/rustlib/components", "");
    let path = format!("{}:/usr/bin:/bin", project.join("bin").display());
    project.with_var("PATH", path)
}

#[cfg(unix)]
#[test]
fn nothing_is_written_without_a_yes() {
    let project = machine_without_target();
    let before = project.files();
    let dry = project.plug(&["setup", "--dry-run"]);
    assert_eq!(dry.code, Some(0), "{dry}");
    assert!(dry.stdout.is_empty() && dry.stderr.contains("1. "), "{dry}");
    let unasked = project.plug(&["setup"]);
    assert_eq!(unasked.code, Some(1), "{unasked}");
    assert_eq!(project.files(), before);
    // How many ways there are depends on the machine's package manager.
    let end = unasked.stderr.find("error[").unwrap();
    insta::assert_snapshot!(
        unasked.stderr[end..].replace(&project.path().display().to_string(), "[PROJECT]")
    );
}

#[cfg(unix)]
#[test]
fn the_doctor_tells_what_is_missing() {
    let project = machine_without_target();
    let run = project.plug(&["doctor"]);
    assert_eq!(run.code, Some(1), "{run}");
    assert!(run.stdout.contains("missing  target wasm32-wasip2"), "{run}");
    assert!(run.stdout.contains("mend: cargo plug setup"), "{run}");
}

#[cfg(unix)]
#[test]
fn without_a_compiler_there_is_no_plan() {
    let project = Project::new().with_var("PATH", "/nowhere");
    assert_runs!(project, project.plug(&["setup"]), project.plug(&["doctor"]));
}
