//! Statements as JSON-LD 1.1. The context is written out, so that nobody needs the network to read it, and no
//! character could end a `<script>` that it is put into.

use std::collections::BTreeMap;

use super::{Datatype, Graph, Name, Object, Resource, escaped};

/// The media type.
pub const MEDIA_TYPE: &str = "application/ld+json";

/// The whole document. Texts of `language` are plain there, which programs understand that take JSON-LD for
/// JSON; so are values of properties that have but one type. `indented` is for people.
#[must_use]
pub fn write(graph: &Graph, language: Option<&str>, indented: bool) -> String {
    let mut types = Types::default();
    graph.resources.iter().for_each(|resource| types.gather(resource));
    let json = Json { out: String::with_capacity(4096), indented, depth: 0, first: true };
    let mut writer = Writer { json, language, forms: types.plain(language.is_some()) };
    writer.json.open('{');
    writer.context(graph, types.own);
    writer.json.key("@graph");
    writer.json.open('[');
    for resource in &graph.resources {
        writer.resource(resource);
    }
    writer.json.close(']');
    writer.json.close('}');
    if indented {
        writer.json.out.push('\n');
    }
    writer.json.out
}

/// What all the values of a property are, so that they can be written as plain strings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// Values of a type.
    Typed(Datatype),
    /// Texts in no language.
    Text,
}

/// What the values of each property are.
#[derive(Default)]
struct Types<'a> {
    /// `None` for those of several forms, or others.
    forms: BTreeMap<&'a str, Option<Form>>,
    /// Whether there is a term of the site's own.
    own: bool,
}

impl<'a> Types<'a> {
    fn gather(&mut self, resource: &'a Resource) {
        self.own |= resource.types.iter().any(|name| matches!(name, Name::Own(_)));
        for (name, object) in &resource.statements {
            self.own |= matches!(name, Name::Own(_));
            if let Object::Node(inner) = object {
                self.gather(inner);
            }
            let Name::Schema(name) = name else { continue };
            let form = match object {
                Object::Typed(_, datatype) => Some(Form::Typed(*datatype)),
                Object::Text(_) => Some(Form::Text),
                _ => None,
            };
            let known = self.forms.entry(name).or_insert(form);
            if *known != form {
                *known = None;
            }
        }
    }

    /// The properties of which the context says what their values are: not those that JSON can say itself.
    fn plain(&self, has_language: bool) -> BTreeMap<&'a str, Form> {
        let other = |form: &Form| match form {
            Form::Typed(type_) => !matches!(type_, Datatype::Boolean | Datatype::Integer),
            Form::Text => has_language,
        };
        let forms = self.forms.iter().filter_map(|(name, form)| Some((*name, (*form)?)));
        forms.filter(|(_, form)| other(form)).collect()
    }
}

struct Writer<'a> {
    json: Json,
    language: Option<&'a str>,
    forms: BTreeMap<&'a str, Form>,
}

impl Writer<'_> {
    fn context(&mut self, graph: &Graph, own: bool) {
        self.json.key("@context");
        self.json.open('{');
        self.json.pair("@vocab", super::SCHEMA);
        if let Some(language) = self.language {
            self.json.pair("@language", language);
        }
        if own {
            self.json.pair("site", &graph.own);
        }
        for (name, form) in &self.forms {
            self.json.key(name);
            self.json.open('{');
            match form {
                Form::Typed(type_) => self.json.pair("@type", &type_.iri()),
                Form::Text => {
                    self.json.key("@language");
                    self.json.raw("null");
                }
            }
            self.json.close('}');
        }
        self.json.close('}');
    }

    fn resource(&mut self, resource: &Resource) {
        self.json.open('{');
        if let Some(iri) = &resource.iri {
            self.json.pair("@id", iri);
        }
        match resource.types.as_slice() {
            [] => {}
            [one] => self.json.pair("@type", &name(one)),
            several => {
                self.json.key("@type");
                self.json.open('[');
                several.iter().for_each(|type_| self.json.string(&name(type_)));
                self.json.close(']');
            }
        }
        for (property, objects) in resource.grouped() {
            self.json.key(&name(property));
            match objects.as_slice() {
                [one] => self.object(property, one),
                several => {
                    self.json.open('[');
                    several.iter().for_each(|object| self.object(property, object));
                    self.json.close(']');
                }
            }
        }
        self.json.close('}');
    }

    fn object(&mut self, property: &Name, object: &Object) {
        let form = match property {
            Name::Schema(name) => self.forms.get(&**name).copied(),
            _ => None,
        };
        match object {
            Object::Iri(iri) => self.one("@id", iri, None),
            Object::Text(text) if self.language.is_none() || form == Some(Form::Text) => {
                self.json.string(text);
            }
            Object::Text(text) => self.one("@value", text, None),
            Object::Tagged(text, lang) if self.language == Some(lang) => self.json.string(text),
            Object::Tagged(text, lang) => self.one("@value", text, Some(("@language", lang))),
            Object::Typed(text, datatype) => match datatype {
                _ if form == Some(Form::Typed(*datatype)) => self.json.string(text),
                Datatype::Boolean if text == "true" || text == "false" => self.json.raw(text),
                Datatype::Integer if is_exact(text) => self.json.raw(text),
                other => self.one("@value", text, Some(("@type", &other.iri()))),
            },
            Object::Node(inner) => self.resource(inner),
        }
    }

    /// An object of one value, and perhaps what it is.
    fn one(&mut self, key: &str, value: &str, also: Option<(&str, &str)>) {
        self.json.open('{');
        self.json.pair(key, value);
        if let Some((key, value)) = also {
            self.json.pair(key, value);
        }
        self.json.close('}');
    }
}

/// Whether a whole number is the same when it is read from JSON, which has no more than doubles (RFC 8259 §6).
fn is_exact(text: &str) -> bool {
    const MAX: i64 = 1 << 53;
    text.parse::<i64>().is_ok_and(|n| n.abs() < MAX && n.to_string() == text)
}

/// A name as a key: those of schema.org need no prefix.
fn name(name: &Name) -> String {
    match name {
        Name::Schema(name) => name.to_string(),
        Name::Own(name) => format!("site:{name}"),
        other => other.iri(""),
    }
}

/// JSON as text.
struct Json {
    out: String,
    indented: bool,
    depth: usize,
    /// Whether nothing was written yet in what is open.
    first: bool,
}

impl Json {
    fn line(&mut self) {
        if self.indented {
            self.out.push('\n');
            self.out.extend(std::iter::repeat_n("  ", self.depth));
        }
    }

    /// Begins a value of a list, or a key.
    fn next(&mut self) {
        if self.out.ends_with(':') || self.out.ends_with(": ") {
            return;
        }
        if !self.first {
            self.out.push(',');
        }
        if self.depth > 0 {
            self.line();
        }
        self.first = false;
    }

    fn open(&mut self, bracket: char) {
        self.next();
        self.out.push(bracket);
        self.depth += 1;
        self.first = true;
    }

    fn close(&mut self, bracket: char) {
        self.depth -= 1;
        if !self.first {
            self.line();
        }
        self.out.push(bracket);
        self.first = false;
    }

    fn key(&mut self, key: &str) {
        self.next();
        quoted(&mut self.out, key);
        self.out.push_str(if self.indented { ": " } else { ":" });
    }

    fn string(&mut self, text: &str) {
        self.next();
        quoted(&mut self.out, text);
    }

    fn raw(&mut self, text: &str) {
        self.next();
        self.out.push_str(text);
    }

    fn pair(&mut self, key: &str, value: &str) {
        self.key(key);
        self.string(value);
    }
}

/// Appends a text in quotation marks (RFC 8259 §7). What could be taken for markup, or for the end of a line of a
/// script, is written by its number.
fn quoted(out: &mut String, text: &str) {
    out.push('"');
    escaped(out, text, |out, c| match c {
        '"' => out.push_str("\\\""),
        '\\' => out.push_str("\\\\"),
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        '<' | '>' | '&' | '\u{2028}' | '\u{2029}' | '\u{FEFF}' => escape(out, c),
        c if c.is_control() => escape(out, c),
        c => out.push(c),
    });
    out.push('"');
}

fn escape(out: &mut String, c: char) {
    out.push_str(&format!("\\u{:04x}", u32::from(c)));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_ends_a_script() {
        let mut out = String::new();
        quoted(&mut out, "</script><!-- & \u{2028}\u{2029} \"\\\n\u{0}");
        let expected =
            "\"\\u003c/script\\u003e\\u003c!-- \\u0026 \\u2028\\u2029 \\\"\\\\\\n\\u0000\"";
        assert_eq!(out, expected);
        let back: Result<String, _> = serde_json::from_str(&out);
        assert_eq!(back.ok().as_deref(), Some("</script><!-- & \u{2028}\u{2029} \"\\\n\u{0}"));
    }

    #[test]
    fn values_of_one_type_and_texts_of_the_page_are_plain() {
        let mut event = Resource::new(Some("https://x/#it".into()), vec![Name::schema("Event")]);
        event.say("name", Object::Tagged("حدث:".into(), "ar".into()));
        event.say("name", Object::Tagged("Event".into(), "en".into()));
        event.say("startDate", Object::Typed("1951-05-21".into(), Datatype::Date));
        event
            .statements
            .push((Name::Own("event.n".into()), Object::Typed("7".into(), Datatype::Integer)));
        event.say("inLanguage", Object::Text("ar".into()));
        event.statements.push((Name::Own("event.code".into()), Object::Text("A".into())));
        let graph = Graph { own: "https://x/v#".into(), resources: vec![event] };
        let expected = concat!(
            r#"{"@context":{"@vocab":"https://schema.org/","@language":"ar","site":"https://x/v#","#,
            r#""inLanguage":{"@language":null},"#,
            r#""startDate":{"@type":"http://www.w3.org/2001/XMLSchema#date"}},"#,
            r#""@graph":[{"@id":"https://x/#it","@type":"Event","#,
            r#""name":["حدث:",{"@value":"Event","@language":"en"}],"startDate":"1951-05-21","#,
            r#""site:event.n":7,"inLanguage":"ar","site:event.code":{"@value":"A"}}]}"#,
        );
        assert_eq!(write(&graph, Some("ar"), false), expected);
        let indented: Result<serde_json::Value, _> =
            serde_json::from_str(&write(&graph, Some("ar"), true));
        assert_eq!(indented.ok(), serde_json::from_str(expected).ok());
    }
}
