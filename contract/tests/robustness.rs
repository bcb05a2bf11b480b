//! No bytes and no text make this crate panic, hang or eat memory.

use arbitrary::Unstructured;
use plug_contract::{Contract, Section, Wit, WitErrorKind, WitOptions, judge, sniff};
use proptest::prelude::*;

mod support;

/// All that is ever done with foreign bytes.
fn look_at(bytes: &[u8]) {
    let _ = sniff(bytes);
    if let Ok(Some(section)) = Section::read(bytes) {
        let _ = section.declared();
        let _ = section.embed(bytes);
    }
    if let Ok(contract) = Contract::from_component(bytes) {
        let standard = Wit::standard().contract(Some("plugin")).unwrap();
        let _ = judge(&standard, &contract).to_string();
        let _ = judge(&contract, &standard).to_string();
    }
}

fn real_component() -> Vec<u8> {
    let wit = Wit::from_text(
        "real.wit",
        "package acme:images@1.2.0;
         interface types { resource canvas { constructor(w: u32); draw: func(p: list<u8>) -> result<_, fault>; }
                           variant fault { io(string), other } }
         interface image-filter { use types.{canvas, fault}; apply: func(c: borrow<canvas>) -> result<canvas, fault>; }
         world filter { include plug:plugin/base@1.0.0; import types; export image-filter; }",
    )
    .unwrap();
    let bytes = support::component(&wit, "filter");
    let actual = Contract::from_component(&bytes).unwrap();
    let section = Section::declare(&wit, None, &actual, Default::default(), Default::default()).unwrap();
    section.embed(&bytes).unwrap()
}

#[test]
fn every_truncation() {
    let bytes = real_component();
    for len in 0..bytes.len() {
        look_at(&bytes[..len]);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn flipped_bits(flips in prop::collection::vec((any::<prop::sample::Index>(), 0..8u8), 1..8)) {
        static REAL: std::sync::LazyLock<Vec<u8>> = std::sync::LazyLock::new(real_component);
        let mut bytes = REAL.clone();
        for (at, bit) in flips {
            let at = at.index(bytes.len());
            bytes[at] ^= 1 << bit;
        }
        look_at(&bytes);
    }

    #[test]
    fn any_bytes(mut bytes in prop::collection::vec(any::<u8>(), 0..256), header in 0..3u8) {
        let magic: &[u8] = match header {
            0 => b"",
            1 => b"\0asm\x01\0\0\0",
            _ => b"\0asm\x0d\0\x01\0",
        };
        bytes.splice(0..0, magic.iter().copied());
        look_at(&bytes);
    }

    #[test]
    fn any_text(text in "(package|interface|world|func|[a-z]{1,3}|[{}:;/@<>,.*()=%-]|[0-9]\\.| |\n){0,60}") {
        let _ = Wit::from_text("any.wit", &text);
        let _ = Wit::from_text("any.wit", &format!("package a:b; {text}"));
    }
}

#[test]
fn random_packages_hash_the_same_by_every_way() {
    let mut compared = 0;
    for seed in 0..300u64 {
        let mut noise = vec![0u8; 8192];
        let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
        for byte in &mut noise {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            *byte = state as u8;
        }
        let Ok(bytes) = wit_smith::smith(&wit_smith::Config::default(), &mut Unstructured::new(&noise))
        else {
            continue;
        };
        let Ok(wit_component::DecodedWasm::WitPackage(resolve, package)) = wit_component::decode(&bytes)
        else {
            panic!("wit-smith makes packages");
        };
        for (world, definition) in resolve.worlds.iter().filter(|(_, world)| world.package == Some(package)) {
            let Ok(binary) = Contract::from_resolve(&resolve, world) else {
                continue;
            };

            let mut printer = wit_component::WitPrinter::default();
            let nested: Vec<_> =
                resolve.packages.iter().map(|(id, _)| id).filter(|id| *id != package).collect();
            printer.print(&resolve, package, &nested).unwrap();
            let text = WitOptions::default()
                .all_features()
                .read_text("printed.wit", &printer.output.to_string())
                .unwrap();
            let printed = text.contract(Some(&definition.name)).unwrap();
            assert_eq!(printed.hash(), binary.hash(), "seed {seed} world {}", definition.name);
            assert_eq!(printed.abi_hash(), binary.abi_hash(), "seed {seed} world {}", definition.name);

            let verdict = judge(&printed, &binary).verdict();
            assert_eq!(verdict, plug_contract::Verdict::Identical, "seed {seed}");
            compared += 1;
        }
    }
    assert!(compared >= 200, "only {compared} worlds were compared");
}

#[test]
fn text_that_would_explode_is_refused() {
    // doubles with every alias: 2^64 leaves once resolved
    let mut text = String::from("package a:b; interface i { type t0 = tuple<u8, u8>;");
    for i in 1..64 {
        text.push_str(&format!("type t{i} = tuple<t{}, t{}>;", i - 1, i - 1));
    }
    text.push_str("f: func(x: t63); } world w { import i; }");
    let error = Wit::from_text("bomb.wit", &text).unwrap().contract(None).unwrap_err();
    assert_eq!(error.kind(), WitErrorKind::TooLarge);

    let deep = format!(
        "package a:b; interface i {{ f: func(x: {}u8{}); }}",
        "list<".repeat(100_000),
        ">".repeat(100_000)
    );
    assert_eq!(Wit::from_text("deep.wit", &deep).unwrap_err().kind(), WitErrorKind::TooLarge);

    let mut chain = String::from("package a:b; interface i { type t0 = u8;");
    for i in 1..300 {
        chain.push_str(&format!("type t{i} = list<t{}>;", i - 1));
    }
    chain.push_str("f: func(x: t299); } world w { import i; }");
    let error = Wit::from_text("chain.wit", &chain).unwrap().contract(None).unwrap_err();
    assert_eq!(error.kind(), WitErrorKind::TooLarge);

    // wit-parser recurses along `use`; tests run on threads with 2 MiB of stack, as tokio's do
    let uses = |links: usize| {
        let mut text = String::from("package a:b; interface i0 { type t = u8; }");
        for i in 1..links {
            text.push_str(&format!("interface i{i} {{ use i{}.{{t}}; f: func(x: t); }}", i - 1));
        }
        format!("{text} world w {{ import i{}; }}", links - 1)
    };
    assert!(Wit::from_text("uses.wit", &uses(990)).unwrap().contract(None).is_ok());
    assert_eq!(Wit::from_text("uses.wit", &uses(20_000)).unwrap_err().kind(), WitErrorKind::TooLarge);

    // Many types take time in proportion: squared, each of these would outlast the runner's patience.
    for (first, next) in [("u8", ""), ("u8", "chain"), ("resource", "chain")] {
        let mut text = String::from("package a:b; interface i {");
        text.push_str(if first == "resource" { "resource t0;" } else { "type t0 = u8;" });
        for i in 1..50_000 {
            match next {
                "chain" => text.push_str(&format!("type t{i} = t{};", i - 1)),
                _ => text.push_str(&format!("type t{i} = u8;")),
            }
        }
        text.push_str("f: func(x: t49999); } world w { import i; }");
        let wit = Wit::from_text("many.wit", &text).unwrap();
        assert!(wit.contract(None).is_ok(), "{first} {next}");
    }

    let huge = " ".repeat(17 << 20);
    assert_eq!(Wit::from_text("huge.wit", &huge).unwrap_err().kind(), WitErrorKind::TooLarge);
}
