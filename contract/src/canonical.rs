//! The canonical bytes of each node, and their digests: the scheme `wit1`.
//!
//! `docs/decisions/0001-contract-hash.md` has the encoding as a table. A change here is a new
//! scheme with a new prefix.

use crate::hash::ContractHash;
use crate::model::{Function, Interface, Item, NodeHashes, Parts, ResourceId, Type, TypeDefinition};

/// Which of the two digests is being made.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Api,
    Abi,
}

struct Encoder {
    mode: Mode,
    bytes: Vec<u8>,
}

impl Encoder {
    fn new(mode: Mode) -> Encoder {
        Encoder { mode, bytes: Vec::new() }
    }

    fn digest(self, kind: &str) -> ContractHash {
        let mode = match self.mode {
            Mode::Api => "api",
            Mode::Abi => "abi",
        };
        ContractHash::of_node(mode, kind, &self.bytes)
    }

    fn is_api(&self) -> bool {
        self.mode == Mode::Api
    }

    fn byte(&mut self, byte: u8) {
        self.bytes.push(byte);
    }

    /// Unsigned LEB128.
    fn count(&mut self, mut n: usize) {
        loop {
            let low = (n & 0x7f) as u8;
            n >>= 7;
            if n == 0 {
                return self.byte(low);
            }
            self.byte(low | 0x80);
        }
    }

    fn text(&mut self, text: &str) {
        self.count(text.len());
        self.bytes.extend_from_slice(text.as_bytes());
    }

    fn hashes(&mut self, hashes: NodeHashes) {
        let hash = if self.is_api() { hashes.api } else { hashes.abi };
        self.bytes.extend_from_slice(hash.as_bytes());
    }

    fn optional(&mut self, ty: Option<&Type>) {
        match ty {
            None => self.byte(0),
            Some(ty) => {
                self.byte(1);
                self.ty(ty);
            }
        }
    }

    fn resource(&mut self, tag: u8, resource: &ResourceId) {
        self.byte(tag);
        self.text(&resource.interface);
        self.text(&resource.name);
    }

    fn ty(&mut self, ty: &Type) {
        match ty {
            Type::Primitive(name) => {
                self.byte(0x01);
                self.text(name);
            }
            Type::Named(named) => {
                self.byte(match named.definition {
                    TypeDefinition::Record(_) => 0x10,
                    TypeDefinition::Variant(_) => 0x11,
                    TypeDefinition::Enum(_) => 0x12,
                    TypeDefinition::Flags(_) => 0x13,
                });
                self.hashes(named.hashes);
            }
            Type::Tuple(types) => {
                self.byte(0x20);
                self.count(types.len());
                for ty in types.iter() {
                    self.ty(ty);
                }
            }
            Type::Option(ty) => {
                self.byte(0x21);
                self.ty(ty);
            }
            Type::List(ty) => {
                self.byte(0x22);
                self.ty(ty);
            }
            Type::FixedList(ty, len) => {
                self.byte(0x23);
                self.count(*len as usize);
                self.ty(ty);
            }
            Type::Map(pair) => {
                self.byte(0x24);
                self.ty(&pair.0);
                self.ty(&pair.1);
            }
            Type::Result(ok, err) => {
                self.byte(0x25);
                self.optional(ok.as_deref());
                self.optional(err.as_deref());
            }
            Type::Future(ty) => {
                self.byte(0x26);
                self.optional(ty.as_deref());
            }
            Type::Stream(ty) => {
                self.byte(0x27);
                self.optional(ty.as_deref());
            }
            Type::Own(resource) => self.resource(0x30, resource),
            Type::Borrow(resource) => self.resource(0x31, resource),
        }
    }
}

fn both(encode: impl Fn(Mode) -> ContractHash) -> NodeHashes {
    NodeHashes { api: encode(Mode::Api), abi: encode(Mode::Abi) }
}

/// The digests of a record, variant, enum or flags.
pub(crate) fn named_type(name: &str, definition: &TypeDefinition) -> NodeHashes {
    both(|mode| {
        let mut e = Encoder::new(mode);
        if e.is_api() {
            e.text(name);
        }
        match definition {
            TypeDefinition::Record(fields) => {
                e.count(fields.len());
                for field in fields {
                    e.text(&field.name);
                    e.ty(&field.ty);
                }
            }
            TypeDefinition::Variant(cases) => {
                e.count(cases.len());
                for case in cases {
                    e.text(&case.name);
                    e.optional(case.ty.as_ref());
                }
            }
            TypeDefinition::Enum(names) | TypeDefinition::Flags(names) => {
                e.count(names.len());
                for name in names {
                    e.text(name);
                }
            }
        }
        e.digest(definition.keyword())
    })
}

/// The digests of a function.
pub(crate) fn function(function: &Function) -> NodeHashes {
    both(|mode| {
        let mut e = Encoder::new(mode);
        e.text(&function.name);
        e.byte(u8::from(function.is_async));
        e.count(function.params.len());
        for param in &function.params {
            if e.is_api() {
                e.text(&param.name);
            }
            e.ty(&param.ty);
        }
        e.optional(function.result.as_ref());
        e.digest("func")
    })
}

/// The digests of an interface.
pub(crate) fn interface(interface: &Interface) -> NodeHashes {
    both(|mode| {
        let mut e = Encoder::new(mode);
        e.text(&interface.track_id);
        e.count(interface.functions.len());
        for function in interface.functions.values() {
            e.hashes(function.hashes);
        }
        e.count(interface.resources.len());
        for resource in &interface.resources {
            e.text(resource);
        }
        if e.is_api() {
            e.count(interface.types.len());
            for (name, ty) in &interface.types {
                e.text(name);
                e.ty(ty);
            }
        }
        e.digest("interface")
    })
}

/// The digests of a world.
pub(crate) fn world(world: &Parts) -> NodeHashes {
    both(|mode| {
        let mut e = Encoder::new(mode);
        for (items, imported) in [(&world.imports, true), (&world.exports, false)] {
            let mut digests: Vec<_> = items
                .iter()
                .filter(|(_, item)| mode == Mode::Api || is_linked(item, imported))
                .map(|(key, it)| (key.as_str(), item(mode, key, it)))
                .collect();
            digests.sort();
            e.count(digests.len());
            for (_, digest) in digests {
                e.bytes.extend_from_slice(digest.as_bytes());
            }
        }
        e.digest("world")
    })
}

/// Whether wasmtime's linker ever looks at the item.
fn is_linked(item: &Item, imported: bool) -> bool {
    match item {
        Item::Interface(interface) => !imported || interface.is_linked(),
        Item::Type(_) => false,
        Item::Function(_) | Item::Resource(_) => true,
    }
}

fn item(mode: Mode, key: &str, item: &Item) -> ContractHash {
    let mut e = Encoder::new(mode);
    e.text(key);
    match item {
        Item::Function(function) => {
            e.byte(1);
            e.hashes(function.hashes);
        }
        Item::Interface(interface) => {
            e.byte(2);
            e.hashes(interface.hashes);
        }
        Item::Resource(_) => e.byte(3),
        Item::Type(ty) => {
            e.byte(4);
            e.ty(ty);
        }
    }
    e.digest("item")
}
