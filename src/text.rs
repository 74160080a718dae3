//! The words: everything that people read, in three languages side by side. A missing translation does not compile.

/// A language of the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// 繁體中文.
    TraditionalChinese,
    /// 简体中文.
    SimplifiedChinese,
}

impl Language {
    /// All languages.
    pub const ALL: [Language; 3] = [Language::English, Language::TraditionalChinese, Language::SimplifiedChinese];

    /// The BCP 47 tag.
    pub const fn tag(self) -> &'static str {
        match self {
            Language::English => "en",
            Language::TraditionalChinese => "zh-Hant",
            Language::SimplifiedChinese => "zh-Hans",
        }
    }
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

/// Short words of the picture and the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Label {
    /// The left host.
    Client,
    /// The right host.
    Server,
    /// A segment that is lost.
    Lost,
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
}

/// The word for `label`.
pub fn label(label: Label, language: Language) -> &'static str {
    let phrase = match label {
        Label::Client => Phrase { en: "client", hant: "客戶端", hans: "客户端" },
        Label::Server => Phrase { en: "server", hant: "伺服器", hans: "服务器" },
        Label::Lost => Phrase { en: "lost", hant: "遺失", hans: "丢失" },
        Label::Held => Phrase { en: "held", hant: "扣住", hans: "扣住" },
        Label::Retransmission => Phrase { en: "retransmission", hant: "重傳", hans: "重传" },
        Label::Forged => Phrase { en: "forged", hant: "偽造", hans: "伪造" },
        Label::Duplicate => Phrase { en: "duplicate", hant: "重複", hans: "重复" },
        Label::Probe => Phrase { en: "probe", hant: "探測", hans: "探测" },
    };
    phrase.in_language(language)
}
