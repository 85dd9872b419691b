//! What a number is written as, and so whether it comes out right by itself.

use super::{Class, class};

/// The kinds of number that have to be told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Number {
    /// Digits, a decimal, a time, a ratio, a date with slashes: drawn rightly in any text.
    Plain,
    /// A percentage, whose sign stands where the text's direction puts it.
    Percent,
    /// Two numbers and a dash, read in the direction that the language says.
    Range,
    /// A date, telephone number, version, signed number or sum, always read from left to right.
    Alone,
}

/// The kind of a number without spaces.
pub(super) fn classify(number: &str) -> Number {
    // By far the most numbers are a year or a count.
    if number.bytes().all(|byte| byte.is_ascii_digit()) {
        return Number::Plain;
    }
    if number.contains(['%', '٪']) {
        return Number::Percent;
    }
    let first = number.chars().next();
    if first.is_none_or(|c| class(c) != Class::Digit) {
        return Number::Alone;
    }
    if number.contains(['+', '=', '×', '÷', '*', '^', '#', '$', '€', '°', '~', '_', '@', '&', '\\'])
    {
        return Number::Alone;
    }
    let groups: Vec<&str> = number.split(['-', '–']).collect();
    match groups.as_slice() {
        [one] => {
            let dots = one.matches('.').count();
            if dots > 1 { Number::Alone } else { Number::Plain }
        }
        _ if is_iso_date(&groups) && !number.contains('–') => Number::Alone,
        [_, _] if number.contains('–') => Number::Range,
        // Years, pages, a score; four digits that are no years are a code.
        [from, to] if digits(from) == digits(to) && digits(from) < 4 => Number::Range,
        [from, to] if is_year(from) && is_year(to) => Number::Range,
        // `2025-26`, and not a telephone number in two parts.
        [from, to] if is_year(from) && digits(to) == 2 => Number::Range,
        [from, to] if digits(from) + digits(to) < 7 => Number::Plain,
        _ => Number::Alone,
    }
}

/// `2026-01-04` or `2026-01` (ISO 8601).
fn is_iso_date(groups: &[&str]) -> bool {
    let between = |text: &str, low: u32, high: u32| {
        digits(text) == 2 && value(text).is_some_and(|n| (low..=high).contains(&n))
    };
    match groups {
        [year, month] => digits(year) == 4 && between(month, 1, 12),
        [year, month, day] => digits(year) == 4 && between(month, 1, 12) && between(day, 1, 31),
        _ => false,
    }
}

/// Whether a text is the number of a year that a site may write about.
pub(super) fn is_year(text: &str) -> bool {
    digits(text) == 4 && value(text).is_some_and(|year| (1000..3000).contains(&year))
}

/// How many digits a text is made of; 0 where it holds anything else.
pub(super) fn digits(text: &str) -> usize {
    let all = text.chars().all(|c| class(c) == Class::Digit);
    if all { text.chars().count() } else { 0 }
}

fn value(text: &str) -> Option<u32> {
    text.chars().try_fold(0_u32, |n, c| {
        let zero = match c {
            '٠'..='٩' => '٠',
            '۰'..='۹' => '۰',
            _ => '0',
        };
        n.checked_mul(10)?.checked_add(u32::from(c).checked_sub(u32::from(zero))?)
    })
}

/// Whether a word is the symbol of a unit, which belongs to the number before it.
pub(super) fn is_unit(word: &str) -> bool {
    const UNITS: [&str; 72] = [
        "m", "km", "cm", "mm", "nm", "µm", "mi", "ft", "m²", "km²", "m³", "ha", "kg", "g", "mg",
        "t", "kt", "Mt", "l", "L", "ml", "mL", "W", "kW", "MW", "GW", "TW", "Wh", "kWh", "MWh",
        "GWh", "TWh", "V", "kV", "A", "mA", "Hz", "kHz", "MHz", "GHz", "K", "°C", "°F", "Pa",
        "kPa", "MPa", "bar", "J", "kJ", "MJ", "s", "ms", "h", "B", "kB", "MB", "GB", "TB", "Mbps",
        "Gbps", "TEU", "DWT", "µg", "μg", "μm", "rpm", "mph", "USD", "EUR", "PKR", "CNY", "RMB",
    ];
    let whole = word.split('/').next().unwrap_or(word);
    UNITS.contains(&whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_told_apart() {
        for (text, kind) in [
            ("2026", Number::Plain),
            ("2.0", Number::Plain),
            ("10:30", Number::Plain),
            ("4/1/2026", Number::Plain),
            ("3-1", Number::Range),
            ("75%", Number::Percent),
            ("2025–2029", Number::Range),
            ("2025-2029", Number::Range),
            ("12-15", Number::Range),
            ("1234-5678", Number::Alone),
            ("1,320", Number::Plain),
            ("2025-26", Number::Range),
            ("٢٠٢٥-٢٠٢٩", Number::Range),
            ("2026-01-04", Number::Alone),
            ("٢٠٢٦-٠١-٠٤", Number::Alone),
            ("2026-01", Number::Alone),
            ("051-9201234", Number::Alone),
            ("978-3-16-148410-0", Number::Alone),
            ("2.0.1", Number::Alone),
            ("-5", Number::Alone),
            ("2+3=5", Number::Alone),
        ] {
            assert_eq!(classify(text), kind, "{text}");
        }
    }
}
