//! How much room text needs, without asking a browser: a table of letter widths that is at least as wide as every font
//! of the stack, and the breaking of lines.

use super::scene::{TextRun, Weight};

/// The fonts for which the table holds.
pub const FONT_FAMILY: &str =
    "\"Helvetica Neue\", Helvetica, Arial, \"Liberation Sans\", \"Noto Sans\", \"DejaVu Sans\", sans-serif";

/// Widths of the letters from U+0020 to U+007E in thousandths of the font's size.
const REGULAR: [u16; 95] = [
    318, 401, 460, 838, 637, 951, 780, 275, 391, 391, 500, 838, 318, 361, 318, 337, // space to /
    637, 637, 637, 637, 637, 637, 637, 637, 637, 637, 337, 337, 838, 838, 838, 556, // 0 to ?
    1015, 685, 687, 722, 771, 667, 611, 778, 752, 295, 500, 667, 558, 863, 749, 788, // @ to O
    667, 788, 722, 667, 611, 732, 685, 989, 686, 667, 686, 391, 337, 391, 838, 556, // P to _
    500, 613, 635, 550, 635, 616, 353, 635, 634, 278, 278, 580, 278, 975, 634, 612, // ` to o
    635, 635, 412, 521, 393, 634, 592, 818, 592, 592, 525, 637, 337, 637, 838, // p to ~
];

const BOLD: [u16; 95] = [
    349, 457, 521, 838, 696, 1002, 873, 307, 458, 458, 523, 838, 380, 416, 380, 366, // space to /
    696, 696, 696, 696, 696, 696, 696, 696, 696, 696, 400, 400, 838, 838, 838, 611, // 0 to ?
    1000, 774, 763, 734, 831, 684, 684, 821, 837, 373, 556, 775, 638, 996, 837, 851, // @ to O
    733, 851, 771, 721, 683, 813, 774, 1104, 771, 725, 726, 458, 366, 458, 838, 556, // P to _
    500, 675, 716, 593, 716, 679, 436, 716, 712, 343, 343, 666, 343, 1042, 712, 688, // ` to o
    716, 716, 494, 596, 479, 712, 652, 924, 646, 652, 583, 712, 366, 712, 838, // p to ~
];

/// The width of `text` in a font of this size.
pub fn width(text: &str, size: f64, weight: Weight) -> f64 {
    let thousandths: u32 = text.chars().map(|letter| letter_width(letter, weight)).sum();
    f64::from(thousandths) * size / 1000.0
}

/// How far letters rise above the baseline.
pub fn ascent(size: f64) -> f64 {
    0.86 * size
}

/// How far letters, and accents of Chinese ones, reach below the baseline.
pub fn descent(size: f64) -> f64 {
    0.22 * size
}

/// The distance from line to line.
pub fn line_height(size: f64) -> f64 {
    (1.15 * size).ceil()
}

fn letter_width(letter: char, weight: Weight) -> u32 {
    let table = match weight {
        Weight::Regular => &REGULAR,
        Weight::Bold => &BOLD,
    };
    let index = (letter as usize).checked_sub(0x20);
    match index.and_then(|index| table.get(index)) {
        Some(width) => u32::from(*width),
        None if letter == '–' => 556,
        None if letter == '≈' => 838,
        None if letter == 'µ' => 740,
        None => 1000,
    }
}

/// Breaks styled text into lines no wider than `room`: at spaces, after a hyphen or a dash, and within a word only if
/// the word alone is too wide.
pub fn wrap(runs: Vec<TextRun>, size: f64, room: f64) -> Vec<Vec<TextRun>> {
    let mut lines: Vec<Vec<TextRun>> = vec![Vec::new()];
    let mut used = 0.0;
    for run in runs {
        for piece in pieces(&run.text) {
            let piece_width = width(piece.trim_end(), size, run.weight);
            if used > 0.0 && used + piece_width > room {
                lines.push(Vec::new());
                used = 0.0;
            }
            if piece_width <= room {
                used += width(piece, size, run.weight);
                append(&mut lines, &run, piece);
                continue;
            }
            for letter in piece.chars() {
                let letter_width = f64::from(letter_width(letter, run.weight)) * size / 1000.0;
                if used > 0.0 && used + letter_width > room {
                    lines.push(Vec::new());
                    used = 0.0;
                }
                used += letter_width;
                append(&mut lines, &run, letter.encode_utf8(&mut [0; 4]));
            }
        }
    }
    for line in &mut lines {
        if let Some(last) = line.last_mut() {
            last.text.truncate(last.text.trim_end().len());
        }
        line.retain(|run| !run.text.is_empty());
    }
    lines.retain(|line| !line.is_empty());
    lines
}

/// The parts between which a line may break, with the spaces that follow them.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    text.split_inclusive([' ', '–', '-'])
}

fn append(lines: &mut [Vec<TextRun>], run: &TextRun, piece: &str) {
    let Some(line) = lines.last_mut() else { return };
    match line.last_mut() {
        Some(last) if last.class == run.class && last.weight == run.weight => last.text.push_str(piece),
        _ => line.push(TextRun { text: piece.to_owned(), ..run.clone() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str) -> Vec<TextRun> {
        vec![TextRun { class: "", weight: Weight::Regular, text: text.to_owned() }]
    }

    fn broken(text: &str, room: f64) -> Vec<String> {
        wrap(plain(text), 10.0, room)
            .iter()
            .map(|line| line.iter().map(|run| run.text.as_str()).collect::<String>())
            .collect()
    }

    #[test]
    fn lines_break_at_spaces_then_at_dashes_then_anywhere() {
        assert_eq!(broken("SYN, ACK seq=300 ack=101", 1000.0), ["SYN, ACK seq=300 ack=101"]);
        assert_eq!(broken("SYN, ACK seq=300 ack=101", 95.0), ["SYN, ACK", "seq=300 ack=101"]);
        assert_eq!(broken("seq=1234567890–1234568890", 100.0), ["seq=1234567890–", "1234568890"]);
        assert_eq!(broken("SYN-RECEIVED", 70.0), ["SYN-", "RECEIVED"]);
        assert_eq!(broken("1234567890", 20.0), ["123", "456", "789", "0"]);
        assert_eq!(broken("", 20.0), Vec::<String>::new());
    }

    #[test]
    fn no_line_is_wider_than_its_room() {
        let text = "URG, PSH, RST, FIN seq=4294967290–4294967295 ack=4294967295 重傳";
        for room in 12..400 {
            for line in wrap(plain(text), 10.0, f64::from(room)) {
                let total: f64 = line.iter().map(|run| width(&run.text, 10.0, run.weight)).sum();
                assert!(total <= f64::from(room) + 1e-9, "{total} in {room}");
            }
        }
    }
}
