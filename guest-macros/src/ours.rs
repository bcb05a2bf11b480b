//! Our own package, as the SDK serves it.

use plug_contract::wit_parser::{InterfaceId, Package, PackageName, Resolve, WorldItem};
use plug_contract::{Contract, Wit};

/// All interfaces of our package, the optional ones too.
pub(crate) struct Ours(Wit);

impl Ours {
    pub(crate) fn load() -> Ours {
        let text = "package plug:sdk;
            world all { import plug:plugin/host-api@1.0.0; export plug:plugin/lifecycle@1.0.0;
            export plug:plugin/processor@1.0.0; export plug:plugin/health@1.0.0;
            export plug:plugin/state@1.0.0; export plug:plugin/event-handler@1.0.0; }";
        Ours(Wit::from_text("sdk.wit", text).expect("our own package parses"))
    }

    /// Whether our interface of that name means the same in `contract` as it does here.
    pub(crate) fn agrees_with(&self, contract: &Contract, name: &str) -> bool {
        let prefix = format!("plug:plugin/{name}@");
        let Ok(ours) = self.0.contract(None) else { return false };
        contract.exports().chain(contract.imports()).filter(|(key, _)| key.starts_with(&prefix)).all(
            |(key, item)| {
                let own = ours.export(key).or_else(|| ours.import(key));
                own.is_some_and(|own| own.hashes() == item.hashes())
            },
        )
    }

    fn package(&self) -> &Package {
        let packages = &self.0.resolve().packages;
        packages
            .iter()
            .map(|(_, package)| package)
            .find(|p| is_ours(&p.name))
            .expect("our package is supplied")
    }

    pub(crate) fn version(&self) -> String {
        self.package().name.version.as_ref().map(ToString::to_string).unwrap_or_default()
    }

    /// One of its interfaces.
    pub(crate) fn interface(&self, name: &str) -> (&Resolve, InterfaceId) {
        (self.0.resolve(), self.package().interfaces[name])
    }
}

/// The name of the interface if it is one of ours.
pub(crate) fn our_interface<'a>(resolve: &'a Resolve, item: &WorldItem) -> Option<&'a str> {
    match item {
        WorldItem::Interface { id, .. } => our_name(resolve, *id),
        WorldItem::Function(_) | WorldItem::Type { .. } => None,
    }
}

/// The name of the interface if it is one of ours.
pub(crate) fn our_name(resolve: &Resolve, id: InterfaceId) -> Option<&str> {
    let interface = &resolve.interfaces[id];
    let package = &resolve.packages[interface.package?].name;
    if is_ours(package) { interface.name.as_deref() } else { None }
}

fn is_ours(package: &PackageName) -> bool {
    package.namespace == "plug" && package.name == "plugin"
}
