//! The types and traits that wasmtime generates from `wit/`. Nothing outside this crate sees them.

wasmtime::component::bindgen!({
    path: "../../wit",
    world: "policy",
    imports: {
        "muster:policy/users.show": async | trappable,
        "muster:policy/users.find-by-email": async | trappable,
        "muster:policy/memberships.of-user": async | trappable,
        "muster:policy/projects.show": async | trappable,
        "muster:policy/projects.active": async | trappable,
        "muster:policy/templates.for-company": async | trappable,
        "muster:policy/templates.for-projects": async | trappable,
        "muster:policy/items.held-by": async | trappable,
        "muster:policy/items.candidates": async | trappable,
        // Powers and the clock answer from memory: no need to make a future of them.
        default: trappable,
    },
    exports: { default: async },
});
