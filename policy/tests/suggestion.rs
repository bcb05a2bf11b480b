//! The policy that is proposed after a run allows what was denied, and nothing that was not asked for.

use plug_policy::{Capability, Denial, FsWant, Grant, Grants, Policy, Suggestion};
use proptest::prelude::*;
use proptest::sample::select;

fn suggested(denials: &[(Capability, &str)]) -> Suggestion {
    let denials: Vec<_> =
        denials.iter().map(|(capability, access)| Denial::new(*capability, *access)).collect();
    Suggestion::of("weather", &denials)
}

#[test]
fn the_least_policy_of_a_run() {
    use Capability::*;
    let suggestion = suggested(&[
        (Net, "api.example.com:443"),
        (Net, "API.example.com.:443"),
        (NetPrivate, "db.internal:5432"),
        (Net, "127.0.0.1:80"),
        (Http, "https://api.example.com:443"),
        (FsRead, "/data"),
        (FsWrite, "/data/out"),
        (FsRead, "/data/words"),
        (Env, "LANG"),
        (Clocks, "coarse"),
        (Clocks, "real"),
        (Log, ""),
        (EventsEmit, "orders.\"placed\"\u{202e}"),
    ]);
    assert_eq!(
        suggestion.to_string(),
        r#"[plugin."weather"]
# The folders before the arrows are made up: name those that the plugin shall see.
"fs:read" = ["data -> /data"]
"fs:write" = ["data/out -> /data/out"]
net = ["api.example.com:443", "127.0.0.1:80"]
"net:private" = ["db.internal:5432"]
http = ["https://api.example.com"]
env = ["LANG"]
clocks = "real"
log = true
"events:emit" = ["orders.\"placed\"\u202e"]
"#
    );
    assert_eq!(suggestion.hopeless, [""; 0]);
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
        (Net, "a.b:*"),
        (Http, "https://*"),
        (Env, "A=1"),
        (FsRead, "/data/../etc"),
        (FsRead, "etc -> /etc"),
        (Net, "127.1:80"),
        (Net, "127.1:80"),
        (Net, "x\n[plugin.\"other\"]"),
    ]);
    assert_eq!(suggestion.lines, []);
    assert_eq!(suggestion.hopeless.len(), 12);
    assert!(suggestion.hopeless.iter().all(|text| !text.contains('\n')));
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
        topic.prop_map(|topic| Denial::new(Capability::Config, topic)),
        "\\PC{0,12}".prop_map(|name| Denial::new(Capability::Env, name)),
        select(vec!["real", "coarse", "frozen"]).prop_map(|clocks| Denial::new(Capability::Clocks, clocks)),
    ]
}

/// Whether a grant allows an access, by the grant that is just this access.
fn allows(grants: &[Grant], denial: &Denial) -> bool {
    let capability = denial.capability;
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
            !alone.hopeless.is_empty()
        });
        prop_assert_eq!(suggestion.hopeless.is_empty(), hopeless.is_empty());
        let proposed: Vec<Grant> = suggestion.grants().collect();
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
