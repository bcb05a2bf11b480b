//! A contract's functions as an impl that compiles and waits to be written.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use wit_parser::{
    Function, FunctionKind, InterfaceId, Resolve, Type, TypeDefKind, TypeId, WorldId, WorldItem,
};

use super::PluginName;
use super::rust_type::{RustTypes, UnknownForm, identifier, type_name};

/// The text of `src/lib.rs` below its head.
#[derive(Debug)]
pub(crate) struct RustImpl {
    pub(crate) text: String,
    /// How many functions wait to be written.
    pub(crate) functions: usize,
}

/// A function that cannot be written down.
#[derive(Debug, thiserror::Error)]
#[error("`{function}` has no form in Rust")]
pub(crate) struct ImplError {
    function: String,
    source: UnknownForm,
}

/// One exported interface with something to implement.
struct Job<'a> {
    /// `acme:images/image-filter`
    id: String,
    trait_name: String,
    functions: Vec<&'a Function>,
    resources: Vec<Resource<'a>>,
}

struct Resource<'a> {
    name: String,
    functions: Vec<&'a Function>,
}

struct Writer<'a> {
    types: RustTypes<'a>,
    jobs: Vec<Job<'a>>,
    /// Functions of the world itself, and the trait that has them.
    loose: Vec<&'a Function>,
    world_trait: String,
    names: BTreeSet<String>,
}

impl RustImpl {
    /// Writes an impl of what `world` exports, the life cycle apart: the SDK has that.
    pub(crate) fn of(resolve: &Resolve, world: WorldId, name: &PluginName) -> Result<Self, ImplError> {
        let writer = Writer::collect(resolve, world);
        let plugin = name.type_name(&|name| writer.names.contains(name));
        let path = world_path(resolve, world);
        let text = writer.write(&plugin, &path)?;
        let functions = writer.loose.len()
            + writer
                .jobs
                .iter()
                .map(|job| job.functions.len() + job.resource_functions().count())
                .sum::<usize>();
        Ok(Self { text, functions })
    }
}

impl<'a> Job<'a> {
    fn new(resolve: &'a Resolve, id: InterfaceId) -> Option<Self> {
        let interface = &resolve.interfaces[id];
        let name = interface.name.as_deref()?;
        let package = interface.package.map(|package| &resolve.packages[package].name)?;
        if package.namespace == "plug" && package.name == "plugin" && name == "lifecycle" {
            return None;
        }
        let resources: Vec<_> = interface
            .types
            .iter()
            .filter(|(_, id)| matches!(resolve.types[**id].kind, TypeDefKind::Resource))
            .map(|(name, id)| Resource {
                name: type_name(name),
                functions: interface.functions.values().filter(|f| f.kind.resource() == Some(*id)).collect(),
            })
            .collect();
        let functions: Vec<_> =
            interface.functions.values().filter(|f| f.kind.resource().is_none()).collect();
        if functions.is_empty() && resources.is_empty() {
            return None;
        }
        Some(Self {
            id: format!("{}:{}/{name}", package.namespace, package.name),
            trait_name: type_name(name),
            functions,
            resources,
        })
    }

    fn resource_functions(&self) -> impl Iterator<Item = &&'a Function> {
        self.resources.iter().flat_map(|resource| &resource.functions)
    }
}

impl<'a> Writer<'a> {
    fn collect(resolve: &'a Resolve, world: WorldId) -> Self {
        let mut writer = Self {
            types: RustTypes::new(resolve, world),
            jobs: Vec::new(),
            loose: Vec::new(),
            world_trait: type_name(&resolve.worlds[world].name),
            // What the SDK's prelude and the macro bring into scope.
            names: [
                "Plugin",
                "ProcessRequest",
                "ProcessResponse",
                "Vec",
                "String",
                "Option",
                "Result",
                "Box",
            ]
            .map(str::to_owned)
            .into(),
        };
        for item in resolve.worlds[world].exports.values() {
            match item {
                WorldItem::Interface { id, .. } => {
                    writer.names.extend(resolve.interfaces[*id].types.keys().map(|name| type_name(name)));
                    if let Some(job) = Job::new(resolve, *id) {
                        writer.names.insert(job.trait_name.clone());
                        writer
                            .names
                            .extend(job.resources.iter().map(|resource| format!("My{}", resource.name)));
                        writer.jobs.push(job);
                    }
                }
                WorldItem::Function(function) => writer.loose.push(function),
                WorldItem::Type { .. } => {}
            }
        }
        writer.names.insert(writer.world_trait.clone());
        writer.tell_apart();
        writer
    }

    /// Interfaces of one name in several packages go by their packages.
    fn tell_apart(&mut self) {
        let names: Vec<_> = self.jobs.iter().map(|job| job.trait_name.clone()).collect();
        for job in &mut self.jobs {
            let same = names.iter().filter(|name| **name == job.trait_name).count();
            if same > 1 || job.trait_name == self.world_trait && !self.loose.is_empty() {
                let package =
                    job.id.split('/').next().unwrap_or_default().replace('-', "_").replace(':', "::");
                job.trait_name = format!("{package}::{}", job.trait_name);
            }
        }
    }

    fn write(&self, plugin: &str, path: &str) -> Result<String, ImplError> {
        let attribute = format!("#[plugin(path = \"wit\", world = \"{path}\")]");
        let mut text = String::new();
        match self.jobs.as_slice() {
            [] => {
                write!(text, "/// The plugin.\nstruct {plugin};\n\n{attribute}\n")
                    .expect("a String takes all");
                let trait_name = if self.loose.is_empty() { "Plugin" } else { &self.world_trait };
                self.one_impl(&mut text, trait_name, plugin, &[], &self.loose, path)?;
            }
            [job] if job.resources.is_empty() && self.loose.is_empty() => {
                write!(text, "/// The plugin.\nstruct {plugin};\n\n{attribute}\n")
                    .expect("a String takes all");
                self.one_impl(&mut text, &job.trait_name, plugin, &[], &job.functions, &job.id)?;
            }
            jobs => {
                let mut body = format!("/// The plugin.\nstruct {plugin};\n");
                for job in jobs {
                    for resource in &job.resources {
                        let own = format!("My{}", resource.name);
                        write!(body, "\n/// What stands behind a `{}`.\nstruct {own};\n", resource.name)
                            .expect("a String takes all");
                    }
                    body.push('\n');
                    let resources: Vec<_> =
                        job.resources.iter().map(|resource| resource.name.as_str()).collect();
                    self.one_impl(&mut body, &job.trait_name, plugin, &resources, &job.functions, &job.id)?;
                    for resource in &job.resources {
                        body.push('\n');
                        let (guest, own) =
                            (format!("Guest{}", resource.name), format!("My{}", resource.name));
                        self.one_impl(&mut body, &guest, &own, &[], &resource.functions, &job.id)?;
                    }
                }
                if !self.loose.is_empty() {
                    body.push('\n');
                    self.one_impl(&mut body, &self.world_trait, plugin, &[], &self.loose, path)?;
                }
                self.test(&mut body, plugin);
                write!(text, "{attribute}\nmod plugin {{\n{}}}\n", indented(&body))
                    .expect("a String takes all");
                return Ok(text);
            }
        }
        self.test(&mut text, plugin);
        Ok(text)
    }

    fn one_impl(
        &self,
        text: &mut String,
        trait_name: &str,
        own: &str,
        resources: &[&str],
        functions: &[&Function],
        place: &str,
    ) -> Result<(), ImplError> {
        writeln!(text, "impl {trait_name} for {own} {{").expect("a String takes all");
        for resource in resources {
            writeln!(text, "    type {resource} = My{resource};").expect("a String takes all");
        }
        for (index, function) in functions.iter().enumerate() {
            if index > 0 || !resources.is_empty() {
                text.push('\n');
            }
            let written = self
                .function(function)
                .map_err(|source| ImplError { function: format!("{place}#{}", function.name), source })?;
            text.push_str(&indented(&written));
        }
        text.push_str("}\n");
        Ok(())
    }

    fn function(&self, function: &Function) -> Result<String, UnknownForm> {
        if function.kind.is_async() {
            return Err(UnknownForm("async"));
        }
        let mut text = String::new();
        for line in function.docs.contents.as_deref().unwrap_or_default().lines() {
            text.push_str(format!("/// {line}").trim_end());
            text.push('\n');
        }
        let is_method = matches!(function.kind, FunctionKind::Method(_) | FunctionKind::AsyncMethod(_));
        let is_constructor = matches!(function.kind, FunctionKind::Constructor(_));
        let mut params = Vec::new();
        let mut names = Vec::new();
        for (index, param) in function.params.iter().enumerate() {
            if index == 0 && is_method {
                params.push("&self".to_owned());
                continue;
            }
            let name = identifier(&param.name);
            params.push(format!("{name}: {}", self.types.print(&param.ty)?));
            names.push(name);
        }
        let (name, result) = if is_constructor {
            ("new".to_owned(), self.constructed(function)?)
        } else {
            (identifier(function.item_name()), self.types.result(function.result.as_ref())?)
        };
        let arrow = if result == "()" { String::new() } else { format!(" -> {result}") };
        writeln!(text, "fn {name}({}){arrow} {{", params.join(", ")).expect("a String takes all");
        match names.as_slice() {
            [] => {}
            [one] => writeln!(text, "    let _ = {one};").expect("a String takes all"),
            several => writeln!(text, "    let _ = ({});", several.join(", ")).expect("a String takes all"),
        }
        let body = match self.answer(function) {
            _ if result == "Self" => "Self".to_owned(),
            Answer::Error => format!("Err(\"`{name}` is not written yet\".to_owned())"),
            Answer::Todo => "todo!()".to_owned(),
        };
        writeln!(text, "    {body}\n}}").expect("a String takes all");
        Ok(text)
    }

    /// `Self`, or a result of it.
    fn constructed(&self, function: &Function) -> Result<String, UnknownForm> {
        match self.result_of(function) {
            Some(result) => Ok(format!("Result<Self, {}>", self.types.result(result.err.as_ref())?)),
            None => Ok("Self".to_owned()),
        }
    }

    fn answer(&self, function: &Function) -> Answer {
        match self.result_of(function) {
            Some(result) if result.err == Some(Type::String) => Answer::Error,
            _ => Answer::Todo,
        }
    }

    fn result_of(&self, function: &Function) -> Option<&'a wit_parser::Result_> {
        let mut ty = function.result.as_ref()?;
        loop {
            let Type::Id(id) = ty else { return None };
            match &self.definition(*id).kind {
                TypeDefKind::Result(result) => return Some(result),
                TypeDefKind::Type(aliased) => ty = aliased,
                _ => return None,
            }
        }
    }

    fn definition(&self, id: TypeId) -> &'a wit_parser::TypeDef {
        &self.types.resolve().types[id]
    }

    /// A test of the first function that a test can call.
    fn test(&self, text: &mut String, plugin: &str) {
        let functions: Vec<_> =
            self.jobs.iter().flat_map(|job| &job.functions).chain(&self.loose).copied().collect();
        let Some((function, samples)) = functions.iter().find_map(|function| {
            // Without its trait's name, a call must mean one function only.
            if functions.iter().filter(|other| other.item_name() == function.item_name()).count() > 1 {
                return None;
            }
            let samples: Option<Vec<_>> = function.params.iter().map(|p| self.types.sample(&p.ty)).collect();
            Some((*function, samples?))
        }) else {
            return;
        };
        let name = identifier(function.item_name());
        let call = format!("{plugin}::{name}({})", samples.join(", "));
        let panics = "    #[should_panic(expected = \"not yet implemented\")]\n";
        let (expected, body) = match self.answer(function) {
            Answer::Error => ("", format!("let answer = {call};\n        assert!(answer.is_err());")),
            Answer::Todo if function.result.is_some() => (panics, format!("let _ = {call};")),
            Answer::Todo => (panics, format!("{call};")),
        };
        write!(
            text,
            "\n#[cfg(test)]\nmod tests {{\n    use super::*;\n\n    // The contract as it was copied says what this \
             must do. Replace the test when it does.\n    #[test]\n{expected}    fn {name}_is_not_written_yet() \
             {{\n        {body}\n    }}\n}}\n",
        )
        .expect("a String takes all");
    }
}

enum Answer {
    Error,
    Todo,
}

fn world_path(resolve: &Resolve, world: WorldId) -> String {
    let world = &resolve.worlds[world];
    match world.package.map(|package| &resolve.packages[package].name) {
        Some(package) => format!("{}:{}/{}", package.namespace, package.name, world.name),
        None => world.name.clone(),
    }
}

fn indented(text: &str) -> String {
    text.lines().map(|line| if line.is_empty() { "\n".to_owned() } else { format!("    {line}\n") }).collect()
}
