//! What segments carry, where it is the point.

/// So many characters are told at most, with what escapes take.
const MOST_CHARACTERS: usize = 16;

/// What a segment carries or a user gives, as a script quotes it, and shortened: `"pay 100"`. `None` if there is nothing, or
/// only the letters a to z over and over, which a script has for a number of octets: what they say does not matter.
pub fn payload(octets: &[u8]) -> Option<String> {
    if is_sample(octets) {
        return None;
    }
    let mut told = String::from("\"");
    let mut room = MOST_CHARACTERS;
    for chunk in octets.utf8_chunks() {
        let told_apart = chunk.valid().chars().map(Ok).chain(chunk.invalid().iter().map(Err));
        for it in told_apart {
            let piece = match it {
                Ok('\n') => "\\n".to_owned(),
                Ok('\r') => "\\r".to_owned(),
                Ok(c @ ('"' | '\\')) => format!("\\{c}"),
                Ok(c) if is_unseen(c) => format!("\\u{:04x}", u32::from(c)),
                Ok(c) => c.to_string(),
                Err(octet) => format!("\\x{octet:02x}"),
            };
            let Some(left) = room.checked_sub(piece.chars().count()) else { return Some(told + "…\"") };
            room = left;
            told += &piece;
        }
    }
    Some(told + "\"")
}

/// Whether these octets come from numbers in a script: letters, each the next one or an `a`. Of two letters, as in "hi", that
/// proves nothing.
fn is_sample(octets: &[u8]) -> bool {
    let goes_on = |pair: &[u8]| pair[1] == b'a' || pair[1] == pair[0] + 1;
    octets.iter().all(u8::is_ascii_lowercase)
        && octets.windows(2).all(goes_on)
        && (octets.len() != 2 || octets.contains(&b'a'))
}

/// Whether a character shows nothing, or turns what stands around it.
fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_told_as_scripts_write_it() {
        for (text, told) in [
            ("pay 100", "\"pay 100\""),
            ("hi", "\"hi\""),
            ("a \"x\" \\\r\n", "\"a \\\"x\\\" \\\\\\r\\n\""),
            ("sixteen letters!", "\"sixteen letters!\""),
            ("seventeen letters", "\"seventeen letter…\""),
            ("付款 100", "\"付款 100\""),
            ("\t\u{202e}", "\"\\u0009\\u202e\""),
        ] {
            assert_eq!(payload(text.as_bytes()).as_deref(), Some(told));
        }
        assert_eq!(payload(b"ab\xff\xc3!").as_deref(), Some("\"ab\\xff\\xc3!\""));
        assert_eq!(payload(&[0x80; 17]).as_deref(), Some("\"\\x80\\x80\\x80\\x80…\""));
        assert_eq!(payload(&[0; 1000]).as_deref(), Some("\"\\u0000\\u0000…\""));
    }

    #[test]
    fn what_a_number_stands_for_is_not_told() {
        let all: Vec<u8> = (b'a'..=b'z').cycle().take(100).collect();
        for start in 0..30 {
            for end in start..100 {
                let is_short = end - start == 2 && start % 26 != 0 && start % 26 != 25;
                assert_eq!(payload(&all[start..end]).is_some(), is_short, "{start}..{end}");
            }
        }
        assert_eq!(payload(b"aaabcab"), None, "several sends in one segment");
    }
}
