import { Random } from '../../random/random.ts'

/** The words of the demo's little world. Everything here is made for the demo; no text comes from elsewhere. */

const words = (text: string): string[] => text.trim().split(/\s*,\s*|\s*\n\s*/)

export const firstNames =
  words(`Ada, Albin, Alma, Anton, Aria, Arno, Basil, Bela, Benno, Berta, Bruno, Carla, Casper, Celia, Clara,
  Cora, Dario, Della, Dora, Edda, Edgar, Elio, Elsa, Emil, Enno, Erika, Esther, Fabio, Felix, Fiona, Flora, Frida, Gregor, Greta,
  Gustav, Hanna, Hector, Hilda, Hugo, Ida, Igor, Ilse, Irma, Ivo, Jasper, Jonas, Judith, Julia, Karim, Kira, Klara, Konrad, Lars,
  Laura, Lena, Leo, Linda, Livia, Lorenz, Lucia, Magda, Malte, Mara, Marek, Marta, Max, Mila, Milo, Mona, Nadia, Nelson, Nina, Nora,
  Olga, Oscar, Otto, Paula, Peter, Petra, Piet, Quentin, Rafael, Ralf, Rena, Rita, Robin, Rosa, Ruben, Ruth, Sabine, Samir, Sandra,
  Silas, Simon, Sonja, Stella, Sven, Tamar, Tara, Thea, Tilda, Timo, Tobias, Ulla, Ursula, Valerie, Vera, Victor, Viola, Walter,
  Wanda, Willem, Xenia, Yara, Yusuf, Zara, Zeno`)

export const jobs =
  words(`baker, pilot, nurse, teacher, gardener, painter, plumber, lawyer, farmer, butcher, tailor, dentist,
  driver, sailor, singer, dancer, writer, printer, builder, miner, judge, guard, cook, waiter, barber, potter, weaver, surgeon,
  librarian, mechanic, electrician, carpenter, chemist, translator, engineer, fisherman, beekeeper, clockmaker`)

export const animals =
  words(`goat, horse, rabbit, parrot, donkey, turtle, hamster, lizard, pony, duck, goose, sheep, cow, pig,
  ferret, owl, snake, hedgehog, cat, dog, otter, badger, fox, squirrel, pigeon, peacock, camel, llama`)

export const hobbies =
  words(`chess, sailing, knitting, fishing, climbing, skating, drawing, archery, juggling, cycling, rowing,
  singing, hiking, pottery, dancing, running, baking, reading, swimming, painting, gardening, fencing, photography, astronomy`)

export const instruments = words(
  `violin, flute, trumpet, piano, guitar, drums, cello, harp, oboe, clarinet, banjo, organ`
)

export const foods =
  words(`carrots, apples, bread, cheese, soup, rice, beans, plums, cherries, pancakes, noodles, onions, olives,
  walnuts, honey, oats, peas, lentils, pears, potatoes, dumplings, berries, figs, melons, mushrooms, spinach, yoghurt, porridge`)

export const colours = words(`red, blue, green, yellow, black, white, brown, grey, orange, purple, silver, golden`)

export const materials = words(
  `steel, wood, glass, leather, paper, copper, stone, wool, clay, cotton, silk, iron, bronze, ivory`
)

export const things =
  words(`lamp, chair, table, clock, kettle, mirror, basket, blanket, bowl, vase, ladder, bucket, hammer, broom,
  pillow, carpet, candle, box, bottle, cup, plate, knife, spoon, comb, brush, umbrella, suitcase, backpack, helmet, tent`)

export const exhibits =
  words(`mask, crown, statue, sword, shield, drum, coin, map, scroll, throne, ring, necklace, goblet, bell,
  globe, compass, telescope, loom, cradle, saddle, lantern, harpoon, anchor, sundial, chess set, music box`)

export const rooms = words(
  `kitchen, attic, cellar, garden, garage, hallway, bedroom, bathroom, office, workshop, library, stable`
)

export const weekdays = words(`Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday`)

export const months = words(
  `January, February, March, April, May, June, July, August, September, October, November, December`
)

/** Opinion words: an adjective and, at the same place of the other list, one that says the opposite. */
export const praise =
  words(`excellent, lovely, wonderful, charming, perfect, pleasant, superb, splendid, delightful, brilliant,
  impressive, reliable, clean, friendly, generous, fresh, bright, smooth, quick, quiet, comfortable, tasty, elegant, helpful,
  clever, gentle, solid, exciting, moving, fair`)
export const blame = words(`awful, ugly, horrible, dull, broken, unpleasant, dreadful, miserable, disgusting, stupid,
  disappointing, useless, dirty, rude, stingy, stale, gloomy, rough, slow, noisy, painful, bland, clumsy, careless,
  silly, harsh, flimsy, boring, empty, unfair`)

export const praiseVerdicts =
  words(`I would come back any time, I can only recommend it, it was worth every coin, we were very happy,
  I will tell all my friends, five stars are not enough, I have rarely been so pleased, it made my week`)
export const blameVerdicts =
  words(`I want my money back, never again, I would not go there twice, it was a waste of money,
  we left early, I cannot recommend it to anyone, I regret the whole thing, it ruined my week`)

export const aspects = {
  product: words(
    `handle, battery, screen, cable, lid, motor, button, box, colour, size, manual, price, delivery, packaging, surface`
  ),
  restaurant: words(
    `soup, starter, waiter, service, menu, dessert, table, terrace, kitchen, wine, breakfast, bill, garden, staff, bar, view`
  ),
  film: words(
    `plot, ending, cast, music, camera, script, opening, dialogue, hero, villain, costume, pace, joke, scene, title`
  ),
  hotel: words(
    `room, bed, breakfast, staff, view, service, garden, bar, terrace, kitchen, table, lamp, carpet, mirror, wine, menu, music, price`
  ),
  ferry: words(`deck, cabin, crew, engine, railing, timetable, ticket, crossing, harbour, ladder`),
  concert: words(`stage, singer, sound, seat, encore, queue, orchestra, ticket, hall, cloakroom`),
  school: words(`lesson, teacher, yard, library, canteen, class, desk, timetable, gym, corridor`),
  bakery: words(`bread, roll, cake, crust, counter, baker, smell, price, queue, coffee`)
}

export type Topic = 'sport' | 'weather' | 'trade' | 'science' | 'travel' | 'health' | 'music' | 'law'

/** Who does what with what, by topic; the same sentence shapes serve all of them. */
export const topics: Record<Topic, { actors: string[]; acts: string[]; objects: string[] }> = {
  sport: {
    actors: words(`the captain, the goalkeeper, the runner, the coach, the champion, the young team, the referee`),
    acts: words(`won, lost, trained for, postponed, celebrated, decided, repeated`),
    objects: words(`the final match, the long race, the cup, the second half, the relay, the penalty, the season`)
  },
  weather: {
    actors: words(`the storm, the cold front, heavy rain, the heat, thick fog, the wind, early snow`),
    acts: words(`reached, covered, crossed, delayed, damaged, surprised, spared`),
    objects: words(
      `the northern coast, the valley, the harbour, the mountain villages, the southern fields, the islands, the roads`
    )
  },
  trade: {
    actors: words(`the merchant, the bank, the factory, the largest shop, the new company, the owner, the buyers`),
    acts: words(`raised, sold, opened, closed, bought, announced, doubled`),
    objects: words(
      `the price of grain, its shares, a second store, the old warehouse, the contract, the wages, the market stall`
    )
  },
  science: {
    actors: words(
      `the researchers, a physicist, the laboratory, two students, the observatory, a biologist, the institute`
    ),
    acts: words(`measured, discovered, explained, tested, published, observed, described`),
    objects: words(
      `a new comet, the tiny crystals, the magnetic field, an unknown beetle, the experiment, the ancient bones, the formula`
    )
  },
  travel: {
    actors: words(
      `the tourists, a young couple, the guide, the old ferry, the night train, the hikers, the travellers`
    ),
    acts: words(`visited, left, missed, explored, reached, photographed, booked`),
    objects: words(
      `the island, the old town, the border station, the desert camp, the lighthouse, the famous bridge, the mountain hut`
    )
  },
  health: {
    actors: words(`the doctors, a nurse, the clinic, the patients, the ministry, the surgeon, the hospital`),
    acts: words(`treated, recommended, warned about, tested, cured, reported, studied`),
    objects: words(
      `the new fever, a daily walk, the vaccine, a rare allergy, too much sugar, the broken arm, better sleep`
    )
  },
  music: {
    actors: words(`the orchestra, a young singer, the choir, the pianist, the band, the composer, the audience`),
    acts: words(`performed, recorded, rehearsed, applauded, wrote, cancelled, repeated`),
    objects: words(
      `the winter concert, a slow song, the opera, the new album, the second symphony, a folk dance, the evening show`
    )
  },
  law: {
    actors: words(`the judge, the council, the lawyer, the police, the mayor, the witness, the court`),
    acts: words(`rejected, approved, questioned, delayed, signed, published, changed`),
    objects: words(
      `the new rule, the complaint, the sentence, the building permit, the election result, the old treaty, the fine`
    )
  }
}
export const topicNames = Object.keys(topics) as Topic[]

/** Things and what they are for; the multiple-choice and closed-book tasks draw on it. */
export const uses: readonly (readonly [string, string])[] = [
  ['hammer', 'drive in a nail'],
  ['kettle', 'boil water'],
  ['umbrella', 'stay dry in the rain'],
  ['ladder', 'reach a high shelf'],
  ['broom', 'sweep the floor'],
  ['candle', 'light a dark room'],
  ['blanket', 'keep warm at night'],
  ['clock', 'know the time'],
  ['mirror', 'look at your face'],
  ['suitcase', 'carry clothes on a journey'],
  ['knife', 'cut the bread'],
  ['bucket', 'carry water'],
  ['tent', 'sleep in the open'],
  ['helmet', 'protect the head'],
  ['needle', 'sew on a button'],
  ['shovel', 'dig a hole'],
  ['scissors', 'cut paper'],
  ['compass', 'find the north'],
  ['towel', 'dry the hands'],
  ['rope', 'tie up a boat'],
  ['pen', 'write a letter'],
  ['key', 'open a locked door'],
  ['oven', 'bake a cake'],
  ['saw', 'cut a board'],
  ['net', 'catch fish'],
  ['whistle', 'call the dog'],
  ['scale', 'weigh the flour'],
  ['pillow', 'rest the head'],
  ['lens', 'see small print'],
  ['glove', 'keep the fingers warm']
]

/** Pairs of words that mean the same here. */
export const synonyms: readonly (readonly [string, string])[] = [
  ['bought', 'purchased'],
  ['began', 'started'],
  ['finished', 'completed'],
  ['repaired', 'fixed'],
  ['found', 'discovered'],
  ['answered', 'replied to'],
  ['helped', 'assisted'],
  ['showed', 'presented'],
  ['chose', 'selected'],
  ['built', 'constructed'],
  ['hid', 'concealed'],
  ['sent', 'mailed'],
  ['cleaned', 'washed'],
  ['broke', 'smashed'],
  ['lost', 'misplaced'],
  ['carried', 'transported']
]

/**
 * Wordings that many tasks share, so that a prompt is never tied to one task and a model has to learn what is asked
 * instead of how it is asked.
 */
export const frames: Record<string, string[]> = {
  lead: words(`Text, Page, Report, Passage, Message, Story, Entry, Record, Paper, From a book, From the archive, On a poster,
    In the log, Here it says, Found in a drawer, Line, Paragraph, Read this, Quote, File, From a diary, On the board, Input,
    Excerpt, In my notebook, From the radio`),
  who: words(`A pupil, The teacher, My neighbour, A guest, Someone, A clerk, The reporter, An old man, A stranger, My sister,
    A friend, The editor, A customer, A colleague, The landlord, A student, A visitor, The captain, My cousin, A reader`),
  ask: words(`Question:, Please tell me:, Quick question:, The teacher asks:, Tell us:, A pupil asks:, My neighbour asks:,
    The quiz asks:, Now answer:, Please answer:, A reader asks:, Someone asks:, Query:, Think:, So:, My question:, Well:`),
  end: [
    '',
    'Answer:',
    'The answer is',
    'Reply:',
    'Short answer:',
    'Your answer:',
    'Thank you.',
    'Please answer.',
    'So?',
    'Response:'
  ],
  feel: words(`How does the writer feel?, What does the writer think?, What is the opinion?, How was it?, What was it like?,
    Did they like it?, What is the impression?, How do they feel about it?, It was, What do they think of it?`),
  check:
    words(`Does it follow that, Is it true that, Check this:, Claim:, Do we know that, Can we conclude that, Statement:,
    Is it right that, Judge this:, Hypothesis:`),
  sum: words(
    `Sum it up., In short:, Summary:, What is the main point?, Say it briefly., Shorten it., The gist:, TL;DR`
  ),
  write: words(
    `Write it out., As a sentence:, Turn it into text., Describe it., Put it into words., Sentence:, In words:`
  ),
  choose: words(`Choose:, Pick one:, Options:, Select:, Which one?, Choose from:, Choices:, Pick:`)
}

export interface Country {
  name: string
  capital: string
  river: string
  dish: string
  colour: string
}

/** Towns and countries have invented names; the facts about countries are what the closed-book tasks ask for. */
export function makeWorld(seed: number): { towns: string[]; countries: Country[] } {
  const random = new Random(seed).fork('world')
  const heads = words(
    `Tel, Nor, Bel, Kar, Mon, Ser, Dar, Lun, Fal, Gor, Ves, Zim, Pol, Ran, Har, Cor, Mel, Tor, Sal, Bran`
  )
  const townTails = words(`mar, vik, ford, heim, burg, dale, wick, stad, port, mere`)
  const countryTails = words(`ovia, istan, ania, alia, oria, undia`)
  const names = (tails: string[], count: number) =>
    random.sample(
      heads.flatMap((head) => tails.map((tail) => head + tail)),
      count
    )
  const towns = names(townTails, 90)
  const capitals = random.sample(towns, 40)
  const rivers = random.sample(
    heads.flatMap((head) => ['a', 'en', 'o'].map((tail) => head + 'r' + tail)),
    40
  )
  const countries = names(countryTails, 40).map((name, i) => ({
    name,
    capital: capitals[i]!,
    river: rivers[i]!,
    dish: random.pick(foods),
    colour: random.pick(colours)
  }))
  return { towns, countries }
}
