use plug_guest_sdk::prelude::*;

struct Disk;
struct Tape;

#[plugin(path = "wit")]
mod plugin_impl {
    use super::*;

    impl Readers for Disk {
        fn read(_name: String) -> Vec<u8> {
            Vec::new()
        }
    }

    impl Writers for Tape {
        fn write(_name: String, _bytes: Vec<u8>) {}
    }
}
