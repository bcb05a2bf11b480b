use plug_guest_sdk::prelude::*;

struct Disk;

#[plugin(path = "wit")]
mod plugin_impl {
    use super::*;

    impl Readers for Disk {
        fn read(_name: String) -> Vec<u8> {
            Vec::new()
        }
    }
}
