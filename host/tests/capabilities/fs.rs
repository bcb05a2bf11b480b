//! `fs:read` and `fs:write`: each operation, with each kind of grant.

use plug_host::Instance;
use plug_host::Standard;

use crate::folder::Folder;
use crate::support::{ALL, Probe, policy, run};

/// What is tried, what comes of it when it is granted, and whether it changes something.
const READS: [(&str, &str); 14] = [
    ("read /data/words.txt", "ok words"),
    ("read /data/sub/deep.txt", "ok deep"),
    ("read /data/link", "ok words"),
    ("list /data", "ok empty,link,sub,words.txt"),
    ("list /data/sub", "ok deep.txt"),
    ("stat /data/words.txt", "ok file 5"),
    ("readlink /data/link", "ok words.txt"),
    ("at /data read words.txt", "ok words"),
    ("at /data read-stream words.txt", "ok words"),
    ("at /data read sub/../words.txt", "ok words"),
    ("at /data sub-read sub deep.txt", "ok deep"),
    ("at /data list .", "ok empty,link,sub,words.txt"),
    ("at /data stat words.txt", "ok DescriptorType::RegularFile 5"),
    ("at /data readlink link", "ok words.txt"),
];

const WRITES: [&str; 23] = [
    "write /data/new.txt text",
    "write /data/words.txt other",
    "append /data/words.txt more",
    "mkdir /data/made",
    "rmdir /data/empty",
    "unlink /data/words.txt",
    "rename /data/words.txt /data/renamed.txt",
    "rename /data/sub /data/empty",
    "link /data/words.txt /data/second.txt",
    "truncate /data/words.txt",
    "touch /data/words.txt",
    "at /data write new.txt text",
    "at /data write-there words.txt other",
    "at /data append-stream words.txt more",
    "at /data create-exclusive new.txt",
    "at /data create-as-reader new.txt",
    "at /data truncate-as-reader words.txt",
    "at /data sub-write sub text",
    "at /data set-times words.txt",
    "at /data symlink words.txt second",
    "at /data mkdir made",
    "at /data unlink link",
    "at /data link words.txt /data second.txt",
];

const READ: &str = "\"fs:read\" = [\"data -> /data\"]";
const WRITE: &str = "\"fs:write\" = [\"data -> /data\"]";
const OTHER: &str = "\"fs:write\" = [\"other -> /other\"]";

#[derive(Clone, Copy, PartialEq)]
enum Gets {
    Nothing,
    Reads,
    Writes,
}

/// Tries all of it, each time in a fresh folder and by a fresh instance.
async fn try_all(probe: &mut Probe, lines: &str, gets: Gets) {
    for (command, granted) in READS {
        let folder = Folder::new();
        let before = folder.tree();
        let mut instance = probe.under(folder.path(), lines).await;
        let outcome = run(&mut instance, command).await;
        if gets == Gets::Nothing {
            assert!(!outcome.starts_with("ok"), "{command} under {lines}: {outcome}");
            assert!(!outcome.contains("words") && !outcome.contains("deep"), "{command}: {outcome}");
        } else {
            assert_eq!(outcome, granted, "{command} under {lines}");
        }
        assert_eq!(folder.tree(), before, "{command} under {lines}");
    }
    for command in WRITES {
        let folder = Folder::new();
        let before = folder.tree();
        let mut instance = probe.under(folder.path(), lines).await;
        let outcome = run(&mut instance, command).await;
        if gets == Gets::Writes {
            assert!(outcome.starts_with("ok"), "{command} under {lines}: {outcome}");
            assert_ne!(folder.tree(), before, "{command} under {lines}");
        } else {
            assert!(!outcome.starts_with("ok"), "{command} under {lines}: {outcome}");
            assert_eq!(folder.tree(), before, "{command} under {lines}: {outcome}");
        }
    }
}

#[tokio::test]
async fn what_is_granted_and_wanted_and_no_more() {
    let mut probe = Probe::wanting(&ALL).await;
    try_all(&mut probe, WRITE, Gets::Writes).await;
    try_all(&mut probe, READ, Gets::Reads).await;
    try_all(&mut probe, OTHER, Gets::Nothing).await;
    try_all(&mut probe, "", Gets::Nothing).await;
    // the folder at another place within the plugin
    try_all(&mut probe, "\"fs:write\" = [\"data -> /date\"]", Gets::Nothing).await;
}

#[tokio::test]
async fn what_is_not_wanted_is_not_given() {
    let mut reader = Probe::wanting(&["fs:read"]).await;
    try_all(&mut reader, WRITE, Gets::Reads).await;
    let mut reader_of_it = Probe::wanting(&["fs:read=/data"]).await;
    try_all(&mut reader_of_it, WRITE, Gets::Reads).await;
    let mut writer_elsewhere = Probe::wanting(&["fs:write=/other"]).await;
    try_all(&mut writer_elsewhere, "\"fs:write\" = [\"data -> /data\", \"other -> /other\"]", Gets::Nothing)
        .await;
    let mut nothing = Probe::wanting(&["env", "net"]).await;
    try_all(&mut nothing, WRITE, Gets::Nothing).await;
}

async fn folders(instance: &mut Instance<Standard>) -> String {
    run(instance, "folders").await
}

#[tokio::test]
async fn only_what_is_granted_is_listed() {
    let folder = Folder::new();
    let mut probe = Probe::wanting(&ALL).await;
    assert_eq!(folders(&mut probe.under(folder.path(), "").await).await, "ok");
    assert_eq!(folders(&mut probe.under(folder.path(), READ).await).await, "ok /data");
    let both = format!("{READ}\n{OTHER}");
    assert_eq!(folders(&mut probe.under(folder.path(), &both).await).await, "ok /data,/other");
}

/// A part of what is granted is wanted.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_part_of_a_folder() {
    let folder = Folder::new();
    let mut probe = Probe::wanting(&["fs:write=/data/sub"]).await;
    let mut instance = probe.under(folder.path(), WRITE).await;
    assert_eq!(folders(&mut instance).await, "ok /data/sub");
    assert_eq!(run(&mut instance, "read /data/sub/deep.txt").await, "ok deep");
    assert_eq!(run(&mut instance, "write /data/sub/new.txt text").await, "ok");
    assert_eq!(folder.read("data/sub/new.txt"), "text");
    let before = folder.tree();
    for command in [
        "read /data/words.txt",
        "read /data/sub/../words.txt",
        "list /data",
        "write /data/words.txt x",
        "at /data/sub read ../words.txt",
        "at /data/sub list ..",
        "at /data/sub write ../words.txt x",
        "at /data/sub rename deep.txt /data/sub ../deep.txt",
        "at /data/sub link ../words.txt /data/sub words.txt",
    ] {
        let outcome = run(&mut instance, command).await;
        assert!(!outcome.starts_with("ok"), "{command}: {outcome}");
        assert_eq!(folder.tree(), before, "{command}");
    }
    // the name of a folder that is open leads elsewhere later: the folder stays the one it was
    std::fs::rename(folder.at("data/sub"), folder.at("data/moved")).unwrap();
    folder.link("../outside", "data/sub");
    assert_eq!(run(&mut instance, "read /data/sub/deep.txt").await, "ok deep");
    assert_eq!(run(&mut probe.fresh().await, "read /data/sub/deep.txt").await, "ok deep");
    // and one that is opened now follows no link
    let errors = probe.host.capabilities().set_policy(policy(folder.path(), WRITE), "a test").unwrap_err();
    let [error] = &errors[..] else { panic!("{errors:?}") };
    assert_eq!(error.code(), "PLG0520");
    let error = probe.plugin.instantiate().await.unwrap_err();
    assert_eq!(error.code(), "PLG0520");
    assert!(error.to_string().contains("or a link, which is not followed"), "{error}");
}

#[tokio::test]
async fn a_folder_that_is_not_there() {
    let folder = Folder::new();
    let host = crate::support::host().policy(policy(folder.path(), "\"fs:read\" = [\"none -> /data\"]"));
    let error = host.build().unwrap().load("probe", crate::support::artifact(&ALL)).await.unwrap_err();
    assert_eq!(error.code(), "PLG0520");
    let text = error.to_string();
    assert!(text.starts_with("plugin `probe` cannot be given what it needs: fs:read="), "{text}");
    assert!(text.ends_with("there is no such folder; make it, or correct the policy"), "{text}");
}

/// A denial says what would allow it, and that does.
#[tokio::test]
async fn the_advice_of_a_denial_allows_it() {
    let mut probe = Probe::wanting(&ALL).await;
    let mut allow = None;
    for command in WRITES {
        let folder = Folder::new();
        let mut instance = probe.under(folder.path(), READ).await;
        let outcome = run(&mut instance, command).await;
        assert!(outcome.starts_with("denied"), "{command}: {outcome}");
        // it is told once for all of them
        for (capability, access, advice) in probe.denials() {
            assert_eq!((capability.as_str(), access.as_str()), ("fs:write", "/data"), "{command}");
            assert_eq!(allow.replace(advice.expect("advice")), None, "{command}");
        }
    }
    let allow = allow.expect("a denial");
    assert_eq!(allow, "[plugin.\"probe\"]\n\"fs:write\" = [\"data -> /data\"]");
    let lines = allow.strip_prefix("[plugin.\"probe\"]\n").expect("the head of its table");
    for command in WRITES {
        let folder = Folder::new();
        let mut instance = probe.under(folder.path(), lines).await;
        let outcome = run(&mut instance, command).await;
        assert!(outcome.starts_with("ok"), "{command} under {lines}: {outcome}");
    }
    assert_eq!(probe.denials(), []);
}
