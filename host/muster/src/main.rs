//! The command `muster`.

fn main() -> std::process::ExitCode {
    muster_host::main()
}
