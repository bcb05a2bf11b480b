//! The parts of a component by their sizes, and the tools that made it.

use std::collections::BTreeSet;

use wasmparser::{BinaryReaderError, Parser, Payload, ProducersSectionReader};

/// Where the bytes of a file are.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Anatomy {
    /// Instructions of all modules.
    pub(crate) code: u64,
    /// Data that memories begin with.
    pub(crate) data: u64,
    /// Names of functions, for backtraces.
    pub(crate) names: u64,
    /// DWARF.
    pub(crate) debug_info: u64,
    /// What the component says of its contract.
    pub(crate) contract: u64,
    /// Other custom sections.
    pub(crate) custom: u64,
    /// Everything else: types, tables, and how the modules are put together.
    pub(crate) structure: u64,
    /// Core modules at any depth.
    pub(crate) modules: u32,
    pub(crate) producers: Vec<Producer>,
}

/// A tool that had a hand in it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Producer {
    /// `language`, `processed-by` or `sdk`.
    pub(crate) field: String,
    pub(crate) name: String,
    pub(crate) version: String,
}

/// No list of producers is longer.
const MOST_PRODUCERS: usize = 256;

impl Anatomy {
    /// Takes the component apart, nested modules and components too.
    pub(crate) fn of(bytes: &[u8]) -> Result<Self, BinaryReaderError> {
        let mut anatomy = Self::default();
        let mut producers = BTreeSet::new();
        for payload in Parser::new(0).parse_all(bytes) {
            match payload? {
                Payload::ModuleSection { .. } => anatomy.modules += 1,
                Payload::CodeSectionStart { range, .. } => anatomy.code += length(&range),
                Payload::DataSection(section) => anatomy.data += length(&section.range()),
                Payload::CustomSection(section) => {
                    let size = section.data().len() as u64;
                    let counter = match section.name() {
                        "name" | "component-name" => &mut anatomy.names,
                        plug_contract::SECTION_NAME => &mut anatomy.contract,
                        name if name.starts_with(".debug_") => &mut anatomy.debug_info,
                        _ => &mut anatomy.custom,
                    };
                    *counter += size;
                    if section.name() == "producers" {
                        read_producers(section.data(), section.data_offset(), &mut producers);
                    }
                }
                _ => {}
            }
        }
        let known = anatomy.code
            + anatomy.data
            + anatomy.names
            + anatomy.debug_info
            + anatomy.contract
            + anatomy.custom;
        anatomy.structure = (bytes.len() as u64).saturating_sub(known);
        anatomy.producers = producers.into_iter().collect();
        Ok(anatomy)
    }
}

fn length(range: &std::ops::Range<usize>) -> u64 {
    range.len() as u64
}

/// A section that cannot be read tells nothing, and does no harm.
fn read_producers(data: &[u8], offset: usize, producers: &mut BTreeSet<Producer>) {
    let reader = wasmparser::BinaryReader::new(data, offset);
    let Ok(fields) = ProducersSectionReader::new(reader) else { return };
    for field in fields.into_iter().flatten() {
        for value in field.values.into_iter().flatten() {
            if producers.len() == MOST_PRODUCERS {
                return;
            }
            producers.insert(Producer {
                field: field.name.to_owned(),
                name: value.name.to_owned(),
                version: value.version.to_owned(),
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_bytes_are_accounted_for() {
        let bytes = wat::parse_str(
            r#"(component
                (core module $a
                    (memory 1)
                    (data (i32.const 0) "hello")
                    (func (export "f") (result i32) i32.const 1)
                    (@producers (language "Rust" "2024") (processed-by "rustc" "1.95.0"))
                )
                (component (core module (@custom ".debug_info" "12345")))
                (@custom "wit-contract" "{}")
                (@custom "other" "abc")
            )"#,
        )
        .unwrap();
        let anatomy = Anatomy::of(&bytes).unwrap();
        assert_eq!(anatomy.modules, 2);
        assert_eq!((anatomy.debug_info, anatomy.contract), (5, 2));
        assert!(anatomy.code > 0 && anatomy.data > 5 && anatomy.names > 0);
        let sum = anatomy.code
            + anatomy.data
            + anatomy.names
            + anatomy.debug_info
            + anatomy.contract
            + anatomy.custom
            + anatomy.structure;
        assert_eq!(sum, bytes.len() as u64);
        let names: Vec<_> =
            anatomy.producers.iter().map(|p| format!("{} {} {}", p.field, p.name, p.version)).collect();
        assert_eq!(names, ["language Rust 2024", "processed-by rustc 1.95.0"]);
    }

    #[test]
    fn broken_bytes_are_an_error() {
        let bytes = wat::parse_str("(component (core module (func)))").unwrap();
        for end in 9..bytes.len() {
            // Some cuts fall between sections and leave a whole component.
            drop(Anatomy::of(&bytes[..end]));
        }
        assert!(Anatomy::of(b"\0asm\x0d\0\x01\0\x01").is_err());
    }
}
