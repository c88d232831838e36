//! The export macro of `muster-policy`: reads `policy.toml` and makes a component of a policy.

use std::path::Path;

use proc_macro::TokenStream;
use serde::Deserialize;

/// What `policy.toml` says of a policy.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Manifest {
    name: String,
    version: String,
    summary: String,
    kinds: Vec<String>,
    /// A JSON Schema, written as TOML.
    settings: toml::Table,
}

/// Exports a type that implements `muster_policy::Policy` as the policy of this crate.
///
/// Reads `policy.toml` beside `Cargo.toml` and puts what it says both into the component's section `muster:policy`, where
/// anybody can read it without running the policy, and into what the policy says of itself.
#[proc_macro]
pub fn export(policy: TokenStream) -> TokenStream {
    expand(&policy.to_string())
        .unwrap_or_else(|error| format!("::core::compile_error!({error:?});"))
        .parse()
        .unwrap_or_default()
}

fn expand(policy: &str) -> Result<String, String> {
    #[expect(clippy::disallowed_methods, reason = "cargo tells a macro where its crate is in no other way")]
    let folder = std::env::var("CARGO_MANIFEST_DIR").map_err(|error| error.to_string())?;
    let path = Path::new(&folder).join("policy.toml");
    let text = std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let manifest: Manifest = toml::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))?;
    let Manifest { name, version, summary, kinds, settings } = manifest;
    let settings_schema = serde_json::to_string(&settings).map_err(|error| error.to_string())?;
    let section = serde_json::json!({
        "name": name, "version": version, "summary": summary, "kinds": kinds, "settings-schema": settings_schema,
    })
    .to_string();
    let kinds: String =
        kinds.iter().map(|kind| format!("muster_policy::KindName::{},", pascal(kind))).collect();
    let length = section.len();
    // `include_bytes` makes cargo build again when the file changes.
    Ok(format!(
        r#"const _: () = {{
            const _: &[u8] = ::core::include_bytes!({path:?});

            #[cfg(target_arch = "wasm32")]
            #[used]
            #[expect(unsafe_code, reason = "a custom section is made by naming it as a link section")]
            #[unsafe(link_section = "muster:policy")]
            static SECTION: [u8; {length}] = *b{section:?};

            struct Component;

            impl muster_policy::bindings::exports::muster::policy::guest::Guest for Component {{
                fn describe() -> muster_policy::Description {{
                    muster_policy::Description {{
                        name: {name:?}.to_owned(),
                        version: {version:?}.to_owned(),
                        summary: {summary:?}.to_owned(),
                        kinds: ::std::vec![{kinds}],
                        settings_schema: {settings_schema:?}.to_owned(),
                    }}
                }}

                fn decide(
                    event: muster_policy::Event,
                    settings: ::std::string::String,
                ) -> ::core::result::Result<muster_policy::Decision, muster_policy::Refusal> {{
                    muster_policy::decide::<{policy}>(event, &settings)
                }}
            }}

            #[cfg(target_arch = "wasm32")]
            muster_policy::bindings::export_guest!(Component with_types_in muster_policy::bindings);

            // Elsewhere the names of a component's exports can't be linked. The policy still has to compile, for tests.
            #[cfg(not(target_arch = "wasm32"))]
            const _: fn(
                muster_policy::Event,
                ::std::string::String,
            ) -> ::core::result::Result<muster_policy::Decision, muster_policy::Refusal> =
                <Component as muster_policy::bindings::exports::muster::policy::guest::Guest>::decide;
        }};"#
    ))
}

/// `vendor-ended` → `VendorEnded`, as the bindings spell the cases of an enum.
fn pascal(kind: &str) -> String {
    let capital = |word: &str| match word.split_at_checked(1) {
        Some((first, rest)) => first.to_ascii_uppercase() + rest,
        None => String::new(),
    };
    kind.split('-').map(capital).collect()
}
