//! Concepts that the user teaches: from a few pictures to a probe that finds the others.
//!
//! Pure: [`train`] makes a probe of examples and judges it on examples that were left out, [`explain`] says why a picture
//! belongs and which to ask about, [`heads`] are probes that others published for one encoder. At the edge: [`keep`]
//! reads the library's examples and vectors, learns, and writes down what belongs. A probe is of the vectors of one model;
//! with another model it is learned again from the same examples. What examples are is left to `library::concepts`.

mod algebra;
mod explain;
pub mod heads;
mod keep;
mod probe;
#[cfg(test)]
mod tests;
pub mod train;

pub use self::explain::{Explanation, Likeness};
pub use self::keep::Concepts;
pub use self::probe::{BELONGS, Probe};
