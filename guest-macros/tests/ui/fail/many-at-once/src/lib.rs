use plug_guest_sdk::prelude::*;

use std::collections::HashMap;

struct Grayscale;

#[plugin(path = "wit")]
impl Plugin for Grayscale {
    fn apply(image: u32, options: HashMap<String, String>) -> Option<u32> {
        options.get("x").map(|_| image)
    }

    fn chek() -> Result<(), String> {
        Ok(())
    }

    fn shutdown(&self) -> Result<(), String> {
        Ok(())
    }
}
