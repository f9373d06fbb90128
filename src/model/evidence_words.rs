//! Words that name nobody: what of far sides' texts may be kept as it is.

/// Identifiers of segments that say which one it is wherever they stand. None of them is anybody's name, as `LIN` and `LE` are.
const SEGMENTS: &str = "ISA IEA GS GE ST SE TA1 BGN INS NM1 REF DTP DMG";

/// Identifiers of segments and numbers of transaction sets, where such a one has to stand.
const IDENTIFIERS: &str = "\
    ISA IEA TA1 BGN REF DTP QTY INS NM1 PER DMG ICM AMT HLH LUI DSB IDC COB PLA ACT BHT TRN AAA PRV III EB \
    HSD MSG AK1 AK2 AK3 AK4 AK5 AK9 IK3 IK4 IK5 CTX ENT RMR BPR CUR EC LIN STC SVC CLM CLP CAS LX 834 270 271 \
    276 277 278 820 824 835 837 997 999 ISB ISE TA3";

/// Words of HTTP, SOAP, CAQH CORE, SSH and SFTP for what went wrong, and what such texts are made of.
const WORDS: &str = "\
    http https tls ssl tcp ssh sftp soap xml json html utf ascii gzip mime get post put patch delete head \
    options ok created accepted content moved permanently found other temporary redirect bad request \
    unauthorized forbidden not method allowed acceptable timeout conflict length required precondition failed \
    payload too large unsupported media type unprocessable entity locked many requests internal server error \
    errors implemented gateway service unavailable version supported client sender receiver mustunderstand \
    versionmismatch dataencodingunknown fault success payloadtyperequired processingmoderequired \
    payloadidrequired timestamprequired senderidrequired receiveridrequired coreruleversionrequired \
    payloadrequired usernamerequired passwordrequired payloadtypeillegal processingmodeillegal \
    payloadidillegal timestampillegal senderidillegal receiveridillegal coreruleversionillegal payloadillegal \
    payloadtypenotsupported processingmodenotsupported coreruleversionnotsupported payloadlengthmismatched \
    payloadlengthillegal checksummismatched checksumillegal payloaderror payloadidduplicated unexpectederror \
    eof end of file no such folder directory permission denied failure message connection lost operation \
    function invalid handle exists already status code the is are was were to in for with and or by from has \
    have be been cannot could must unknown missing unexpected expected malformed wrong duplicate closed reset \
    refused broken aborted expired limit exceeded disk full quota read write access user password login \
    account authentication authorization certificate host port peer socket stream packet channel session data \
    value element segment field name id number date member subscriber dependent payer provider patient policy \
    plan issuer exchange envelope eligibility system database process processing response answer time out try \
    again later please contact support temporarily maintenance valid format provide enter does match \
    character characters least most than more less before after future past between this that it \
    on at only fields values property body parameter attribute key object array string integer \
    boolean null true false page sign title";

/// Whether it names a segment, wherever it stands.
pub(super) fn is_segment(token: &str) -> bool {
    SEGMENTS.split(' ').any(|segment| segment == token)
}

/// Whether it is a segment's identifier or a transaction set's number.
pub(super) fn is_identifier(token: &str) -> bool {
    IDENTIFIERS.split(' ').any(|identifier| identifier == token)
}

/// Whether it is a word of a protocol, in any case.
pub(super) fn is_word(token: &str) -> bool {
    WORDS.split(' ').any(|word| word.eq_ignore_ascii_case(token))
}

#[cfg(test)]
mod tests {
    use super::{IDENTIFIERS, SEGMENTS, WORDS};

    #[test]
    fn lists_hold_single_words_once() {
        for list in [SEGMENTS, IDENTIFIERS, WORDS] {
            let words: Vec<_> = list.split(' ').collect();
            let distinct: std::collections::BTreeSet<_> = words.iter().collect();
            assert_eq!(distinct.len(), words.len());
            assert!(words.iter().all(|word| word.bytes().all(|b| b.is_ascii_alphanumeric()) && !word.is_empty()));
        }
    }
}
