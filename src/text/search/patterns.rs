//! What a word may be made of by its pattern: the singular of a plural, the past of a present. Words are folded and
//! without their article; what is given is spelled, for the last letter tells the form.

/// What a word may be the plural of, and whether by its pattern it is hardly anything but a plural.
pub(super) fn singulars(word: &str) -> (Vec<String>, bool) {
    let letters: Vec<char> = word.chars().collect();
    let of = |parts: &[&str]| parts.concat();
    let s: Vec<String> = letters.iter().map(ToString::to_string).collect();
    let s: Vec<&str> = s.iter().map(String::as_str).collect();
    match (letters.as_slice(), s.as_slice()) {
        // قلوب of قلب; صفوف, of which the letters are two, are as often a verb's noun.
        (['ا'..='ي', b, 'و', d], [a, second, _, last]) if b != d && !is_weak(*d) => {
            (vec![of(&[a, second, last])], false)
        }
        // أعمال of عمل.
        (['ا', _, c, 'ا', e], [_, b, c_, _, last]) if *c != 'ت' && !is_weak(*e) => {
            (vec![of(&[b, c_, last])], true)
        }
        // أرصفة of رصيف.
        (['ا', _, c, _, 'ه'], [_, a, b, c_, _]) if !is_weak(*c) => {
            (["ي", "ا"].iter().map(|long| of(&[a, b, long, c_])).collect(), true)
        }
        // فقهاء of فقيه, علماء of عالم.
        ([_, b, _, 'ا', 'ء'], [a, b_, c, ..]) if *b != 'ا' => {
            (vec![of(&[a, b_, "ي", c]), of(&["ال", a, "ا", b_, c])], true)
        }
        // قوافل of قافلة.
        ([_, 'و', 'ا', d, e], [a, .., d_, e_]) if !is_weak(*e) && !is_weak(*d) => {
            (vec![of(&[a, "ا", d_, e_]), of(&[a, "ا", d_, e_, "ة"])], true)
        }
        // جرائم of جريمة, رسائل of رسالة.
        ([_, _, 'ا', 'ي', e], [a, b, _, _, e_]) if !is_weak(*e) => {
            (vec![of(&[a, b, "ي", e_, "ة"]), of(&[a, b, "ا", e_, "ة"])], true)
        }
        // صحاري of صحراء.
        ([_, _, 'ا', _, 'ي'], [a, b, _, d, _]) => (vec![of(&[a, b, d, "اء"])], false),
        // محاكم of محكمة, عناصر of عنصر.
        ([first, _, 'ا', d, e], [a, b, _, d_, e_])
            if !matches!(first, 'ا' | 'ت') && !is_weak(*e) && !is_weak(*d) =>
        {
            (vec![of(&[a, b, d_, e_]), of(&[a, b, d_, e_, "ة"])], *first == 'م')
        }
        // تماثيل of تمثال, ينابيع of ينبوع.
        ([_, _, 'ا', d, 'ي', e], [a, b, _, d_, _, e_]) if *d != 'ا' && !is_weak(*e) => {
            let long = ["ا", "و", "ي"].iter();
            (long.map(|long| of(&[a, b, d_, long, e_])).collect(), true)
        }
        // خلجان of خليج.
        ([first, _, c, 'ا', 'ن'], [a, b, c_, ..]) if *first != 'ا' && !is_weak(*c) => {
            (vec![of(&[a, b, "ي", c_])], false)
        }
        // قضاة of قاض.
        ([_, _, 'ا', 'ه'], [a, b, ..]) => (vec![of(&[a, "ا", b, "ي"]), of(&[a, "ا", b])], true),
        // رواد of رائد.
        ([_, 'و', 'ا', d], [a, .., d_]) if !is_weak(*d) => (vec![of(&[a, "اي", d_])], false),
        _ => (Vec::new(), false),
    }
}

/// What the past of a verb of the present may be.
pub(super) fn pasts(word: &str) -> Vec<String> {
    let Some(rest) = word.strip_prefix(['ي', 'ت']).filter(|_| !is_made(word)) else {
        return Vec::new();
    };
    let letters: Vec<char> = rest.chars().collect();
    let spelled = |letters: &[char]| letters.iter().collect::<String>();
    let mut pasts = Vec::new();
    match letters.as_slice() {
        // يصل: وصل.
        [a, b] if !is_weak(*b) => return vec![spelled(&['و', *a, *b])],
        [] | [_] | [_, _] => return pasts,
        // يدعو: دعا; يلغي: ألغى.
        [a, b, 'و'] => pasts.push(spelled(&[*a, *b]) + "ا"),
        [all @ .., 'ي'] => pasts.push(spelled(all) + "ى"),
        // يزور: زار; يفيد: أفاد.
        [all @ .., 'و' | 'ي', last] => pasts.push(spelled(all) + "ا" + &spelled(&[*last])),
        _ => {}
    }
    pasts.push(rest.to_owned());
    let with_alef: Vec<String> = pasts.iter().map(|past| format!("ا{past}")).collect();
    pasts.extend(with_alef);
    // The hamza that sits on waw in يؤكد and on alef in أكد.
    pasts.extend(rest.strip_prefix('و').map(|rest| format!("ا{rest}")));
    pasts
}

/// The keys that the past of a verb of the present may have that a site does not have: that of which the letters are
/// all its own.
#[must_use]
pub fn plain_pasts(key: &str) -> Vec<String> {
    let rest = key.strip_prefix(['ي', 'ت']).filter(|_| !is_made(key));
    let Some(rest) = rest.filter(|rest| rest.chars().nth(2).is_some()) else { return Vec::new() };
    // The hamza that sits on waw in يؤكد and on alef in أكد.
    let hamza = rest.strip_prefix('و').map(|rest| format!("ا{rest}"));
    [Some(rest.to_owned()), Some(format!("ا{rest}")), hamza].into_iter().flatten().collect()
}

/// The same verb with the letter of another person.
pub(super) fn persons(word: &str) -> Vec<String> {
    let mut letters = word.chars();
    let other = match letters.next() {
        Some('ي') => 'ت',
        Some('ت') if !is_made(word) => 'ي',
        _ => return Vec::new(),
    };
    let rest = letters.as_str();
    (rest.chars().count() >= 2).then(|| format!("{other}{rest}")).into_iter().collect()
}

/// What the present of a verb of the past may be that is not made by a letter alone.
pub(super) fn presents(word: &str) -> Vec<String> {
    let letters: Vec<char> = word.chars().collect();
    match letters.as_slice() {
        ['و', a, b] if !is_weak(*b) => vec![format!("ي{a}{b}")],
        [a, 'ا', b] if *a != 'ا' && !is_weak(*b) => {
            vec![format!("ي{a}و{b}"), format!("ي{a}ي{b}")]
        }
        [a, b, 'ا'] if !is_weak(*b) => vec![format!("ي{a}{b}و")],
        _ => Vec::new(),
    }
}

/// Whether a word is of the pattern of تحديد, which is no verb of the present.
pub(super) fn is_made(word: &str) -> bool {
    let letters: Vec<char> = word.chars().collect();
    matches!(letters.as_slice(), ['ت', _, _, 'ي', _])
}

fn is_weak(letter: char) -> bool {
    matches!(letter, 'ا' | 'و' | 'ي' | 'ه' | 'ء')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plurals_tell_their_singulars() {
        for (plural, singular) in [
            ("قلوب", "قلب"),
            ("اعمال", "عمل"),
            ("ارصفه", "رصيف"),
            ("فقهاء", "فقيه"),
            ("علماء", "العالم"),
            ("قوافل", "قافلة"),
            ("جرايم", "جريمة"),
            ("صحاري", "صحراء"),
            ("محاكم", "محكمة"),
            ("تماثيل", "تمثال"),
            ("خلجان", "خليج"),
            ("قضاه", "قاضي"),
            ("رواد", "رايد"),
        ] {
            assert!(singulars(plural).0.iter().any(|word| word == singular), "{plural}");
        }
        for word in ["كتاب", "حدود", "خطوط", "رجال", "تعاون", "سفاره", "قانون", "ا", ""]
        {
            assert_eq!(singulars(word).0, Vec::<String>::new(), "{word}");
        }
    }

    #[test]
    fn verbs_tell_their_pasts() {
        for (present, past) in [
            ("يزور", "زار"),
            ("يصل", "وصل"),
            ("يدعو", "دعا"),
            ("يلغي", "الغى"),
            ("يبني", "بنى"),
            ("يلتقي", "التقى"),
            ("يفيد", "افاد"),
            ("يكتب", "كتب"),
            ("يفتتح", "افتتح"),
            ("يوكد", "اكد"),
        ] {
            assert!(pasts(present).iter().any(|word| word == past), "{present}");
        }
        // A month is no verb.
        assert!(!pasts("يوليو").contains(&"وليا".to_owned()));
        for word in ["تحديد", "تحرير", "بحر", "ي", "يد", ""] {
            assert_eq!(pasts(word), Vec::<String>::new(), "{word}");
        }
    }
}
