//! The words: everything that people read, in three languages side by side. A missing translation does not compile.
//!
//! | file | what |
//! |---|---|
//! | `language` | the languages, and which of them somebody reads |
//! | `sentences` | what happened: events, steps, gaps |
//! | `rules` | why it happened |
//! | `names` | states, timers, roles, variables, what users and commands are told |
//! | `page`, `stories` | the interface; the catalog |
//!
//! The words are the RFC's: segment, octet, SYN-RECEIVED; what the RFC calls a user is an application here, so that it
//! is not taken for the reader. In Chinese, names of states, flags and variables stay as they are, with a space between
//! them and the characters around them.

mod language;
mod names;
mod page;
mod rules;
mod sentences;
mod stories;
#[cfg(test)]
mod tests;

pub use language::Language;
pub use names::{
    Variable, call_error, command_error, history_error, link_error, role, state, timer, user_event, variable_meaning,
    variable_name,
};
pub use page::{PageText, page};
pub use rules::{RuleText, rule};
pub use sentences::{difference, event, idle, segment, step, whereabouts, window};
pub use stories::{StoryText, chapter, story};

/// Short words of the picture and the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Label {
    /// The left host.
    Client,
    /// The right host.
    Server,
    /// A segment that is lost.
    Lost,
    /// A segment that arrives with a wrong checksum.
    Damaged,
    /// A segment that is held in the network.
    Held,
    /// A segment sent again.
    Retransmission,
    /// A segment that nobody sent.
    Forged,
    /// The copy of a duplicated segment.
    Duplicate,
    /// A probe of a closed window.
    Probe,
    /// A question whether a silent peer is still there.
    KeepAlive,
    /// An OPEN that waits for the other side.
    Passive,
    /// The timer that probes a closed window.
    PersistTimer,
    /// The timer of a delayed acknowledgment.
    AckTimer,
    /// The user timeout.
    UserTimeout,
    /// A listener's backlog is full.
    BacklogFull,
    /// A user takes a connection.
    Accept,
    /// A host crashes.
    Crash,
    /// A host comes up again.
    Reboot,
    /// What the picture is.
    PictureTitle,
    /// How to read the picture.
    PictureDescription,
}

/// How long a cut in the picture's time is: `≈ 238 s`, to three digits. The signs are the same in all languages.
pub fn about(span: crate::time::Duration) -> String {
    let us = span.as_us();
    let mut unit = 1;
    while us / unit >= 1000 {
        unit *= 10;
    }
    let rounded = us.saturating_add(unit / 2) / unit * unit;
    format!("≈ {}", crate::time::Duration::from_us(rounded))
}

/// The word for `label`.
pub fn label(label: Label, language: Language) -> &'static str {
    let phrase = match label {
        Label::Client => Phrase { en: "client", hant: "客戶端", hans: "客户端" },
        Label::Server => Phrase { en: "server", hant: "伺服器", hans: "服务器" },
        Label::Lost => Phrase { en: "lost", hant: "遺失", hans: "丢失" },
        Label::Damaged => Phrase { en: "damaged", hant: "損毀", hans: "损坏" },
        Label::Held => Phrase { en: "held", hant: "扣住", hans: "扣住" },
        Label::Retransmission => Phrase { en: "retransmission", hant: "重傳", hans: "重传" },
        Label::Forged => Phrase { en: "forged", hant: "偽造", hans: "伪造" },
        Label::Duplicate => Phrase { en: "duplicate", hant: "重複", hans: "重复" },
        Label::Probe => Phrase { en: "probe", hant: "探測", hans: "探测" },
        Label::KeepAlive => Phrase { en: "keep-alive", hant: "保活", hans: "保活" },
        Label::Passive => Phrase { en: "passive", hant: "被動", hans: "被动" },
        Label::PersistTimer => Phrase { en: "persist", hant: "持續", hans: "持续" },
        Label::AckTimer => Phrase { en: "ACK delay", hant: "延遲確認", hans: "延迟确认" },
        Label::UserTimeout => Phrase { en: "user timeout", hant: "使用者逾時", hans: "用户超时" },
        Label::BacklogFull => Phrase { en: "backlog full", hant: "佇列已滿", hans: "队列已满" },
        Label::Accept => Phrase { en: "accept", hant: "接受連線", hans: "接受连接" },
        Label::Crash => Phrase { en: "crash", hant: "當機", hans: "崩溃" },
        Label::Reboot => Phrase { en: "reboot", hant: "重新開機", hans: "重启" },
        Label::PictureTitle => Phrase { en: "TCP sequence diagram", hant: "TCP 時序圖", hans: "TCP 时序图" },
        Label::PictureDescription => Phrase {
            en: "Client on the left, server on the right, time running downward. Each arrow is a segment.",
            hant: "左為客戶端，右為伺服器，時間由上而下。每個箭頭是一個報文段。",
            hans: "左为客户端，右为服务器，时间由上而下。每个箭头是一个报文段。",
        },
    };
    phrase.in_language(language)
}

/// A phrase with its three wordings.
struct Phrase {
    en: &'static str,
    hant: &'static str,
    hans: &'static str,
}

impl Phrase {
    const fn in_language(&self, language: Language) -> &'static str {
        match language {
            Language::English => self.en,
            Language::TraditionalChinese => self.hant,
            Language::SimplifiedChinese => self.hans,
        }
    }
}

/// A phrase with values in it: three format strings, of which the one of the language is used.
macro_rules! say {
    ($language:expr, en: $en:literal, hant: $hant:literal, hans: $hans:literal) => {
        match $language {
            $crate::text::Language::English => format!($en),
            $crate::text::Language::TraditionalChinese => format!($hant),
            $crate::text::Language::SimplifiedChinese => format!($hans),
        }
    };
}
use say;

/// Chinese text put together from pieces: a space wherever a Chinese character meets a Latin letter or a digit, and
/// none between two Chinese characters.
fn spaced(text: &str) -> String {
    let mut spaced = String::with_capacity(text.len());
    let mut before = None;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let after = chars.peek().copied();
        if c == ' ' && before.is_some_and(is_han) && after.is_some_and(is_han) {
            continue;
        }
        let is_seam = |a: char, b: char| is_han(a) && b.is_ascii_alphanumeric();
        if before.is_some_and(|before| is_seam(before, c) || is_seam(c, before)) {
            spaced.push(' ');
        }
        spaced.push(c);
        before = Some(c);
    }
    spaced
}

/// Whether this is a Chinese character, punctuation aside.
fn is_han(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c)
}
