//! Components made from WIT text, without a guest toolchain.

use plug_contract::Wit;
use wit_component::{ComponentEncoder, StringEncoding};
use wit_parser::ManglingAndAbi;

/// A component that imports and exports all that `world` has.
pub(crate) fn component(wit: &Wit, world: &str) -> Vec<u8> {
    let resolve = wit.resolve();
    let world = wit.select_world(Some(world)).unwrap();
    let mut module = wit_component::dummy_module(resolve, world, ManglingAndAbi::Standard32);
    wit_component::embed_component_metadata(&mut module, resolve, world, StringEncoding::UTF8).unwrap();
    ComponentEncoder::default().module(&module).unwrap().validate(true).encode().unwrap()
}
