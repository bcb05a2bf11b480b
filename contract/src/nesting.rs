//! How deep components and types lie in each other, found without going in.

use wasmparser::{
    BinaryReader, ComponentAlias, ComponentExternName, ComponentImport, ComponentType, ComponentTypeRef,
    CoreType, Parser, Payload, Result,
};

use crate::artifact::ArtifactError;

/// The levels of types that wasmparser's validator allows, and those of components that we do.
pub(crate) const MAX_NESTING: usize = 100;

/// Looks how deep components, and the types of components and instances, lie in each other.
///
/// wasmparser reads such a type by recursion and only then counts its levels. Each costs three bytes, so a
/// file of some kilobytes would use up the stack of a thread, and end the process. Components it reads
/// without, but what it and wasmtime do with them takes time and memory by the square of their depth. All
/// that hands foreign bytes to wasmparser's validator, or to wasmtime, looks here first.
///
/// # Errors
/// When they lie deeper than 100 levels. Bytes that cannot be read pass: the validator stops at the same
/// place.
pub fn check_nesting(bytes: &[u8]) -> std::result::Result<(), ArtifactError> {
    let mut components = 0_usize;
    for payload in Parser::new(0).parse_all(bytes).map_while(Result::ok) {
        let is_too_deep = match payload {
            Payload::Version { .. } => {
                components += 1;
                components > MAX_NESTING
            }
            Payload::End(_) => {
                components = components.saturating_sub(1);
                false
            }
            Payload::ComponentTypeSection(section) => {
                let range = section.range();
                let contents = bytes.get(range.clone()).unwrap_or_default();
                // an error of the reader's is no finding of ours
                is_too_deep(BinaryReader::new(contents, range.start)).unwrap_or_default()
            }
            _ => false,
        };
        if is_too_deep {
            return Err(ArtifactError::TooDeep);
        }
    }
    Ok(())
}

/// Whether a section of types is too deep, as far as it can be read.
fn is_too_deep(mut reader: BinaryReader<'_>) -> Result<bool> {
    // how many types of the section, and how many declarations of each type that is open, are to come
    let mut to_come = vec![reader.read_var_u32()?];
    while let Some(left) = to_come.last_mut() {
        if *left == 0 {
            to_come.pop();
            continue;
        }
        *left -= 1;
        if to_come.len() > 1 && !is_type(&mut reader)? {
            continue;
        }
        match reader.clone().read_u8()? {
            // a component's, an instance's
            0x41 | 0x42 => {
                reader.read_u8()?;
                to_come.push(reader.read_var_u32()?);
            }
            _ => {
                reader.read::<ComponentType<'_>>()?;
            }
        }
        if to_come.len() > MAX_NESTING {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Reads a declaration up to where its type begins, or the whole of it when it is none of a type.
fn is_type(reader: &mut BinaryReader<'_>) -> Result<bool> {
    match reader.read_u8()? {
        0x00 => {
            reader.read::<CoreType<'_>>()?;
        }
        0x01 => return Ok(true),
        0x02 => {
            reader.read::<ComponentAlias<'_>>()?;
        }
        0x03 => {
            reader.read::<ComponentImport<'_>>()?;
        }
        _ => {
            reader.read::<ComponentExternName<'_>>()?;
            reader.read::<ComponentTypeRef>()?;
        }
    }
    Ok(false)
}

#[cfg(test)]
mod tests {
    use wasm_encoder::{
        Alias, Component, ComponentOuterAliasKind, ComponentType, ComponentTypeRef, ComponentTypeSection,
        EntityType, InstanceType, ModuleType, NestedComponentSection, PrimitiveValType, TypeBounds, ValType,
    };

    use super::{MAX_NESTING, check_nesting};
    use crate::artifact::ArtifactError;

    fn nested(kind: u8, levels: usize) -> Vec<u8> {
        let mut types = vec![1];
        for _ in 1..levels {
            types.extend([kind, 1, 1]);
        }
        types.extend([kind, 0]);
        let mut bytes = b"\0asm\x0d\0\x01\0\x07".to_vec();
        let mut size = types.len();
        while size > 0x7f {
            bytes.push(0x80 | (size & 0x7f) as u8);
            size >>= 7;
        }
        bytes.push(size as u8);
        bytes.extend(types);
        bytes
    }

    #[test]
    fn levels_are_counted_without_recursion() {
        for kind in [0x41, 0x42] {
            assert!(check_nesting(&nested(kind, MAX_NESTING - 1)).is_ok());
            assert!(matches!(check_nesting(&nested(kind, MAX_NESTING)), Err(ArtifactError::TooDeep)));
            assert!(check_nesting(&nested(kind, 1_000_000)).is_err());
        }
    }

    #[test]
    fn components_are_counted_too() {
        let mut component = Component::new();
        for level in 1..=MAX_NESTING {
            assert!(check_nesting(component.as_slice()).is_ok(), "{level}");
            let mut outer = Component::new();
            outer.section(&NestedComponentSection(&component));
            component = outer;
        }
        assert!(check_nesting(component.as_slice()).is_err());
        let mut beside = Component::new();
        for _ in 0..2 * MAX_NESTING {
            beside.section(&NestedComponentSection(&Component::new()));
        }
        assert!(check_nesting(beside.as_slice()).is_ok());
    }

    /// A type that has a declaration of every kind before the type within.
    fn around(within: &ComponentType) -> ComponentType {
        let mut ty = ComponentType::new();
        let mut module = ModuleType::new();
        module.ty().function([ValType::I32], []);
        module.import("a", "b", EntityType::Function(0));
        ty.core_type().module(&module);
        ty.core_type().core().function([ValType::I64], [ValType::F32]);
        ty.ty().defined_type().record([("a", PrimitiveValType::String)]);
        ty.ty().function().params([("x", PrimitiveValType::U8)]).result(None);
        ty.import("i", ComponentTypeRef::Func(1));
        ty.alias(Alias::Outer { kind: ComponentOuterAliasKind::Type, count: 0, index: 0 });
        ty.export("e", ComponentTypeRef::Type(TypeBounds::Eq(0)));
        ty.ty().instance(&InstanceType::new());
        ty.ty().component(within);
        ty
    }

    #[test]
    fn every_declaration_is_passed_over() {
        let mut ty = ComponentType::new();
        for level in 1..=MAX_NESTING {
            let mut types = ComponentTypeSection::new();
            types.component(&ty);
            let mut component = Component::new();
            component.section(&types);
            assert_eq!(check_nesting(component.as_slice()).is_ok(), level < MAX_NESTING, "{level}");
            ty = around(&ty);
        }
    }
}
