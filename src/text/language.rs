//! The languages, and the tags by which they are known.

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

    /// What the language calls itself.
    pub const fn native_name(self) -> &'static str {
        match self {
            Language::English => "English",
            Language::TraditionalChinese => "繁體中文",
            Language::SimplifiedChinese => "简体中文",
        }
    }

    /// The language that serves readers of this BCP 47 tag; `None` if there is none. The script decides where the tag
    /// names one, else the region: Chinese in Taiwan, Hong Kong and Macao is Traditional, elsewhere Simplified.
    ///
    /// ```
    /// use synfin::text::Language;
    ///
    /// assert_eq!(Language::from_tag("zh-HK"), Some(Language::TraditionalChinese));
    /// assert_eq!(Language::from_tag("zh-Hans-HK"), Some(Language::SimplifiedChinese));
    /// assert_eq!(Language::from_tag("fr"), None);
    /// ```
    pub fn from_tag(tag: &str) -> Option<Self> {
        let mut subtags = tag.split(['-', '_']);
        let primary = subtags.next()?;
        if primary.eq_ignore_ascii_case("en") {
            return Some(Language::English);
        }
        if !primary.eq_ignore_ascii_case("zh") {
            return None;
        }
        let mut from_region = Language::SimplifiedChinese;
        for subtag in subtags {
            let is = |name: &str| subtag.eq_ignore_ascii_case(name);
            if is("Hant") {
                return Some(Language::TraditionalChinese);
            }
            if is("Hans") {
                return Some(Language::SimplifiedChinese);
            }
            // What follows a single letter is an extension or private, not a region.
            if subtag.len() == 1 {
                break;
            }
            if is("TW") || is("HK") || is("MO") {
                from_region = Language::TraditionalChinese;
            }
        }
        Some(from_region)
    }
}
