//! Everyday life and feasts, at home in Freiburg.

use super::{CLARA, ELSA, HENRIK, IPHONE, JONAS, MILA, Moment, NAOMI, NIKON, PIXEL, Spot, THEO, shot, spot};
use crate::demo::draw::light::Hour::{Dawn, Day, Golden, Indoors, Night};
use crate::demo::draw::light::Weather::{Clear, Cloudy, Rain, Snow};
use crate::demo::scenes::{everyday, feasts, heights, home, museums, outings, towns};

const HOME: Spot = spot(47.9893, 7.8427, 280);
const PARK: Spot = spot(47.9969, 7.8303, 262);
const OLD_TOWN: Spot = spot(47.9955, 7.8529, 278);

/// The pictures.
pub const MOMENTS: &[Moment] = &[
    shot("Camera Roll/2020/IMG_0418.JPG", "2020-05-02T16:10:05+02:00", everyday::puppy, &[&THEO])
        .says("Biscuit is here", "Theo on the lawn with our new dog Biscuit on his first day with us")
        .tags(&["dog", "garden", "pets"])
        .with(IPHONE)
        .at(HOME)
        .size(1440, 1440)
        .stars(5),
    shot("Camera Roll/2020/IMG_0655.JPG", "2020-10-18T14:32:44+02:00", outings::leaf_pile, &[&THEO])
        .says("", "Theo and Biscuit playing in a pile of autumn leaves")
        .tags(&["autumn", "leaves", "dog", "park"])
        .with(IPHONE)
        .at(PARK)
        .light(Golden, Clear)
        .size(1200, 1600)
        .stars(4),
    shot("Camera Roll/2020/IMG_0689.JPG", "2020-11-07T11:08:13+01:00", towns::rainy_street, &[&CLARA, &THEO])
        .says("", "Clara and Theo with umbrellas in the rain in the old town")
        .tags(&["rain", "umbrella", "street"])
        .with(IPHONE)
        .at(OLD_TOWN)
        .light(Day, Rain)
        .size(1200, 1600),
    shot("Camera Roll/2020/IMG_0771.JPG", "2020-12-27T10:55:38+01:00", heights::first_snow, &[&THEO, &JONAS])
        .says("First snow", "Theo and Jonas building a snowman in the garden")
        .tags(&["snow", "snowman", "winter", "garden"])
        .with(IPHONE)
        .at(HOME)
        .light(Day, Snow)
        .stars(4),
    // Mila's first year
    shot("2021/Mila's first year/IMG_0911.JPG", "2021-03-17T09:30:21+01:00", home::nursery, &[&CLARA, &MILA])
        .says("Welcome, Mila", "Clara holding newborn Mila in the nursery, three days old")
        .tags(&["baby", "newborn", "nursery"])
        .with(IPHONE)
        .at(HOME)
        .light(Indoors, Clear)
        .size(1200, 1600)
        .stars(5),
    shot("2021/Mila's first year/IMG_0987.JPG", "2021-05-01T15:22:50+02:00", everyday::spring_garden, &[&ELSA, &THEO])
        .says("", "Grandma Elsa and Theo in the garden under the blossoming cherry tree")
        .tags(&["garden", "spring", "blossom"])
        .with(IPHONE)
        .at(HOME)
        .size(1200, 1600),
    shot("2021/Mila's first year/IMG_1042.JPG", "2021-06-19T18:05:17+02:00", home::cat_at_the_window, &[])
        .says("Miso", "Our new cat Miso sitting on the window sill")
        .tags(&["cat", "pets", "window"])
        .with(IPHONE)
        .at(HOME)
        .light(Indoors, Clear)
        .size(1440, 1440)
        .stars(4),
    shot(
        "2021/Mila's first year/DSC_3120.JPG",
        "2021-12-24T18:14:02+01:00",
        home::christmas,
        &[&CLARA, &MILA, &THEO, &ELSA],
    )
    .says("Christmas Eve", "Clara, Mila, Theo and Grandma Elsa around the Christmas tree, Mila's first Christmas")
    .tags(&["Christmas", "Christmas tree", "presents", "family"])
    .with(NIKON)
    .light(Indoors, Clear)
    .size(1600, 1067)
    .stars(4),
    shot("2021/Mila's first year/IMG_1388.JPG", "2022-03-14T15:45:33+01:00", home::birthday, &[&CLARA, &MILA, &JONAS])
        .says("Mila turns one", "Clara, Mila and Jonas with the cake on Mila's first birthday")
        .tags(&["birthday", "cake", "balloons"])
        .with(IPHONE)
        .at(HOME)
        .light(Indoors, Clear)
        .stars(5),
    // 2022
    shot("Camera Roll/2022/IMG_1502.JPG", "2022-05-26T11:27:09+02:00", outings::cycling, &[&JONAS, &THEO])
        .says("", "Jonas and Theo on a bicycle tour through the Black Forest")
        .tags(&["bicycle", "cycling", "Black Forest"])
        .with(IPHONE)
        .at(spot(47.9370, 7.9480, 420))
        .size(1600, 1067)
        .stars(3),
    shot(
        "Camera Roll/2022/IMG_1533.JPG",
        "2022-06-11T10:51:40+02:00",
        outings::football_match,
        &[&THEO, &HENRIK, &CLARA],
    )
    .says("Goal!", "Theo scores a goal at the football match, Grandpa Henrik and Clara are cheering")
    .tags(&["football", "soccer", "sports", "match"])
    .with(IPHONE)
    .at(spot(48.0100, 7.8210, 250))
    .stars(4),
    shot("Camera Roll/2022/IMG_1580.JPG", "2022-07-17T13:18:25+02:00", outings::picnic, &[&NAOMI, &CLARA, &MILA])
        .says("", "Picnic in the park with Naomi, Clara, Mila and Biscuit")
        .tags(&["picnic", "park", "summer", "dog"])
        .with(IPHONE)
        .at(PARK)
        .stars(3),
    shot("Camera Roll/2022/IMG_1711.JPG", "2022-10-08T09:58:52+02:00", towns::market, &[&ELSA, &MILA])
        .says("", "Grandma Elsa and Mila buying pumpkins at the market on the Minster square")
        .tags(&["market", "pumpkins", "autumn"])
        .with(IPHONE)
        .at(OLD_TOWN),
    shot("2022/2022-12 Christmas/DSC_3544.JPG", "2022-12-26T17:02:36+01:00", home::by_the_fire, &[&HENRIK, &ELSA])
        .says("", "Grandpa Henrik and Grandma Elsa by the fireplace, Miso and Biscuit at their feet")
        .tags(&["Christmas", "fireplace", "cat", "dog"])
        .with(NIKON)
        .light(Indoors, Clear)
        .size(1600, 1067)
        .stars(3),
    // 2023
    shot(
        "Camera Roll/2023/IMG_2489.JPG",
        "2023-05-20T15:12:18+02:00",
        feasts::garden_party,
        &[&THEO, &NAOMI, &JONAS, &MILA],
    )
    .says("Theo turns six", "Theo's birthday party in the garden with Naomi, Jonas and Mila, balloons everywhere")
    .tags(&["birthday", "party", "balloons", "garden"])
    .with(IPHONE)
    .at(HOME)
    .stars(4),
    shot(
        "Camera Roll/2023/IMG_2690.JPG",
        "2023-09-11T09:05:55+02:00",
        feasts::first_school_day,
        &[&THEO, &CLARA, &JONAS],
    )
    .says("First day of school", "Theo with his school cone on his first day of school, with Clara and Jonas")
    .tags(&["school", "first day", "school cone"])
    .with(IPHONE)
    .at(spot(47.9871, 7.8472, 285))
    .size(1200, 1600)
    .stars(5),
    shot("Camera Roll/2023/IMG_2803.JPG", "2023-11-11T17:48:04+01:00", feasts::lantern_walk, &[&MILA, &THEO, &CLARA])
        .says("Saint Martin", "Mila, Theo and Clara walking with lanterns through the old town on Saint Martin's day")
        .tags(&["lanterns", "Saint Martin", "night"])
        .with(IPHONE)
        .at(OLD_TOWN)
        .light(Night, Clear)
        .stars(3),
    shot(
        "Camera Roll/2024/20240101_000412.jpg",
        "2024-01-01T00:04:12+01:00",
        feasts::fireworks,
        &[&JONAS, &THEO, &NAOMI],
    )
    .says("Happy New Year", "Jonas, Theo and Naomi with the fireworks on New Year's Eve")
    .tags(&["fireworks", "New Year", "night"])
    .with(PIXEL)
    .at(spot(47.9920, 7.8610, 320))
    .light(Night, Clear)
    .stars(4),
    shot(
        "Camera Roll/2024/20240615_171025.jpg",
        "2024-06-15T17:10:25+02:00",
        everyday::after_the_rain,
        &[&MILA, &THEO],
    )
    .says("", "Mila and Theo with a rainbow after the summer rain")
    .tags(&["rainbow", "rain", "puddle"])
    .with(PIXEL)
    .at(HOME)
    .light(Day, Rain)
    .size(1600, 1067)
    .stars(3),
    shot(
        "Camera Roll/2024/20240629_112047.jpg",
        "2024-06-29T11:20:47+02:00",
        museums::dinosaur_hall,
        &[&THEO, &MILA, &JONAS],
    )
    .says("", "Theo, Mila and Jonas under the dinosaur skeleton in the natural history museum in Basel")
    .tags(&["museum", "dinosaur", "skeleton"])
    .with(PIXEL)
    .at(spot(47.5577, 7.5902, 270))
    .stars(4),
    shot("Camera Roll/2024/20240817_183309.jpg", "2024-08-17T18:33:09+02:00", everyday::sunflowers, &[&HENRIK, &MILA])
        .says("", "Grandpa Henrik and Mila in front of the sunflowers in the vegetable garden")
        .tags(&["sunflowers", "garden", "vegetables"])
        .with(PIXEL)
        .at(HOME)
        .light(Golden, Clear)
        .size(1200, 1600),
    shot("Camera Roll/2024/20241109_164002.jpg", "2024-11-09T16:40:02+01:00", home::reading, &[&THEO])
        .says("", "Theo reading a book on the sofa, Miso asleep next to him")
        .tags(&["reading", "book", "sofa", "cat"])
        .with(PIXEL)
        .at(HOME)
        .light(Indoors, Clear)
        .stars(3),
    shot(
        "2024/2024-12 Christmas/20241214_174551.jpg",
        "2024-12-14T17:45:51+01:00",
        feasts::christmas_market,
        &[&CLARA, &MILA, &THEO],
    )
    .says("", "Clara, Mila and Theo at the Christmas market in the snow")
    .tags(&["Christmas", "market", "snow", "night"])
    .with(PIXEL)
    .at(OLD_TOWN)
    .light(Night, Snow)
    .stars(4),
    // 2025
    shot("Camera Roll/2025/20250118_103011.jpg", "2025-01-18T10:30:11+01:00", heights::dog_in_snow, &[&JONAS])
        .says("", "Biscuit running through the deep snow, Jonas behind him")
        .tags(&["dog", "snow", "winter", "running"])
        .with(PIXEL)
        .at(spot(47.8740, 8.0046, 1280))
        .size(1600, 1067)
        .stars(4),
    shot(
        "Camera Roll/2025/20250314_160520.jpg",
        "2025-03-14T16:05:20+01:00",
        home::birthday,
        &[&THEO, &MILA, &ELSA, &CLARA],
    )
    .says("Mila turns four", "Theo, Mila, Grandma Elsa and Clara with the cake and four candles on Mila's birthday")
    .tags(&["birthday", "cake", "candles"])
    .with(PIXEL)
    .at(HOME)
    .light(Indoors, Clear)
    .size(1600, 1067)
    .stars(4),
    shot("Camera Roll/2025/20250524_214417.jpg", "2025-05-24T21:44:17+02:00", feasts::concert, &[&NAOMI])
        .says("", "Naomi playing the guitar on stage at her concert")
        .tags(&["concert", "guitar", "music", "stage"])
        .with(PIXEL)
        .at(spot(47.9880, 7.8400, 275))
        .light(Indoors, Clear)
        .size(1200, 1600)
        .stars(4),
    shot("Camera Roll/2025/20250628_190215.jpg", "2025-06-28T19:02:15+02:00", everyday::cat_on_the_wall, &[])
        .says("", "Miso on the garden wall in the evening sun")
        .tags(&["cat", "garden", "flowers"])
        .with(PIXEL)
        .at(HOME)
        .light(Golden, Clear)
        .size(1440, 1440)
        .stars(3),
    // 2026
    shot("Camera Roll/2026/20260222_113840.jpg", "2026-02-22T11:38:40+01:00", home::kitchen, &[&JONAS, &THEO, &MILA])
        .says("", "Jonas, Theo and Mila cooking in the kitchen")
        .tags(&["kitchen", "cooking"])
        .with(PIXEL)
        .at(HOME)
        .light(Indoors, Clear)
        .size(1600, 1067),
    shot("Camera Roll/2026/20260606_063128.jpg", "2026-06-06T06:31:28+02:00", heights::balloons, &[&CLARA, &THEO])
        .says("", "Clara and Theo watching the hot-air balloons at dawn")
        .tags(&["hot-air balloon", "dawn", "hills"])
        .with(PIXEL)
        .at(spot(48.0850, 7.9160, 340))
        .light(Dawn, Clear)
        .stars(5),
    shot("Camera Roll/2026/20260808_152633.jpg", "2026-08-08T15:26:33+02:00", everyday::dog_and_ball, &[&MILA, &THEO])
        .says("", "Mila and Theo throwing the ball for Biscuit in the garden")
        .tags(&["dog", "ball", "garden", "summer"])
        .with(PIXEL)
        .at(HOME)
        .light(Day, Cloudy)
        .size(1600, 1067)
        .stars(3),
];
