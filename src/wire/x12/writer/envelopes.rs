//! Interchange, functional group and transaction set of any kind: opened, counted, and closed by trailers that agree.

use super::charset::fit;
use super::control::Used;
use super::headers::{Content, Envelope, FunctionalGroup, Usage};
use super::segments::{Options, Segments, day};
use crate::wire::x12::WriteError;

/// A file in the making, whatever its sets hold; opening an envelope closes what stands open inside the one around it.
#[derive(Debug)]
pub(in crate::wire) struct Envelopes {
    out: Segments,
    /// ISA13, and the groups in the interchange.
    interchange: Option<(u32, u32)>,
    /// What the group holds, GS06, and the sets in it.
    group: Option<(Content, u32, u32)>,
    /// ST02 as it is written.
    set: Option<String>,
    used: [Used; 3],
}

impl Envelopes {
    /// Nothing written.
    pub(in crate::wire) fn new(options: Options) -> Self {
        Self {
            out: Segments { options, ..Segments::default() },
            interchange: None,
            group: None,
            set: None,
            used: ["ISA13", "GS06", "ST02"].map(Used::of),
        }
    }

    /// Begins an interchange. Fails where its control number has been used.
    pub(in crate::wire) fn open_interchange(&mut self, envelope: &Envelope) -> Result<(), WriteError> {
        let [interchanges, _, _] = &mut self.used;
        interchanges.take(envelope.control_number)?;
        self.close_interchange();
        let (sender, receiver) = (fixed(&envelope.sender), fixed(&envelope.receiver));
        let date = envelope.at.format("%y%m%d").to_string();
        let time = envelope.at.format("%H%M").to_string();
        let control = nine_digits(envelope.control_number);
        let asks = if envelope.wants_acknowledgement { "1" } else { "0" };
        let usage = match envelope.usage {
            Usage::Production => "P",
            Usage::Test => "T",
        };
        let (none, code) = ("          ", "00");
        let [from, to] =
            [&envelope.qualifiers.sender, &envelope.qualifiers.receiver].map(|q| format!("{:<2}", fit(q, 2)));
        let who = [code, none, code, none, &from, &sender, &to, &receiver];
        let what = [date.as_str(), &time, "U", "00501", &control, asks, usage];
        self.out.put_header(&[&who[..], &what[..]].concat());
        self.interchange = Some((envelope.control_number, 0));
        Ok(())
    }

    /// Begins a functional group. Fails without an interchange around it, or where its control number has been used.
    pub(in crate::wire) fn open_group(&mut self, content: Content, group: &FunctionalGroup) -> Result<(), WriteError> {
        self.close_group();
        let Some((_, groups)) = &mut self.interchange else { return Err(WriteError::NoInterchange) };
        let [_, numbers, _] = &mut self.used;
        numbers.take(group.control_number)?;
        *groups += 1;
        let (date, time) = (day(group.at.date()), group.at.format("%H%M").to_string());
        let control = group.control_number.to_string();
        let (sender, receiver) = (fit(&group.sender, 15), fit(&group.receiver, 15));
        self.out.put("GS", &[content.code, &sender, &receiver, &date, &time, &control, "X", content.guide]);
        self.group = Some((content, group.control_number, 0));
        Ok(())
    }

    /// Begins a transaction set; its segments go to what is given back. Fails without a group around it, or where its
    /// control number has been used.
    pub(in crate::wire) fn open_set(&mut self, control_number: u32) -> Result<&mut Segments, WriteError> {
        self.close_set();
        let Some((content, _, sets)) = &mut self.group else { return Err(WriteError::NoGroup) };
        let [_, _, numbers] = &mut self.used;
        numbers.take(control_number)?;
        *sets += 1;
        let control = format!("{control_number:04}");
        self.out.in_set = 0;
        self.out.put("ST", &[content.set, &control, content.guide]);
        self.set = Some(control);
        Ok(&mut self.out)
    }

    /// Segments outside any set: TA1 stands between ISA and GS.
    pub(in crate::wire) fn segments(&mut self) -> &mut Segments {
        &mut self.out
    }

    /// Closes the set that is open.
    pub(in crate::wire) fn close_set(&mut self) {
        if let Some(control) = self.set.take() {
            let count = (self.out.in_set + 1).to_string();
            self.out.put("SE", &[&count, &control]);
        }
    }

    /// Closes what is open and gives out the file.
    pub(in crate::wire) fn finish(mut self) -> Vec<u8> {
        self.close_interchange();
        self.out.bytes
    }

    fn close_group(&mut self) {
        self.close_set();
        if let Some((_, control, sets)) = self.group.take() {
            self.out.put("GE", &[&sets.to_string(), &control.to_string()]);
        }
    }

    fn close_interchange(&mut self) {
        self.close_group();
        if let Some((control, groups)) = self.interchange.take() {
            self.out.put("IEA", &[&groups.to_string(), &nine_digits(control)]);
        }
    }
}

fn fixed(id: &str) -> String {
    format!("{:<15}", fit(id, 15))
}

fn nine_digits(number: u32) -> String {
    format!("{number:09}")
}

#[cfg(test)]
mod tests {
    use super::super::headers::{Content, Envelope, FunctionalGroup, Qualifiers, Usage};
    use super::super::segments::Options;
    use super::Envelopes;
    use crate::wire::x12::WriteError;

    #[test]
    fn any_kind_of_group_is_framed_and_a_number_is_refused_the_second_time() {
        let at = "2013-11-15T18:00:00".parse().unwrap();
        let mut file = Envelopes::new(Options::default());
        let content = Content { code: "FA", set: "999", guide: "005010X231A1" };
        let group = FunctionalGroup { sender: "A".into(), receiver: "B".into(), control_number: 3, at };
        assert_eq!(file.open_group(content, &group), Err(WriteError::NoInterchange));
        let envelope = Envelope {
            sender: "A".into(),
            receiver: "B".into(),
            qualifiers: Qualifiers::default(),
            control_number: 9,
            at,
            usage: Usage::Test,
            wants_acknowledgement: false,
        };
        file.open_interchange(&envelope).unwrap();
        file.segments().put("TA1", &["000000001", "131115", "1800", "A", "000"]);
        assert_eq!(file.open_set(1).map(drop), Err(WriteError::NoGroup));
        file.open_group(content, &group).unwrap();
        file.open_set(1).unwrap().put("AK1", &["BE", "1"]);
        assert_eq!(file.open_set(1).map(drop), Err(WriteError::Repeated { element: "ST02", number: 1 }));
        assert_eq!(file.open_group(content, &group), Err(WriteError::Repeated { element: "GS06", number: 3 }));
        assert_eq!(file.open_interchange(&envelope), Err(WriteError::Repeated { element: "ISA13", number: 9 }));
        let text = String::from_utf8(file.finish()).unwrap();
        let body = text.split_once("P*").map_or(text.as_str(), |(_, tail)| tail);
        assert!(
            body.ends_with(
                "*0*T*:~TA1*000000001*131115*1800*A*000~GS*FA*A*B*20131115*1800*3*X*005010X231A1~\
                 ST*999*0001*005010X231A1~AK1*BE*1~SE*3*0001~GE*1*3~IEA*1*000000009~"
            ),
            "{text}"
        );
    }
}
