//! The policy file: how entries go together, and how mistakes are told.

use std::time::Duration;

use plug_policy::{CustomName, MAX_POLICY_BYTES, Policy};
use proptest::prelude::*;

const EXAMPLE: &str = include_str!("policies/whole.toml");

fn grants(policy: &Policy, plugin: &str, contract: Option<&str>) -> String {
    policy.resolve(plugin, contract).grants.to_string()
}

#[test]
fn the_more_specific_entry_counts() {
    let policy = Policy::parse(
        "policy.toml",
        r#"
        [defaults]
        net = ["a.b:80", "c.d:80"]
        env = ["A"]
        limits = { memory = "16MiB", queue = 5 }

        [contract."acme:images"]
        net = "e.f:80"
        clocks = "coarse"
        limits = { queue = 6 }

        [contract."acme:images/filter@1.2"]
        clocks = "frozen"
        audit = true
        require-signature = true

        [contract."acme:images@1"]
        random = "seeded:7"

        [plugin.one]
        net = []
        log = false
        config = ["db.*"]
        limits.queue = 7

        [plugin.two]
        preset = "restricted"

        [plugin.three]
        require-signature = false
        "#,
    )
    .unwrap();
    let free = "random=real\nstdio=log\nconfig=*\nlog\n";
    assert_eq!(grants(&policy, "x", None), format!("net=a.b:80\nnet=c.d:80\nenv=A\nclocks=real\n{free}"));
    let filter = Some("acme:images/filter@1.2.3");
    assert_eq!(
        grants(&policy, "x", filter),
        "net=e.f:80\nenv=A\nclocks=frozen\nrandom=seeded:7\nstdio=log\nconfig=*\nlog\n"
    );
    assert_eq!(
        grants(&policy, "x", Some("acme:images/filter@2.0.0")),
        format!("net=e.f:80\nenv=A\nclocks=coarse\n{free}")
    );
    assert_eq!(grants(&policy, "one", None), "env=A\nclocks=real\nrandom=real\nstdio=log\nconfig=db.*\n");
    assert_eq!(grants(&policy, "two", filter), format!("clocks=real\n{free}"));

    let of = |plugin, contract| policy.resolve(plugin, contract);
    let limits = of("x", filter).limits;
    assert_eq!(
        (limits.memory, limits.queue, limits.deadline),
        (Some(16 << 20), Some(6), Some(Duration::from_secs(30)))
    );
    assert_eq!(of("one", None).limits.queue, Some(7));
    let limits = of("two", filter).limits;
    assert_eq!((limits.memory, limits.queue), (Some(32 << 20), None));
    assert!(of("x", filter).audit && !of("x", None).audit && of("two", filter).audit);
    let signed = |plugin, contract| of(plugin, contract).require_signature;
    // a preset forgets grants and limits, not what is asked of the plugin itself
    assert!(signed("x", filter) && !signed("x", None) && signed("two", filter) && !signed("three", filter));
}

#[test]
fn what_an_application_adds_is_granted_by_its_name() {
    let policy = Policy::parse(
        "policy.toml",
        r#"
        [defaults]
        "acme:kv/store" = ["users.*", "shared"]
        "acme:mail/outbox" = "*"

        [contract."acme:images"]
        "acme:gpu/queue" = []

        [plugin.one]
        "acme:kv/store" = "users.7"
        "acme:mail/outbox" = []

        [plugin.two]
        preset = "restricted"
        "#,
    )
    .unwrap();
    let free = "clocks=real\nrandom=real\nstdio=log\nconfig=*\nlog\n";
    assert_eq!(
        grants(&policy, "x", None),
        format!("{free}acme:kv/store=shared\nacme:kv/store=users.*\nacme:mail/outbox=*\n")
    );
    assert_eq!(grants(&policy, "one", None), format!("{free}acme:kv/store=users.7\n"));
    assert_eq!(grants(&policy, "two", None), free);
    let named: Vec<&str> = policy.custom().into_iter().map(CustomName::as_str).collect();
    assert_eq!(named, ["acme:gpu/queue", "acme:kv/store", "acme:mail/outbox"]);
}

#[test]
fn the_presets() {
    let restricted = Policy::restricted().resolve("x", None);
    assert_eq!(
        restricted,
        Policy::parse("p", "defaults.preset = \"restricted\"").unwrap().resolve("x", None)
    );
    assert_eq!(restricted, Policy::parse("p", "").unwrap().resolve("x", None));
    assert_eq!(
        (restricted.limits.memory, restricted.limits.deadline),
        (Some(32 << 20), Some(Duration::from_secs(30)))
    );

    let standard = Policy::standard().base("/srv").resolve("x", None);
    assert_eq!(
        standard,
        Policy::parse("p", "defaults.preset = \"standard\"").unwrap().base("/srv").resolve("x", None)
    );
    assert_eq!(
        (standard.limits.memory, standard.limits.deadline),
        (Some(64 << 20), Some(Duration::from_secs(60)))
    );
    assert_eq!(
        standard.grants.to_string().lines().take(3).collect::<Vec<_>>(),
        ["fs:read=/srv/data -> /data", "fs:write=/srv/scratch -> /scratch", "env=PLUGIN_MODE"]
    );
}

#[test]
fn folders_are_relative_to_the_file() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("policy.toml");
    std::fs::write(&path, "[defaults]\n\"fs:read\" = [\"data\", \"/etc/ssl\"]\n").unwrap();
    let policy = Policy::from_file(&path).unwrap();
    let data = format!("fs:read={} -> /data", dir.path().join("data").display());
    let granted = grants(&policy, "x", None);
    let folders: Vec<&str> = granted.lines().filter(|line| line.starts_with("fs:")).collect();
    assert_eq!(folders.len(), 2);
    assert!(folders.contains(&data.as_str()) && folders.contains(&"fs:read=/etc/ssl -> /ssl"), "{granted}");
}

#[test]
fn a_file_that_cannot_be_read() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("policy.toml");
    let told = |told: &str| {
        let error = Policy::from_file(&path).unwrap_err();
        assert_eq!((error.code(), error.mistakes()), ("PLG1003", &[][..]));
        let text = error.to_string();
        assert!(text.contains(told) && text.contains("policy.toml"), "{text}");
        assert_eq!(error.help().len(), 1);
    };
    told("No such file");
    std::fs::create_dir(&path).unwrap();
    told("it is no file; name the file itself");
    std::fs::remove_dir(&path).unwrap();
    std::fs::write(&path, b"# \xff").unwrap();
    told("it is no text in UTF-8");
    std::fs::write(&path, "#".repeat(MAX_POLICY_BYTES as usize + 1)).unwrap();
    told("it has more than 1048576 bytes");
    std::fs::write(&path, "#".repeat(MAX_POLICY_BYTES as usize)).unwrap();
    assert!(Policy::from_file(&path).is_ok());
}

#[test]
fn mistakes_are_shown_in_place() {
    let error = Policy::parse(
        "conf/policy.toml",
        "[defaults]\nnett = []\nnet = [\"ok.example:443\", \"api.example.com\"]\n\n[plugin.x]\nlimits = { memroy = 1, memory = \"32\", queue = -1 }\n",
    )
    .unwrap_err();
    assert_eq!(error.code(), "PLG1005");
    assert_eq!(
        error.to_string(),
        r#"the policy `conf/policy.toml` is wrong
error[PLG1005]: an entry of a policy has no key `nett`
 --> conf/policy.toml:2:1
  |
2 | nett = []
  | ^^^^
  = help: did you mean `net`?
error[PLG1006]: `api.example.com` names no port
 --> conf/policy.toml:3:27
  |
3 | net = ["ok.example:443", "api.example.com"]
  |                           ^^^^^^^^^^^^^^^
  = help: write `api.example.com:443`, or `api.example.com:*` for all ports
error[PLG1005]: `limits` has no key `memroy`
 --> conf/policy.toml:6:12
  |
6 | limits = { memroy = 1, memory = "32", queue = -1 }
  |            ^^^^^^
  = help: did you mean `memory`?
error[PLG1006]: `32` is not a size
 --> conf/policy.toml:6:34
  |
6 | limits = { memroy = 1, memory = "32", queue = -1 }
  |                                  ^^
  = help: write a number and B, kB, MB, GB, KiB, MiB or GiB, such as `32MiB`
error[PLG1006]: `queue` cannot be `-1`
 --> conf/policy.toml:6:47
  |
6 | limits = { memroy = 1, memory = "32", queue = -1 }
  |                                               ^^
  = help: write a number from 0 to 4294967295: `queue = 100`"#
    );
}

#[test]
fn each_mistake_has_a_mend() {
    for (text, code, at, what, help) in [
        ("[default]", "PLG1005", (1, 2), "a policy has no key `default`", "did you mean `defaults`?"),
        (
            "xyz = 1",
            "PLG1005",
            (1, 1),
            "a policy has no key `xyz`",
            "it may have: defaults, contract, plugin",
        ),
        (
            "defaults = 1",
            "PLG1006",
            (1, 12),
            "`defaults` is no table",
            "write `[defaults]` and its keys below",
        ),
        (
            "[defaults]\nfs = 'x'",
            "PLG1005",
            (2, 1),
            "an entry of a policy has no key `fs`",
            "did you mean `\"fs:read\"`?",
        ),
        (
            "[defaults]\nfs:read = 'x'",
            "PLG1004",
            (2, 3),
            "this is no TOML: invalid unquoted key, expected letters, numbers, `-`, `_`",
            "put quotes around a key with a colon: `\"fs:read\" = [\"data -> /data\"]`",
        ),
        (
            "[defaults]\nnet = [",
            "PLG1004",
            (2, 8),
            "this is no TOML: unclosed array, expected `]`",
            "a policy is written in TOML: `net = [\"api.example.com:443\"]`",
        ),
        (
            "[defaults]\nlimits.table_elements = 1",
            "PLG1005",
            (2, 8),
            "`limits` has no key `table_elements`",
            "did you mean `table-elements`?",
        ),
        ("[defaults]\nlimits.cpu = 5", "PLG1006", (2, 14), "`cpu` cannot be `5`", "write `cpu = \"50ms\"`"),
        (
            "[defaults]\nlimits.log-rate = 4294967296",
            "PLG1006",
            (2, 19),
            "`log-rate` cannot be `4294967296`",
            "write a number from 0 to 4294967295: `log-rate = 100`",
        ),
        (
            "[defaults]\npreset = 'loose'",
            "PLG1006",
            (2, 10),
            "`preset` cannot be `'loose'`",
            "it is `\"restricted\"` or `\"standard\"`",
        ),
        ("[defaults]\naudit = 1", "PLG1006", (2, 9), "`audit` cannot be `1`", "it is `true` or `false`"),
        ("[defaults]\nlog = 'yes'", "PLG1006", (2, 7), "`log` cannot be `'yes'`", "it is `true` or `false`"),
        (
            "[defaults]\nclocks = ['real']",
            "PLG1006",
            (2, 10),
            "`clocks` cannot be `['real']`",
            "write `clocks = \"real\"`",
        ),
        (
            "[defaults]\nnet = true",
            "PLG1006",
            (2, 7),
            "`net` cannot be `true`",
            "write `net = [\"api.example.com:443\"]`, or `[]` for nothing",
        ),
        (
            "[defaults]\n'fs:read' = [1]",
            "PLG1006",
            (2, 14),
            "`fs:read` cannot be `1`",
            "write `\"fs:read\" = [\"data -> /data\"]`, or `[]` for nothing",
        ),
        (
            "[defaults]\n'fs:read' = \"a -> /b/../c\"",
            "PLG1006",
            (2, 22),
            "the path has a part that leads elsewhere",
            "write it with names only, such as `/data/words`",
        ),
        (
            "[defaults]\n'fs:read' = \"a\\u002f -> b\"",
            "PLG1006",
            (2, 13),
            "`b` is no path within a plugin",
            "begin it with `/`: `/b`",
        ),
        (
            "[defaults]\n'fs:read' = ['a -> /x', 'b -> /x']",
            "PLG1006",
            (2, 13),
            "two folders are to be seen at `/x`",
            "give one of them another path after the arrow",
        ),
        (
            "[defaults]\n'fs:read' = 'a -> /x'\n'fs:write' = 'a -> /x'",
            "PLG1006",
            (3, 14),
            "two folders are to be seen at `/x`",
            "keep one of the two: `fs:write` includes reading",
        ),
        (
            "[defaults]\n'acme:kv/Store' = ['*']",
            "PLG1005",
            (2, 1),
            "`acme:kv/Store` is no name of a capability",
            "write that of a WIT interface in small letters and without a version, such as `acme:counters/store`",
        ),
        (
            "[defaults]\n'fs:read/data' = ['x']",
            "PLG1005",
            (2, 1),
            "no capability of an application begins with `fs:`",
            "write a namespace of the application's own, such as `acme:counters/store`",
        ),
        (
            "[defaults]\n'fs:raed' = ['x']",
            "PLG1005",
            (2, 1),
            "an entry of a policy has no key `fs:raed`",
            "did you mean `\"fs:read\"`?",
        ),
        (
            "[defaults]\n'acme:kv/store' = true",
            "PLG1006",
            (2, 19),
            "`acme:kv/store` cannot be `true`",
            "write `\"acme:kv/store\" = [\"*\"]`, or `[]` for nothing",
        ),
        (
            "[defaults]\n'acme:kv/store' = ['a*b']",
            "PLG1006",
            (2, 22),
            "the pattern has a `*` that is not at its end",
            "a `*` may stand at the end only, as in `a*`",
        ),
        (
            "[contract.images]",
            "PLG1006",
            (1, 11),
            "`images` is no contract",
            "write a package, and a world and a version as far as they matter: `acme:images`, `acme:images@1`, `acme:images/filter@1.2`",
        ),
        (
            "plugin = 1",
            "PLG1006",
            (1, 10),
            "`plugin.\"NAME\"` is no table",
            "write `[plugin.\"NAME\"]` and its keys below",
        ),
        (
            "[plugin]\nx = 1",
            "PLG1006",
            (2, 5),
            "`plugin.\"NAME\"` is no table",
            "write `[plugin.\"NAME\"]` and its keys below",
        ),
    ] {
        let error = Policy::parse("policy.toml", text).unwrap_err();
        let [mistake] = error.mistakes() else { panic!("{error}") };
        assert_eq!(
            (mistake.code, (mistake.line, mistake.column), mistake.what.as_str(), mistake.help.as_str()),
            (code, at, what, help),
            "{text}"
        );
    }
}

#[test]
fn numbers_are_bounded() {
    let entry = |count: usize| format!("defaults.config = [{}]", "'a',".repeat(count));
    assert!(Policy::parse("p", &entry(256)).is_ok());
    let error = Policy::parse("p", &entry(257)).unwrap_err();
    assert_eq!(error.mistakes()[0].what, "`config` has 257 grants");
    let long = format!("defaults.config = '{}'", "a".repeat(5000));
    assert_eq!(Policy::parse("p", &long).unwrap_err().mistakes()[0].what, "the text is too long");
    let own = |count: usize| {
        let line = |number| format!("'a:b/c{number}' = '*'\n");
        format!("[defaults]\n{}", (0..count).map(line).collect::<String>())
    };
    assert_eq!(Policy::parse("p", &own(64)).unwrap().custom().len(), 64);
    let error = Policy::parse("p", &own(1_000)).unwrap_err();
    let [mistake] = error.mistakes() else { panic!("{error}") };
    assert_eq!(
        (mistake.what.as_str(), mistake.help.as_str()),
        ("an entry of a policy names too many capabilities of applications", "it may name 64")
    );
    let many = format!("[defaults]\n{}", (0..100).map(|n| format!("k{n} = 1\n")).collect::<String>());
    assert_eq!(Policy::parse("p", &many).unwrap_err().mistakes().len(), 20);
    assert!(Policy::parse("p", &format!("a = {}", "[".repeat(100_000))).is_err());
    assert!(Policy::parse("p", &format!("{} = 1", "a.".repeat(100_000))).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn any_text_is_read_or_refused(text in any::<String>()) {
        if let Err(error) = Policy::parse("policy.toml", &text) {
            prop_assert!(!error.to_string().is_empty());
        }
    }

    #[test]
    fn any_change_is_read_or_refused(
        cuts in prop::collection::vec((0..EXAMPLE.len(), 0..30_usize, "[\\PC\n\"'\\[\\]{}=.,:*\u{0}]{0,4}"), 1..4),
    ) {
        let mut text = EXAMPLE.to_owned();
        for (at, len, new) in cuts {
            let from = text.floor_char_boundary(at.min(text.len()));
            let to = text.floor_char_boundary((from + len).min(text.len()));
            text.replace_range(from..to, &new);
        }
        match Policy::parse("policy.toml", &text) {
            Ok(policy) => drop(policy.resolve("thumbnails", Some("acme:images/filter@1.2.0"))),
            Err(error) => {
                for mistake in error.mistakes() {
                    prop_assert!(mistake.line >= 1 && mistake.line <= text.matches('\n').count() + 1);
                    prop_assert!(mistake.marked[1].ends_with('^') && !mistake.help.is_empty(), "{error}");
                }
            }
        }
    }
}
