//! `acme:errands/store`: a capability of this application's own, in one file.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use plug_host::wasmtime::component::{HasSelf, Linker};
use plug_host::{Capability, ConfigureError, InstanceContext, Permit, PluginContext, State, wasmtime};

use crate::runner::acme::errands::store::{self, Denied, Host};

/// As many keys fit into the store.
const MOST: usize = 1000;
/// The longest key and the longest value, in bytes.
const LONGEST: usize = 4096;

/// The store, for all plugins together.
#[derive(Debug, Clone, Default)]
pub struct Store(Arc<Mutex<BTreeMap<String, String>>>);

impl Store {
    /// What is in it.
    pub fn entries(&self) -> BTreeMap<String, String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// The store as one instance of a plugin sees it.
#[derive(Debug)]
pub struct StoreOfPlugin {
    store: Store,
    permit: Permit,
}

impl Capability for Store {
    const NAME: &'static str = "acme:errands/store";
    const INTERFACES: &'static [&'static str] = &["acme:errands/store@1"];
    /// Nothing depends on the plugin but what it is granted, and that is asked of the permit.
    type Plugin = Store;
    type Instance = StoreOfPlugin;

    fn link<A: Send + 'static>(linker: &mut Linker<State<A>>) -> wasmtime::Result<()> {
        store::add_to_linker::<_, HasSelf<StoreOfPlugin>>(linker, State::of::<Store>)
    }

    fn configure(&self, _: &PluginContext<'_>) -> Result<Store, ConfigureError> {
        Ok(self.clone())
    }

    fn instantiate(store: &Store, instance: &mut InstanceContext<'_>) -> StoreOfPlugin {
        StoreOfPlugin { store: store.clone(), permit: instance.permit().clone() }
    }
}

impl StoreOfPlugin {
    fn check(&self, key: &str) -> Result<(), Denied> {
        if self.permit.check_scope::<Store>(key) {
            Ok(())
        } else {
            Err(Denied { why: format!("the key `{key}` is not granted") })
        }
    }
}

impl Host for StoreOfPlugin {
    fn get(&mut self, key: String) -> Result<Option<String>, Denied> {
        self.check(&key)?;
        Ok(self.store.0.lock().unwrap_or_else(PoisonError::into_inner).get(&key).cloned())
    }

    fn set(&mut self, key: String, value: String) -> Result<(), Denied> {
        self.check(&key)?;
        if key.len() > LONGEST || value.len() > LONGEST {
            return Err(Denied { why: format!("more than {LONGEST} bytes") });
        }
        let mut entries = self.store.0.lock().unwrap_or_else(PoisonError::into_inner);
        if entries.len() >= MOST && !entries.contains_key(&key) {
            return Err(Denied { why: "the store is full".to_owned() });
        }
        entries.insert(key, value);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use plug_host::CapabilityHarness;

    use super::*;

    #[test]
    fn a_plugin_has_the_keys_that_it_is_granted() {
        let store = Store::default();
        let grant = "acme:errands/store=counts.*".parse().unwrap();
        let harness = CapabilityHarness::new(store.clone(), [grant]).unwrap();
        let mut instance = harness.instance().unwrap();
        let plugin = instance.state();
        plugin.set("counts.words".to_owned(), "7".to_owned()).unwrap();
        assert_eq!(plugin.get("counts.words".to_owned()).unwrap().as_deref(), Some("7"));
        assert_eq!(plugin.get("counts.lines".to_owned()).unwrap(), None);

        for key in ["counts", "counters.x", "", "billing"] {
            let denied = plugin.set(key.to_owned(), "0".to_owned()).unwrap_err();
            assert_eq!(denied.why, format!("the key `{key}` is not granted"));
            assert!(plugin.get(key.to_owned()).is_err());
        }
        assert_eq!(store.entries(), BTreeMap::from([("counts.words".to_owned(), "7".to_owned())]));
        // the operator is told, with the line that would allow it
        let told = harness.denied();
        let billing = told.iter().find(|record| record.access == "billing").unwrap();
        assert_eq!(billing.allowed_by.as_deref(), Some(r#""acme:errands/store" = ["billing"]"#));
    }

    #[test]
    fn what_is_revoked_is_gone_at_once() {
        let grant = "acme:errands/store=counts.*".parse().unwrap();
        let harness = CapabilityHarness::new(Store::default(), [grant]).unwrap();
        let mut instance = harness.instance().unwrap();
        assert!(instance.state().get("counts.words".to_owned()).is_ok());
        harness.revoke(&"acme:errands/store=counts.*".parse().unwrap()).unwrap();
        assert!(instance.state().get("counts.words".to_owned()).is_err());
    }

    #[test]
    fn a_plugin_cannot_fill_the_hosts_memory() {
        let grant = "acme:errands/store=*".parse().unwrap();
        let harness = CapabilityHarness::new(Store::default(), [grant]).unwrap();
        let mut instance = harness.instance().unwrap();
        let plugin = instance.state();
        assert!(plugin.set("x".to_owned(), "x".repeat(LONGEST + 1)).is_err());
        for key in 0..MOST {
            plugin.set(key.to_string(), String::new()).unwrap();
        }
        assert_eq!(plugin.set("more".to_owned(), String::new()).unwrap_err().why, "the store is full");
        plugin.set("0".to_owned(), "changed".to_owned()).unwrap();
    }
}
