//! The journeys, and the wedding at the lake.

use super::{CLARA, ELSA, HENRIK, IPHONE, JONAS, LUCA, MILA, Moment, NAOMI, NIKON, PIXEL, THEO, YUKI, shot, spot};
use crate::demo::draw::light::Hour::{Dawn, Day, Dusk, Golden, Night};
use crate::demo::draw::light::Weather::{Clear, Cloudy, Fog, Snow};
use crate::demo::scenes::{everyday, feasts, heights, japan, museums, north, outings, shores, towns};

/// The pictures.
pub const MOMENTS: &[Moment] = &[
    // Rome, June 2019
    shot("2019/2019-06 Rome/DSCF0112.JPG", "2019-06-07T19:42:10+02:00", towns::colosseum_evening, &[&CLARA, &JONAS])
        .says("At the Colosseum", "Clara and Jonas in front of the Colosseum on their first evening in Rome")
        .tags(&["Rome", "Colosseum", "travel"])
        .at(spot(41.8899, 12.4935, 25))
        .light(Golden, Clear)
        .stars(4),
    shot("2019/2019-06 Rome/DSCF0131.JPG", "2019-06-08T15:20:31+02:00", towns::piazza, &[&CLARA, &LUCA])
        .says("", "Clara and Luca eating ice cream by a fountain on the piazza")
        .tags(&["Rome", "ice cream", "gelato", "fountain"])
        .at(spot(41.8992, 12.4731, 20))
        .size(1200, 1600),
    shot("2019/2019-06 Rome/DSCF0154.JPG", "2019-06-09T11:05:47+02:00", museums::statues, &[&JONAS, &LUCA])
        .says("", "Jonas and Luca among the marble statues in the museum")
        .tags(&["Rome", "museum", "statue", "art"])
        .at(spot(41.8929, 12.4825, 40)),
    shot("2019/2019-06 Rome/DSCF0188.JPG", "2019-06-09T20:51:02+02:00", towns::rooftops, &[])
        .says("Roofs of Rome", "Sunset over the roofs and domes of Rome")
        .tags(&["Rome", "sunset", "roofs", "dome"])
        .at(spot(41.9109, 12.4768, 60))
        .light(Dusk, Clear)
        .size(1600, 1067)
        .stars(5),
    // The wedding, September 2019: Grandpa's camera knows no position
    shot(
        "2019/2019-09 Wedding Meersburg/DSC_2041.JPG",
        "2019-09-14T14:12:40+02:00",
        feasts::wedding,
        &[&CLARA, &JONAS, &THEO],
    )
    .says("Just married", "Clara and Jonas get married under an arch of flowers, Theo carried the rings")
    .tags(&["wedding", "ceremony", "flowers"])
    .with(NIKON)
    .size(1600, 1067)
    .stars(5),
    shot(
        "2019/2019-09 Wedding Meersburg/DSC_2077.JPG",
        "2019-09-14T15:30:05+02:00",
        shores::group_by_the_lake,
        &[&CLARA, &JONAS, &ELSA, &HENRIK, &NAOMI, &LUCA, &THEO],
    )
    .says("The whole family", "Family portrait by the lake: Clara, Jonas, Elsa, Henrik, Naomi, Luca and Theo")
    .tags(&["wedding", "family", "group", "lake"])
    .with(NIKON)
    .size(1600, 1067)
    .stars(4),
    shot(
        "2019/2019-09 Wedding Meersburg/DSC_2160.JPG",
        "2019-09-14T21:48:19+02:00",
        feasts::evening_dance,
        &[&CLARA, &JONAS],
    )
    .says("First dance", "Clara and Jonas dancing under the lights at their wedding party, the cake behind them")
    .tags(&["wedding", "dance", "party", "cake"])
    .with(NIKON)
    .light(Night, Clear)
    .size(1600, 1067)
    .stars(3),
    // Lake Constance, August 2021
    shot("2021/2021-08 Lake Constance/DSCF1203.JPG", "2021-08-11T11:35:00+02:00", shores::sailing, &[&JONAS, &THEO])
        .says("", "Jonas and Theo sailing on Lake Constance, the Alps in the distance")
        .tags(&["sailing", "boat", "lake"])
        .at(spot(47.6800, 9.2700, 396))
        .stars(4),
    shot("2021/2021-08 Lake Constance/DSCF1219.JPG", "2021-08-12T15:10:44+02:00", shores::shore_play, &[&THEO, &CLARA])
        .says("", "Theo and Clara building a sand castle at the shore while Biscuit runs around")
        .tags(&["beach", "sand castle", "dog", "lake"])
        .at(spot(47.6665, 9.2188, 396))
        .size(1600, 1067),
    shot(
        "2021/2021-08 Lake Constance/DSCF1240.JPG",
        "2021-08-12T22:05:12+02:00",
        shores::campfire_night,
        &[&JONAS, &THEO, &LUCA],
    )
    .says("Camping", "Jonas, Theo and Luca around the campfire next to the tent")
    .tags(&["camping", "campfire", "tent", "night"])
    .at(spot(47.6671, 9.2180, 398))
    .light(Night, Clear)
    .stars(4),
    shot("2021/2021-08 Lake Constance/DSCF1251.JPG", "2021-08-13T20:38:57+02:00", shores::lake_sunset, &[])
        .says("", "Sunset over Lake Constance with the jetty and a rowing boat")
        .tags(&["sunset", "lake", "jetty", "boat"])
        .at(spot(47.6659, 9.2201, 396))
        .light(Dusk, Clear)
        .size(1200, 1600)
        .stars(5)
        .on_its_side(),
    // Skiing, February 2023
    shot("2023/2023-02 St. Anton/IMG_2207.JPG", "2023-02-14T10:48:20+01:00", heights::skiing, &[&THEO, &CLARA])
        .says("", "Theo and Clara skiing down the slope in St. Anton")
        .tags(&["skiing", "snow", "mountains", "winter sports"])
        .with(IPHONE)
        .at(spot(47.1360, 10.2390, 1980))
        .stars(4),
    shot("2023/2023-02 St. Anton/IMG_2215.JPG", "2023-02-14T13:22:51+01:00", heights::chairlift, &[&JONAS, &THEO])
        .says("", "Jonas and Theo waving from the chairlift")
        .tags(&["chairlift", "skiing", "snow", "mountains"])
        .with(IPHONE)
        .at(spot(47.1412, 10.2465, 2210))
        .size(1200, 1600),
    shot("2023/2023-02 St. Anton/IMG_2231.JPG", "2023-02-15T18:40:09+01:00", heights::chalet_night, &[&CLARA, &MILA])
        .says("Our chalet", "Clara and Mila outside the chalet in the snow at night")
        .tags(&["chalet", "snow", "night", "winter"])
        .with(IPHONE)
        .at(spot(47.1279, 10.2641, 1310))
        .light(Night, Snow),
    // Lofoten, July 2023
    shot("2023/2023-07 Lofoten/DSCF3011.JPG", "2023-07-10T12:20:18+02:00", north::road_trip, &[&CLARA, &JONAS, &THEO])
        .says("On the road", "Clara, Jonas and Theo with the camper van on the road to Lofoten")
        .tags(&["Lofoten", "camper van", "road trip"])
        .at(spot(68.2094, 14.2010, 12))
        .size(1600, 1067),
    shot(
        "2023/2023-07 Lofoten/DSCF3036.JPG",
        "2023-07-11T10:02:33+02:00",
        north::fjord_cabins,
        &[&CLARA, &MILA, &THEO, &HENRIK],
    )
    .says(
        "Red cabins of Reine",
        "Clara, Mila, Theo and Grandpa Henrik on the pier, red fishing cabins and mountains behind them",
    )
    .tags(&["Lofoten", "fjord", "cabins", "pier"])
    .at(spot(67.9324, 13.0885, 4))
    .stars(5),
    shot("2023/2023-07 Lofoten/DSCF3058.JPG", "2023-07-11T16:45:00+02:00", north::fishing, &[&HENRIK, &THEO])
        .says("", "Grandpa Henrik and Theo fishing from a boat in the fjord")
        .tags(&["Lofoten", "fishing", "boat"])
        .at(spot(67.9480, 13.1210, 2))
        .light(Day, Cloudy)
        .stars(4),
    shot("2023/2023-07 Lofoten/DSCF3090.JPG", "2023-07-12T14:08:26+02:00", heights::summit, &[&JONAS, &CLARA, &THEO])
        .says("At the top", "Jonas, Clara and Theo at the summit above the fjord, Biscuit made it too")
        .tags(&["Lofoten", "hiking", "summit", "view", "dog"])
        .at(spot(67.9270, 13.0610, 448))
        .stars(4),
    shot("2023/2023-07 Lofoten/DSCF3102_pano.JPG", "2023-07-12T21:30:40+02:00", north::fjord_panorama, &[])
        .says("Reinefjorden", "Panorama of the fjord in the evening light, sheep grazing")
        .tags(&["Lofoten", "panorama", "fjord", "mountains"])
        .at(spot(67.9301, 13.0702, 120))
        .light(Golden, Clear)
        .size(2600, 900)
        .stars(5),
    shot("2023/2023-07 Lofoten/DSCF3127.JPG", "2023-07-13T11:16:03+02:00", north::whale, &[&THEO, &JONAS])
        .says("Whale!", "Theo and Jonas watching the tail of a whale from the boat")
        .tags(&["Lofoten", "whale", "boat", "wildlife"])
        .at(spot(69.3230, 15.8330, 3))
        .light(Day, Cloudy)
        .size(1600, 1067)
        .stars(5),
    shot(
        "2023/2023-07 Lofoten/DSCF3166.JPG",
        "2023-07-14T00:31:55+02:00",
        north::midnight_sun,
        &[&CLARA, &JONAS, &MILA],
    )
    .says("Midnight sun", "Clara, Jonas and Mila in front of the tent at the beach under the midnight sun")
    .tags(&["Lofoten", "midnight sun", "beach", "tent", "camping"])
    .at(spot(68.1992, 13.5265, 6))
    .light(Golden, Clear)
    .stars(4),
    // Kyoto, April 2024
    shot("2024/2024-04 Kyoto/DSCF4018.JPG", "2024-04-03T09:12:08+09:00", japan::gates, &[&CLARA, &MILA])
        .says("Fushimi Inari", "Clara and Mila walking through the red shrine gates")
        .tags(&["Kyoto", "Japan", "shrine", "torii"])
        .at(spot(34.9671, 135.7727, 60))
        .size(1200, 1600)
        .stars(4),
    shot("2024/2024-04 Kyoto/DSCF4044.JPG", "2024-04-03T15:40:22+09:00", japan::blossoms, &[&YUKI, &CLARA, &THEO])
        .says("", "Yuki, Clara and Theo under the cherry blossoms by the pagoda")
        .tags(&["Kyoto", "Japan", "cherry blossom", "pagoda", "spring"])
        .at(spot(34.9806, 135.7477, 30))
        .stars(5),
    shot("2024/2024-04 Kyoto/DSCF4071.JPG", "2024-04-04T10:31:49+09:00", japan::bamboo_grove, &[&JONAS, &THEO, &MILA])
        .says("", "Jonas, Theo and Mila in the bamboo grove")
        .tags(&["Kyoto", "Japan", "bamboo", "forest"])
        .at(spot(35.0170, 135.6717, 55))
        .size(1200, 1600),
    shot("2024/2024-04 Kyoto/DSCF4098.JPG", "2024-04-04T20:14:36+09:00", japan::lantern_lane, &[&YUKI, &JONAS])
        .says("", "Yuki and Jonas in a lane of lanterns in Gion at night")
        .tags(&["Kyoto", "Japan", "lanterns", "night"])
        .at(spot(35.0037, 135.7751, 48))
        .light(Night, Clear)
        .stars(3),
    shot("2024/2024-04 Kyoto/DSCF4120.JPG", "2024-04-05T07:25:11+09:00", japan::temple_pond, &[&CLARA, &JONAS])
        .says("Golden pavilion", "Clara and Jonas at the pond of the golden temple in the morning mist")
        .tags(&["Kyoto", "Japan", "temple", "pond", "mist"])
        .at(spot(35.0394, 135.7292, 90))
        .light(Dawn, Clear)
        .size(1600, 1067),
    shot("2024/2024-04 Kyoto/DSCF4155.JPG", "2024-04-07T11:02:57+09:00", japan::train_and_fuji, &[])
        .says("", "The express train passing in front of Mount Fuji")
        .tags(&["Japan", "train", "Mount Fuji", "mountain"])
        .at(spot(35.1427, 138.6631, 15))
        .size(1600, 1067)
        .stars(4),
    // Algarve, August 2025
    shot("2025/2025-08 Algarve/IMG_5102.JPG", "2025-08-04T11:20:14+01:00", shores::beach_day, &[&MILA, &CLARA, &THEO])
        .says("Beach day", "Mila, Clara and Theo at the beach with a sand castle and a parasol")
        .tags(&["beach", "sea", "summer", "sand castle"])
        .with(IPHONE)
        .at(spot(37.0872, -8.6690, 3))
        .stars(4),
    shot("2025/2025-08 Algarve/IMG_5133.JPG", "2025-08-05T16:05:29+01:00", shores::surfing, &[&NAOMI])
        .says("", "Naomi surfing a big wave")
        .tags(&["surfing", "wave", "sea", "sports"])
        .with(IPHONE)
        .at(spot(37.0270, -8.9650, 0))
        .size(1600, 1067)
        .stars(4),
    shot("2025/2025-08 Algarve/IMG_5158.JPG", "2025-08-06T20:22:41+01:00", shores::lighthouse_cliff, &[&CLARA, &NAOMI])
        .says("End of the world", "Clara and Naomi watching the sunset at the lighthouse on the cliff")
        .tags(&["lighthouse", "cliff", "sunset", "sea"])
        .with(IPHONE)
        .at(spot(37.0230, -8.9961, 60))
        .light(Golden, Clear)
        .stars(5),
    // Berlin, November 2025
    shot("2025/2025-11 Berlin/20251115_142210.jpg", "2025-11-15T14:22:10+01:00", museums::gallery, &[&NAOMI, &CLARA])
        .says("", "Naomi and Clara looking at paintings in the gallery")
        .tags(&["Berlin", "museum", "paintings", "art"])
        .with(PIXEL)
        .at(spot(52.5076, 13.3654, 38)),
    shot(
        "2025/2025-11 Berlin/20251115_181844.jpg",
        "2025-11-15T18:18:44+01:00",
        towns::city_night,
        &[&NAOMI, &CLARA, &JONAS],
    )
    .says("", "Naomi, Clara and Jonas by the river in Berlin at night, the television tower behind them")
    .tags(&["Berlin", "city", "night", "river"])
    .with(PIXEL)
    .at(spot(52.5190, 13.4010, 36))
    .light(Night, Clear)
    .size(1600, 1067),
    // Amsterdam and the mountains, 2026
    shot(
        "2026/2026-05 Amsterdam/20260514_113502.jpg",
        "2026-05-14T11:35:02+02:00",
        towns::canal,
        &[&THEO, &MILA, &JONAS],
    )
    .says("", "Theo, Mila and Jonas at a canal in Amsterdam with a bicycle and a windmill")
    .tags(&["Amsterdam", "canal", "bicycle", "windmill"])
    .with(PIXEL)
    .at(spot(52.3731, 4.8836, 2)),
    shot(
        "2026/2026-07 Dolomites/DSCF6021.JPG",
        "2026-07-21T10:44:15+02:00",
        heights::alpine_hike,
        &[&JONAS, &MILA, &CLARA],
    )
    .says("", "Jonas, Mila and Clara hiking through a meadow of flowers in the Dolomites, Biscuit ahead of them")
    .tags(&["Dolomites", "hiking", "mountains", "flowers", "dog"])
    .at(spot(46.5405, 11.7020, 1850))
    .size(1600, 1067)
    .stars(4),
    shot("2026/2026-07 Dolomites/DSCF6040.JPG", "2026-07-22T23:12:30+02:00", everyday::starry_night, &[&THEO, &JONAS])
        .says("", "Theo and Jonas looking at the Milky Way next to the tent")
        .tags(&["stars", "Milky Way", "tent", "night", "camping"])
        .at(spot(46.5460, 11.7112, 1990))
        .light(Night, Clear)
        .size(1200, 1600)
        .stars(5),
    shot("2026/2026-10 Alsace/20261003_161120.jpg", "2026-10-03T16:11:20+02:00", towns::vineyard, &[&ELSA, &HENRIK])
        .says(
            "Golden wedding",
            "Grandma Elsa and Grandpa Henrik walking through the vineyards on their golden wedding anniversary",
        )
        .tags(&["vineyard", "autumn", "anniversary"])
        .with(PIXEL)
        .at(spot(48.1668, 7.2990, 280))
        .light(Golden, Clear),
    shot("2024/2024-10 Baltic Sea/20241020_101533.jpg", "2024-10-20T10:15:33+02:00", shores::winter_shore, &[&HENRIK])
        .says("", "Grandpa Henrik and Biscuit on the windy beach of the Baltic Sea")
        .tags(&["beach", "sea", "wind", "dog"])
        .with(PIXEL)
        .at(spot(54.4110, 13.5770, 2))
        .light(Day, Cloudy)
        .size(1600, 1067),
    shot(
        "2022/2022-10 Black Forest/DSCF2204.JPG",
        "2022-10-22T10:20:48+02:00",
        outings::autumn_woods,
        &[&HENRIK, &MILA],
    )
    .says("", "Grandpa Henrik and Mila walking with Biscuit in the foggy autumn forest")
    .tags(&["forest", "autumn", "fog", "walk", "dog"])
    .at(spot(47.9000, 8.0500, 900))
    .light(Golden, Fog)
    .stars(4),
];
