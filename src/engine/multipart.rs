//! A `multipart/form-data` body (RFC 7578): fields and one file, written into memory.
//!
//! The boundary is random, so that it occurs in no file. Names and values of fields are our own; a file's name comes from
//! a user and is escaped as browsers do it (WHATWG HTML, "multipart/form-data encoding algorithm").

use std::fmt::Write as _;

use uuid::Uuid;

/// A body that is being written.
#[derive(Debug)]
pub struct Multipart {
    boundary: String,
    body: Vec<u8>,
}

impl Default for Multipart {
    fn default() -> Self {
        // The last 62 bits of a UUIDv7 are random; two of them are as random as RFC 2046 could wish.
        let boundary = format!("recollect-{}{}", Uuid::now_v7().simple(), Uuid::now_v7().simple());
        Self { boundary, body: Vec::new() }
    }
}

impl Multipart {
    /// Adds a field.
    #[must_use]
    pub fn field(mut self, name: &str, value: &str) -> Self {
        self.head(name, None);
        self.body.extend(value.bytes());
        self.body.extend(b"\r\n");
        self
    }

    /// Adds a file.
    #[must_use]
    pub fn file(mut self, name: &str, file_name: &str, content: &[u8]) -> Self {
        self.head(name, Some(file_name));
        self.body.extend(content);
        self.body.extend(b"\r\n");
        self
    }

    /// The value of `Content-Type`, and the body.
    pub fn finish(mut self) -> (String, Vec<u8>) {
        self.body.extend(format!("--{}--\r\n", self.boundary).bytes());
        (format!("multipart/form-data; boundary={}", self.boundary), self.body)
    }

    fn head(&mut self, name: &str, file_name: Option<&str>) {
        let mut head = format!("--{}\r\nContent-Disposition: form-data; name=\"{}\"", self.boundary, escaped(name));
        if let Some(file_name) = file_name {
            // Writing to a string cannot fail.
            let _ok = write!(head, "; filename=\"{}\"\r\nContent-Type: application/octet-stream", escaped(file_name));
        }
        head.push_str("\r\n\r\n");
        self.body.extend(head.bytes());
    }
}

fn escaped(name: &str) -> String {
    name.replace('\n', "%0A").replace('\r', "%0D").replace('"', "%22")
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::extract::{FromRequest as _, Multipart as Reader};
    use axum::http::Request;

    use super::*;

    #[tokio::test]
    async fn what_is_written_is_read_again() {
        let content: Vec<u8> = (0..=255).cycle().take(3000).chain(*b"\r\n--recollect-\r\n").collect();
        let body = Multipart::default().field("model", "größe").file("file", "a\"b\r\n.webm", &content);
        let (kind, body) = body.field("timestamp_granularities[]", "word").finish();
        let request = Request::post("/").header("content-type", kind).body(Body::from(body)).unwrap();
        let mut reader = Reader::from_request(request, &()).await.unwrap();
        let field = reader.next_field().await.unwrap().unwrap();
        assert_eq!((field.name(), field.file_name()), (Some("model"), None));
        assert_eq!(field.text().await.unwrap(), "größe");
        let field = reader.next_field().await.unwrap().unwrap();
        assert_eq!((field.name(), field.file_name()), (Some("file"), Some("a%22b%0D%0A.webm")));
        assert_eq!(field.bytes().await.unwrap(), content);
        let field = reader.next_field().await.unwrap().unwrap();
        assert_eq!((field.name(), field.file_name()), (Some("timestamp_granularities[]"), None));
        assert_eq!(field.text().await.unwrap(), "word");
        assert!(reader.next_field().await.unwrap().is_none());
    }

    #[test]
    fn no_two_bodies_have_the_same_boundary() {
        assert_ne!(Multipart::default().finish().0, Multipart::default().finish().0);
    }
}
