//! A capability of the application's own, from the manifest to the effect.

mod support;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use plug_host::policy::Grant;
use plug_host::wasmtime::component::{HasSelf, Linker};
use plug_host::{
    Artifact, Capability, ConfigureError, Host, InstanceContext, Permit, PluginContext, PluginHandle,
    PolicyEvent, State, wasmtime,
};
use support::{Guest, policy};

plug_host::world! {
    /// Plugins that count.
    Counting: "tests/wit/counters",
    world = "acme:counters/counting",
    capabilities = ["acme:counters/store"],
}

use counting::acme::counters::store;

const WIT: &str = include_str!("wit/counters/counters.wit");
/// What the guest answers when the store refuses.
const REFUSED: u32 = 999;

#[derive(Debug, Clone, Default)]
struct Store(Arc<Mutex<BTreeMap<String, u32>>>);

struct StoreOfPlugin {
    store: Store,
    permit: Permit,
}

impl Capability for Store {
    const NAME: &'static str = "acme:counters/store";
    const INTERFACES: &'static [&'static str] = &["acme:counters/store@1"];
    type Plugin = Store;
    type Instance = StoreOfPlugin;

    fn link<A: Send + 'static>(linker: &mut Linker<State<A>>) -> wasmtime::Result<()> {
        store::add_to_linker::<_, HasSelf<StoreOfPlugin>>(linker, State::of::<Store>)
    }

    /// Nobody may have all keys.
    fn configure(&self, plugin: &PluginContext<'_>) -> Result<Store, ConfigureError> {
        let patterns = plugin.effective().custom.patterns(Store::NAME);
        if patterns.iter().any(|pattern| pattern.to_string() == "*") {
            let grant = "acme:counters/store=*";
            return Err(ConfigureError::new(grant, "nobody may have all keys", "name them"));
        }
        Ok(self.clone())
    }

    fn instantiate(store: &Store, instance: &mut InstanceContext<'_>) -> StoreOfPlugin {
        StoreOfPlugin { store: store.clone(), permit: instance.permit().clone() }
    }
}

impl store::Host for StoreOfPlugin {
    fn add(&mut self, key: String) -> Result<u32, ()> {
        if !self.permit.check_scope::<Store>(&key) {
            return Err(());
        }
        let mut counts = self.store.0.lock().unwrap();
        let count = counts.entry(key).or_default();
        *count += 1;
        Ok(*count)
    }
}

/// Counts `counts.words`, or with 1 `secret`.
fn guest(wants: &'static [&'static str]) -> Artifact {
    Guest::of(WIT, "counting")
        .import(r#"(import "acme:counters/store@1.0.0" "add" (func $add (param i32 i32 i32)))"#)
        .item(
            r#"(data (i32.const 3072) "counts.wordssecret")
            (func (export "acme:counters/job@1.0.0#run") (param i32) (result i32)
                (if (local.get 0)
                    (then (call $add (i32.const 3084) (i32.const 6) (i32.const 2048)))
                    (else (call $add (i32.const 3072) (i32.const 12) (i32.const 2048))))
                (if (result i32) (i32.load8_u (i32.const 2048))
                    (then (i32.const 999))
                    (else (i32.load (i32.const 2052)))))"#,
        )
        .wanting(wants.iter().copied())
        .artifact()
}

async fn run(plugin: &PluginHandle<Counting>, which: u32) -> u32 {
    plugin.call(async |p, store| p.job().call_run(store, which).await).await.unwrap()
}

fn host(store: &Store, grants: &str) -> Host<Counting> {
    let policy = policy(&format!("[defaults]\n{grants}"));
    Host::builder().capability(store.clone()).policy(policy).build().unwrap()
}

#[tokio::test]
async fn what_is_wanted_and_granted_has_an_effect() {
    let store = Store::default();
    let host = host(&store, r#""acme:counters/store" = ["counts.*"]"#);
    let mut events = host.capabilities().events();
    let counter = host.load("counter", guest(&["acme:counters/store"])).await.unwrap();
    assert_eq!((run(&counter, 0).await, run(&counter, 0).await), (1, 2));
    assert_eq!((run(&counter, 1).await, run(&counter, 1).await), (REFUSED, REFUSED));
    assert_eq!(*store.0.lock().unwrap(), BTreeMap::from([("counts.words".to_owned(), 2)]));

    let Some(PolicyEvent::Denied { plugin, access, allow, .. }) = events.try_next() else {
        panic!("the operator was not told")
    };
    assert_eq!((&*plugin, &*access), ("counter", "secret"));
    assert!(events.try_next().is_none(), "the same access is told once");
    // the lines that are advised really allow it
    let advised = Host::<Counting>::builder().capability(store).policy(policy(&allow.unwrap()));
    let advised = advised.build().unwrap();
    let counter = advised.load("counter", guest(&["acme:counters/store"])).await.unwrap();
    assert_eq!((run(&counter, 1).await, run(&counter, 0).await), (1, REFUSED));

    // granted, but not wanted
    let idle = host.load("idle", guest(&["acme:counters/store=other"])).await.unwrap();
    assert_eq!(run(&idle, 0).await, REFUSED);
}

#[tokio::test]
async fn a_revocation_reaches_a_living_instance_and_leaves_it_alive() {
    let store = Store::default();
    let host = host(&store, r#""acme:counters/store" = ["counts.*"]"#);
    let plugin = host.prepare("counter", guest(&["acme:counters/store"])).await.unwrap();
    let mut instance = plugin.instantiate().await.unwrap();
    let run = async |instance: &mut plug_host::Instance<Counting>| {
        instance.call(async |p, store| p.job().call_run(store, 0).await).await.unwrap()
    };
    assert_eq!(run(&mut instance).await, 1);
    // a part of it cannot be revoked, and that is said
    let mut events = host.capabilities().events();
    let part: Grant = "acme:counters/store=counts.words".parse().unwrap();
    let error = host.capabilities().revoke("counter", &part, "a test").unwrap_err();
    assert_eq!(error.code(), "PLG0523");
    assert!(error.to_string().ends_with("it is granted `acme:counters/store=counts.*`"), "{error}");
    assert!(events.try_next().is_none());
    assert_eq!(run(&mut instance).await, 2);
    let grant: Grant = "acme:counters/store=counts.*".parse().unwrap();
    host.capabilities().revoke("counter", &grant, "a test").unwrap();
    assert_eq!(run(&mut instance).await, REFUSED);
    assert!(instance.is_alive());
    // what is granted again is for the next one
    host.capabilities().grant("counter", grant, "a test").unwrap();
    assert_eq!(run(&mut plugin.instantiate().await.unwrap()).await, 3);
}

/// What is said of a plugin before it is there changes the policy, and replaces nothing of it.
#[tokio::test]
async fn a_change_before_the_plugin_is_loaded_keeps_the_rest_of_the_policy() {
    let text = "[defaults]\nenv = [\"LANG\"]\n[contract.\"acme:counters\"]\nenv = []\nrequire-signature = true\n\
                \"acme:counters/store\" = [\"counts.*\", \"secret\"]";
    let host = Host::<Counting>::builder().capability(Store::default()).policy(policy(text)).build().unwrap();
    let secret: Grant = "acme:counters/store=secret".parse().unwrap();
    host.capabilities().revoke("counter", &secret, "a test").unwrap();
    let granted = host.capabilities().policy_of("counter");
    assert!(granted.require_signature);
    let shown = granted.grants.to_string();
    assert!(!shown.contains("env") && !shown.contains("secret") && shown.contains("counts.*"), "{shown}");
}

#[tokio::test]
async fn a_grant_that_a_capability_refuses_refuses_the_plugin() {
    let host = host(&Store::default(), r#""acme:counters/store" = ["*"]"#);
    let error = host.load("counter", guest(&["acme:counters/store"])).await.unwrap_err();
    assert_eq!(error.code(), "PLG0520");
    assert_eq!(
        error.to_string(),
        "plugin `counter` cannot be given what it needs: acme:counters/store=*: nobody may have all keys; name them"
    );
}

/// A capability that cannot be one.
struct Misnamed<const TWICE: bool>;

impl<const TWICE: bool> Capability for Misnamed<TWICE> {
    const NAME: &'static str = if TWICE { Store::NAME } else { "counters" };
    const INTERFACES: &'static [&'static str] = &[];
    type Plugin = ();
    type Instance = ();

    fn link<A: Send + 'static>(_: &mut Linker<State<A>>) -> wasmtime::Result<()> {
        Ok(())
    }

    fn configure(&self, _: &PluginContext<'_>) -> Result<(), ConfigureError> {
        Ok(())
    }

    fn instantiate((): &(), _: &mut InstanceContext<'_>) {}
}

#[test]
fn a_host_has_the_capabilities_that_its_world_needs() {
    let error = Host::<Counting>::builder().build().unwrap_err();
    assert_eq!(error.code(), "PLG0522");
    assert_eq!(
        error.to_string(),
        "no capability serves `acme:counters/store@1.0.0`, which the world `acme:counters/counting@1.0.0` imports"
    );
    let error = Host::<Counting>::builder().capability(Misnamed::<false>).build().unwrap_err();
    assert_eq!(error.code(), "PLG0521");
    let twice = Host::<Counting>::builder().capability(Store::default()).capability(Misnamed::<true>);
    let error = twice.build().unwrap_err();
    assert_eq!(
        error.to_string(),
        "no capability can be called `acme:counters/store`: there are two of that name"
    );
}
