//! The policy that is proposed after a run allows what was denied, and nothing that was not asked for.

use plug_policy::{Capability, Denial, FsWant, Grant, Grants, Policy, Suggestion};
use proptest::prelude::*;
use proptest::sample::select;

fn suggested(denials: &[(Capability, &str)]) -> Suggestion {
    let denials: Vec<_> =
        denials.iter().map(|(capability, access)| Denial::new(capability.clone(), *access)).collect();
    Suggestion::of("weather", &denials)
}

/// A capability of an application.
fn own() -> Capability {
    Capability::from_name("acme:kv/store").unwrap()
}

#[test]
fn the_least_policy_of_a_run() {
    use Capability::*;
    let suggestion = suggested(&[
        (Net, "api.example.com:443"),
        (Net, "API.example.com.:443"),
        (NetPrivate, "db.internal:5432"),
        (Net, "127.0.0.1:80"),
        (Net, "looked.up:*"),
        (Http, "https://api.example.com:443"),
        (FsRead, "/data"),
        (FsWrite, "/data/out"),
        (FsRead, "/data/words"),
        (Env, "LANG"),
        (Clocks, "coarse"),
        (Clocks, "real"),
        (Log, ""),
        (EventsEmit, "orders.\"placed\"\u{202e}"),
        (own(), "users.7"),
        (own(), "users.7"),
    ]);
    assert_eq!(
        suggestion.to_string(),
        r#"[plugin."weather"]
# The folders before the arrows are made up: name those that the plugin shall see.
"fs:read" = ["data -> /data"]
"fs:write" = ["data/out -> /data/out"]
net = ["api.example.com:443", "looked.up:*", "127.0.0.1:80"]
"net:private" = ["db.internal:5432"]
http = ["https://api.example.com"]
env = ["LANG"]
clocks = "real"
log = true
"events:emit" = ["orders.\"placed\"\u202e"]
"acme:kv/store" = ["users.7"]
"#
    );
    assert_eq!(suggestion.hopeless().count(), 0);
}

#[test]
fn a_plugin_cannot_ask_for_all_by_asking_for_a_star() {
    use Capability::*;
    let suggestion = suggested(&[
        (EventsEmit, "*"),
        (Config, "db.*"),
        (Net, "*:443"),
        (Net, "*.com:443"),
        (Net, "10.0.0.0/8:80"),
        (Http, "https://*"),
        (Env, "A=1"),
        (FsRead, "/data/../etc"),
        (FsRead, "etc -> /etc"),
        (Net, "127.1:80"),
        (Net, "127.1:80"),
        (Net, "x\n[plugin.\"other\"]"),
        (own(), "*"),
        (own(), "users.*"),
        (own(), ""),
    ]);
    assert_eq!((suggestion.lines(), suggestion.grants().count()), (Vec::new(), 0));
    assert_eq!(suggestion.hopeless().count(), 14);
    let text = suggestion.to_string();
    assert!(text.lines().skip(1).all(|line| line.starts_with("# No grant can allow this: ")), "{text}");
    assert!(text.contains("# No grant can allow this: net=x\\n[plugin.\"other\"]\n"), "{text}");
    assert_eq!(Policy::parse("p", &text).unwrap().resolve("other", None).grants, Grants::restricted());
}

#[test]
fn a_suggestion_is_never_larger_than_an_entry_may_be() {
    let mut suggestion = Suggestion::new("weather");
    for number in 0..1_000 {
        let own = Capability::from_name(&format!("acme:kv/store{}", number % 100)).unwrap();
        suggestion.add(&Denial::new(own, number.to_string()));
        suggestion.add(&Denial::new(Capability::Config, format!("key{number}")));
        suggestion.add(&Denial::new(Capability::Env, format!("no name {number}")));
    }
    suggestion.add(&Denial::new(Capability::Config, "key0"));
    let text = suggestion.to_string();
    let policy = Policy::parse("suggested.toml", &text).unwrap_or_else(|error| panic!("{error}"));
    let granted = policy.resolve("weather", None).grants;
    assert!(suggestion.grants().all(|grant| granted.list().contains(grant)));
    assert_eq!(suggestion.grants().count(), 256 + 64 * 10);
    assert_eq!(suggestion.hopeless().count(), 256);
    let left_out: u64 = suggestion.left_out().map(|(_, count)| count).sum();
    assert_eq!(left_out, (1_000 - 256) + 36 * 10);
    let told = "# An entry has no room for 744 more denials of `config`: grant it by wider scopes.\n";
    assert!(text.contains(told), "{text}");
}

#[test]
fn a_denial_is_told_with_what_would_allow_it() {
    let denial = Denial::new(Capability::FsWrite, "/out/a");
    assert_eq!(denial.line().unwrap().to_string(), r#""fs:write" = ["out/a -> /out/a"]"#);
    let advice = denial.advice("we\"ather\n").unwrap();
    assert_eq!(advice, "[plugin.\"we\\\"ather\\u000a\"]\n\"fs:write\" = [\"out/a -> /out/a\"]");
    let policy = Policy::parse("p", &advice).unwrap();
    let granted: Grant = "fs:write=out/a -> /out/a".parse().unwrap();
    assert!(policy.resolve("we\"ather\n", None).grants.list().contains(&granted));
    assert_eq!(Denial::new(Capability::Log, "").line().unwrap().to_string(), "log = true");
    let hopeless = Denial::new(own(), "*");
    assert_eq!((hopeless.line(), hopeless.advice("x")), (None, None));
}

fn denial() -> impl Strategy<Value = Denial> {
    let name = select(vec!["a.b", "c.a.b", "db.internal", "10.0.0.5", "127.0.0.1", "[::1]", "8.8.8.8"]);
    let port = select(vec![80_u16, 443]);
    let topic = "[a-c.\"\\\\ä\u{202e}*]{1,4}";
    prop_oneof![
        (any::<bool>(), select(vec!["/", "/a", "/a/b", "/a b", "/a\"b", "/ä"])).prop_map(|(write, path)| {
            Denial::new(if write { Capability::FsWrite } else { Capability::FsRead }, path)
        }),
        (any::<bool>(), name.clone(), port.clone()).prop_map(|(private, name, port)| {
            let key = if private { Capability::NetPrivate } else { Capability::Net };
            Denial::new(key, format!("{name}:{port}"))
        }),
        (any::<bool>(), name, port).prop_map(|(private, name, port)| {
            let key = if private { Capability::HttpPrivate } else { Capability::Http };
            Denial::new(key, format!("http://{name}:{port}"))
        }),
        topic.prop_map(|topic| Denial::new(Capability::EventsEmit, topic)),
        topic.prop_map(|topic| Denial::new(own(), topic)),
        topic.prop_map(|topic| Denial::new(Capability::Config, topic)),
        "\\PC{0,12}".prop_map(|name| Denial::new(Capability::Env, name)),
        select(vec!["real", "coarse", "frozen"]).prop_map(|clocks| Denial::new(Capability::Clocks, clocks)),
    ]
}

/// Whether a grant allows an access, by the grant that is just this access.
fn allows(grants: &[Grant], denial: &Denial) -> bool {
    let capability = &denial.capability;
    if matches!(capability, Capability::FsRead | Capability::FsWrite) {
        let Ok(plug_policy::WantScope::Fs(FsWant { access, guest, .. })) =
            format!("{capability}={}", denial.access).parse()
        else {
            return false;
        };
        return grants.iter().any(|grant| match grant {
            Grant::Fs(grant) => grant.access >= access && grant.guest.holds(&guest),
            _ => false,
        });
    }
    let least: Grant = format!("{capability}={}", denial.access).parse().unwrap();
    grants.iter().any(|grant| grant.covers(&least))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn it_allows_all_and_nothing_in_it_is_idle(plugin in "\\PC{1,12}", denials in prop::collection::vec(denial(), 0..10)) {
        let suggestion = Suggestion::of(&plugin, &denials);
        let text = suggestion.to_string();
        let policy = Policy::parse("suggested.toml", &text).unwrap_or_else(|error| panic!("{error}"));
        let read: Grants = policy.resolve(&plugin, None).grants;
        let (hopeless, allowed): (Vec<_>, Vec<_>) = denials.iter().partition(|denial| {
            let alone = Suggestion::of(&plugin, std::slice::from_ref(*denial));
            alone.hopeless().count() > 0
        });
        prop_assert_eq!(suggestion.hopeless().count() == 0, hopeless.is_empty());
        let proposed: Vec<Grant> = suggestion.grants().cloned().collect();
        for grant in &proposed {
            prop_assert!(read.list().iter().any(|read| read.covers(grant)), "{grant} in {text}");
        }
        for denial in &allowed {
            prop_assert!(allows(&proposed, denial), "{denial:?} by {text}");
        }
        for idle in 0..proposed.len() {
            let rest: Vec<Grant> = proposed.iter().enumerate().filter(|(at, _)| *at != idle).map(|(_, grant)| grant.clone()).collect();
            prop_assert!(allowed.iter().any(|denial| !allows(&rest, denial)), "{} is idle in {text}", proposed[idle]);
        }
    }
}
