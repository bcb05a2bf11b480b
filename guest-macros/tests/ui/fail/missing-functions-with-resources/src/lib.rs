use plug_guest_sdk::prelude::*;

struct Archive;

#[plugin(path = "wit")]
impl Plugin for Archive {}
