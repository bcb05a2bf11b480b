use plug_guest_sdk::prelude::*;

struct Shrink;

#[plugin(path = "wit", world = "filter")]
impl Plugin for Shrink {
    fn apply() {}
}
