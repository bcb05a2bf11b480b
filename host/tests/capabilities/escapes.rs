//! Ways out of a granted folder, one by one. Whatever is answered, the secret beside the folder is
//! never in it, and nothing outside changes.

use std::fs;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::{Duration, Instant};

use plug_host::{Instance, Limits, Standard};

use crate::folder::{Folder, SECRET};
use crate::support::{ALL, Probe, artifact, host, run};

const READ: &str = "\"fs:read\" = [\"data -> /data\"]";
const WRITE: &str = "\"fs:write\" = [\"data -> /data\"]";

/// What can be tried at a path; `@` stands for it.
const OPERATIONS: [&str; 24] = [
    "read @",
    "read-nofollow @",
    "read-stream @",
    "list @",
    "stat @",
    "stat-nofollow @",
    "hash @",
    "readlink @",
    "write @ changed",
    "write-there @ changed",
    "append-stream @ changed",
    "create-exclusive @",
    "create-as-reader @",
    "truncate-as-reader @",
    "open-to-mutate @",
    "set-times @",
    "mkdir @",
    "rmdir @",
    "unlink @",
    "symlink words.txt @",
    "link @ /data stolen",
    "link words.txt /data @",
    "rename @ /data stolen",
    "rename words.txt /data @",
];

async fn attempt(instance: &mut Instance<Standard>, operation: &str, path: &str) -> String {
    run(instance, &format!("at /data {}", operation.replace('@', path))).await
}

#[tokio::test]
async fn paths_that_lead_out() {
    let mut probe = Probe::wanting(&ALL).await;
    for lines in [READ, WRITE] {
        let folder = Folder::new();
        let before = folder.outside();
        let mut instance = probe.under(folder.path(), lines).await;
        let base = folder.path().display().to_string();
        let name = folder.path().file_name().unwrap().to_str().unwrap();
        let paths = [
            "../secret.txt".to_owned(),
            "./../secret.txt".to_owned(),
            ".././secret.txt".to_owned(),
            "..//secret.txt".to_owned(),
            "sub/../../secret.txt".to_owned(),
            "sub//..//..//secret.txt".to_owned(),
            "sub/./.././../secret.txt".to_owned(),
            "empty/../sub/../../secret.txt".to_owned(),
            "nowhere/../../secret.txt".to_owned(),
            "words.txt/../../secret.txt".to_owned(),
            "link/../../secret.txt".to_owned(),
            "../data/../secret.txt".to_owned(),
            format!("../../{name}/secret.txt"),
            format!("{}secret.txt", "../".repeat(3)),
            format!("{}{base}/secret.txt", "../".repeat(64)),
            format!("{base}/secret.txt"),
            format!("/{base}/secret.txt"),
            format!("{base}/data/../secret.txt"),
            format!("/proc/self/root{base}/secret.txt"),
            "/secret.txt".to_owned(),
            "/data/../secret.txt".to_owned(),
            "/etc/passwd".to_owned(),
            "..".to_owned(),
            "../".to_owned(),
            "../outside".to_owned(),
            "../outside/secret.txt".to_owned(),
            "/".to_owned(),
        ];
        for path in &paths {
            for operation in OPERATIONS {
                let outcome = attempt(&mut instance, operation, path).await;
                assert!(!outcome.starts_with("ok"), "{operation} {path} under {lines}: {outcome}");
                assert!(!outcome.contains(SECRET), "{operation} {path}: {outcome}");
            }
            assert_eq!(folder.outside(), before, "{path} under {lines}");
        }
        // the same operations do something where they may
        assert_eq!(attempt(&mut instance, "read @", "sub/../words.txt").await, "ok words");
        let written = attempt(&mut instance, "write @ changed", "sub/../words.txt").await;
        assert_eq!(written == "ok", lines == WRITE, "{written}");
    }
}

/// What other systems take for `..` is a name like any other here.
#[tokio::test]
async fn names_that_only_look_as_if_they_led_out() {
    let mut probe = Probe::wanting(&ALL).await;
    let folder = Folder::new();
    let before = folder.outside();
    let mut instance = probe.under(folder.path(), WRITE).await;
    for path in [
        "..\\secret.txt",
        "..\\..\\secret.txt",
        "sub\\..\\..\\secret.txt",
        "C:\\secret.txt",
        "%2e%2e/secret.txt",
        "..%2fsecret.txt",
        "%2e%2e%2fsecret.txt",
        "..;/secret.txt",
        ".../secret.txt",
        "....//secret.txt",
        "\u{2025}/secret.txt",
        "\u{ff0e}\u{ff0e}/secret.txt",
        "..\u{2215}secret.txt",
        "..\u{ff0f}secret.txt",
        "~/secret.txt",
        "$HOME/secret.txt",
        "file:../secret.txt",
        "words.txt:secret",
    ] {
        for operation in OPERATIONS {
            let outcome = attempt(&mut instance, operation, path).await;
            assert!(!outcome.contains(SECRET), "{operation} {path}: {outcome}");
        }
        assert_eq!(folder.outside(), before, "{path}");
    }
    // they are names: one with backslashes is a file in the folder
    assert_eq!(run(&mut instance, "at /data write a\\b text").await, "ok");
    assert_eq!(folder.read("data/a\\b"), "text");
}

#[tokio::test]
async fn names_with_control_characters() {
    let mut probe = Probe::wanting(&ALL).await;
    let folder = Folder::new();
    let mut instance = probe.under(folder.path(), WRITE).await;
    for name in ["a\nb", "a\tb", "a\rb", "\u{1b}[31mred", "a\u{7f}", "\u{202e}txt.a"] {
        assert_eq!(run(&mut instance, &format!("at /data write {name} text")).await, "ok", "{name:?}");
        assert_eq!(folder.read(&format!("data/{name}")), "text");
    }
    // NUL ends a name for the system: neither the whole name nor its beginning is used
    let before = folder.tree();
    for path in ["words.txt\0", "words.txt\0.png", "\0words.txt", "../secret.txt\0", "new\0.txt", "\0"] {
        for operation in OPERATIONS {
            let outcome = attempt(&mut instance, operation, path).await;
            assert!(!outcome.starts_with("ok"), "{operation} {path:?}: {outcome}");
        }
        assert_eq!(folder.tree(), before, "{path:?}");
    }
    // the operator is told of such a name, and no line of policy is made of it
    let mut instance = probe.under(folder.path(), WRITE).await;
    let outcome = run(&mut instance, "at /data write ../a\u{1b}[31mb text").await;
    assert!(outcome.starts_with("denied"), "{outcome}");
    let denials = probe.denials();
    assert_eq!(denials, [("fs:write".to_owned(), "/a\u{1b}[31mb".to_owned(), None)]);
}

#[tokio::test]
async fn very_long_names() {
    let mut probe = Probe::wanting(&ALL).await;
    let folder = Folder::new();
    let mut instance = probe.under(folder.path(), WRITE).await;
    let longest = "x".repeat(255);
    assert_eq!(run(&mut instance, &format!("at /data write {longest} text")).await, "ok");
    assert_eq!(folder.read(&format!("data/{longest}")), "text");
    let before = folder.tree();
    for path in ["x".repeat(256), "sub/".repeat(2000), "../".repeat(2000), "x".repeat(1 << 20)] {
        for operation in OPERATIONS {
            let outcome = attempt(&mut instance, operation, &path).await;
            assert!(!outcome.starts_with("ok"), "{operation} of {} bytes: {outcome}", path.len());
        }
        assert_eq!(folder.tree(), before, "{} bytes", path.len());
    }
    // one that is denied is not kept whole
    run(&mut instance, &format!("at /data write ../{} text", "x".repeat(200).repeat(10))).await;
    assert!(probe.denials().iter().all(|(_, access, _)| access.len() <= 1024));
}

#[tokio::test]
async fn links_that_the_host_made() {
    let mut probe = Probe::wanting(&ALL).await;
    for lines in [READ, WRITE] {
        let folder = Folder::new();
        folder.link("../secret.txt", "data/relative");
        folder.link(folder.at("secret.txt"), "data/absolute");
        folder.link("relative", "data/chain");
        folder.link("sub/../../secret.txt", "data/winding");
        folder.link("../../secret.txt", "data/sub/deeper");
        folder.link("/etc/passwd", "data/passwd");
        folder.link("/proc/self/environ", "data/environ");
        folder.link("../outside", "data/folder");
        folder.link(folder.path(), "data/base");
        folder.link("/", "data/root");
        folder.link("loop", "data/loop");
        // not there yet: a write must not make it
        folder.link("../made", "data/dangling");
        let before = folder.outside();
        let mut instance = probe.under(folder.path(), lines).await;
        // those that would end the link itself are a plugin's right in a folder that it may change
        let through = OPERATIONS.into_iter().filter(|operation| {
            let own = ["nofollow", "readlink", "unlink", "set-times", "rename", "link"];
            !own.iter().any(|own| operation.contains(own))
        });
        for operation in through {
            for path in [
                "relative",
                "absolute",
                "chain",
                "winding",
                "sub/deeper",
                "passwd",
                "environ",
                "folder",
                "folder/secret.txt",
                "base/secret.txt",
                "base/data/words.txt",
                "root/etc/passwd",
                "loop",
                "dangling",
                "dangling/x",
                "folder/new",
            ] {
                let outcome = attempt(&mut instance, operation, path).await;
                assert!(!outcome.starts_with("ok"), "{operation} {path} under {lines}: {outcome}");
                assert!(
                    !outcome.contains(SECRET) && !outcome.contains("root:"),
                    "{operation} {path}: {outcome}"
                );
            }
        }
        for operation in OPERATIONS {
            for path in ["folder/secret.txt", "base/secret.txt", "root/etc/passwd", "folder/new"] {
                let outcome = attempt(&mut instance, operation, path).await;
                assert!(!outcome.starts_with("ok"), "{operation} {path} under {lines}: {outcome}");
            }
        }
        assert_eq!(folder.outside(), before, "{lines}");
        // a link that stays within is followed
        assert_eq!(run(&mut instance, "at /data read link").await, "ok words");
    }
}

#[tokio::test]
async fn links_that_the_plugin_makes() {
    let mut probe = Probe::wanting(&ALL).await;
    let folder = Folder::new();
    let before = folder.outside();
    let mut instance = probe.under(folder.path(), WRITE).await;
    let absolute = folder.at("secret.txt").display().to_string();
    let outside = folder.at("outside").display().to_string();
    let mut links = 0;
    for (number, target) in
        ["../secret.txt", &absolute, "sub/../../secret.txt", "../outside", &outside, "/etc/passwd", "/"]
            .iter()
            .enumerate()
    {
        // made or not, it leads nowhere
        let made = format!("made{number}");
        let is_link = run(&mut instance, &format!("at /data symlink {target} {made}")).await == "ok";
        for path in [made.clone(), format!("{made}/secret.txt"), format!("{made}/etc/passwd")] {
            for operation in
                OPERATIONS[..5].iter().chain(&["write-there @ changed", "append-stream @ changed"])
            {
                let outcome = attempt(&mut instance, operation, &path).await;
                assert!(!outcome.starts_with("ok"), "{operation} {path} to {target}: {outcome}");
            }
        }
        if is_link {
            for operation in ["write @ changed", "create-exclusive @", "create-as-reader @", "mkdir @"] {
                let outcome = attempt(&mut instance, operation, &made).await;
                assert!(!outcome.starts_with("ok"), "{operation} {made} to {target}: {outcome}");
            }
        }
        links += usize::from(is_link);
    }
    assert!(links > 0, "no link was made, so that nothing was shown");
    assert_eq!(folder.outside(), before);
    // a fresh instance is no way around it, nor is a file of the plugin's own
    let mut instance = probe.fresh().await;
    assert!(!run(&mut instance, "read /data/made0").await.contains(SECRET));
    assert_eq!(run(&mut instance, "at /data symlink words.txt inside").await, "ok");
    assert_eq!(run(&mut instance, "at /data read inside").await, "ok words");
}

/// A thread makes a file a link to the secret and back, while the plugin opens it: between a check
/// and a use there must be no time.
#[tokio::test]
async fn a_link_that_is_swapped_in_between() {
    let mut probe = Probe::wanting(&ALL).await;
    let folder = Folder::new();
    fs::create_dir(folder.at("data/dir")).unwrap();
    fs::write(folder.at("data/dir/secret.txt"), "inner").unwrap();
    let mut instance = probe.under(folder.path(), READ).await;
    let stop = Arc::new(AtomicBool::new(false));
    let swapper = std::thread::spawn({
        let (stop, data) = (Arc::clone(&stop), folder.at("data"));
        move || {
            let (new, swap, dir, kept) =
                (data.join(".new"), data.join("swap"), data.join("dir"), data.join("kept"));
            while !stop.load(Relaxed) {
                std::os::unix::fs::symlink("../secret.txt", &new).unwrap();
                fs::rename(&new, &swap).unwrap();
                fs::rename(&dir, &kept).unwrap();
                std::os::unix::fs::symlink("../outside", &dir).unwrap();
                fs::write(&new, "words").unwrap();
                fs::rename(&new, &swap).unwrap();
                fs::remove_file(&dir).unwrap();
                fs::rename(&kept, &dir).unwrap();
            }
        }
    });
    let mut seen = std::collections::BTreeSet::new();
    let begin = Instant::now();
    // until both were met: the file and the link
    while begin.elapsed() < Duration::from_secs(60) {
        for path in ["/data/swap", "/data/dir/secret.txt"] {
            let answers = run(&mut instance, &format!("read-often 500 {path}")).await;
            assert!(!answers.contains(SECRET), "{path}: {answers}");
            seen.extend(answers.lines().map(str::to_owned));
        }
        let met = |text: &str| seen.iter().any(|answer| answer.starts_with(text));
        if met("ok words") && met("ok inner") && met("denied") && begin.elapsed() > Duration::from_secs(3) {
            break;
        }
    }
    stop.store(true, Relaxed);
    swapper.join().unwrap();
    for text in ["ok words", "ok inner", "denied"] {
        assert!(seen.iter().any(|answer| answer.starts_with(text)), "no {text}: {seen:?}");
    }
}

#[tokio::test]
async fn hard_links_and_renaming_between_folders() {
    let mut probe = Probe::wanting(&ALL).await;
    let folder = Folder::new();
    let both = "\"fs:read\" = [\"data -> /data\"]\n\"fs:write\" = [\"other -> /other\"]";
    let mut instance = probe.under(folder.path(), both).await;
    let before = folder.tree();
    for command in [
        // by a name in a folder that may be changed, what may only be read could be changed
        "at /data link words.txt /other stolen.txt",
        "at /data rename words.txt /other stolen.txt",
        "at /data rename sub /other stolen",
        "at /other link mine.txt /data mine.txt",
        "at /other rename mine.txt /data mine.txt",
        "at /other rename mine.txt /data words.txt",
        "at /other link ../data/words.txt /other stolen.txt",
        "at /other link ../secret.txt /other stolen.txt",
        "at /other link mine.txt /other ../stolen.txt",
        "at /other rename mine.txt /other ../stolen.txt",
        "at /other rename ../secret.txt /other stolen.txt",
        "at /other link-follow mine.txt /other again.txt",
        "link /data/words.txt /other/stolen.txt",
        "rename /other/mine.txt /data/mine.txt",
    ] {
        let outcome = run(&mut instance, command).await;
        assert!(!outcome.starts_with("ok"), "{command}: {outcome}");
        assert_eq!(folder.tree(), before, "{command}");
    }
    // between two folders that may be changed it is allowed
    let both = "\"fs:write\" = [\"data -> /data\", \"other -> /other\"]";
    let mut instance = probe.under(folder.path(), both).await;
    assert_eq!(run(&mut instance, "at /data link words.txt /other second.txt").await, "ok");
    assert_eq!(folder.read("other/second.txt"), "words");
    assert_eq!(run(&mut instance, "at /data rename words.txt /other moved.txt").await, "ok");
    assert_eq!(folder.read("other/moved.txt"), "words");
}

/// The operator is told of the folder that may not be changed, not of the other one.
#[tokio::test]
async fn a_denied_renaming_is_told_of_its_reason() {
    let mut probe = Probe::wanting(&ALL).await;
    let folder = Folder::new();
    let both = "\"fs:read\" = [\"data -> /data\"]\n\"fs:write\" = [\"other -> /other\"]";
    let mut instance = probe.under(folder.path(), both).await;
    run(&mut instance, "at /data rename words.txt /other stolen.txt").await;
    run(&mut instance, "at /other link mine.txt /data mine.txt").await;
    let accesses: Vec<_> =
        probe.denials().into_iter().map(|(name, access, _)| format!("{name}={access}")).collect();
    assert_eq!(accesses, ["fs:write=/data"]);
    // a link out of a folder that is granted: nothing can allow that
    folder.link("../secret.txt", "other/out");
    run(&mut instance, "at /other read out").await;
    assert_eq!(probe.denials(), [("fs:read".to_owned(), "/other/out -> not within /other".to_owned(), None)]);
}

#[tokio::test]
async fn descriptors_that_were_opened_to_read() {
    let mut probe = Probe::wanting(&ALL).await;
    for lines in [READ, WRITE] {
        let folder = Folder::new();
        let mut instance = probe.under(folder.path(), lines).await;
        let before = folder.tree();
        for command in [
            "at /data reader-write words.txt changed",
            "at /data reader-write-stream words.txt changed",
            "at /data reader-set-size words.txt",
        ] {
            let outcome = run(&mut instance, command).await;
            assert!(!outcome.starts_with("ok"), "{command} under {lines}: {outcome}");
            assert_eq!(folder.tree(), before, "{command} under {lines}");
        }
        // in a folder that may be changed, so may the times of a file, as its owner's always
        let outcome = run(&mut instance, "at /data reader-set-times words.txt").await;
        assert_eq!(outcome == "ok", lines == WRITE, "{outcome}");
        assert_eq!(folder.tree() == before, lines == READ);
    }
}

/// Whoever grants `/proc/self` has granted the host's own files, but not where its links lead.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn magic_links_lead_nowhere() {
    let mut probe = Probe::wanting(&ALL).await;
    let folder = Folder::new();
    let secret = fs::File::open(folder.at("secret.txt")).unwrap();
    let fd = std::os::fd::AsRawFd::as_raw_fd(&secret);
    let lines = "\"fs:read\" = [\"/proc/self -> /data\"]";
    let mut instance = probe.under(folder.path(), lines).await;
    let absolute = folder.at("secret.txt").display().to_string();
    for path in [
        format!("fd/{fd}"),
        format!("root{absolute}"),
        "root/etc/passwd".to_owned(),
        "exe".to_owned(),
        "cwd/Cargo.toml".to_owned(),
    ] {
        for operation in ["read @", "read-stream @", "stat @", "write-there @ x"] {
            let outcome = attempt(&mut instance, operation, &path).await;
            assert!(!outcome.starts_with("ok"), "{operation} {path}: {outcome}");
            assert!(!outcome.contains(SECRET), "{operation} {path}: {outcome}");
        }
    }
    assert!(run(&mut instance, "at /data read status").await.starts_with("ok Name:"));
}

/// Opening a pipe waits for its other end, on a thread that nothing can stop: neither pipes nor
/// devices can be opened.
#[tokio::test]
async fn pipes_and_devices() {
    let limits = Limits::default().deadline(Duration::from_secs(20));
    let mut probe = Probe::on(host().limits(limits), artifact(&ALL)).await;
    let folder = Folder::new();
    assert!(Command::new("mkfifo").arg(folder.at("data/pipe")).status().unwrap().success());
    folder.link("pipe", "data/to-pipe");
    let _socket = std::os::unix::net::UnixListener::bind(folder.at("data/socket")).unwrap();
    let lines = format!("{WRITE}\nlimits = {{ deadline = \"20s\" }}");
    let mut instance = probe.under(folder.path(), &lines).await;
    let begin = Instant::now();
    for path in ["pipe", "to-pipe", "socket"] {
        for operation in
            ["read @", "read-stream @", "write-there @ x", "append-stream @ x", "create-as-reader @"]
        {
            let outcome = attempt(&mut instance, operation, path).await;
            assert!(!outcome.starts_with("ok"), "{operation} {path}: {outcome}");
        }
    }
    assert!(begin.elapsed() < Duration::from_secs(15), "{:?}", begin.elapsed());
    assert_eq!(run(&mut instance, "at /data read words.txt").await, "ok words");

    let mut instance = probe.under(folder.path(), "\"fs:write\" = [\"/dev -> /data\"]").await;
    for path in ["null", "zero", "random", "full", "tty", "stdin", "fd/0", "ptmx"] {
        for operation in ["read @", "read-stream @", "write-there @ x"] {
            let outcome = attempt(&mut instance, operation, path).await;
            assert!(!outcome.starts_with("ok"), "{operation} {path}: {outcome}");
        }
    }
}

#[tokio::test]
async fn open_files_are_bounded() {
    let limits = Limits::default().files(40);
    let mut probe = Probe::on(host().limits(limits), artifact(&ALL)).await;
    let folder = Folder::new();
    let mut instance = probe.under(folder.path(), READ).await;
    for _ in 0..2 {
        // each list holds all names of its folder
        assert_eq!(run(&mut instance, "at /data lists 10000 words.txt").await, "ok 16 and then quota");
        for kind in ["descriptors", "streams"] {
            assert_eq!(run(&mut instance, &format!("at /data {kind} 30 words.txt")).await, "ok 30", "{kind}");
            let outcome = run(&mut instance, &format!("at /data {kind} 10000 words.txt")).await;
            let open = outcome.strip_suffix(" and then quota").and_then(|rest| rest.strip_prefix("ok "));
            let open: usize = open.unwrap_or_else(|| panic!("{kind}: {outcome}")).parse().unwrap();
            // the granted folder itself is open, too
            assert!((36..=39).contains(&open), "{kind}: {outcome}");
        }
    }
}
