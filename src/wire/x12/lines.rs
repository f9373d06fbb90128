//! Files that were cut into lines of one length, whatever ended there: some systems keep records so, and some mail programs
//! send them.

use super::delimiters::{PREFACE, detect};
use memchr::memchr2;

/// Lines of one length, and how far they have been joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Lines {
    /// Bytes of a line without its break.
    width: usize,
    /// The break.
    ends: &'static [u8],
    /// How much of the line in hand and of its break has gone by.
    column: usize,
    /// Breaks that were taken out.
    joined: u64,
    /// A line of another length came: no break is taken out any more.
    is_over: bool,
}

/// What is left of bytes whose breaks were taken out.
pub(super) struct Joined {
    /// How many bytes.
    pub(super) length: usize,
    /// From where on they stand as they came.
    over_at: Option<usize>,
}

impl Lines {
    /// Whether what begins with this interchange header is cut into lines. There are three at least, every one but the last
    /// is as long as the first, and one of them ends inside a segment: to join anything else would be a guess. Only [`PREFACE`]
    /// bytes are looked at, so that the answer is the same however much of the file is held beyond them.
    pub(super) fn of(bytes: &[u8]) -> Option<Self> {
        let bytes = bytes.get(..PREFACE.min(bytes.len()))?;
        // The fourth byte of a header is its separator.
        let width = memchr2(b'\r', b'\n', bytes).filter(|width| *width > 3)?;
        let ends: &[u8] = match bytes.get(width..)? {
            [b'\r', b'\n', ..] => b"\r\n",
            [b'\r', ..] => b"\r",
            _ => b"\n",
        };
        let begun = Self { width, ends, column: 0, joined: 0, is_over: false };
        let (mut lines, mut text) = (begun, bytes.to_vec());
        let Joined { length, over_at } = lines.join(&mut text);
        text.truncate(length);
        let is_regular = lines.joined > 1 && over_at.is_none_or(|at| is_end(text.get(at..).unwrap_or_default()));
        let terminator = detect(&text)?.delimiters.segment;
        let is_cut = is_regular && !terminator.is_ascii_whitespace() && lines.cut_inside(&text, terminator);
        is_cut.then_some(begun)
    }

    /// Whether a line that was joined to the next ended elsewhere than behind a terminator.
    fn cut_inside(self, text: &[u8], terminator: u8) -> bool {
        let starts = (1..=self.joined).map_while(|line| usize::try_from(line).ok()?.checked_mul(self.width));
        starts.filter(|start| *start < text.len()).any(|start| text.get(start - 1) != Some(&terminator))
    }

    /// Takes the breaks out of the bytes that come next.
    pub(super) fn join(&mut self, bytes: &mut [u8]) -> Joined {
        let (mut from, mut to) = (0, 0);
        while let Some(next) = bytes.get(from).copied().filter(|_| !self.is_over) {
            if let Some(expected) = self.column.checked_sub(self.width).and_then(|at| self.ends.get(at)) {
                self.is_over = next != *expected;
                from += usize::from(!self.is_over);
                self.pass_break();
                continue;
            }
            let rest = bytes.get(from..).unwrap_or_default();
            let wanted = (self.width - self.column).min(rest.len());
            let own = memchr2(b'\r', b'\n', rest.get(..wanted).unwrap_or_default()).unwrap_or(wanted);
            self.is_over = own < wanted;
            bytes.copy_within(from..from + own, to);
            (from, to, self.column) = (from + own, to + own, self.column + own);
        }
        let over_at = self.is_over.then_some(to);
        let left = bytes.len() - from;
        bytes.copy_within(from.., to);
        Joined { length: to + left, over_at }
    }

    fn pass_break(&mut self) {
        self.column += 1;
        if !self.is_over && self.column == self.width + self.ends.len() {
            (self.column, self.joined) = (0, self.joined + 1);
        }
    }

    /// How many bytes were taken out before one that stands so far behind the header.
    pub(super) fn taken_out(&self, behind: u64) -> u64 {
        (behind / self.width as u64).min(self.joined) * self.ends.len() as u64
    }
}

/// Whether nothing follows the last line, or the next interchange, which begins lines of its own.
fn is_end(tail: &[u8]) -> bool {
    let blanks = tail.iter().take_while(|byte| byte.is_ascii_whitespace() || matches!(byte, 0 | 0x1a)).count();
    let rest = tail.get(blanks..).unwrap_or_default();
    blanks > 0 && (rest.is_empty() || rest.starts_with(b"ISA"))
}

#[cfg(test)]
mod tests {
    use super::Lines;

    const FILE: &str = "ISA*00*          *00*          *ZZ*A              *ZZ*B              *131115*1010*^*00501*000000001*0*T*:~\
        GS*BE*A*B*20131115*1010*1*X*005010X220A1~ST*834*0001~BGN*00*1*20131115~SE*3*0001~GE*1*1~IEA*1*000000001~";

    fn cut(text: &str, width: usize, ends: &str) -> Vec<u8> {
        let lines: Vec<_> = text.as_bytes().chunks(width).map(|line| String::from_utf8_lossy(line)).collect();
        lines.join(ends).into_bytes()
    }

    #[test]
    fn lines_of_one_length_are_joined_however_they_are_read() {
        let whole = FILE.repeat(4);
        for (width, ends) in [(4, "\n"), (72, "\r\n"), (80, "\n"), (80, "\r"), (110, "\r\n"), (132, "\n"), (256, "\n")]
        {
            let file = cut(&whole, width, ends);
            for piece in [1, 7, 81, file.len()] {
                let mut lines = Lines::of(&file).unwrap();
                let mut text = Vec::new();
                for piece in file.chunks(piece) {
                    let mut piece = piece.to_vec();
                    let length = lines.join(&mut piece).length;
                    text.extend_from_slice(&piece[..length]);
                }
                assert_eq!(String::from_utf8(text).unwrap(), whole, "{width} {ends:?} {piece}");
                let last = whole.len() as u64 - 1;
                assert_eq!(last + lines.taken_out(last), file.len() as u64 - 1);
                assert_eq!(lines.taken_out(width as u64 - 1), 0);
            }
        }
    }

    #[test]
    fn what_might_have_been_cut_otherwise_is_not_joined() {
        let segments = FILE.replace('~', "~\n").into_bytes();
        let shorter = String::from_utf8(cut(FILE, 80, "\n")).unwrap().replacen("*131115", "131115", 1).into_bytes();
        let in_one = FILE.replacen("BGN*00", "BGN*\n00", 1).repeat(9).into_bytes();
        let by_lines = FILE.replace('~', "\n").into_bytes();
        for file in [
            FILE.as_bytes().to_vec(),
            segments,
            shorter,
            in_one,
            by_lines,
            cut(FILE, 3, "\n"),
            format!("{FILE}\n").into(),
        ] {
            assert_eq!(Lines::of(&file), None, "{}", String::from_utf8_lossy(&file));
        }
        // One line break may stand anywhere.
        assert_eq!(Lines::of(&cut(FILE, 200, "\n")), None);
    }

    #[test]
    fn another_file_may_follow_the_last_line() {
        let both = [cut(FILE, 80, "\n"), b"\n".to_vec(), cut(FILE, 80, "\n")].concat();
        let mut lines = Lines::of(&both).unwrap();
        let mut text = both.clone();
        let length = lines.join(&mut text).length;
        assert!(text[..length].starts_with(format!("{FILE}\nISA").as_bytes()));
        assert!(lines.is_over);
    }
}
