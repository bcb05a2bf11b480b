use plug_guest_sdk::prelude::*;

struct Grayscale;

#[plugin(path = "wit")]
impl ImageFilter for Grayscale {}
