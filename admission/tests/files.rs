//! Locks and trust files, and the mistakes in them.

use plug_admission::{FileError, LOCK_FORMAT, Lock, MAX_LOCK_BYTES, MAX_TRUST_BYTES, Pin, Signer, Trust};
use plug_contract::{Digest, Want};
use plug_policy::Wanted;
use proptest::prelude::*;

const KEY: &str = "RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3";
const HASH: &str = "wit1-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

fn digest() -> Digest {
    Digest::of(b"x")
}

/// A lock with one plugin, with another line in the place of one of its own.
fn lock_with(line: &str, by: &str) -> Result<Lock, FileError> {
    let text = format!(
        "format = {LOCK_FORMAT}\n\n[plugin.upper]\ndigest = \"{}\"\ncontract = \"{HASH}\"\n\
         capabilities = [\"net=a.b:80\"]\nsigner = {{ key = \"E7620F1842B4E81F\", name = \"acme\" }}\n",
        digest()
    );
    assert!(text.contains(line), "{line}");
    Lock::parse("plug.lock", &text.replacen(line, by, 1))
}

#[test]
fn a_lock_is_read_back() {
    let wants = [
        Want::new("net=a.b:80", "x", true),
        Want::new("env=A", "y", false),
        Want::new("net=a.b:80", "z", false),
    ];
    let wants = Wanted::read(&wants).unwrap();
    let signer = Signer { key: "E7620F1842B4E81F".parse().unwrap(), name: "a \"b\" c".to_owned() };
    let mut lock = Lock::new();
    lock.set("upper", Pin::new(digest(), HASH.parse().unwrap()).capabilities(&wants).signer(Some(signer)))
        .unwrap();
    lock.set("a.b", Pin::new(digest(), HASH.parse().unwrap())).unwrap();
    let text = lock.to_text();
    assert_eq!(
        text,
        format!(
            "# Written by `cargo plug lock`. Nothing is loaded but what stands here.\nformat = 1\n\n\
             [plugin.\"a.b\"]\ndigest = \"{digest}\"\ncontract = \"{HASH}\"\ncapabilities = []\n\n\
             [plugin.\"upper\"]\ndigest = \"{digest}\"\ncontract = \"{HASH}\"\ncapabilities = [\n    \"env=A\",\n    \
             \"net=a.b:80\",\n]\nsigner = {{ key = \"E7620F1842B4E81F\", name = 'a \"b\" c' }}\n",
            digest = digest()
        )
    );
    assert_eq!(Lock::parse("plug.lock", &text), Ok(lock.clone()));
    assert_eq!(lock.pins().map(|(name, _)| name).collect::<Vec<_>>(), ["a.b", "upper"]);
    for name in ["", "a\nb", "'''", "\"\"\"", "\u{1b}[31m", "\\", "#"] {
        let signer = Signer { key: "E7620F1842B4E81F".parse().unwrap(), name: name.to_owned() };
        lock.set("upper", Pin::new(digest(), HASH.parse().unwrap()).signer(Some(signer))).unwrap();
        assert_eq!(Lock::parse("plug.lock", &lock.to_text()), Ok(lock.clone()), "{name:?}");
    }
    assert!(lock.set("a b", Pin::new(digest(), HASH.parse().unwrap())).is_err());
}

#[test]
fn nothing_unknown_is_passed_over_in_a_lock() {
    assert!(lock_with("format = 1", "format = 1").is_ok());
    for (line, by, told) in [
        ("format = 1", "format = 2", "it has the format 2; this version reads 1"),
        ("format = 1", "", "missing field `format`"),
        ("format = 1", "format = \"1\"", "invalid type: string \"1\", expected u32"),
        ("format = 1", "format = 1\nx = 1", "unknown field `x`, expected `format` or `plugin`"),
        (
            "capabilities",
            "capability",
            "unknown field `capability`, expected one of `digest`, `contract`, `capabilities`, `signer`",
        ),
        ("signer = {", "signer = { x = 1,", "unknown field `x`, expected `key` or `name`"),
        ("sha256:", "sha512:", "not a digest: expected `sha256:` and 64 hexadecimal digits in lower case"),
        ("wit1-", "wit2-", "not a contract hash: expected `wit1-` and 52 characters of base32"),
        (
            "net=a.b:80",
            "net=a.b",
            "`net=a.b`: `a.b` names no port; write `a.b:443`, or `a.b:*` for all ports",
        ),
        ("E7620F", "e7620f", "it is no number of a key: 16 hexadecimal digits in upper case"),
        (
            "[plugin.upper]",
            "[plugin.\"a b\"]",
            "`a b` is no name of a plugin: only letters and digits of ASCII, `-`, `_` and `.` may be in it",
        ),
        ("format = 1", "format = 1\n[plugin.upper]", "duplicate key"),
        ("format = 1", "format: 1", "key with no value, expected `=`"),
    ] {
        let error = lock_with(line, by).unwrap_err();
        assert_eq!(error.mistakes()[0].what, told, "{by}");
        assert_eq!(error.code(), "PLG1102");
        assert!(error.to_string().starts_with("the lock `plug.lock` is wrong\nerror[PLG1102]: "), "{error}");
    }
    // all values that are wrong are told together
    let text = "format = 1\n[plugin.a]\ndigest = \"x\"\ncontract = \"y\"\ncapabilities = [\"z\"]\n";
    assert_eq!(Lock::parse("plug.lock", text).unwrap_err().mistakes().len(), 3);
}

fn trust_with(keys: &[(&str, &str, &str)]) -> Result<Trust, FileError> {
    let text: String = keys
        .iter()
        .map(|(name, key, plugins)| {
            format!("[[key]]\nname = {name}\npublic-key = \"{key}\"\nplugins = {plugins}\n")
        })
        .collect();
    Trust::parse("trust.toml", &text)
}

#[test]
fn mistakes_in_a_trust_file_are_shown_in_place() {
    let error = trust_with(&[("\"acme\"", &KEY[..50], "[\"upper\", \"a*b\"]")]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the trust file `trust.toml` is wrong\n\
         error[PLG1104]: it is no public key of minisign\n \
         --> trust.toml:3:14\n  |\n\
         3 | public-key = \"RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73\"\n  |              \
         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n  \
         = help: give the 56 characters that begin with `RW`, from the second line of the `.pub` file\n\
         error[PLG1104]: the pattern has a `*` that is not at its end\n \
         --> trust.toml:4:21\n  |\n\
         4 | plugins = [\"upper\", \"a*b\"]\n  |                     ^^^^^\n  \
         = help: write a name, or its beginning and a `*`: `acme-*`"
    );
    assert_eq!(error.help().len(), 2);
}

#[test]
fn what_a_trust_file_may_not_say() {
    for (keys, told) in [
        (&[("\"\"", KEY, "[]")][..], "`` cannot be the name of a key"),
        (&[("\"a\\nb\"", KEY, "[]")], "`a\\nb` cannot be the name of a key"),
        (
            &[("\"a\"", KEY, "[]"), ("\"b\"", KEY, "[]")],
            "the key E7620F1842B4E81F stands here twice, as `a` too",
        ),
        (
            &[("\"a\"", KEY, "[]\nx = 1")],
            "unknown field `x`, expected one of `name`, `public-key`, `plugins`, `revoked`",
        ),
        (&[("\"a\"", KEY, "[]\nrevoked = \"no\"")], "invalid type: string \"no\", expected a boolean"),
        (&[("\"a\"", KEY, "\"*\"")], "invalid type: string \"*\", expected a sequence"),
        (&[("\"a\"", KEY, "[\"\"]")], "there is no pattern"),
        (&[("\"a\"", "", "[]")], "it is no public key of minisign"),
    ] {
        let error = trust_with(keys).unwrap_err();
        assert_eq!((error.mistakes()[0].what.as_str(), error.code()), (told, "PLG1104"));
    }
    // a key that does not say what it may sign may sign nothing by mistake
    let text = format!("[[key]]\nname = \"a\"\npublic-key = \"{KEY}\"\n");
    assert_eq!(Trust::parse("trust.toml", &text).unwrap_err().mistakes()[0].what, "missing field `plugins`");
    let many = "[[key]]\nname = \"a\"\npublic-key = \"\"\nplugins = []\n".repeat(257);
    assert_eq!(Trust::parse("trust.toml", &many).unwrap_err().mistakes()[0].what, "there are 257 keys");
    let many = vec!["\"a\""; 257].join(", ");
    let error = trust_with(&[("\"a\"", KEY, &format!("[{many}]"))]).unwrap_err();
    assert_eq!(error.mistakes()[0].what, "there are 257 names of plugins");
    let twice =
        trust_with(&[("\"a\"", KEY, "[]"), ("\"a\"", &KEY.replace("GFO3", "GFO4"), "[]")]).unwrap_err();
    assert!(twice.mistakes().iter().any(|mistake| mistake.what == "two keys have the name `a`"));
}

#[test]
fn a_mistake_tells_a_terminal_nothing() {
    let key = r#""\u001b[2J\u202e" = 1"#;
    let lock = Lock::parse("plug.lock", &format!("format = {LOCK_FORMAT}\n{key}")).unwrap_err();
    let trust = Trust::parse("trust.toml", key).unwrap_err();
    for error in [lock, trust] {
        let told = error.to_string();
        assert!(told.contains(r"unknown field `\u{1b}[2J\u{202e}`"), "{told}");
        assert_eq!(plug_contract::printable::lines(&told), told);
    }
}

#[test]
fn files_that_cannot_be_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x");
    let both = || (Lock::from_file(&path).unwrap_err(), Trust::from_file(&path).unwrap_err());
    let told = |what: &str| {
        let (lock, trust) = both();
        assert_eq!((lock.code(), trust.code()), ("PLG1101", "PLG1103"));
        assert!(lock.summary().ends_with(what) && trust.summary().ends_with(what), "{lock}\n{trust}");
        assert!(lock.mistakes().is_empty() && !lock.help().is_empty());
    };
    told("No such file or directory (os error 2)");
    std::fs::create_dir(&path).unwrap();
    told("it is no file");
    std::fs::remove_dir(&path).unwrap();
    std::fs::write(&path, b"\xff").unwrap();
    told("it is no text in UTF-8");
    std::fs::write(&path, " ".repeat(MAX_LOCK_BYTES.max(MAX_TRUST_BYTES) as usize + 1)).unwrap();
    let (lock, trust) = both();
    assert!(lock.to_string().contains("it has more than 4194304 bytes"), "{lock}");
    assert!(trust.to_string().contains("it has more than 1048576 bytes"), "{trust}");
    std::fs::write(&path, "").unwrap();
    assert_eq!(Trust::from_file(&path), Ok(Trust::new()), "who trusts nobody writes nothing");
    assert_eq!(both_lock(&path), "missing field `format`");
}

fn both_lock(path: &std::path::Path) -> String {
    Lock::from_file(path).unwrap_err().mistakes()[0].what.clone()
}

proptest! {
    /// No text makes them panic, and what is accepted is read back to the same.
    #[test]
    fn any_change_is_read_or_refused(at in 0usize..400, by in "\\PC{0,3}", cut in 0usize..5) {
        let text = format!(
            "format = 1\n[plugin.upper]\ndigest = \"{}\"\ncontract = \"{HASH}\"\ncapabilities = [\"net=a.b:80\"]\n\
             signer = {{ key = \"E7620F1842B4E81F\", name = \"acme\" }}\n", digest());
        let trust = format!("[[key]]\nname = \"acme\"\npublic-key = \"{KEY}\"\nplugins = [\"upper\", \"acme-*\"]\nrevoked = true\n");
        let changed = |text: &str| {
            let start = text.floor_char_boundary(at);
            let end = text.floor_char_boundary(start + cut);
            format!("{}{by}{}", &text[..start], &text[end..])
        };
        if let Ok(lock) = Lock::parse("plug.lock", &changed(&text)) {
            prop_assert_eq!(Lock::parse("plug.lock", &lock.to_text()), Ok(lock.clone()));
        }
        if let Err(error) = Trust::parse("trust.toml", &changed(&trust)) {
            prop_assert!(!error.mistakes().is_empty());
        }
    }
}
