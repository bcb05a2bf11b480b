use plug_guest_sdk::prelude::*;

struct About;

#[plugin(path = "wit")]
impl Catalog for About {
    fn entry() -> PluginMetadata {
        todo!()
    }
}
