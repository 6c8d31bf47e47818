import type { Random } from '../../../random/random.ts'
import * as lexicon from '../lexicon.ts'
import { asking, capitalise, type DemoTask } from '../task.ts'
import * as texts from '../texts.ts'

/**
 * Families of tasks that the demo's base model has not seen: each answers with words or in a form of its own, which its tasks share
 * and no other upstream task has. What helps one of them are rows of its own family. The demo's reranker learns from them, since on
 * the tasks that the base model knows nothing is left to learn; they are not among the demo's own upstream data.
 */

const guestBook = (place: 'ferry' | 'concert' | 'school' | 'bakery', house: string): DemoTask => ({
  name: `${place}_guests`,
  group: 'guest_book',
  answers: ['recommended', 'avoid'],
  templates: asking(
    '{label}',
    `Guest book of the ${house}: {text} Is a visit worth it?`,
    `{text} <ask> should others visit the ${house}?`,
    `A guest of the ${house} noted: {text} <feel>`,
    `Guest book: {text} <feel> <end>`
  ),
  make(random) {
    const good = random.chance(0.5)
    return { text: texts.review(random, place, good), label: good ? 'recommended' : 'avoid' }
  }
})

/** Where a notice belongs, by its topic. */
const boards: Record<lexicon.Topic, string> = {
  sport: 'arena',
  weather: 'sky',
  trade: 'counter',
  science: 'telescope',
  travel: 'road',
  health: 'clinic',
  music: 'stage',
  law: 'court'
}

const noticeBoard = (
  name: string,
  medium: string,
  lines: (random: Random, topic: lexicon.Topic) => string
): DemoTask => ({
  name,
  group: 'notice_board',
  answers: Object.values(boards),
  templates: asking(
    '{label}',
    `${medium}: {text} On which board does it hang?`,
    `{text} <ask> which board is this ${medium.toLowerCase()} for?`,
    `Sort the ${medium.toLowerCase()} to its board. {text}`,
    `A new ${medium.toLowerCase()} came in: {text} Board: <end>`
  ),
  make(random) {
    const topic = random.pick(lexicon.topicNames)
    return { text: lines(random, topic), label: boards[topic] }
  }
})

const storyTime = (name: string, who: (random: Random) => string): DemoTask => ({
  name,
  group: 'story_time',
  templates: asking(
    'it was {answer}',
    '{passage} The children ask: {question}',
    'Once upon a time: {passage} Now tell us: {question}',
    'In the tale: {passage} The listeners ask: {question}',
    'Story hour. {passage} {question} <end>'
  ),
  make(random, world) {
    const facts = texts.personFacts(random, world, who(random), random.between(2, 3))
    const asked = random.pick(facts)
    return { passage: texts.asText(facts), question: asked.question, answer: asked.value }
  }
})

const council = (
  name: string,
  claim: (deed: texts.Deed) => string,
  parts: readonly (keyof texts.Deed)[]
): DemoTask => ({
  name,
  group: 'town_council',
  answers: ['aye', 'nay'],
  templates: asking(
    '{label}',
    'The council hears: {premise} The mayor moves: {claim}',
    'Minutes of the council: {premise} Motion: {claim} <end>',
    '{premise} The council votes on this: {claim}',
    'A councillor reports: {premise} Vote: {claim}'
  ),
  make(random, world) {
    const deed = texts.makeDeed(random, world)
    const other = random.chance(0.5) ? deed : texts.changedDeed(random, world, deed)
    const holds = parts.every((part) => other[part] === deed[part])
    return { premise: texts.tellDeed(deed, random.below(3)), claim: claim(other), label: holds ? 'aye' : 'nay' }
  }
})

const two = (random: Random, topic: lexicon.Topic): string =>
  `${texts.newsSentence(random, topic)} ${texts.newsSentence(random, topic)}`

export const newer: readonly DemoTask[] = [
  guestBook('ferry', 'ferry'),
  guestBook('concert', 'concert hall'),
  guestBook('school', 'school'),
  guestBook('bakery', 'bakery'),
  noticeBoard('poster_lines', 'Poster', (random, topic) => texts.newsSentence(random, topic)),
  noticeBoard('bulletin_items', 'Bulletin', two),
  noticeBoard('telegrams', 'Telegram', (random, topic) => texts.newsSentence(random, topic).replace('.', ' stop')),
  noticeBoard(
    'leaflets',
    'Leaflet',
    (random, topic) => `${random.pick(lexicon.firstNames)} writes: ${two(random, topic)}`
  ),
  storyTime('robot_tales', (random) => `the ${random.pick(lexicon.materials)} robot`),
  storyTime('pirate_tales', (random) => `captain ${random.pick(lexicon.firstNames)}`),
  storyTime('giant_tales', (random) => `the giant ${random.pick(lexicon.firstNames)}`),
  storyTime('witch_tales', (random) => `the ${random.pick(lexicon.colours)} witch`),
  council('town_motions', ({ who, town }) => `${capitalise(who)} was in ${town}.`, ['who', 'town']),
  council('thing_motions', ({ who, thing }) => `${capitalise(who)} had to do with ${thing}.`, ['who', 'thing']),
  council('day_motions', ({ thing, day }) => `This happened to ${thing} on ${day}.`, ['thing', 'day']),
  council('time_motions', ({ who, day }) => `${capitalise(who)} was busy on ${day}.`, ['who', 'day'])
]
