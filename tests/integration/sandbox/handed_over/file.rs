//! 834 files as an employer writes them, by hand from the companion guide.

use crate::sandbox::pipeline::Pipeline;
use std::fs;

/// What stands around the sets of a file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Envelope {
    /// ISA13 and GS06.
    pub(super) control: u32,
    /// ISA14.
    pub(super) wants_ta1: bool,
}

/// The first interchange of a sender who asks for a TA1.
pub(super) const ENVELOPE: Envelope = Envelope { control: 1, wants_ta1: true };

/// Everything between ST and SE.
#[derive(Debug, Clone)]
pub(super) struct Set(String);

const ENROLLMENT: &str = "BGN*00*R-POLICY*20131115*120000*ET***2~QTY*TO*2~QTY*DT*1~N1*P5*Ada Quimby*94*E1~N1*IN*CMS FFM*FI*001234567~\
INS*Y*18*021*EC*A***AC~REF*0F*SUBSCRIBER~REF*17*SUBSCRIBER~DTP*356*D8*20140101~NM1*IL*1*Quimby*Ada~\
PER*IP**TE*4135550101*EM*MAILBOX@example.com~N3*1 Elm Street~N4*Amherst*MA*01002**CY*25015~DMG*D8*19800229*F*M~HLH*N~\
HD*021**HLT~DTP*348*D8*20140101~REF*CE*PLAN~REF*1L*POLICY~LS*2700~LX*1~N1*75*PRE AMT 1~REF*9X*250~DTP*007*D8*20140101~\
LX*2~N1*75*PRE AMT TOT~REF*9X*500~DTP*007*D8*20140101~LX*3~N1*75*APTC AMT~REF*9V*120.5~DTP*007*D8*20140101~\
LX*4~N1*75*TOT RES AMT~REF*9V*379.5~DTP*007*D8*20140101~\
LX*5~N1*75*APPLICATION ID AND ORIGIN~REF*6M*APPLICATION-01~DTP*007*D8*20140101~LE*2700~\
INS*N*01*021*EC*A~REF*0F*SUBSCRIBER~REF*17*SUBSCRIBER-2~DTP*356*D8*20140101~NM1*IL*1*Quimby*Tom~N3*1 Elm Street~\
N4*Amherst*MA*01002**CY*25015~DMG*D8*19780314*M~HLH*N~HD*021**HLT~DTP*348*D8*20140101~REF*CE*PLAN~REF*1L*POLICY~\
LS*2700~LX*1~N1*75*PRE AMT 1~REF*9X*250~DTP*007*D8*20140101~LE*2700~";

/// The same couple, of whom the sender says nothing that the exchange could find itself.
const BARE: &str = "BGN*00*R-1*20131115*120000*ET***2~QTY*TO*2~QTY*DT*1~N1*P5*Ada Quimby*94*E1~N1*IN*CMS FFM*FI*001234567~\
INS*Y*18*021*EC*A***AC~REF*0F*E1~DTP*356*D8*20140101~NM1*IL*1*Quimby*Ada~PER*IP**TE*4135550101*EM*MAILBOX@example.com~\
N3*1 Elm Street~N4*Amherst*MA*01002**CY*25015~DMG*D8*19800229*F*M~HLH*N~HD*021**HLT~DTP*348*D8*20140101~REF*CE*12345MA0010001~\
INS*N*01*021*EC*A~REF*0F*E1~DTP*356*D8*20140101~NM1*IL*1*Quimby*Tom~N3*1 Elm Street~N4*Amherst*MA*01002**CY*25015~\
DMG*D8*19780314*M~HLH*N~HD*021**HLT~DTP*348*D8*20140101~REF*CE*12345MA0010001~";

const END: &str = "BGN*00*R-E*20131116*061000*ET***2~DTP*303*D8*20131116~QTY*TO*1~N1*P5*Ada Quimby*94*E1~N1*IN*CMS FFM*FI*001234567~\
INS*Y*18*024*14*A***TE~REF*0F*SUBSCRIBER~REF*1L*POLICY~REF*17*SUBSCRIBER~DTP*356*D8*20140101~DTP*357*D8*LASTDAY~NM1*IL*1*Quimby*Ada~\
DMG*D8*19800229*F~LS*2700~LX*1~N1*75*ADDL MAINT REASON~REF*17*REASON~DTP*007*D8*20131116~LE*2700~";

/// Ada moves, Tom leaves, Bea joins.
const CHANGE: &str = "BGN*00*R-C*20131117*061000*ET***2~QTY*TO*3~QTY*DT*2~N1*P5*Ada Quimby*94*E1~N1*IN*CMS FFM*FI*001234567~\
INS*Y*18*001*43*A***AC~REF*0F*S1~REF*17*S1~DTP*303*D8*20140201~NM1*IL*1*Quimby*Ada~N3*7 New Road~N4*Hadley*MA*01003**CY*25015~\
DMG*D8*19800229*F~HD*001**HLT~DTP*348*D8*20140101~REF*CE*12345MA001000104~REF*1L*POLICY~LS*2700~\
LX*1~N1*75*ADDL MAINT REASON~REF*17*DEMOGRAPHIC CHANGE~DTP*007*D8*20140201~\
LX*2~N1*75*PRE AMT TOT~REF*9X*450~DTP*007*D8*20140201~LE*2700~\
INS*N*01*024*14*A~REF*0F*S1~REF*17*S1-2~DTP*357*D8*20140131~NM1*IL*1*Quimby*Tom~DMG*D8*19780314*M~HD*024**HLT~\
DTP*348*D8*20140101~DTP*349*D8*20140131~REF*CE*12345MA001000104~REF*1L*POLICY~\
INS*N*19*021*02*A~REF*0F*S1~REF*17*S1-3~DTP*356*D8*20140201~NM1*IL*1*Quimby*Bea~N3*7 New Road~N4*Hadley*MA*01003**CY*25015~\
DMG*D8*20140115*F~HD*021**HLT~DTP*348*D8*20140201~REF*CE*12345MA001000104~REF*1L*POLICY~LS*2700~LX*1~N1*75*PRE AMT 1~REF*9X*200~\
DTP*007*D8*20140201~LE*2700~";

impl Set {
    /// A couple enrolls under this policy id; it also names their mailbox.
    pub(super) fn enrollment(policy: &str) -> Self {
        let mailbox = format!("jd.{}", policy.to_lowercase());
        Self(ENROLLMENT.replace("R-POLICY", "R-1").replace("POLICY", policy).replace("MAILBOX", &mailbox))
    }

    /// The same couple without ids and without money.
    pub(super) fn bare() -> Self {
        Self(BARE.replace("MAILBOX", "jd.bare"))
    }

    /// Of this application and subscriber.
    pub(super) fn of(self, application: &str, subscriber: &str) -> Self {
        Self(self.0.replace("APPLICATION-", &format!("{application}-")).replace("SUBSCRIBER", subscriber))
    }

    pub(super) fn plan(self, plan: &str) -> Self {
        Self(self.0.replace("PLAN", plan))
    }

    pub(super) fn end(policy: &str, subscriber: &str, last_day: &str, reason: &str) -> Self {
        let text = END.replace("REASON~REF*17*REASON", &format!("REASON~REF*17*{reason}"));
        Self(text.replace("POLICY", policy).replace("LASTDAY", last_day)).of("", subscriber)
    }

    /// The whole couple again, after their policy had ended.
    pub(super) fn reinstatement(policy: &str) -> Self {
        Self::enrollment(policy).with(&[("*021*EC*", "*025*41*"), ("HD*021*", "HD*025*"), ("HLH*N~", "")])
    }

    /// The same couple for the next year, enrolled without their doing.
    pub(super) fn renewal(policy: &str) -> Self {
        let passive = "LX*6~N1*75*ADDL MAINT REASON~REF*17*PASSIVE~DTP*007*D8*20150101~LE*2700~INS*N";
        Self::enrollment(policy).with(&[("*021*EC*", "*021*41*"), ("2014", "2015"), ("LE*2700~INS*N", passive)])
    }

    /// A list of who is in a policy, to be checked.
    pub(super) fn audit(policy: &str) -> Self {
        Self::enrollment(policy).with(&[
            ("ET***2~", "ET***4~"),
            ("*021*EC*", "*030*XN*"),
            ("HD*021*", "HD*030*"),
            ("HLH*N~", ""),
            ("4135550101", "4135550199"),
        ])
    }

    fn with(self, changes: &[(&str, &str)]) -> Self {
        Self(changes.iter().fold(self.0, |text, (from, to)| text.replace(from, to)))
    }

    pub(super) fn move_and_swap(policy: &str) -> Self {
        Self(CHANGE.replace("POLICY", policy))
    }

    /// With a date that does not exist.
    pub(super) fn spoilt(self) -> Self {
        Self(self.0.replace("19800229", "19810229"))
    }

    /// The segments, under a control number.
    fn text(&self, control: usize) -> String {
        let body = self.clone().of("700", "S1").plan("12345MA001000104").0;
        let segments = body.matches('~').count() + 2;
        format!("ST*834*{control:04}*005010X220A1~{body}SE*{segments}*{control:04}~")
    }
}

/// The file's text.
pub(super) fn text(envelope: Envelope, sets: &[Set]) -> String {
    let Envelope { control, wants_ta1 } = envelope;
    let wants_ta1 = u8::from(wants_ta1);
    let body: String = sets.iter().enumerate().map(|(at, set)| set.text(at + 1)).collect();
    format!(
        "ISA*00*          *00*          *ZZ*EMPLOYER01     *ZZ*CMSFFM         *131115*1200*^*00501*{control:09}*{wants_ta1}*T*:~\
         GS*BE*EMPLOYER01*CMSFFM*20131115*1200*{control}*X*005010X220A1~{body}GE*{}*{control}~IEA*1*{control:09}~",
        sets.len()
    )
}

/// Puts a file into the intake.
pub(super) fn hand_over(pipeline: &Pipeline, name: &str, envelope: Envelope, sets: &[Set]) {
    fs::write(pipeline.running.intake.join(name), text(envelope, sets)).unwrap();
}
