//! What takes effect, what is denied and why, and what an upgrade gains.

use plug_contract::Want;
use plug_policy::{Capability, Difference, Effective, Grants, Wanted};

fn wants(list: &[(&str, bool)]) -> Vec<Wanted> {
    let wants: Vec<_> = list.iter().map(|(text, required)| Want::new(*text, "it must", *required)).collect();
    Wanted::read(&wants).unwrap()
}

fn grants(list: &[&str]) -> Grants {
    let mut grants = Grants::restricted();
    list.iter().for_each(|text| grants.allow(text.parse().unwrap()));
    grants
}

const FREE: [&str; 5] = ["clocks=real", "random=real", "stdio=log", "config=*", "log"];

fn lines(wanted: &[(&str, bool)], granted: &[&str]) -> Vec<String> {
    let effective = Effective::decide("x", &wants(wanted), &grants(granted)).unwrap();
    effective.lines().into_iter().filter(|line| !FREE.contains(&line.as_str())).collect()
}

#[test]
fn only_what_is_in_both_takes_effect() {
    for (wanted, granted, effective) in [
        (&[][..], &["net=a.b:80", "env=A"][..], &[][..]),
        (&[("net", true)], &["net=a.b:80", "net:private=c.d:81"], &["net=a.b:80", "net:private=c.d:81"]),
        (&[("net=*:80", false)], &["net=a.b:1-100"], &["net=a.b:80"]),
        (&[("net=*.b:*", false)], &["net=a.b:80"], &["net=a.b:80"]),
        (&[("net=a.b:443", false)], &["net=a.b:80"], &[]),
        (&[("net=a.b:80", true)], &["net=*.b:1-100"], &["net=a.b:80"]),
        (&[("net=a.b:80", true)], &["net:private=a.b:*"], &["net:private=a.b:80"]),
        (&[("fs:read", true)], &["fs:write=d -> /d"], &["fs:read=d -> /d"]),
        (&[("fs:read=/d/e", true)], &["fs:read=d -> /d"], &["fs:read=d/e -> /d/e"]),
        (&[("env=A", true)], &["env=A=secret", "env=B"], &["env=A=…"]),
        (&[("config=db.*", true)], &[], &["config=db.*"]),
        (&[("events:emit=a.*", true)], &["events:emit=a.b", "events:emit=a*"], &["events:emit=a.*"]),
        (&[("a:kv/store", true)], &["a:kv/store=u.*", "a:kv/other=*"], &["a:kv/store=u.*"]),
        (&[("a:kv/store=u.1", true)], &["a:kv/store=u.*"], &["a:kv/store=u.1"]),
        (
            &[("a:kv/store=*", false)],
            &["a:kv/store=u.*", "a:kv/store=v"],
            &["a:kv/store=u.*", "a:kv/store=v"],
        ),
        (&[("a:kv/store=u", false)], &["a:kv/other=*", "b:kv/store=*", "config=*"], &[]),
    ] {
        assert_eq!(lines(wanted, granted), effective, "{wanted:?} {granted:?}");
    }
}

#[test]
fn what_is_free_is_free_until_a_want_or_the_policy_lowers_it() {
    let of =
        |wanted: &[(&str, bool)], grants: &Grants| Effective::decide("x", &wants(wanted), grants).unwrap();
    assert_eq!(of(&[], &Grants::restricted()).lines(), FREE);
    assert_eq!(of(&[], &Grants::default()).lines(), ["clocks=frozen", "random=seeded", "stdio=closed"]);
    let lowered = of(&[("clocks=coarse", false), ("config=db.*", false)], &Grants::restricted());
    assert_eq!(lowered.lines(), ["clocks=coarse", "random=real", "stdio=log", "config=db.*", "log"]);
    let policy = grants(&["clocks=frozen", "random=seeded:7"]);
    assert_eq!(
        of(&[("clocks", true), ("random", true)], &policy).lines()[..2],
        ["clocks=frozen", "random=seeded:7"]
    );
    assert!(Effective::decide("x", &wants(&[("clocks=real", true)]), &policy).is_err());
}

#[test]
fn a_plugin_is_refused_without_what_it_needs() {
    let wants = wants(&[
        ("net=api.example.com:443", true),
        ("fs:write=/out", true),
        ("env=LANG", false),
        ("log", true),
    ]);
    let refused = Effective::decide("wea\"ther", &wants, &grants(&["net=api.example.com:80"])).unwrap_err();
    assert_eq!(refused.code(), "PLG1007");
    assert_eq!(
        refused.to_string(),
        "plugin `wea\"ther` needs what it is not granted: `net=api.example.com:443`, `fs:write=/out`"
    );
    assert_eq!(
        refused.help(),
        [
            r#"to grant it, write `net = ["api.example.com:443"]` below `[plugin."wea\"ther"]` in the policy; its reason: it must"#,
            r#"to grant it, write `"fs:write" = ["out -> /out"]` below `[plugin."wea\"ther"]` in the policy; its reason: it must"#,
        ]
    );
    assert_eq!(refused.denied().len(), 2);
    assert_eq!(refused.effective().denied.len(), 3);
    let without = Effective::decide("x", &wants[2..], &grants(&[])).unwrap();
    assert_eq!(without.denied[0].line.to_string(), r#"env = ["LANG"]"#);

    let own = [("acme:kv/store", true), ("acme:kv/store=users.*", true)].map(|want| {
        let wants = self::wants(&[want]);
        let refused = Effective::decide("x", &wants, &grants(&["acme:kv/stores=*"])).unwrap_err();
        refused.denied()[0].line.to_string()
    });
    assert_eq!(own, [r#""acme:kv/store" = ["*"]"#, r#""acme:kv/store" = ["users.*"]"#]);
}

#[test]
fn a_refusal_tells_a_terminal_nothing() {
    let wants = wants(&[("env=\u{202e}GNAL", true), ("config=\u{61c}a", true), ("fs:read=/\u{2066}b", true)]);
    let refused = Effective::decide("x", &wants, &Grants::default()).unwrap_err();
    assert_eq!(
        refused.to_string(),
        r"plugin `x` needs what it is not granted: `env=\u{202e}GNAL`, `config=\u{61c}a`, `fs:read=/\u{2066}b`"
    );
    for line in refused.help() {
        assert_eq!(plug_contract::printable::line(&line), line);
    }
}

#[test]
fn an_upgrade_is_told_by_what_it_gains() {
    let gains = |old: &[(&str, bool)], new: &[(&str, bool)]| -> Vec<String> {
        Wanted::gains(&wants(old), &wants(new)).into_iter().map(|gain| gain.text).collect()
    };
    assert_eq!(gains(&[("net=*.b:443", true)], &[("net=a.b:443", false), ("log", true)]), [""; 0]);
    assert_eq!(gains(&[("net=a.b:443", true)], &[("net=*.b:443", false)]), ["net=*.b:443"]);
    assert_eq!(gains(&[("fs:read=/d", true)], &[("fs:write=/d", true)]), ["fs:write=/d"]);
    assert_eq!(gains(&[("fs:write", true)], &[("fs:read=/d", true)]), [""; 0]);
    assert_eq!(gains(&[("net=a.b:443", true)], &[("net", true)]), ["net"]);
    // what is free is given up by wanting less of it, and gained by wanting nothing of it any more
    assert_eq!(gains(&[("clocks=frozen", true)], &[]), ["clocks"]);
    assert_eq!(gains(&[], &[("clocks=real", true)]), [""; 0]);

    let effective = |granted: &[&str]| {
        let all = wants(&[("net", false), ("fs:write", false), ("env", false)]);
        Effective::decide("x", &all, &grants(granted)).unwrap()
    };
    let old = effective(&["net=a.b:443", "fs:read=d -> /d", "env=A=1"]);
    let new = effective(&["net:private=a.b:443", "fs:write=d -> /d", "env=A=2"]);
    let told: Vec<Difference> = old.gains(&new);
    let texts: Vec<&str> = told.iter().map(|gain| gain.text.as_str()).collect();
    assert_eq!(texts, ["fs:write=d -> /d", "net:private=a.b:443", "env=A=…"]);
    assert_eq!(told[0].capability, Capability::FsWrite);
    assert_eq!(old.gains(&old), []);
}

#[test]
fn a_revocation_is_told_by_what_it_takes_away() {
    let effective = |granted: &[&str]| {
        let wanted = ["net", "fs:write", "env", "clocks", "a:kv/store"];
        let wants = wants(&wanted.map(|want| (want, false)));
        Effective::decide("x", &wants, &grants(granted)).unwrap()
    };
    let old = effective(&[
        "net=*.b:443",
        "fs:write=d -> /d",
        "env=A=secret",
        "clocks=real",
        "a:kv/store=u.*",
        "a:kv/store=v",
    ]);
    let new =
        effective(&["net=a.b:443", "fs:read=d -> /d", "env=A=other", "clocks=coarse", "a:kv/store=u.1"]);
    let lost = |old: &Effective, new: &Effective| -> Vec<(String, bool)> {
        let losses = old.losses(new).into_iter();
        losses.map(|loss| (loss.text, loss.capability.is_fixed())).collect()
    };
    let texts = [
        ("fs:write=d -> /d", true),
        ("net=*.b:443", false),
        ("env=A=…", true),
        ("clocks=real", true),
        ("a:kv/store=u.*", false),
        ("a:kv/store=v", false),
    ];
    assert_eq!(lost(&old, &new), texts.map(|(text, fixed)| (text.to_owned(), fixed)));
    assert_eq!(lost(&new, &old), [("env=A=…".to_owned(), true)], "the variable had another value");
    assert_eq!(old.losses(&old), []);
}

#[test]
fn each_capability_is_fixed_or_asked_at_each_use() {
    let fixed: Vec<String> = Capability::BUILT_IN
        .iter()
        .filter(|capability| capability.is_fixed())
        .map(ToString::to_string)
        .collect();
    assert_eq!(fixed, ["fs:read", "fs:write", "env", "clocks", "random", "stdio"]);
    assert!(!Capability::from_name("acme:kv/store").unwrap().is_fixed());
}
