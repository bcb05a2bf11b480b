use std::fs;

use plug_contract::{Contract, Section, Want, Wit};

use crate::component::{ADDER, IMAGES, component, custom_section, declaring};
use crate::project::{Project, assert_runs};

#[test]
fn any_component_is_shown() {
    let project = Project::new();
    project.write("bare.wasm", component(IMAGES, "bare"));
    project.write("adder.wasm", wat::parse_str(ADDER).unwrap());
    assert_runs!(
        project,
        project.plug(&["inspect", "bare.wasm"]),
        project.plug(&["inspect", "bare.wasm", "--format", "wit"]),
        project.plug(&["inspect", "adder.wasm"]),
    );
}

#[test]
fn what_a_component_declares_is_held_against_what_it_is() {
    let project = Project::new();
    let filter = component(IMAGES, "filter");
    let other = IMAGES.replace("width: u32, ", "width: u64, ");
    project.write("honest.wasm", declaring(&filter, IMAGES, "filter"));
    project.write("other.wasm", declaring(&filter, &other, "filter"));
    assert_runs!(
        project,
        project.plug(&["inspect", "honest.wasm"]),
        project.plug(&["inspect", "other.wasm"]),
        project.plug(&["inspect", "other.wasm", "--format", "json"]),
    );
}

#[test]
fn a_false_hash_is_told() {
    let project = Project::new();
    let honest = declaring(&component(IMAGES, "filter"), IMAGES, "filter");
    let text = String::from_utf8_lossy(&honest).into_owned();
    let at = text.find("\"api\":\"wit1-").expect("it has a hash");
    // Positions in the lossy text are later than in the bytes, so the hash itself is looked up.
    let hash = &text.as_bytes()[at + 7..at + 64];
    let at = honest.windows(hash.len()).position(|window| window == hash).unwrap();
    let mut forged = honest;
    forged[at + 8] = if forged[at + 8] == b'a' { b'b' } else { b'a' };
    project.write("forged.wasm", forged);
    let run = project.plug(&["inspect", "forged.wasm"]);
    assert_eq!(run.code, Some(0), "{run}");
    assert!(run.stdout.contains("agrees      no\n"), "{run}");
    assert!(run.stdout.contains("[PLG0207]"), "{run}");
}

#[test]
fn a_wit_package_is_shown_too() {
    let project = Project::new();
    let wit = plug_contract::Wit::from_text("a.wit", IMAGES).unwrap();
    project.write("package.wasm", wit_component::encode(wit.resolve(), wit.package()).unwrap());
    assert_runs!(
        project,
        project.plug(&["inspect", "package.wasm"]),
        project.plug(&["inspect", "package.wasm", "--format", "json"]),
        project.plug(&["call", "package.wasm"]),
    );
}

#[test]
fn what_is_no_component_is_told_apart() {
    let project = Project::new();
    let whole = component(IMAGES, "filter");
    project.write("folder/x", "").write("text.wasm", "hello").write("empty.wasm", "");
    project.write("core.wasm", b"\0asm\x01\0\0\0");
    project.write("cut.wasm", &whole[..whole.len() / 2]);
    project.write("native.so", b"\x7fELF\x02\x01\x01");
    let large = fs::File::create(project.join("large.wasm")).unwrap();
    large.set_len(plug_contract::MAX_ARTIFACT_BYTES + 1).unwrap();
    assert_runs!(
        project,
        project.plug(&["inspect", "folder"]),
        project.plug(&["inspect", "nowhere.wasm"]),
        project.plug(&["inspect", "text.wasm"]),
        project.plug(&["inspect", "empty.wasm"]),
        project.plug(&["inspect", "native.so"]),
        project.plug(&["inspect", "core.wasm"]),
        project.plug(&["inspect", "cut.wasm"]),
        project.plug(&["inspect", "large.wasm"]),
        project.plug(&["inspect", "text.wasm", "--format", "json"]),
    );
}

#[test]
fn canonical_names_are_told() {
    let project = Project::new();
    let split = r#"(component (import "wasi:cli/exit@0.2" (versionsuffix ".1") (instance)))"#;
    project.write("split.wasm", wat::parse_str(split).unwrap());
    assert_runs!(project, project.plug(&["inspect", "split.wasm"]));
}

#[test]
fn the_parts_add_up() {
    let project = Project::new();
    project.write("honest.wasm", declaring(&component(IMAGES, "filter"), IMAGES, "filter"));
    let run = project.plug(&["inspect", "honest.wasm", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    let parts = json["parts"].as_object().unwrap();
    let sum: u64 =
        parts.iter().filter(|(name, _)| *name != "modules").map(|(_, size)| size.as_u64().unwrap()).sum();
    assert_eq!(sum, fs::metadata(project.join("honest.wasm")).unwrap().len());
    assert_eq!(json["size"], sum);
    assert_eq!(json["declared"]["agrees"], true);
    assert_eq!(json["declared"]["manifest"]["limits"]["memory_bytes"], 16 << 20);
}

#[test]
fn no_cut_and_no_flipped_bit_breaks_the_tool() {
    let project = Project::new();
    let whole = declaring(&component(IMAGES, "filter"), IMAGES, "filter");
    let mut mutants: Vec<Vec<u8>> = (0..24).map(|part| whole[..whole.len() * part / 24].to_vec()).collect();
    for at in (8..whole.len()).step_by(whole.len() / 40) {
        let mut mutant = whole.clone();
        mutant[at] ^= 1 << (at % 8);
        mutants.push(mutant);
    }
    for (index, mutant) in mutants.iter().enumerate() {
        project.write("mutant.wasm", mutant);
        for format in ["human", "json", "wit"] {
            let run = project.plug(&["inspect", "mutant.wasm", "--format", format]);
            assert!(matches!(run.code, Some(0 | 1 | 101)), "mutant {index}: {run}");
            assert!(!run.stderr.contains("panicked"), "mutant {index}: {run}");
        }
    }
}

#[test]
fn a_section_that_cannot_be_read_hides_nothing() {
    let project = Project::new();
    let bare = component(IMAGES, "bare");
    let with = |sections: &[&[u8]]| {
        let sections = sections.iter().flat_map(|data| custom_section("wit-contract", data));
        [bare.clone(), sections.collect()].concat()
    };
    project.write("garbled.wasm", with(&[b"{"]));
    project.write("newer.wasm", with(&[b"{\"format\":9}"]));
    project.write("older.wasm", with(&[b"{\"format\":0}"]));
    project.write("twice.wasm", with(&[b"{}", b"{}"]));
    let forged = br#"{"format":1,"manifest":{"instance-policy":"warm\n  agrees      yes"}}"#;
    project.write("forged.wasm", with(&[forged]));
    assert_runs!(
        project,
        project.plug(&["inspect", "garbled.wasm"]),
        project.plug(&["inspect", "newer.wasm"]),
        project.plug(&["inspect", "older.wasm"]),
        project.plug(&["inspect", "twice.wasm"]),
        project.plug(&["inspect", "forged.wasm"]),
        project.plug(&["inspect", "newer.wasm", "--format", "json"]),
    );
    let wit = project.plug(&["inspect", "newer.wasm", "--format", "wit"]);
    assert!(wit.code == Some(0) && wit.stdout.contains("world "), "{wit}");
}

#[test]
fn nothing_that_a_component_says_makes_a_line_of_its_own() {
    let forged = |name: &str| format!("{name}\n  agrees      yes\r\u{2028}{}", "x".repeat(1_000));
    let filter = component(IMAGES, "filter");
    let wit = Wit::from_text("test.wit", IMAGES).unwrap();
    let actual = Contract::from_component(&filter).unwrap();
    let mut manifest = plug_contract::Manifest::default();
    manifest.name = forged("name");
    manifest.version = forged("version");
    manifest.description = forged("description");
    manifest.capabilities = vec![Want::new(forged("capability"), forged("reason"), true)];
    let tools = [(forged("tool"), forged("tool version"))].into();
    let mut section = Section::declare(&wit, Some("filter"), &actual, tools, manifest).unwrap();
    section.world = forged("world");
    let leb = |text: &str| {
        let length = u16::try_from(text.len()).unwrap();
        [vec![(length & 0x7f) as u8 | 0x80, (length >> 7) as u8], text.as_bytes().to_vec()].concat()
    };
    let field = [leb("language"), vec![1], leb(&forged("producer")), leb(&forged("producer version"))];
    let producers = custom_section("producers", &[vec![1], field.concat()].concat());
    let project = Project::new();
    project.write("x.wasm", [section.embed(&filter).unwrap(), producers].concat());
    let run = project.plug(&["inspect", "x.wasm"]);
    assert_eq!(run.code, Some(0), "{run}");
    for said in ["name", "version", "description", "capability", "reason", "tool", "world", "producer"] {
        assert!(run.stdout.contains(&format!("{said}\\n  agrees      yes\\r\\u{{2028}}")), "{said}: {run}");
    }
    let lines = run.stdout.lines().filter(|line| line.trim_start().starts_with("agrees"));
    assert_eq!(lines.collect::<Vec<_>>(), ["  agrees      no"], "{run}");
    assert!(!run.stdout.contains(&"x".repeat(201)), "{run}");
    assert!(!run.stdout.contains(['\r', '\u{2028}']), "{run}");
}
