//! The native command: the same analysis, headless.

#[cfg(not(target_arch = "wasm32"))]
mod command;

#[cfg(not(target_arch = "wasm32"))]
fn main() -> std::process::ExitCode {
    command::run()
}

/// A browser has no command line: there the page's worker calls the library.
#[cfg(target_arch = "wasm32")]
fn main() {}
