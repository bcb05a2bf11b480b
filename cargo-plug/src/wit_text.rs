//! The binary form of WIT as text.

use std::panic::{AssertUnwindSafe, catch_unwind};

use plug_contract::{ArtifactError, check_nesting};
use wasmparser::{Validator, WasmFeatures};
use wit_component::{DecodedWasm, WitPrinter};

/// The package in a WIT package of binary form, or the world of a component, with all that it
/// depends on nested below it.
pub(crate) fn wit_text(bytes: &[u8]) -> Result<String, ArtifactError> {
    let unreadable = |reason: String| ArtifactError::NoWit { reason };
    check_nesting(bytes)?;
    // The decoder takes valid bytes for granted to be WIT-shaped, and panics where they are not.
    Validator::new_with_features(WasmFeatures::all())
        .validate_all(bytes)
        .map_err(|why| ArtifactError::Invalid { source: why.into() })?;
    let printed = catch_unwind(AssertUnwindSafe(|| {
        let decoded = wit_component::decode(bytes).map_err(|why| format!("{why:#}"))?;
        let package = match &decoded {
            DecodedWasm::WitPackage(_, package) => *package,
            DecodedWasm::Component(resolve, world) => {
                resolve.worlds[*world].package.ok_or("its world has no package")?
            }
        };
        let resolve = decoded.resolve();
        let others: Vec<_> = resolve.packages.iter().map(|(id, _)| id).filter(|id| *id != package).collect();
        let mut printer = WitPrinter::default();
        printer.print(resolve, package, &others).map_err(|why| format!("{why:#}"))?;
        Ok(printer.output.to_string())
    }));
    printed.map_err(|_| unreadable("it uses a form that WIT cannot express".to_owned()))?.map_err(unreadable)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_survives_the_way_there_and_back() {
        let wit = plug_contract::Wit::from_text(
            "a.wit",
            "package a:b@1.0.0; interface i { @unstable(feature = x) f: func(); g: func(); } world w { \
             import i; }",
        )
        .unwrap();
        let bytes = wit_component::encode(wit.resolve(), wit.package()).unwrap();
        let text = wit_text(&bytes).unwrap();
        let again = plug_contract::Wit::from_text("b.wit", &text).unwrap();
        assert_eq!(again.contract(None).unwrap(), wit.contract(None).unwrap());
        assert!(wit_text(&bytes[..bytes.len() - 1]).is_err());
    }
}
