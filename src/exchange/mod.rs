//! The submitting side: carries out a flow, over HTTP or by handing files over, and says what became of it.

mod again;
mod ask;
mod capture;
mod compose;
mod distrusted;
mod earlier;
mod facts_of_probe;
mod flow;
mod go_on;
mod hand_over;
mod jars;
mod kinds;
mod known;
mod known_before;
mod log_in;
mod obstacle;
mod of_another;
mod own;
mod progress;
mod record;
mod rehearsal;
mod route;
mod said;
mod shared;
mod source;
mod step;
mod tell;
mod turn;
mod unheard;
mod verdict;

pub use earlier::Earlier;
pub use flow::{Answered, Exchange};
pub use hand_over::{Office, Register};
pub use obstacle::Obstacle;
pub use rehearsal::rehearse;
pub use unheard::{Heard, Unheard};
