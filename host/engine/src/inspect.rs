//! What can be told of a component without compiling or running it: that it is a policy, what it says of itself, and its
//! declared list.
//!
//! The declared list is the import section and nothing else (invariant 2): these are the functions that the host links.

use muster_core::artifact::{BadDescription, Description, SECTION};
use muster_core::function::{Function, FunctionSet};
use wasmparser::component_types::ComponentEntityType;
use wasmparser::{Parser, Payload, Validator, WasmFeatures};

/// The package whose functions a policy imports, with the version that this host speaks.
const PACKAGE: &str = "muster:policy";
const VERSION: &str = "0.1.0";

/// What a component says of itself and may ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inspected {
    /// What it says of itself.
    pub description: Description,
    /// The functions that it imports.
    pub declared: FunctionSet,
}

/// Why bytes are no policy that this host can load.
#[derive(Debug, thiserror::Error)]
pub enum NotAPolicy {
    /// They are not WebAssembly at all.
    #[error("not WebAssembly: the bytes don't begin as a component does")]
    NotWasm,
    /// They are a core module.
    #[error("a core module, not a component: build it for the target wasm32-wasip2")]
    CoreModule,
    /// They are no valid component.
    #[error("not a valid component")]
    Invalid(#[source] wasmparser::BinaryReaderError),
    /// It wants to reach the network itself.
    #[error(
        "it imports {import:?}: a policy reaches Procore through muster:policy only, never the network itself"
    )]
    Http {
        /// What it imports.
        import: String,
    },
    /// It was built for another version of the interface.
    #[error("it imports {import:?}, but this host speaks version {VERSION} of {PACKAGE}")]
    OtherVersion {
        /// What it imports.
        import: String,
    },
    /// It imports something that is not part of the interface.
    #[error("it imports {import:?}, which a policy is not offered")]
    UnknownImport {
        /// What it imports.
        import: String,
    },
    /// It does not export what makes a policy.
    #[error("it does not export {PACKAGE}/guest@{VERSION}: it was built for another world")]
    OtherWorld,
    /// It does not say what it is.
    #[error("it has no section {SECTION:?}: a policy is built with the SDK or with `muster policy build`")]
    NoDescription,
    /// It says twice what it is.
    #[error("it has more than one section {SECTION:?}")]
    TwoDescriptions,
    /// What it says is not what is expected.
    #[error("its section {SECTION:?} can't be read")]
    BadDescription(#[source] BadDescription),
}

/// Inspects the bytes of a component. Nothing is compiled and nothing runs.
///
/// # Errors
///
/// If it is no policy that this host can load.
pub fn inspect(bytes: &[u8]) -> Result<Inspected, NotAPolicy> {
    if Parser::is_core_wasm(bytes) {
        return Err(NotAPolicy::CoreModule);
    }
    if !Parser::is_component(bytes) {
        return Err(NotAPolicy::NotWasm);
    }
    let description = description(bytes)?;
    let types = Validator::new_with_features(WasmFeatures::default())
        .validate_all(bytes)
        .map_err(NotAPolicy::Invalid)?;
    let types = types.as_ref();
    let mut declared = Vec::new();
    for import in imports(bytes)? {
        let Some(interface) = interface(&import)? else { continue };
        let item = types.component_item_for_import(&import);
        let Some(ComponentEntityType::Instance(instance)) = item.map(|item| item.ty) else {
            return Err(NotAPolicy::UnknownImport { import });
        };
        for (name, item) in types.get(instance).into_iter().flat_map(|instance| &instance.exports) {
            if matches!(item.ty, ComponentEntityType::Func(_)) {
                let function: Result<Function, _> = format!("{interface}.{name}").parse();
                declared.push(
                    function.map_err(|_| NotAPolicy::UnknownImport { import: format!("{import}.{name}") })?,
                );
            }
        }
    }
    let guest = format!("{PACKAGE}/guest@{VERSION}");
    match types.component_item_for_export(&guest).map(|item| item.ty) {
        Some(ComponentEntityType::Instance(_)) => {}
        _ => return Err(NotAPolicy::OtherWorld),
    }
    Ok(Inspected { description, declared: declared.into_iter().collect() })
}

/// Returns the name of one of our interfaces, or nothing for one of WASI.
fn interface(import: &str) -> Result<Option<&str>, NotAPolicy> {
    const WASI: [&str; 6] = ["cli", "clocks", "filesystem", "io", "random", "sockets"];
    let (path, version) = import.split_once('@').unwrap_or((import, ""));
    let import = || import.to_owned();
    match path.split_once('/') {
        Some((PACKAGE, interface)) if version == VERSION => Ok(Some(interface)),
        Some((PACKAGE, _)) => Err(NotAPolicy::OtherVersion { import: import() }),
        Some(("wasi:http", _)) => Err(NotAPolicy::Http { import: import() }),
        Some((package, _)) => match package.strip_prefix("wasi:") {
            Some(package) if WASI.contains(&package) && version.starts_with("0.2.") => Ok(None),
            _ => Err(NotAPolicy::UnknownImport { import: import() }),
        },
        None => Err(NotAPolicy::UnknownImport { import: import() }),
    }
}

/// Returns the names of what the outermost component imports.
fn imports(bytes: &[u8]) -> Result<Vec<String>, NotAPolicy> {
    let mut names = Vec::new();
    let mut depth = 0u32;
    for payload in Parser::new(0).parse_all(bytes) {
        match payload.map_err(NotAPolicy::Invalid)? {
            Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => depth += 1,
            Payload::End(_) => depth = depth.saturating_sub(1),
            Payload::ComponentImportSection(section) if depth == 0 => {
                for import in section {
                    names.push(import.map_err(NotAPolicy::Invalid)?.name.name.to_owned());
                }
            }
            _ => {}
        }
    }
    Ok(names)
}

/// Returns the description, from the component itself or from the module that a linker put it into.
fn description(bytes: &[u8]) -> Result<Description, NotAPolicy> {
    let mut found = None;
    for payload in Parser::new(0).parse_all(bytes) {
        if let Payload::CustomSection(section) = payload.map_err(NotAPolicy::Invalid)?
            && section.name() == SECTION
            && found.replace(section.data()).is_some()
        {
            return Err(NotAPolicy::TwoDescriptions);
        }
    }
    Description::from_json(found.ok_or(NotAPolicy::NoDescription)?).map_err(NotAPolicy::BadDescription)
}
