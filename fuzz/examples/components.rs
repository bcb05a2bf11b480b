//! Components to begin with, for the target `artifact`: one for each world of the texts that are
//! named, each with its section. `fuzz/run artifact` calls this.

use std::error::Error;
use std::path::PathBuf;

use plug_contract::{Contract, Section, Wit};
use wit_component::{ComponentEncoder, StringEncoding};
use wit_parser::ManglingAndAbi;

fn main() -> Result<(), Box<dyn Error>> {
    let mut paths = std::env::args_os().skip(1).map(PathBuf::from);
    let folder = paths.next().ok_or("name a folder, and texts of WIT")?;
    let mut count = 0;
    for path in paths {
        let text = std::fs::read_to_string(&path)?;
        // a text that is refused is a case of some test
        let Ok(wit) = Wit::from_text(&path.display().to_string(), &text) else { continue };
        for world in wit.world_names() {
            let Some(component) = component(&wit, &world) else { continue };
            std::fs::write(folder.join(format!("component-{count}")), component)?;
            count += 1;
        }
    }
    Ok(())
}

fn component(wit: &Wit, name: &str) -> Option<Vec<u8>> {
    let (resolve, world) = (wit.resolve(), wit.select_world(Some(name)).ok()?);
    let mut module = wit_component::dummy_module(resolve, world, ManglingAndAbi::Standard32);
    wit_component::embed_component_metadata(&mut module, resolve, world, StringEncoding::UTF8).ok()?;
    let component = ComponentEncoder::default().module(&module).ok()?.encode().ok()?;
    let actual = Contract::from_component(&component).ok()?;
    let section = Section::declare(wit, Some(name), &actual, Default::default(), Default::default()).ok()?;
    section.embed(&component).ok()
}
