//! Which characters a text uses, so that a site's fonts hold these and no others.
//!
//! The characters that any text in Arabic or Latin script may need at any time are always there
//! ([`plain`]); what else a text uses is kept of it ([`Rare`]), which is nothing for nearly every text.

use icu::locale::exemplar_chars::ExemplarCharacters;

use super::charset::CharSet;
use super::{BLOCK, Lang, first_block, is_ideograph};

/// The characters of a text that are not [`plain`], packed: the distances between them, seven bits in a
/// byte, so that those of a Chinese page take half a kilobyte.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rare(Box<[u8]>);

impl Rare {
    /// Those of a text.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut found = CharSet::default();
        let mut at = 0;
        while let Some(block) = bytes.get(at..).and_then(|rest| first_block(rest, may_be_rare)) {
            let from = at + block;
            at = from + BLOCK;
            let block = bytes.get(from..bytes.len().min(at + 1)).unwrap_or_default();
            let pairs = block.iter().zip(block.iter().skip(1));
            if pairs.fold(0, |found, (byte, next)| found | u8::from(is_rare(*byte, *next))) == 0 {
                continue;
            }
            // A character that begins before the block was looked at with the one before.
            let start = (from..bytes.len()).find(|at| text.is_char_boundary(*at));
            let end = (at..bytes.len()).find(|at| text.is_char_boundary(*at));
            let (start, end) = (start.unwrap_or(bytes.len()), end.unwrap_or(bytes.len()));
            let chars = text.get(start..end).unwrap_or_default().chars();
            chars.filter(|c| !plain(*c)).for_each(|c| found.insert(c));
        }
        for at in memchr::memmem::find_iter(bytes, b"&#") {
            let rare = referred(text.get(at + 2..)).filter(|c| !plain(*c));
            rare.into_iter().for_each(|c| found.insert(c));
        }
        Self::pack(&found)
    }

    fn pack(set: &CharSet) -> Self {
        let mut packed = Vec::new();
        let mut last = 0;
        for code in set.iter().map(u32::from) {
            let mut distance = code - last;
            last = code;
            while distance >= 0x80 {
                packed.push((distance & 0x7F) as u8 | 0x80);
                distance >>= 7;
            }
            packed.push(distance as u8);
        }
        Self(packed.into())
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Takes them into a set.
    pub fn add_to(&self, set: &mut CharSet) {
        let (mut code, mut distance, mut shift) = (0u32, 0u32, 0);
        for byte in &self.0 {
            distance |= u32::from(byte & 0x7F) << shift;
            shift += 7;
            if byte & 0x80 == 0 {
                code += distance;
                char::from_u32(code).into_iter().for_each(|c| set.insert(c));
                (distance, shift) = (0, 0);
            }
        }
    }
}

/// The character of a numeric reference of HTML, after its `&#`.
fn referred(rest: Option<&str>) -> Option<char> {
    let number = rest?.split_once(';')?.0;
    let code = match number.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16),
        None => number.parse(),
    };
    char::from_u32(code.ok()?)
}

/// A set with the capital and small letters to those that are in it.
#[must_use]
pub fn with_cases(mut set: CharSet) -> CharSet {
    let is_cased = |c: &char| !plain(*c) && (c.is_uppercase() || c.is_lowercase());
    let cased: Vec<char> = set.iter().filter(is_cased).collect();
    for c in cased {
        c.to_uppercase().chain(c.to_lowercase()).for_each(|c| set.insert(c));
    }
    set
}

/// Whether a character may be needed by any text: those of ASCII, the letters, signs and digits of
/// Arabic, Persian and Urdu, the punctuation that all share.
#[must_use]
pub fn plain(c: char) -> bool {
    matches!(c,
        '\0'..='\u{7F}' | '\u{A0}' | '©' | '«' | '°' | '·' | '»' | '×' | '\u{2000}'..='\u{203F}'
        | '\u{60C}' | '\u{61B}' | '\u{61F}' | '\u{621}'..='\u{63A}' | '\u{640}'..='\u{652}'
        | '\u{660}'..='\u{66C}' | '\u{670}'
        | 'پ' | 'چ' | 'ژ' | 'ک' | 'گ' | 'ی' | 'ٹ' | 'ڈ' | 'ڑ' | 'ں' | 'ھ' | '\u{6C0}'..='\u{6C3}'
        | '\u{6D2}'..='\u{6D4}' | '\u{6F0}'..='\u{6F9}')
}

/// Whether a byte, with the next one, begins a character that is not [`plain`], or one of the plain ones
/// that are not everywhere in a text: quickly, for a first look.
fn may_be_rare(byte: u8, next: u8) -> bool {
    let letter = ((byte == 0xD8) & (0xA1..=0xBA).contains(&next))
        | ((byte == 0xD9) & (next <= 0x92))
        | ((byte == 0xD8) & (next == 0x8C));
    (byte >= 0xC2) & !letter
}

/// Whether a byte, with the next one, begins a character that is not [`plain`]; without branches, for
/// whole blocks of bytes.
fn is_rare(byte: u8, next: u8) -> bool {
    let among = |from: u8, to: u8| (next >= from) & (next <= to);
    let c2 = (byte == 0xC2)
        & ((next == 0xA0)
            | (next == 0xA9)
            | (next == 0xAB)
            | (next == 0xB0)
            | (next == 0xB7)
            | (next == 0xBB));
    let c3 = (byte == 0xC3) & (next == 0x97);
    let d8 =
        (byte == 0xD8) & ((next == 0x8C) | (next == 0x9B) | (next == 0x9F) | among(0xA1, 0xBA));
    let d9 = (byte == 0xD9)
        & (among(0x80, 0x92)
            | among(0xA0, 0xAC)
            | (next == 0xB0)
            | (next == 0xB9)
            | (next == 0xBE));
    let da = (byte == 0xDA)
        & ((next == 0x86)
            | (next == 0x88)
            | (next == 0x91)
            | (next == 0x98)
            | (next == 0xA9)
            | (next == 0xAF)
            | (next == 0xBA)
            | (next == 0xBE));
    let db = (byte == 0xDB)
        & (among(0x80, 0x83) | (next == 0x8C) | among(0x92, 0x94) | among(0xB0, 0xB9));
    (byte >= 0xC2) & !(c2 | c3 | d8 | d9 | da | db | ((byte == 0xE2) & (next == 0x80)))
}

/// What of a site is there whatever its texts say: what is plain, the letters of its languages, and the
/// words that dates and numbers need in Chinese characters where it has any.
#[must_use]
pub fn base<'a>(langs: impl IntoIterator<Item = &'a Lang>) -> CharSet {
    let mut set = CharSet::default();
    for range in [' '..='~', '\u{A0}'..='\u{FF}', '\u{600}'..='\u{6FF}', '\u{2000}'..='\u{203F}'] {
        range.filter(|c| plain(*c)).for_each(|c| set.insert(c));
    }
    "€™−".chars().for_each(|c| set.insert(c));
    for lang in langs {
        if matches!(lang.primary(), "zh" | "yue" | "wuu" | "ja" | "ko") {
            EAST_ASIAN.chars().for_each(|c| set.insert(c));
        }
        exemplars(lang, &mut set);
    }
    set
}

/// What dates, times, numbers and lists are written with in Chinese, Japanese and Korean.
const EAST_ASIAN: &str = "〇一二三四五六七八九十百千万萬亿億零两年月日号星期周週曜天时時分秒点點上下午前后後早中晚凌晨\
    公元世纪紀第初约約和与至农曆历正腊冬闰大小火水木金土曜년월일요오전후시분초화수목금토\
    、。〃々〈〉《》「」『』【】〔〕〖〗〜・　！＂（），．／：；？～";

/// The letters that any text in a language is written with; of thousands, one.
#[must_use]
pub fn letters(lang: &Lang) -> CharSet {
    let mut set = CharSet::default();
    if let Ok(found) = ExemplarCharacters::try_new_main(&lang.locale(&[]).into()) {
        let letters = found.code_points().iter_chars().filter(|c| c.is_alphabetic());
        letters.filter(|c| !is_ideograph(*c)).for_each(|c| set.insert(c));
    }
    if set.is_empty() {
        EAST_ASIAN.chars().filter(|c| is_ideograph(*c)).for_each(|c| set.insert(c));
    }
    set
}

/// The letters, digits and signs of a language, by CLDR; but for the thousands of Chinese or Korean.
fn exemplars(lang: &Lang, set: &mut CharSet) {
    let locale = lang.locale(&[]).into();
    let found = [
        ExemplarCharacters::try_new_main(&locale),
        ExemplarCharacters::try_new_numbers(&locale),
        ExemplarCharacters::try_new_punctuation(&locale),
    ];
    for found in found.into_iter().flatten() {
        let chars = found.code_points().iter_chars();
        chars.filter(|c| !is_ideograph(*c)).for_each(|c| set.insert(c));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rare(text: &str) -> String {
        let mut set = CharSet::default();
        Rare::of(text).add_to(&mut set);
        set.iter().collect()
    }

    #[test]
    fn arabic_texts_have_none() {
        let text = "قال «المدير»: تمتدُّ الاتفاقية ٥ سنوات (2026–2031)، وتشمل «CPEC 2.0»… پاکستان میں چین، گوادر۔";
        assert!(Rare::of(&text.repeat(20)).is_empty());
    }

    #[test]
    fn what_is_rare_is_found_wherever_it_stands() {
        assert_eq!(rare("中&#20013;&#x2603; &#8; &# &#x110000;"), "☃中");
        assert_eq!(with_cases(CharSet::of(['ж'])), CharSet::of(['Ж', 'ж']));
        for before in 0..70 {
            let text = format!("{}中a\u{20000}ﷺ", "ب".repeat(before) + &"x".repeat(before % 3));
            assert_eq!(rare(&text), "中ﷺ\u{20000}", "{before}");
            let text = format!("{text}{}ğ", "ج".repeat(before));
            assert_eq!(rare(&text), "ğ中ﷺ\u{20000}", "{before}");
        }
    }

    #[test]
    fn both_ways_of_telling_what_is_plain_agree() {
        for c in ('\0'..=char::MAX).filter(|c| u32::from(*c) < 0x3_0000) {
            let mut bytes = [0; 4];
            let text = c.encode_utf8(&mut bytes).as_bytes();
            let (first, next) = (text[0], text.get(1).copied().unwrap_or_default());
            assert_eq!(is_rare(first, next), !plain(c), "U+{:04X}", u32::from(c));
            assert!(plain(c) || may_be_rare(first, next), "U+{:04X}", u32::from(c));
        }
    }

    #[test]
    fn the_base_holds_what_is_plain_and_the_languages() {
        let lang = |tag: &str| Lang::parse(tag).expect("a tag");
        let arabic = base([&lang("ar")]);
        assert!("a×بپ٣۳،؟«»…–\u{200C}".chars().all(|c| arabic.contains(c)));
        assert!(!arabic.contains('年') && !arabic.contains('é') && arabic.len() < 320);
        let others = base([&lang("zh"), &lang("ru"), &lang("tr")]);
        assert!("年月日，жğı".chars().all(|c| others.contains(c)) && !others.contains('港'));
    }
}
