//! The scheme `wit1`: the published vectors, and what a hash depends on.

use plug_contract::{Contract, Wit};

fn contract(text: &str, world: &str) -> Contract {
    Wit::from_text("test.wit", text).unwrap().contract(Some(world)).unwrap()
}

const SMALL: &str = "package t:c@0.1.0;
    interface i { f: func(); }
    world imp { import i; }
    world exp { export i; }";

fn interface_hash(body: &str) -> String {
    let text = format!("package t:c@0.1.0; interface i {{ {body} }} world w {{ import i; }}");
    let world = contract(&text, "w");
    let hash = world.import("t:c/i@0.1").unwrap().hashes().unwrap().api;
    hash.to_string()
}

#[test]
fn published_vectors_hold() {
    let imp = contract(SMALL, "imp");
    let exp = contract(SMALL, "exp");
    assert_eq!(imp.hash().to_string(), "wit1-2qz5bi5nbdpdss23jsplzssg6eptlydinzbhcebjzdybls3x2n6q");
    assert_eq!(imp.abi_hash().to_string(), "wit1-vy3lyaiehkoj3yvn6jdciq5ons3mg3ayrh2j6koeevujyrwdmzya");
    assert_eq!(exp.hash().to_string(), "wit1-z4uln3ksyqyd6majlgmqmdyqhw5xb6edfvmji7b76nsp5ul52eta");
    assert_eq!(exp.abi_hash().to_string(), "wit1-jlgcgcxfsnv6tr3ofv224ry62basuj6tlkasql3o3iz5d4ac65sa");
    assert_eq!(interface_hash("f: func();"), "wit1-26ix2krs3wgcanjnvvgg6mnb5qhhyffpxweolsrnsanxeuyyztcq");
    assert_eq!(
        interface_hash("enum e { a, b } f: func() -> e;"),
        "wit1-334jdjgcptootd4c2zqff2ohcmm4654l23rrwf5vpwximl4akrhq"
    );
    assert_eq!(
        interface_hash("f: func() -> stream<u8>;"),
        "wit1-bfcj3xqyu3tjblh3n2e4zqqewv4kncnkq5kqmuezylghn5t3onrq"
    );
}

#[test]
fn http_probe() {
    let dir = std::env::var("HTTPWIT").unwrap();
    let wit = Wit::from_dir(dir.as_ref()).unwrap();
    println!("{:?}", wit.world_names());
    let c = wit.contract(Some("wasi:http/proxy")).unwrap();
    println!("{} {}", c.id(), c.hash());
}
