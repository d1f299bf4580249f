//! Search among the vectors of pictures: what the index misses and how long it takes, next to comparing with each vector.

use clap::Args;

use super::{ms, print_line};
use crate::search::{PictureModel, PictureTable, recall};

#[derive(Debug, Args)]
pub(super) struct LooksArguments {
    /// Number of vectors
    #[arg(long, default_value_t = 20_000)]
    pictures: u32,
    /// Length of the vectors
    #[arg(long, default_value_t = 768)]
    dimensions: u16,
    /// Number of searches
    #[arg(long, default_value_t = 200, value_parser = clap::value_parser!(u16).range(1..))]
    questions: u16,
}

pub(super) async fn run(arguments: LooksArguments) -> anyhow::Result<()> {
    let LooksArguments { pictures, dimensions, questions } = arguments;
    let folder = tempfile::tempdir()?;
    let model = PictureModel { name: "bench".to_owned(), version: "1".to_owned() };
    let table = PictureTable::open(folder.path(), model).await?;
    let found = recall::measure(&table, pictures as usize, dimensions.into(), questions.into()).await?;
    print_line(&format!("looks                        {pictures} vectors of {dimensions}"))?;
    print_line(&format!("found of the nearest         {:.3} of 10, {:.3} of 50", found.at_10, found.at_50))?;
    let (median, p95, exact) = (ms(found.median), ms(found.p95), ms(found.exact));
    print_line(&format!("50 nearest                   median {median:>7.1} ms   p95 {p95:>7.1} ms"))?;
    print_line(&format!("each vector (reference)      median {exact:>7.1} ms"))
}
