//! The only reader of the environment, the terminal and the current folder.

use super::exit::Sent;
use johndoe::net::read_plain;
use johndoe::target::References;
use std::io::IsTerminal;
use std::path::PathBuf;

/// The world as it was when the program began.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is a thing that is so or not, beside the others")]
pub(crate) struct World {
    /// Where relative paths start.
    pub(crate) folder: PathBuf,
    /// Whether standard error is a terminal: progress bars go there.
    pub(crate) error_is_terminal: bool,
    /// Whether standard output is a terminal.
    pub(crate) output_is_terminal: bool,
    /// Whether somebody can be asked: standard input is a terminal.
    pub(crate) input_is_terminal: bool,
    /// Columns of the terminal; 100 where there is none.
    pub(crate) width: u16,
    /// `NO_COLOR` is set.
    pub(crate) no_color: bool,
    /// Where the ledger is unless a flag says so. A variable that is set to nothing is told, and not passed over: somebody
    /// meant a place.
    pub(crate) ledger: String,
    /// Whether anything of an enrollment may have left: what the process ends with asks it.
    pub(crate) sent: Sent,
}

impl World {
    /// Reads it once.
    pub(crate) fn read() -> Self {
        Self {
            folder: std::env::current_dir().unwrap_or_else(|_| PathBuf::from(".")),
            error_is_terminal: std::io::stderr().is_terminal(),
            output_is_terminal: std::io::stdout().is_terminal(),
            input_is_terminal: std::io::stdin().is_terminal(),
            width: terminal_width(),
            no_color: std::env::var_os("NO_COLOR").is_some_and(|v| !v.is_empty()),
            ledger: std::env::var_os("JOHNDOE_LEDGER").map_or_else(default_ledger, |at| {
                at.into_string().unwrap_or_else(|at| at.to_string_lossy().into_owned())
            }),
            sent: Sent::default(),
        }
    }
}

fn terminal_width() -> u16 {
    terminal_size::terminal_size().map_or(100, |(width, _)| width.0).clamp(60, 160)
}

/// `ledger.db` in the user's data folder, by the conventions of the system.
fn default_ledger() -> String {
    let from = |name: &str| std::env::var_os(name).filter(|v| !v.is_empty()).map(PathBuf::from);
    let data = from("XDG_DATA_HOME")
        .or_else(|| from("LOCALAPPDATA"))
        .or_else(|| from("HOME").map(|home| home.join(".local").join("share")))
        .unwrap_or_else(|| PathBuf::from("."));
    data.join("johndoe").join("ledger.db").to_string_lossy().into_owned()
}

/// What `${env:}` and `${file:}` refer to: the real environment and real files, or an overlay for the demo.
#[derive(Debug, Clone, Default)]
pub(crate) struct RealReferences {
    /// Wins over the environment.
    pub(crate) overlay: Vec<(String, String)>,
    /// Where relative paths start.
    pub(crate) folder: PathBuf,
}

impl References for RealReferences {
    fn env(&self, name: &str) -> Option<String> {
        let laid_over = self.overlay.iter().find(|(n, _)| n == name).map(|(_, value)| value.clone());
        laid_over.or_else(|| std::env::var(name).ok())
    }

    fn file(&self, path: &str) -> Result<String, String> {
        let content = read_plain(&self.folder.join(path)).map_err(|e| e.to_string())?;
        let text = String::from_utf8(content).map_err(|_| "it is not UTF-8 text".to_owned())?;
        Ok(text.trim_end_matches(['\r', '\n']).to_owned())
    }
}
