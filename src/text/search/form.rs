//! How the forms of a word stand to each other: which of them a reader who typed one wants to find.

/// The form of a word, as far as its ending tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Form {
    /// As it is: مشروع، عاماً; in other languages a form that is as long as its stem.
    Bare,
    /// With teh marbuta: مبادرة.
    Feminine,
    /// With heh, which is *his* or a teh marbuta without its dots, or with *ت* before *their*: مبادره، مبادرتهم.
    Either,
    /// The sound feminine plural or dual: مبادرات، مبادرتين.
    Plural,
    /// The sound masculine plural or dual: مسؤولون، وزيرين.
    Masculine,
    /// A verb of the past with the ending of its person: أكدت، وقعوا.
    Verb,
    /// The adjective of belonging: صيني; or *my*.
    Relative,
    /// … in the feminine, or the noun that is made so: صينية، اتفاقية، اتفاقيات.
    RelativeFeminine,
    /// With alef maqsura: ذكرى.
    Maqsura,
}

impl Form {
    /// All, by their numbers.
    pub const ALL: [Self; 9] = [
        Self::Bare,
        Self::Feminine,
        Self::Either,
        Self::Plural,
        Self::Masculine,
        Self::Verb,
        Self::Relative,
        Self::RelativeFeminine,
        Self::Maqsura,
    ];

    /// Its number, below [`FORMS`].
    #[must_use]
    pub const fn number(self) -> usize {
        self as usize
    }

    /// The form of a number.
    #[must_use]
    pub fn of(number: usize) -> Option<Self> {
        Self::ALL.get(number).copied()
    }

    fn kin(self) -> Kin {
        match self {
            Self::Bare | Self::Masculine | Self::Verb => Kin::Noun,
            Self::Feminine => Kin::Feminine,
            Self::Either => Kin::Either,
            Self::Plural => Kin::Plural,
            Self::Relative => Kin::Relative,
            Self::RelativeFeminine => Kin::RelativeFeminine,
            Self::Maqsura => Kin::Maqsura,
        }
    }
}

/// The number of forms.
pub const FORMS: usize = Form::ALL.len();

/// Forms that stand to all others in the same way.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kin {
    Noun,
    Feminine,
    Either,
    Plural,
    Relative,
    RelativeFeminine,
    Maqsura,
}

/// What is known of a family of words beside its forms.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Nature {
    /// Its adjective of belonging means what it means, however short it is: صين and صيني.
    pub place: bool,
    /// With and without teh marbuta it is two words: مكتب and مكتبة.
    pub apart: bool,
    /// Another language than Arabic: every form stands for every other.
    pub uniform: bool,
    /// The site has it with the article alone: it is no verb.
    pub article: bool,
}

impl Nature {
    /// As a number, for the index.
    #[must_use]
    pub fn bits(self) -> u8 {
        u8::from(self.place)
            | u8::from(self.apart) << 1
            | u8::from(self.uniform) << 2
            | u8::from(self.article) << 3
    }

    /// Of such a number.
    #[must_use]
    pub fn of_bits(bits: u8) -> Self {
        Self {
            place: bits & 1 != 0,
            apart: bits & 2 != 0,
            uniform: bits & 4 != 0,
            article: bits & 8 != 0,
        }
    }
}

/// How near a form of a family is to the one that is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Nearness {
    /// Another word, or one that may be: shown where nothing else is found.
    Far,
    /// The same word in another form.
    Near,
    /// The same form.
    Same,
}

/// Which forms a family has that tell what others of it are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Has {
    /// An adjective of belonging.
    pub adjective: bool,
    /// A form with teh marbuta.
    pub feminine: bool,
}

impl Has {
    /// Of a family's forms.
    pub fn of(forms: impl IntoIterator<Item = Form>) -> Self {
        let mut has = Self::default();
        for form in forms {
            has.adjective |= form == Form::Relative;
            has.feminine |= matches!(form, Form::Feminine | Form::Either);
        }
        has
    }
}

/// How near `found` is to `asked`, in a family with this key, nature and forms.
#[must_use]
pub fn nearness(asked: Form, found: Form, key: &str, nature: Nature, has: Has) -> Nearness {
    if asked == found {
        return Nearness::Same;
    }
    if nature.uniform || is_near(asked, found, key, nature, has) {
        Nearness::Near
    } else {
        Nearness::Far
    }
}

/// Whether two forms of a family are one word, as far as its ending tells: that of a link between words.
#[must_use]
pub fn is_same_word(one: Form, other: Form, nature: Nature) -> bool {
    let (one, other) = (one.kin(), other.kin());
    let (low, high) = if one < other { (one, other) } else { (other, one) };
    nature.uniform
        || low == high
        || matches!(
            (low, high),
            (Kin::Noun | Kin::Feminine, Kin::Either) | (Kin::Either, Kin::Plural)
        )
}

fn is_near(asked: Form, found: Form, key: &str, nature: Nature, has: Has) -> bool {
    let long = key.chars().count() >= 4;
    let (asked, found) = (asked.kin(), found.kin());
    let (low, high) = if asked < found { (asked, found) } else { (found, asked) };
    match (low, high) {
        (Kin::Noun, Kin::Feminine) => (long || is_geminate(key)) && !nature.apart,
        // سندات are of سند, but حركات of حركة.
        (Kin::Noun, Kin::Plural) => (long || !has.feminine) && !nature.apart,
        (Kin::Noun, Kin::Either) => !nature.apart,
        (Kin::Feminine | Kin::Either, Kin::Plural)
        | (Kin::Feminine, Kin::Either)
        | (Kin::Relative, Kin::RelativeFeminine | Kin::Maqsura) => true,
        (Kin::RelativeFeminine, Kin::Maqsura) => long,
        (Kin::Maqsura, _) | (_, Kin::Maqsura) => low == high,
        // اتفاق is in اتفاقية, but not the other way round; صينية is an adjective of صين where صيني is one.
        (_, Kin::RelativeFeminine) if asked == Kin::RelativeFeminine => {
            has.adjective || nature.place
        }
        // نفطية is of نفط, but حرفي not of حرفة.
        (_, Kin::Relative | Kin::RelativeFeminine) => {
            low == Kin::Noun || low == Kin::Relative || long || nature.place
        }
        _ => low == high,
    }
}

/// Whether three letters are like those of عام and خاص, whose feminines are the same word.
fn is_geminate(key: &str) -> bool {
    let mut letters = key.chars();
    letters.nth(1) == Some('ا') && letters.count() == 1
}
