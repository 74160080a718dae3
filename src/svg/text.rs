//! The sink that writes text: a file that stands alone.

use crate::diagram::Scene;
use crate::text::Core;

use super::{ROOT_CLASS, STYLE, Sink, layers, number, root_attributes};

/// Writes elements as text.
#[derive(Clone, Debug, Default)]
pub struct TextSink {
    out: String,
    open: Vec<&'static str>,
    is_in_tag: bool,
}

impl TextSink {
    /// What was written.
    pub fn finish(self) -> String {
        self.out
    }

    fn end_tag(&mut self) {
        if std::mem::take(&mut self.is_in_tag) {
            self.out.push('>');
        }
    }

    fn escape(&mut self, words: &str) {
        for letter in words.chars() {
            match letter {
                '&' => self.out.push_str("&amp;"),
                '<' => self.out.push_str("&lt;"),
                '>' => self.out.push_str("&gt;"),
                '"' => self.out.push_str("&quot;"),
                // XML knows no other control characters.
                '\t' | '\n' | '\r' => self.out.push(' '),
                letter if letter.is_control() => self.out.push('\u{fffd}'),
                letter => self.out.push(letter),
            }
        }
    }

    /// Whether the words of this element must not be broken into lines.
    fn is_inline(name: &str) -> bool {
        matches!(name, "tspan")
    }
}

impl Sink for TextSink {
    fn open(&mut self, name: &'static str) {
        self.end_tag();
        if !Self::is_inline(name) {
            if !self.out.is_empty() {
                self.out.push('\n');
            }
            self.out.extend(std::iter::repeat_n(' ', self.open.len()));
        }
        self.out.push('<');
        self.out.push_str(name);
        self.open.push(name);
        self.is_in_tag = true;
    }

    fn attribute(&mut self, name: &'static str, value: &str) {
        self.out.push(' ');
        self.out.push_str(name);
        self.out.push_str("=\"");
        self.escape(value);
        self.out.push('"');
    }

    fn text(&mut self, words: &str) {
        self.end_tag();
        self.escape(words);
    }

    fn close(&mut self) {
        let Some(name) = self.open.pop() else { return };
        if std::mem::take(&mut self.is_in_tag) {
            self.out.push_str("/>");
            return;
        }
        if matches!(name, "g" | "svg") {
            self.out.push('\n');
            self.out.extend(std::iter::repeat_n(' ', self.open.len()));
        }
        self.out.push_str("</");
        self.out.push_str(name);
        self.out.push('>');
    }
}

/// A file of its own, with its style sheet, that shows what is in view of `scene`.
///
/// `title` says what the picture shows; without one it says that it is a TCP sequence diagram.
pub fn document(scene: &Scene, title: Option<&str>) -> String {
    let mut sink = TextSink::default();
    sink.open("svg");
    sink.attribute("xmlns", "http://www.w3.org/2000/svg");
    sink.attribute("xml:lang", scene.words.language().tag());
    sink.attribute("width", &number(scene.width));
    sink.attribute("height", &number((scene.view.end - scene.view.start).max(1.0)));
    sink.attribute("class", ROOT_CLASS);
    root_attributes(&mut sink, scene);
    sink.attribute("role", "img");
    sink.attribute("aria-labelledby", "title desc");
    for (name, words) in [
        ("title", title.unwrap_or(scene.words.text(Core::PictureTitle))),
        ("desc", scene.words.text(Core::PictureDescription)),
    ] {
        sink.open(name);
        sink.attribute("id", name);
        sink.text(words);
        sink.close();
    }
    sink.open("style");
    sink.text(STYLE);
    sink.close();
    sink.open("rect");
    sink.attribute("class", "paper");
    sink.attribute("y", &number(scene.view.start));
    sink.attribute("width", &number(scene.width));
    sink.attribute("height", &number((scene.view.end - scene.view.start).max(1.0)));
    sink.close();
    layers(&mut sink, scene);
    sink.close();
    let mut out = sink.finish();
    out.push('\n');
    out
}

/// What is in view of `scene` as a part of an HTML page that has the style sheet [`STYLE`]; `classes` are the page's
/// own. It is as wide as the page makes it.
pub fn fragment(scene: &Scene, classes: &str) -> String {
    let mut sink = TextSink::default();
    sink.open("svg");
    sink.attribute("class", &format!("{ROOT_CLASS} {classes}"));
    root_attributes(&mut sink, scene);
    sink.attribute("role", "img");
    sink.attribute("aria-label", scene.words.text(Core::PictureTitle));
    layers(&mut sink, scene);
    sink.close();
    let mut out = sink.finish();
    out.push('\n');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_be_markup_is_escaped() {
        let mut sink = TextSink::default();
        sink.open("text");
        sink.attribute("class", "a\"b<c");
        sink.text("<script>&\u{0}");
        sink.close();
        assert_eq!(sink.finish(), "<text class=\"a&quot;b&lt;c\">&lt;script&gt;&amp;\u{fffd}</text>");
    }
}
