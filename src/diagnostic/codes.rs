//! The stable names of problems. Tools and `check` rules refer to them: a name never changes its
//! meaning, and a retired one is not used again.

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $text:literal;)*) => {
        $($(#[$doc])* pub const $name: &str = $text;)*
        /// Every code, for tests and documentation.
        pub const ALL: &[&str] = &[$($text),*];
    };
}

codes! {
    /// A file or folder cannot be read.
    UNREADABLE = "unreadable";
    /// A text file is not UTF-8.
    NOT_UTF8 = "not-utf8";
    /// A symbolic link leads out of the site, in a ring, or nowhere.
    SYMLINK = "symlink";
    /// A file name cannot be an id.
    BAD_ID = "bad-id";
    /// A file changed while it was being built.
    CHANGED = "changed-while-building";
    /// A file is larger than the program reads.
    TOO_LARGE = "too-large";
    /// TOML that does not parse.
    TOML_SYNTAX = "toml-syntax";
    /// YAML that does not parse.
    YAML_SYNTAX = "yaml-syntax";
    /// A data file (JSON or CSV) or a table of pages that does not parse.
    DATA_SYNTAX = "data-syntax";
    /// Words that mean the same in a search, written otherwise than in lists of words.
    SYNONYMS = "search-synonyms";
    /// Front matter that is not closed, too large or nested too deep.
    FRONT_MATTER = "front-matter";
    /// A key that nothing reads.
    UNKNOWN_KEY = "unknown-key";
    /// A required key that is not there.
    MISSING_KEY = "missing-key";
    /// A value of another type than the key's.
    WRONG_TYPE = "wrong-type";
    /// A value of the right type that makes no sense.
    BAD_VALUE = "bad-value";
    /// A file or key in a language that the site does not have.
    UNKNOWN_LANGUAGE = "unknown-language";
    /// A theme that is not there, or a ring of themes.
    THEME = "theme";
    /// A kind that no `kinds.toml` describes.
    UNKNOWN_KIND = "unknown-kind";
    /// A reference to a page that is not there, or not of the right kind.
    BAD_REFERENCE = "bad-reference";
    /// A fact repeated in a translation.
    FACT_IN_TRANSLATION = "fact-in-translation";
    /// Two outputs on one path.
    PATH_COLLISION = "path-collision";
    /// A slug, alias or permalink that leaves the site or cannot be a path.
    BAD_PATH = "bad-path";
    /// A link to a page, file or anchor that is not there.
    BROKEN_LINK = "broken-link";
    /// A wikilink with more than one possible target.
    AMBIGUOUS_LINK = "ambiguous-link";
    /// A citation of a source that is not there.
    UNKNOWN_SOURCE = "unknown-source";
    /// What looks like a citation and cannot be read.
    BAD_CITATION = "bad-citation";
    /// A picture that cannot be read, is damaged or too large.
    PICTURE = "picture";
    /// A footnote without its text.
    FOOTNOTE = "footnote";
    /// A `:::` block that is not closed, not opened or badly written.
    BLOCK = "block";
    /// A `:::` block whose component the theme does not have.
    UNKNOWN_BLOCK = "unknown-block";
    /// Raw HTML that was removed.
    RAW_HTML = "raw-html";
    /// A template that does not parse.
    TEMPLATE_SYNTAX = "template-syntax";
    /// A template that failed on a page.
    TEMPLATE_ERROR = "template-error";
    /// A template that is not there.
    TEMPLATE_MISSING = "template-missing";
    /// A message that is not there or lacks a plural form.
    MESSAGE = "message";
    /// A style sheet that does not parse.
    CSS_SYNTAX = "css-syntax";
    /// A font that cannot be used as it is meant.
    FONT = "font";
    /// A social card that cannot be drawn, or lacks letters.
    CARD = "card";
    /// A script that does not parse, or a bundle that cannot be made.
    SCRIPT = "script";
    /// What a host that is asked for does not take.
    HOSTING = "hosting";
    /// An output that cannot be written.
    OUTPUT = "output";
    /// A foreign file where an output belongs.
    FOREIGN_FILE = "foreign-file";
    /// Something asked of a target was not done.
    DEPLOY = "deploy";
    /// A deploy that looks like a mistake and was not allowed.
    DEPLOY_REFUSED = "deploy-refused";
    /// A file that nobody should see and that would be published.
    SECRET = "secret";
}
