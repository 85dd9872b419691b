//! `dhikra completions`

use clap::CommandFactory;
use clap_complete::Shell;

use super::{Cli, End, report};

/// Print completions for a shell
///
/// For bash: dhikra completions bash > ~/.local/share/bash-completion/completions/dhikra
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

pub(super) fn run(args: &Args) -> End {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "dhikra", &mut script);
    report::say(&String::from_utf8_lossy(&script));
    End::Done
}
