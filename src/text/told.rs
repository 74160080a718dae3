//! What is told of what was understood of a run: its texts become sentences here, and segments are named by their numbers.

use crate::segment::Segment;
use crate::tcp::SegmentId;
use crate::trace::Trace;

use super::Language;
use super::names::octets;
use super::sentences::{capitalized, put_together};
use super::words::Words;

/// A text as a sentence. Nothing, where there are no words.
pub(super) fn sentence(text: &str, words: &Words) -> String {
    match words.language() {
        _ if text.is_empty() => String::new(),
        Language::English => [&capitalized(text), "."].concat(),
        Language::TraditionalChinese | Language::SimplifiedChinese => put_together([text, "。"].concat(), words),
    }
}

/// What stands between two clauses.
pub(super) fn pause(words: &Words) -> &'static str {
    match words.language() {
        Language::English => ", ",
        Language::TraditionalChinese | Language::SimplifiedChinese => "，",
    }
}

/// So many octets.
pub(super) fn counted(count: u64, words: &Words) -> String {
    octets(usize::try_from(count).unwrap_or(usize::MAX), words)
}

/// A segment of a trace by its flags and its number: `SYN,ACK #2`.
pub(super) fn numbered(segment: Option<SegmentId>, trace: &Trace) -> String {
    let Some(id) = segment else { return String::new() };
    trace.datagram(id).map(|it| named(id, &it.segment)).unwrap_or_default()
}

/// A segment by its flags and its number.
pub(crate) fn named(id: SegmentId, segment: &Segment) -> String {
    let mut name = segment.control().to_string();
    name.retain(|it| it != ' ');
    name += " #";
    name += &id.to_string();
    name
}
