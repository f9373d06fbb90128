//! An outline that is read on a thread of its own, ahead of whoever writes it out: both take about as long.

use super::Outline;
use super::item::Item;
use crate::wire::x12::ReadError;
use std::io::Read;
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread;

/// Items that cross between the threads together.
const TOGETHER: usize = 256;
/// Lots that may wait to be written out: memory stays bounded, whatever the file's length.
const WAITING: usize = 4;

/// Reads a file of interchanges as items, ahead of whoever asks for them, in constant memory (under 8 MB, and the largest
/// members). The thread ends with the file, or when this is dropped.
#[derive(Debug)]
pub struct Ahead {
    lots: Receiver<Lot>,
    /// Lots that have been used up go back: their memory is used again.
    used: Sender<Vec<Item>>,
    lot: Lot,
    /// The next item of the lot.
    at: usize,
}

/// Items read together.
#[derive(Debug, Default)]
struct Lot {
    items: Vec<Item>,
    /// How many of them are of this lot; the rest is memory.
    count: usize,
    /// Set in the last lot: how the file ended.
    end: Option<Result<(), ReadError>>,
}

impl Ahead {
    /// An outline from the beginning of a file. Reads are large; the source needs no buffer of its own.
    pub fn new(source: impl Read + Send + 'static) -> Self {
        Self::of(Outline::new(source))
    }

    /// An outline with no other members than these, by their numbers, in order.
    pub fn of_members(source: impl Read + Send + 'static, wanted: Vec<u32>) -> Self {
        Self::of(Outline::of_members(source, wanted))
    }

    fn of(outline: Outline<impl Read + Send + 'static>) -> Self {
        let (full, lots) = sync_channel(WAITING);
        let (used, empty) = channel();
        thread::spawn(move || read(outline, &full, &empty));
        Self { lots, used, lot: Lot::default(), at: 0 }
    }

    /// The next item; `None` at the end of the file. An error ends the file: the source failed, or it holds no interchange.
    #[expect(clippy::should_implement_trait, reason = "it lends the item, which `Iterator` cannot")]
    pub fn next(&mut self) -> Result<Option<&Item>, ReadError> {
        self.advance()?;
        Ok(self.item())
    }

    /// Goes on to the next item; `false` at the end of the file.
    pub(in crate::wire) fn advance(&mut self) -> Result<bool, ReadError> {
        while self.at >= self.lot.count {
            if let Some(end) = self.lot.end.take() {
                self.lot.end = Some(Ok(()));
                self.lot.items.clear();
                return end.map(|()| false);
            }
            // Nobody takes it back once the file has been read.
            let _ = self.used.send(std::mem::take(&mut self.lot.items));
            // The thread says how the file ended before it ends, unless it broke down.
            let broken = || Lot { end: Some(Err(broken_down())), ..Lot::default() };
            self.lot = self.lots.recv().unwrap_or_else(|_| broken());
            self.at = 0;
        }
        self.at += 1;
        Ok(true)
    }

    /// The item gone on to last; `None` before the first and after the last.
    fn item(&self) -> Option<&Item> {
        self.lot.items.get(self.at.checked_sub(1)?)
    }

    /// The same, to be taken away.
    pub(in crate::wire) fn item_mut(&mut self) -> Option<&mut Item> {
        self.lot.items.get_mut(self.at.checked_sub(1)?)
    }
}

fn broken_down() -> ReadError {
    ReadError::Io(std::io::Error::other("the thread that reads the file broke down"))
}

/// Reads lot after lot until the file ends or nobody wants more.
fn read(mut outline: Outline<impl Read>, full: &SyncSender<Lot>, empty: &Receiver<Vec<Item>>) {
    loop {
        let mut lot = Lot { items: empty.try_recv().unwrap_or_default(), ..Lot::default() };
        lot.items.resize_with(TOGETHER, Item::default);
        lot.end = fill(&mut outline, &mut lot);
        let is_last = lot.end.is_some();
        if full.send(lot).is_err() || is_last {
            return;
        }
    }
}

/// How the file ended, where it did before the lot was full.
fn fill(outline: &mut Outline<impl Read>, lot: &mut Lot) -> Option<Result<(), ReadError>> {
    for item in &mut lot.items {
        match outline.next_into(item) {
            Ok(true) => lot.count += 1,
            Ok(false) => return Some(Ok(())),
            Err(error) => return Some(Err(error)),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{Ahead, TOGETHER};
    use crate::wire::outline::Outline;
    use std::fmt::Write as _;

    #[test]
    fn it_reads_what_the_outline_reads_over_several_lots_and_to_the_same_end() {
        let mut file = String::from(
            "ISA*00*          *00*          *ZZ*A              *ZZ*B              *131115*1810*^*00501*000000101*0*T*:~\n\
             GS*BE*A*B*20131115*1810*201*X*005010X220A1~\nST*834*3001*005010X220A1~\n",
        );
        for number in 0..3 * TOGETHER {
            let _ = writeln!(file, "INS*Y*18*021*EC*A~\nREF*0F*{number}~");
        }
        for text in [file.clone(), file + "SE*9*3001~GE*1*201~", "no interchange".to_owned(), String::new()] {
            let mut plain = Outline::new(text.as_bytes());
            let mut ahead = Ahead::new(std::io::Cursor::new(text.clone().into_bytes()));
            loop {
                let shown = |item: Result<Option<&crate::wire::outline::Item>, _>| {
                    item.map(|item| {
                        item.map(|item| {
                            let mut out = Vec::new();
                            item.write_json("f", &mut out);
                            String::from_utf8(out).unwrap()
                        })
                    })
                    .map_err(|error: crate::wire::x12::ReadError| error.to_string())
                };
                let (one, other) = (shown(plain.next()), shown(ahead.next()));
                assert_eq!(one, other);
                if !matches!(one, Ok(Some(_))) {
                    break;
                }
            }
            assert!(matches!(ahead.next(), Ok(None)));
        }
    }
}
