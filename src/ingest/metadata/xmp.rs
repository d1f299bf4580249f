//! Reads an XMP packet into a tree of properties (ISO 16684-1: the RDF subset that XMP is written in).
//!
//! Properties are named by their usual prefix whatever prefix the file uses, the namespace's address decides. Depth, nodes
//! and entities are bounded; a packet that is not well-formed XML gives trouble and no properties.
//! What the properties mean is left to [`super::xmp_fields`] and [`super::xmp_regions`].

use roxmltree::{Document, Node, ParsingOptions};

use super::encoding;
use super::facts::Facts;
use super::input::{Trouble, malformed};
use super::model::Source;

/// Deepest nesting of values.
const DEPTH: usize = 16;
const RDF: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
const XML: &str = "http://www.w3.org/XML/1998/namespace";

/// Prefixes by the address of their namespace, without its last sign, as that is what programs get wrong.
const PREFIXES: [(&str, &str); 25] = [
    ("http://purl.org/dc/elements/1.1", "dc"),
    ("http://ns.adobe.com/xap/1.0", "xmp"),
    ("http://ns.adobe.com/exif/1.0", "exif"),
    ("http://cipa.jp/exif/1.0", "exifEX"),
    ("http://ns.adobe.com/exif/1.0/aux", "aux"),
    ("http://ns.adobe.com/tiff/1.0", "tiff"),
    ("http://ns.adobe.com/photoshop/1.0", "photoshop"),
    ("http://iptc.org/std/Iptc4xmpCore/1.0/xmlns", "Iptc4xmpCore"),
    ("http://iptc.org/std/Iptc4xmpExt/2008-02-29", "Iptc4xmpExt"),
    ("http://ns.adobe.com/lightroom/1.0", "lr"),
    ("http://www.digikam.org/ns/1.0", "digiKam"),
    ("http://ns.microsoft.com/photo/1.0", "MicrosoftPhoto"),
    ("http://ns.microsoft.com/photo/1.2", "MP"),
    ("http://ns.microsoft.com/photo/1.2/t/RegionInfo", "MPRI"),
    ("http://ns.microsoft.com/photo/1.2/t/Region", "MPReg"),
    ("http://www.metadataworkinggroup.com/schemas/regions", "mwg-rs"),
    ("http://www.metadataworkinggroup.com/schemas/keywords", "mwg-kw"),
    ("http://ns.adobe.com/xmp/sType/Area", "stArea"),
    ("http://ns.adobe.com/xap/1.0/sType/Dimensions", "stDim"),
    ("http://ns.google.com/photos/1.0/panorama", "GPano"),
    ("http://ns.google.com/photos/1.0/camera", "GCamera"),
    ("http://ns.google.com/photos/1.0/container", "Container"),
    ("http://ns.google.com/photos/1.0/container/item", "Item"),
    ("http://ns.acdsee.com/iptc/1.0", "acdsee"),
    ("http://ns.acdsee.com/regions", "acdsee-rs"),
];

/// A value: text, a list of values, or named values; a list of languages is a list whose items carry `xml:lang`.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    Text(String),
    List(Vec<Item>),
    Struct(Vec<(String, Value)>),
}

/// An item of a list, with its language if it has one.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Item {
    pub language: Option<String>,
    pub value: Value,
}

impl Value {
    /// The text of a value: itself, its default language, or its first item.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text.trim()).filter(|text| !text.is_empty()),
            Self::List(items) => {
                let default = items.iter().find(|item| item.language.as_deref() == Some("x-default"));
                default.and_then(|item| item.value.text()).or_else(|| items.iter().find_map(|item| item.value.text()))
            }
            Self::Struct(fields) => {
                fields.iter().find(|(name, _)| name == "rdf:value").and_then(|(_, value)| value.text())
            }
        }
    }

    /// The texts of a list, or the one text.
    pub fn texts(&self) -> Vec<&str> {
        match self {
            Self::List(items) => items.iter().filter_map(|item| item.value.text()).collect(),
            _ => self.text().into_iter().collect(),
        }
    }

    /// The items of a list; a value that is no list is its own only item.
    pub fn items(&self) -> Vec<&Value> {
        match self {
            Self::List(items) => items.iter().map(|item| &item.value).collect(),
            _ => vec![self],
        }
    }

    /// A field of a structure.
    pub fn field(&self, name: &str) -> Option<&Value> {
        match self {
            Self::Struct(fields) => fields.iter().find(|(field, _)| field == name).map(|(_, value)| value),
            _ => None,
        }
    }

    /// The text of a field of a structure.
    pub fn field_text(&self, name: &str) -> Option<&str> {
        self.field(name)?.text()
    }

    /// The number in a field of a structure.
    pub fn field_number(&self, name: &str) -> Option<f64> {
        number(self.field_text(name)?)
    }
}

/// A number as XMP writes it: decimal, or a fraction.
pub(super) fn number(text: &str) -> Option<f64> {
    let text = text.trim();
    let value = match text.split_once('/') {
        Some((above, below)) => above.trim().parse::<f64>().ok()? / below.trim().parse::<f64>().ok()?,
        None => text.parse().or_else(|_| text.replace(',', ".").parse()).ok()?,
    };
    value.is_finite().then_some(value)
}

/// Reads a packet and notes what it says.
pub(super) fn read(packet: &[u8], source: Source, facts: &mut Facts) -> Result<(), Trouble> {
    let text = encoding::marked(packet);
    let text = trimmed(&text);
    if text.is_empty() {
        return Ok(());
    }
    let properties = Value::Struct(parse(text)?);
    super::xmp_fields::note(&properties, source, facts);
    super::xmp_regions::note(&properties, source, facts);
    Ok(())
}

/// The packet without what stands before its first and behind its last element: padding, NULs, a cut-off trailer.
fn trimmed(text: &str) -> &str {
    let start = text.find('<').unwrap_or(text.len());
    let end = text.rfind('>').map_or(0, |at| at + 1);
    if end > start { &text[start..end] } else { &text[start..] }
}

/// The properties of a packet, by `prefix:name`.
fn parse(text: &str) -> Result<Vec<(String, Value)>, Trouble> {
    let options = ParsingOptions { allow_dtd: false, nodes_limit: 200_000, ..ParsingOptions::default() };
    if !is_moderate(text) {
        return malformed("it is larger in its parts than any real packet");
    }
    let document = match Document::parse_with_options(text, options) {
        Ok(document) => document,
        Err(error) => return malformed(format!("it is not well-formed XML: {error}")),
    };
    let root = document.root_element();
    let descriptions = root.descendants().filter(|node| {
        node.has_tag_name((RDF, "Description")) && node.parent().is_some_and(|parent| parent.has_tag_name((RDF, "RDF")))
    });
    Ok(descriptions.flat_map(|description| fields(description, 0)).collect())
}

/// Whether a packet keeps within what real ones need: depth of elements, attributes of one, namespaces declared.
///
/// The parser beneath compares each attribute with its neighbours and looks namespaces up one by one, so that a packet made
/// for it could keep it busy for hours.
fn is_moderate(text: &str) -> bool {
    const DEEPEST: usize = 256;
    const ATTRIBUTES: usize = 2_000;
    const NAMESPACES: usize = 500;
    let bytes = text.as_bytes();
    let (mut depth, mut at) = (0_usize, 0);
    while let Some(start) = bytes.get(at..).and_then(|rest| rest.iter().position(|&byte| byte == b'<')) {
        let start = at + start;
        let (end, attributes) = tag_end(bytes, start);
        match bytes.get(start + 1) {
            Some(b'/') => depth = depth.saturating_sub(1),
            Some(b'!' | b'?') => {}
            _ if bytes.get(end.wrapping_sub(1)) != Some(&b'/') => depth += 1,
            _ => {}
        }
        if depth > DEEPEST || attributes > ATTRIBUTES {
            return false;
        }
        at = end + 1;
    }
    text.matches("xmlns").take(NAMESPACES + 1).count() <= NAMESPACES
}

/// Where a tag ends, and how many attributes it has; signs in quotes do not count.
fn tag_end(bytes: &[u8], start: usize) -> (usize, usize) {
    let (mut quote, mut attributes) = (None, 0);
    for (offset, &byte) in bytes[start..].iter().enumerate() {
        match (quote, byte) {
            (None, b'>') => return (start + offset, attributes),
            (None, b'"' | b'\'') => quote = Some(byte),
            (None, b'=') => attributes += 1,
            (Some(open), close) if open == close => quote = None,
            _ => {}
        }
    }
    (bytes.len(), attributes)
}

/// The prefixed name of an element or attribute.
fn name(namespace: Option<&str>, prefix: Option<&str>, local: &str) -> String {
    let address = namespace.unwrap_or_default();
    if address == RDF {
        return format!("rdf:{local}");
    }
    let trimmed = address.trim_end_matches(['/', '#']);
    match PREFIXES.iter().find(|(known, _)| known.eq_ignore_ascii_case(trimmed)) {
        Some((_, prefix)) => format!("{prefix}:{local}"),
        // Some programs get an address wrong and everything else right.
        None => format!("{}:{local}", prefix.unwrap_or_default()),
    }
}

/// The named values of a description: its attributes and its elements.
fn fields(node: Node<'_, '_>, depth: usize) -> Vec<(String, Value)> {
    let attributes = node.attributes().filter(|attribute| !matches!(attribute.namespace(), Some(RDF | XML) | None));
    let mut fields: Vec<(String, Value)> = attributes
        .map(|attribute| {
            let prefix = attribute.namespace().and_then(|address| node.lookup_prefix(address));
            (name(attribute.namespace(), prefix, attribute.name()), Value::Text(attribute.value().to_owned()))
        })
        .collect();
    for child in node.children().filter(Node::is_element) {
        let prefix = child.tag_name().namespace().and_then(|address| child.lookup_prefix(address));
        let name = name(child.tag_name().namespace(), prefix, child.tag_name().name());
        if let Some(value) = value(child, depth + 1) {
            fields.push((name, value));
        }
    }
    fields
}

/// The value of a property's element.
fn value(node: Node<'_, '_>, depth: usize) -> Option<Value> {
    if depth > DEPTH {
        return None;
    }
    if node.attribute((RDF, "parseType")) == Some("Resource") {
        return Some(Value::Struct(fields(node, depth)));
    }
    if let Some(resource) = node.attribute((RDF, "resource")) {
        return Some(Value::Text(resource.to_owned()));
    }
    let Some(child) = node.children().find(Node::is_element) else {
        let own = fields(node, depth);
        let text: String = node.children().filter_map(|child| child.text()).collect();
        return Some(if own.is_empty() || !text.trim().is_empty() { Value::Text(text) } else { Value::Struct(own) });
    };
    let list = ["Bag", "Seq", "Alt"].iter().any(|list| child.has_tag_name((RDF, *list)));
    if list {
        let items = child.children().filter(Node::is_element).filter_map(|item| {
            let language = item.attribute((XML, "lang")).map(str::to_owned);
            Some(Item { language, value: value(item, depth + 1)? })
        });
        return Some(Value::List(items.collect()));
    }
    if child.has_tag_name((RDF, "Description")) {
        return Some(Value::Struct(fields(child, depth)));
    }
    // A structure written without its description element.
    Some(Value::Struct(fields(node, depth)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packet(properties: &str) -> String {
        format!(
            "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='{RDF}'><rdf:Description rdf:about='' \
             xmlns:d='http://purl.org/dc/elements/1.1/' xmlns:MicrosoftPhoto='http://wrong.example/' \
             xmlns:xmp='http://ns.adobe.com/xap/1.0/' {properties}</rdf:Description></rdf:RDF></x:xmpmeta>"
        )
    }

    #[test]
    fn properties_are_named_by_their_namespace_and_read_in_every_spelling() {
        let properties = packet(
            "xmp:Rating='4'><d:title><rdf:Alt><rdf:li xml:lang='de'>Käfer</rdf:li><rdf:li xml:lang='x-default'>Beetle</rdf:li>\
             </rdf:Alt></d:title><d:subject><rdf:Bag><rdf:li>a</rdf:li><rdf:li>b</rdf:li></rdf:Bag></d:subject>\
             <MicrosoftPhoto:Rating>75</MicrosoftPhoto:Rating><xmp:Thing rdf:parseType='Resource'><xmp:Part>1/4</xmp:Part></xmp:Thing>",
        );
        let tree = Value::Struct(parse(&properties).unwrap());
        assert_eq!(tree.field_text("xmp:Rating"), Some("4"));
        assert_eq!(tree.field_text("dc:title"), Some("Beetle"), "the default language");
        assert_eq!(tree.field("dc:subject").unwrap().texts(), ["a", "b"]);
        assert_eq!(tree.field_text("MicrosoftPhoto:Rating"), Some("75"), "a wrong address, the usual prefix");
        assert_eq!(tree.field("xmp:Thing").unwrap().field_number("xmp:Part"), Some(0.25));
    }

    #[test]
    fn packets_made_to_keep_the_parser_busy_are_refused() {
        let attributes: String = (0..100_000).map(|number| format!("a{number}='>' ")).collect();
        assert!(parse(&packet(&format!("{attributes}>"))).is_err());
        assert!(parse(&packet(&format!(">{}{}", "<d:a>".repeat(5_000), "</d:a>".repeat(5_000)))).is_err());
        let names: String = (0..5_000).map(|number| format!("<d:a xmlns:n{number}='n{number}'/>")).collect();
        assert!(parse(&packet(&format!(">{names}"))).is_err());
        assert!(parse("<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>").is_err());
    }
}
