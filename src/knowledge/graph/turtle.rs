//! Statements as Turtle (W3C RDF 1.1 Turtle).

use super::{Datatype, Graph, Name, Object, Resource, escaped};

/// The media type.
pub const MEDIA_TYPE: &str = "text/turtle";

/// The whole document.
#[must_use]
pub fn write(graph: &Graph) -> String {
    let mut out = head(&graph.own);
    for resource in &graph.resources {
        write_resource(&mut out, resource, &graph.own);
    }
    out
}

/// What a document begins with.
#[must_use]
pub fn head(own: &str) -> String {
    let mut out = String::with_capacity(4096);
    for (prefix, namespace) in [
        ("schema", super::SCHEMA),
        ("rdf", super::RDF),
        ("rdfs", super::RDFS),
        ("xsd", super::XSD),
        ("edtf", "http://id.loc.gov/datatypes/edtf/"),
        ("site", own),
    ] {
        out.extend(["@prefix ", prefix, ": "]);
        iri(&mut out, namespace);
        out.push_str(" .\n");
    }
    out
}

/// Appends what is said of a thing.
pub fn write_resource(out: &mut String, resource: &Resource, own: &str) {
    out.push('\n');
    match &resource.iri {
        Some(name) => {
            iri(out, name);
            out.push(' ');
            statements(out, resource, own, 1);
        }
        None => {
            out.push_str("[] ");
            statements(out, resource, own, 1);
        }
    }
    out.push_str(" .\n");
}

fn statements(out: &mut String, resource: &Resource, own: &str, depth: usize) {
    let mut first = true;
    let mut separate = |out: &mut String| {
        if !std::mem::take(&mut first) {
            out.push_str(" ;\n");
            out.extend(std::iter::repeat_n("    ", depth));
        }
    };
    for (n, type_) in resource.types.iter().enumerate() {
        if n == 0 {
            separate(out);
            out.push_str("a ");
        } else {
            out.push_str(", ");
        }
        name(out, type_, own);
    }
    for (property, objects) in resource.grouped() {
        separate(out);
        name(out, property, own);
        for (n, value) in objects.into_iter().enumerate() {
            out.push_str(if n == 0 { " " } else { ", " });
            object(out, value, own, depth);
        }
    }
}

fn object(out: &mut String, object: &Object, own: &str, depth: usize) {
    match object {
        Object::Iri(name) => iri(out, name),
        Object::Text(text) => literal(out, text),
        Object::Tagged(text, lang) => {
            literal(out, text);
            out.extend(["@", lang]);
        }
        Object::Typed(text, datatype) => {
            literal(out, text);
            let prefix = if *datatype == Datatype::Edtf { "^^edtf:" } else { "^^xsd:" };
            out.extend([prefix, datatype.local()]);
        }
        Object::Node(resource) => {
            out.push_str("[\n");
            out.extend(std::iter::repeat_n("    ", depth + 1));
            statements(out, resource, own, depth + 1);
            out.push('\n');
            out.extend(std::iter::repeat_n("    ", depth));
            out.push(']');
        }
    }
}

/// Appends a name with its prefix, or whole where that cannot be (PN_LOCAL).
fn name(out: &mut String, name: &Name, own: &str) {
    let (prefix, local) = match name {
        Name::Schema(local) => ("schema:", &**local),
        Name::Own(local) => ("site:", &**local),
        Name::Rdf(local) => ("rdf:", *local),
        Name::Rdfs(local) => ("rdfs:", *local),
    };
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.');
    let starts = local.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
    if starts && local.bytes().all(plain) && !local.ends_with('.') {
        out.extend([prefix, local]);
    } else {
        iri(out, &name.iri(own));
    }
}

/// Appends an IRI in its brackets; what may not be in them (IRIREF) as `\u`.
fn iri(out: &mut String, iri: &str) {
    out.push('<');
    for c in iri.chars() {
        if c <= ' ' || matches!(c, '<' | '>' | '"' | '{' | '}' | '|' | '^' | '`' | '\\') {
            out.push_str(&format!("\\u{:04X}", u32::from(c)));
        } else {
            out.push(c);
        }
    }
    out.push('>');
}

/// Appends a text in quotation marks (STRING_LITERAL_QUOTE). Characters that nobody sees are written by their
/// numbers, so that a file shows what it holds.
fn literal(out: &mut String, text: &str) {
    out.push('"');
    escaped(out, text, |out, c| match c {
        '"' => out.push_str("\\\""),
        '\\' => out.push_str("\\\\"),
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{FEFF}') => {
            out.push_str(&format!("\\u{:04X}", u32::from(c)));
        }
        c => out.push(c),
    });
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_end_a_literal_is_escaped() {
        let mut out = String::new();
        literal(&mut out, "«أ» \"x\" \\ \n\u{2028}\u{0}</script>");
        assert_eq!(out, "\"«أ» \\\"x\\\" \\\\ \\n\\u2028\\u0000</script>\"");
        out.clear();
        iri(&mut out, "https://x/ <>");
        assert_eq!(out, "<https://x/\\u0020\\u003C\\u003E>");
    }

    #[test]
    fn names_are_short_where_they_can_be() {
        let mut out = String::new();
        for local in ["event.date", "-x", "x.", "%D8%A3", "a/b"] {
            name(&mut out, &Name::Own(local.into()), "https://x/v#");
            out.push(' ');
        }
        assert_eq!(
            out,
            "site:event.date <https://x/v#-x> <https://x/v#x.> <https://x/v#%D8%A3> <https://x/v#a/b> "
        );
    }
}
