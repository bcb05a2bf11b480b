use crate::component::{component, declaring};
use crate::project::{Project, assert_runs};

const TEXT: &str = "package acme:words@1.0.0;

interface counter {
    count: func(text: string) -> u32;
    @unstable(feature = lines)
    lines: func(text: string) -> u32;
}

world words {
    export counter;
}
";

/// A contract that was frozen.
fn frozen() -> Project {
    let project = Project::new();
    project.write("wit/words.wit", TEXT);
    let run = project.plug(&["contract", "freeze"]);
    assert_eq!(run.code, Some(0), "{run}");
    project
}

#[test]
fn a_version_is_frozen_once() {
    let project = Project::new();
    project.write("wit/words.wit", TEXT).write("wit/deps/other.wit", "package a:b@0.1.0;\n");
    assert_runs!(project, project.plug(&["contract", "freeze"]), project.plug(&["contract", "freeze"]),);
    assert_eq!(
        project.files(),
        [
            "wit/deps/other.wit",
            "wit/frozen/1.0.0/contract.lock",
            "wit/frozen/1.0.0/deps/other.wit",
            "wit/frozen/1.0.0/words.wit",
            "wit/words.wit"
        ]
    );
    let filters = project.filters();
    let filters: Vec<_> = filters.iter().map(|(what, by)| (what.as_str(), *by)).collect();
    insta::with_settings!({ filters => filters }, {
        insta::assert_snapshot!(project.read("wit/frozen/1.0.0/contract.lock"));
    });
    project
        .write("wit/words.wit", TEXT.replace("text: string) -> u32;\n    @", "text: string) -> u64;\n    @"));
    assert_runs!(project, project.plug(&["contract", "freeze"]));
    project.write("wit/words.wit", project.read("wit/words.wit").replace("@1.0.0", "@1.1.0"));
    assert_runs!(project, project.plug(&["contract", "freeze"]));
    assert!(project.join("wit/frozen/1.1.0/contract.lock").is_file());
}

#[test]
fn what_cannot_be_frozen_is_told() {
    let project = Project::new();
    project.write("plain/a.wit", "package a:b; world w { }");
    project.write("no-world/a.wit", "package a:b@1.0.0; interface i { }");
    project.write("file.wit", TEXT);
    assert_runs!(
        project,
        project.plug_in("plain", &["contract", "freeze"]),
        project.plug(&["contract", "freeze", "no-world"]),
        project.plug(&["contract", "freeze", "file.wit"]),
        project.plug(&["contract", "freeze", "nowhere"]),
    );
    assert_eq!(project.files().len(), 3, "nothing was written");
    assert_runs!(Project::new(), Project::new().plug(&["contract", "freeze"]));
}

#[test]
fn drift_is_found() {
    let project = frozen();
    assert_runs!(
        project,
        project.plug(&["contract", "drift"]),
        project.plug(&["contract", "drift", "wit", "--format", "json"]),
    );
    // Documentation and order are no change.
    project.write("wit/words.wit", TEXT.replace("    count", "    /// Counts.\n    count"));
    assert_eq!(project.plug(&["contract", "drift"]).code, Some(0));
    let changed = TEXT.replace("text: string) -> u32;\n    @", "text: string) -> u64;\n    @");
    project.write("wit/words.wit", &changed);
    assert_runs!(
        project,
        project.plug(&["contract", "drift"]),
        project.plug(&["contract", "drift", "--format", "json"]),
    );
    project.write("wit/words.wit", changed.replace("@1.0.0", "@1.1.0"));
    assert_runs!(project, project.plug(&["contract", "drift"]));
    project.write("wit/words.wit", changed.replace("@1.0.0", "@2.0.0"));
    assert_runs!(project, project.plug(&["contract", "drift"]));
    project.write("wit/words.wit", TEXT.replace("world words", "world letters"));
    assert_runs!(project, project.plug(&["contract", "drift"]));
}

#[test]
fn drift_is_what_check_compat_says_of_the_version() {
    let told = |text: &str| {
        let project = Project::new();
        project.write("wit/words.wit", TEXT.replace("@1.0.0", "@1.2.0"));
        assert_eq!(project.plug(&["contract", "freeze"]).code, Some(0));
        project.write("wit/words.wit", text);
        let run = project.plug(&["contract", "drift"]);
        assert_eq!(project.plug(&["check-compat"]).code, run.code, "{run}");
        (run.code, run.stdout.lines().next().unwrap_or_default().to_owned())
    };
    // The version went back.
    let (code, line) =
        told(&TEXT.replace("@1.0.0", "@1.1.0").replace("count: func(text: string)", "count: func()"));
    assert_eq!(code, Some(100));
    assert!(line.starts_with("drift: the contract changed, and its version went back: "), "{line}");
    // Hosts made by `bindgen!` demand what is unstable.
    let unstable = TEXT.replace("@1.0.0", "@1.2.0").replace(
        "    count:",
        "    @unstable(feature = lines)\n    words: func(text: string) -> u32;\n    count:",
    );
    let (code, line) = told(&unstable);
    assert_eq!(code, Some(100));
    assert!(line.ends_with("the world `words` has other optional or `@unstable` exports"), "{line}");
}

#[test]
fn a_new_world_needs_a_minor_version() {
    let text = TEXT.replace("    @unstable(feature = lines)\n    lines: func(text: string) -> u32;\n", "");
    let project = Project::new();
    project.write("wit/words.wit", &text);
    assert_eq!(project.plug(&["contract", "freeze"]).code, Some(0));
    let more = format!("{text}\nworld letters {{\n    export counter;\n}}\n");
    project.write("wit/words.wit", &more);
    assert_runs!(project, project.plug(&["contract", "drift"]));
    // It stops nobody from asking about the world that was there.
    let run = project.plug(&["check-compat"]);
    assert_eq!(run.code, Some(0), "{run}");
    assert_eq!(project.plug(&["contract", "diff", "wit/frozen/1.0.0", "wit"]).code, Some(0));
    project.write("wit/words.wit", more.replace("@1.0.0", "@1.1.0"));
    let run = project.plug(&["contract", "drift"]);
    assert_eq!(run.code, Some(0), "{run}");
}

/// What somebody does to a frozen version, and what is said about it.
type Tampered<'a> = (&'a dyn Fn(&Project), &'a str);

#[test]
fn frozen_files_stay_as_they_are() {
    let lock = "wit/frozen/1.0.0/contract.lock";
    let words = "wit/frozen/1.0.0/words.wit";
    let told = |change: &dyn Fn(&Project)| {
        let project = frozen();
        change(&project);
        let run = project.plug(&["contract", "drift"]);
        assert_eq!(run.code, Some(100), "{run}");
        run.stdout.lines().take(2).collect::<Vec<_>>().join("\n")
    };
    let cases: [Tampered<'_>; 8] = [
        (
            &|project| {
                project.write(words, "package acme:words@1.0.0;");
            },
            "drift: the frozen file changed\n  --> wit/frozen/1.0.0/words.wit",
        ),
        (&|project| std::fs::remove_file(project.join(lock)).unwrap(), "drift: the lock cannot be read: "),
        (
            &|project| {
                project.write("wit/frozen/1.0.0/more.wit", "");
            },
            "drift: the file was not frozen\n  --> wit/frozen/1.0.0/more.wit",
        ),
        (
            &|project| {
                project.write(lock, project.read(lock).replace("format = 1", "format = 7"));
            },
            "drift: the lock is wrong: it has the format 7; this version reads format 1",
        ),
        (
            &|project| {
                project.write(lock, project.read(lock).replace("-> u32", "-> u64"));
            },
            "drift: the lock is wrong: it has other hashes than its WIT",
        ),
        (
            &|project| {
                project.write("wit/frozen/1.0.0/deps/new.wit", "package a:b;");
                std::fs::remove_file(project.join(words)).unwrap();
            },
            "drift: ",
        ),
        (
            &|project| {
                std::fs::rename(project.join("wit/frozen/1.0.0"), project.join("wit/frozen/0.5.0")).unwrap();
            },
            "drift: the folder is named 0.5.0, and holds acme:words@1.0.0\n  --> wit/frozen/0.5.0",
        ),
        (
            &|project| {
                let other =
                    project.read(lock).replacen("package = \"acme:words@", "package = \"acme:texts@", 1);
                project.write(lock, other);
            },
            "drift: the lock is of acme:texts@1.0.0, and the files are not\n  --> \
             wit/frozen/1.0.0/contract.lock",
        ),
    ];
    for (change, expected) in cases {
        let told = told(change);
        assert!(told.starts_with(expected), "{told}");
    }
}

#[test]
fn hashes_are_the_same_from_every_form() {
    let project = frozen();
    let wit = plug_contract::Wit::from_text("a.wit", TEXT).unwrap();
    project.write("package.wasm", wit_component::encode(wit.resolve(), wit.package()).unwrap());
    project.write("plugin.wasm", declaring(&component(TEXT, "words"), TEXT, "words"));
    assert_runs!(
        project,
        project.plug(&["contract", "hash"]),
        project.plug(&["contract", "hash", "wit", "--format", "json"]),
        project.plug(&["contract", "hash", "plugin.wasm"]),
    );
    let hash = |contract: &str, more: &[&str]| {
        let run = project.plug(&[&["contract", "hash", contract, "--format", "json"], more].concat());
        let document: serde_json::Value =
            serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("{run}"));
        document["contracts"][0]["hash"].as_str().unwrap().to_owned()
    };
    let expected = wit.contract(None).unwrap().hash().to_string();
    for form in [
        "wit",
        "wit/words.wit",
        "wit/frozen/1.0.0",
        "wit/frozen/1.0.0/contract.lock",
        "package.wasm",
        "plugin.wasm",
    ] {
        assert_eq!(hash(form, &[]), expected, "{form}");
    }
    let unstable = hash("wit", &["--features", "lines"]);
    assert_ne!(unstable, expected);
    assert_eq!(
        hash("wit/frozen/1.0.0/contract.lock", &["--features", "lines"]),
        unstable,
        "what is unstable is kept"
    );
}

#[test]
fn a_lock_alone_is_enough_to_compare_with() {
    let project = frozen();
    std::fs::rename(project.join("wit/frozen/1.0.0/contract.lock"), project.join("contract.lock")).unwrap();
    std::fs::remove_dir_all(project.join("wit/frozen")).unwrap();
    project
        .write("wit/words.wit", TEXT.replace("text: string) -> u32;\n    @", "text: string) -> u64;\n    @"));
    let lock = project.read("contract.lock");
    project.write("newer.lock", lock.replace("format = 1", "format = 2"));
    project.write("scheme.lock", lock.replace("scheme = \"wit1\"", "scheme = \"wit2\""));
    project.write("forged.lock", lock.replace("-> u32", "-> u16"));
    project.write("garbled.lock", &lock[..lock.len() / 2]);
    project.write("binary.lock", b"\xff\xfe\0");
    let against = |lock: &str| project.plug(&["check-compat", "wit", "--against", lock]);
    assert_runs!(
        project,
        against("contract.lock"),
        against("newer.lock"),
        against("scheme.lock"),
        against("forged.lock"),
        against("garbled.lock"),
        against("binary.lock"),
    );
}

#[test]
fn a_diff_is_no_judgement() {
    let project = frozen();
    project
        .write("wit/words.wit", TEXT.replace("text: string) -> u32;\n    @", "text: string) -> u64;\n    @"));
    assert_runs!(
        project,
        project.plug(&["contract", "diff", "wit/frozen/1.0.0", "wit"]),
        project.plug(&["contract", "diff", "wit", "wit"]),
        project.plug(&["contract", "diff", "wit", "nowhere"]),
    );
}
