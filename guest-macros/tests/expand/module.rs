use plug_guest_sdk::prelude::*;

struct Disk;

#[plugin(path = "../ui/pass/several-interfaces/wit", world = "both")]
mod parts {
    use super::*;

    impl Readers for Disk {
        fn read(name: String) -> Result<Bytes, Trouble> {
            Err(Trouble::Missing(name))
        }
    }

    impl Default for Disk {
        fn default() -> Self {
            Disk
        }
    }

    impl Writers for Disk {
        fn write(_name: String, bytes: Bytes) -> Result<u32, Trouble> {
            Err(Trouble::Full)
        }
    }

    impl Lifecycle for Disk {
        fn shutdown() -> Result<(), String> {
            Ok(())
        }
    }
}
