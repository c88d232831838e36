//! Components that no toolchain would make.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "it is used by tests alone, and fails as they do"
)]

use wasmparser::{Parser, Payload};

/// Returns a component that carries one more core module, written as text, which is instantiated with the component if
/// `instantiated`, and only compiled if not.
///
/// # Panics
///
/// If the text is no module, or the bytes are no component.
#[must_use]
pub fn with_core_module(component: &[u8], text: &str, instantiated: bool) -> Vec<u8> {
    let module = wat::parse_str(text).unwrap();
    let mut forged = component.to_vec();
    section(&mut forged, 1, &module);
    if instantiated {
        // One core instance, of that module, without arguments.
        let mut instance = vec![1, 0];
        leb(&mut instance, core_modules(component));
        instance.push(0);
        section(&mut forged, 2, &instance);
    }
    forged
}

/// Returns a component with a section of nothing that has this many bytes.
#[must_use]
pub fn with_padding(component: &[u8], bytes: usize) -> Vec<u8> {
    let mut padding = vec![3, b'p', b'a', b'd'];
    padding.resize(4 + bytes, 0);
    let mut forged = component.to_vec();
    section(&mut forged, 0, &padding);
    forged
}

/// Returns a component in which one text is replaced by another of the same length, wherever it stands.
///
/// # Panics
///
/// If the lengths differ, or it stands nowhere.
#[must_use]
pub fn with_text(component: &[u8], from: &str, to: &str) -> Vec<u8> {
    assert_eq!(from.len(), to.len(), "lengths in the format stay");
    let mut forged = component.to_vec();
    let places: Vec<_> =
        (0..forged.len() - from.len()).filter(|at| forged[*at..].starts_with(from.as_bytes())).collect();
    assert!(!places.is_empty(), "{from} is not in the component");
    for at in places {
        forged[at..at + to.len()].copy_from_slice(to.as_bytes());
    }
    forged
}

/// A module whose one function takes long to compile: `blocks` blocks that a table of jumps enters, over `locals`
/// variables that each of them changes.
#[must_use]
pub fn slow_to_compile(blocks: usize, locals: usize) -> String {
    let mut text = format!("(module (func (param i32) (local{})", " i32".repeat(locals));
    text += "(loop $again ";
    text += &"(block ".repeat(blocks);
    let targets: Vec<_> = (0..blocks).map(|block| block.to_string()).collect();
    text += &format!("(br_table {} (local.get 0))", targets.join(" "));
    for block in 0..blocks {
        let (one, other) = (1 + block % locals, 1 + (block * 7 + 3) % locals);
        text += &format!(
            ") (local.set {one} (i32.add (local.get {other}) (local.get 0))) \
             (local.set 0 (i32.xor (local.get {one}) (i32.const {block}))) (br_if $again (local.get {other}))"
        );
    }
    text + ")))"
}

fn core_modules(component: &[u8]) -> usize {
    let mut depth = 0;
    let mut modules = 0;
    for payload in Parser::new(0).parse_all(component) {
        match payload.unwrap() {
            Payload::ModuleSection { .. } => modules += usize::from(depth == 1),
            Payload::Version { .. } => depth += 1,
            Payload::End(_) => depth -= 1,
            _ => {}
        }
    }
    modules
}

fn section(bytes: &mut Vec<u8>, id: u8, content: &[u8]) {
    bytes.push(id);
    leb(bytes, content.len());
    bytes.extend(content);
}

fn leb(bytes: &mut Vec<u8>, mut number: usize) {
    while number >= 0x80 {
        bytes.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}
