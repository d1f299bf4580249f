//! What models see in media, as far as it follows from what engines answered.
//!
//! Engines find and describe; here it is decided what that means: which faces are one person. The deciding parts are
//! functions of values. What is stored, and how, is left to `library`; running models to `engine`.

pub mod faces;
