//! The command line. This module alone reads the clock and the environment, and prints; each
//! command is a file of its own, whose argument comments are its manual.

// The one door to the clock and the environment: see clippy.toml.
#![allow(clippy::disallowed_methods, clippy::print_stdout, clippy::print_stderr)]
// Comments of arguments are help texts, in which `<` and `>` would be shown.
#![allow(rustdoc::bare_urls)]

mod build;
mod check;
mod clock;
mod completions;
mod deploy;
mod import;
mod init;
mod new;
mod releases;
mod report;
mod rollback;
mod schema;
mod search;
mod serve;
mod target;
mod translations;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};

use crate::pipeline::Overrides;

/// Builds commemorative knowledge sites, Arabic first.
#[derive(Debug, Parser)]
#[command(name = "dhikra", version, max_term_width = 100)]
struct Cli {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Command,
}

/// Options that every command has.
#[derive(Clone, Debug, clap::Args)]
struct Common {
    /// The folder of the site, which holds site.toml
    #[arg(long, global = true, default_value = ".", value_name = "DIR")]
    root: PathBuf,
    /// How problems are shown
    #[arg(long, global = true, value_enum, default_value_t = MessageFormat::Human)]
    message_format: MessageFormat,
    /// How many threads work; as many as the machine has cores by default
    #[arg(long, global = true, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
}

/// How problems are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum MessageFormat {
    /// For people, on standard error
    Human,
    /// One JSON object a line, on standard output
    Json,
    /// Annotations for GitHub Actions, on standard output
    Github,
}

/// Options of commands that read a whole site.
#[derive(Debug, clap::Args)]
struct SiteOptions {
    /// Another base URL than the site's own, such as https://example.org/preview/
    #[arg(long, value_name = "URL")]
    base_url: Option<String>,
    /// Also show drafts, pages dated in the future and expired ones
    #[arg(long)]
    drafts: bool,
}

impl SiteOptions {
    fn overrides(&self) -> Overrides {
        Overrides { clock: clock::read(self.drafts), base_url: self.base_url.clone() }
    }
}

#[derive(Debug, Subcommand)]
enum Command {
    Build(build::Args),
    Serve(serve::Args),
    Init(init::Args),
    New(new::Args),
    Import(import::Args),
    Check(check::Args),
    Deploy(deploy::Args),
    Rollback(rollback::Args),
    Releases(releases::Args),
    Translations(translations::Args),
    Search(search::Args),
    Schema(schema::Args),
    Completions(completions::Args),
}

/// What a command came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// All that was asked was done.
    Done,
    /// The site has problems.
    Problems,
    /// The command was used wrongly.
    Usage,
}

/// Runs the program on the process's arguments.
#[must_use]
pub fn main() -> ExitCode {
    run(std::env::args_os())
}

/// Runs the program on these arguments, the first being its name.
fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            // A closed pipe is no reason to fail.
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { 2 } else { 0 });
        }
    };
    if let Some(threads) = cli.common.threads {
        // It only fails where the pool was made before, and nothing was.
        let _ = rayon::ThreadPoolBuilder::new().num_threads(threads.into()).build_global();
    }
    let end = match cli.command {
        Command::Build(args) => build::run(&cli.common, &args),
        Command::Serve(args) => serve::run(&cli.common, &args),
        Command::Init(args) => init::run(&cli.common, &args),
        Command::New(args) => new::run(&cli.common, &args),
        Command::Import(args) => import::run(&cli.common, &args),
        Command::Check(args) => check::run(&cli.common, &args),
        Command::Deploy(args) => deploy::run(&cli.common, &args),
        Command::Rollback(args) => rollback::run(&cli.common, &args),
        Command::Releases(args) => releases::run(&cli.common, &args),
        Command::Translations(args) => translations::run(&cli.common, &args),
        Command::Search(args) => search::run(&cli.common, &args),
        Command::Schema(args) => schema::run(&cli.common, &args),
        Command::Completions(args) => completions::run(&args),
    };
    ExitCode::from(match end {
        End::Done => 0,
        End::Problems => 1,
        End::Usage => 2,
    })
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_sound() {
        super::Cli::command().debug_assert();
    }
}
