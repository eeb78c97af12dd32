//! The `dossier` program.

use std::process::ExitCode;

/// Rendering makes very many small allocations on all cores: with the C library's allocator they take a third of the
/// time of a build.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    dossier::cli::run()
}
