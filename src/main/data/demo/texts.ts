import type { Random } from '../../random/random.ts'
import * as lexicon from './lexicon.ts'
import { capitalise, type World } from './task.ts'

/** Makers of little texts that several tasks share: reviews, news, people, things, stories. */

export type ReviewDomain = keyof typeof lexicon.aspects

/**
 * A review of two to four sentences. Opinion words are often negated or contrasted ("not dirty", "I expected …, but"), and
 * a third of the reviews hold one sentence of the other opinion, so that no single word gives the verdict away.
 */
export function review(random: Random, domain: ReviewDomain, positive: boolean): string {
  const aspects = random.sample(lexicon.aspects[domain], 3)
  const sentences = aspects.map((aspect, i) => {
    const mixed = i === 2 && random.chance(0.3)
    return mixed ? opinion(random, aspect, !positive) : opinion(random, aspect, positive)
  })
  const kept = random.chance(0.4) ? sentences.slice(0, 2) : sentences
  const text = random.shuffle(kept)
  if (random.chance(0.5)) text.unshift(setting(random, domain))
  if (random.chance(0.35))
    text.push(capitalise(random.pick(positive ? lexicon.praiseVerdicts : lexicon.blameVerdicts)) + '.')
  return text.join(' ')
}

function opinion(random: Random, aspect: string, positive: boolean): string {
  const place = random.below(lexicon.praise.length)
  const right = (positive ? lexicon.praise : lexicon.blame)[place]!
  const opposite = (positive ? lexicon.blame : lexicon.praise)[place]!
  const much = random.pick(['really', 'very', 'quite', 'surprisingly', 'rather', 'always'])
  const plain = [
    `The ${aspect} was ${right}.`,
    `The ${aspect} was ${much} ${right}.`,
    `I found the ${aspect} ${right}.`,
    `What ${startsWithVowel(right) ? 'an' : 'a'} ${right} ${aspect}!`
  ]
  const turned = [
    `The ${aspect} was not ${opposite} at all.`,
    `I expected ${startsWithVowel(opposite) ? 'an' : 'a'} ${opposite} ${aspect}, but it was ${right}.`,
    `They said the ${aspect} would be ${opposite}, yet it was ${right}.`
  ]
  return random.pick(random.chance(0.75) ? plain : turned)
}

function setting(random: Random, domain: ReviewDomain): string {
  const day = random.pick(lexicon.weekdays)
  const name = random.pick(lexicon.firstNames)
  const lines: Record<ReviewDomain, string[]> = {
    product: [
      `It arrived on ${day}.`,
      `I bought it for ${name}.`,
      `We have used it since ${random.pick(lexicon.months)}.`
    ],
    restaurant: [
      `We ate there on ${day}.`,
      `${name} had booked for us.`,
      `We came with ${random.between(2, 9)} friends.`
    ],
    film: [`We saw it on ${day}.`, `${name} had chosen it.`, `The hall was full on ${day}.`],
    hotel: [
      `We stayed until ${day}.`,
      `${name} had booked ${random.between(2, 9)} nights.`,
      `We arrived late on ${day}.`
    ],
    ferry: [`We crossed on ${day}.`, `${name} stood at the railing.`],
    concert: [`We listened on ${day}.`, `${name} had got the tickets.`],
    school: [`We visited it on ${day}.`, `${name} showed us around.`],
    bakery: [`We came early on ${day}.`, `${name} goes there every week.`]
  }
  return random.pick(lines[domain])
}

export function newsSentence(random: Random, topic: lexicon.Topic): string {
  const { actors, acts, objects } = lexicon.topics[topic]
  const when = random.pick([
    '',
    ` on ${random.pick(lexicon.weekdays)}`,
    ` in ${random.pick(lexicon.months)}`,
    ' last night'
  ])
  return capitalise(`${random.pick(actors)} ${random.pick(acts)} ${random.pick(objects)}${when}.`)
}

/** Two or three sentences on one topic, with a place. */
export function newsText(random: Random, topic: lexicon.Topic, world: World): string {
  const first = newsSentence(random, topic).replace(/\.$/, ` near ${random.pick(world.towns)}.`)
  const rest = Array.from({ length: random.between(1, 2) }, () => newsSentence(random, topic))
  return [first, ...rest].join(' ')
}

/** What a text says of a person or thing: the question that asks for it, the sentence that tells it. */
export interface Fact {
  key: string
  value: string
  tell: string
  question: string
}

const factMakers: Record<string, (name: string, value: string) => Fact> = {
  town: (name, value) => ({
    key: 'town',
    value,
    tell: `${name} lives in ${value}`,
    question: `Where does ${name} live?`
  }),
  job: (name, value) => ({
    key: 'job',
    value,
    tell: `${name} works as a ${value}`,
    question: `What is the job of ${name}?`
  }),
  pet: (name, value) => ({
    key: 'pet',
    value,
    tell: `${name} has a ${value}`,
    question: `Which animal does ${name} have?`
  }),
  hobby: (name, value) => ({
    key: 'hobby',
    value,
    tell: `${name} loves ${value}`,
    question: `What does ${name} love?`
  }),
  food: (name, value) => ({
    key: 'food',
    value,
    tell: `${name} eats ${value} every day`,
    question: `What does ${name} eat?`
  }),
  play: (name, value) => ({
    key: 'play',
    value,
    tell: `${name} plays the ${value}`,
    question: `What does ${name} play?`
  })
}

const personValues = (random: Random, world: World): Record<string, string> => ({
  town: random.pick(world.towns),
  job: random.pick(lexicon.jobs),
  pet: random.pick(lexicon.animals),
  hobby: random.pick(lexicon.hobbies),
  food: random.pick(lexicon.foods),
  play: random.pick(lexicon.instruments)
})

/** A first name, a job ("the baker"), or an animal as in a story ("the owl"). */
export function somebody(random: Random): string {
  const kind = random.below(4)
  if (kind === 0) return `the ${random.pick(lexicon.jobs)}`
  return kind === 1 ? `the ${random.pick(lexicon.animals)}` : random.pick(lexicon.firstNames)
}

/** `count` facts about one person, in random order. */
export function personFacts(random: Random, world: World, name: string, count: number): Fact[] {
  const values = personValues(random, world)
  return random.sample(Object.keys(factMakers), count).map((key) => factMakers[key]!(name, values[key]!))
}

/** The same fact with another value. */
export function otherFact(random: Random, world: World, name: string, fact: Fact): Fact {
  for (;;) {
    const value = personValues(random, world)[fact.key]!
    if (value !== fact.value) return factMakers[fact.key]!(name, value)
  }
}

/** A fact of a kind that `facts` do not mention. */
export function unsaidFact(random: Random, world: World, name: string, facts: readonly Fact[]): Fact {
  const free = Object.keys(factMakers).filter((key) => facts.every((fact) => fact.key !== key))
  const key = random.pick(free)
  return factMakers[key]!(name, personValues(random, world)[key]!)
}

export const asText = (facts: readonly Fact[]): string => facts.map((fact) => capitalise(fact.tell) + '.').join(' ')

/** Facts about a thing in a shop or in a museum: some are told of both, some only here or there. */
export function thingFacts(random: Random, world: World, thing: string, place: 'shop' | 'museum'): Fact[] {
  const the = `the ${thing}`
  const town = random.pick(world.towns)
  const material = random.pick(lexicon.materials)
  const coins = String(random.between(2, 90) * 5)
  const name = random.pick(lexicon.firstNames)
  const room = random.pick(lexicon.rooms)
  const did = random.pick(
    place === 'shop' ? ['bought', 'sent', 'chose', 'cleaned', 'carried'] : ['found', 'hid', 'built', 'lost']
  )
  const facts: Fact[] = [
    { key: 'town', value: town, tell: `${the} comes from ${town}`, question: `Where does ${the} come from?` },
    { key: 'material', value: material, tell: `${the} is made of ${material}`, question: `What is ${the} made of?` },
    { key: 'price', value: coins, tell: `${the} costs ${coins} coins`, question: `How much does ${the} cost?` },
    { key: 'person', value: name, tell: `${name} ${did} ${the}`, question: `Who ${did} ${the}?` },
    place === 'shop'
      ? { key: 'room', value: room, tell: `${the} belongs in the ${room}`, question: `Which room is ${the} for?` }
      : { key: 'room', value: room, tell: `${the} was in the ${room}`, question: `Where was ${the}?` }
  ]
  return random.shuffle(facts)
}

const startsWithVowel = (word: string): boolean => /^[aeiou]/.test(word)

/** A sentence in which someone did something, with its parts, so that a paraphrase can be made of it. */
export interface Deed {
  who: string
  verb: string
  thing: string
  day: string
  town: string
}

export function makeDeed(random: Random, world: World): Deed {
  return {
    who: random.pick(lexicon.firstNames),
    verb: random.pick(lexicon.synonyms)[0],
    thing: `the ${random.pick(lexicon.materials)} ${random.pick([...lexicon.things, ...lexicon.exhibits])}`,
    day: random.pick(lexicon.weekdays),
    town: random.pick(world.towns)
  }
}

export function tellDeed(deed: Deed, form: number): string {
  const { who, verb, thing, day, town } = deed
  return [
    `On ${day} ${who} ${verb} ${thing} in ${town}.`,
    `${who} ${verb} ${thing} in ${town} on ${day}.`,
    `In ${town}, ${who} ${verb} ${thing} on ${day}.`
  ][form % 3]!
}

/** The same deed in other words. */
export function sameDeed(random: Random, deed: Deed): Deed {
  const pair = lexicon.synonyms.find(([plain]) => plain === deed.verb)
  return pair && random.chance(0.7) ? { ...deed, verb: pair[1] } : deed
}

/** A deed that differs in one detail. */
export function changedDeed(random: Random, world: World, deed: Deed): Deed {
  const other = makeDeed(random, world)
  const detail = random.pick(['who', 'thing', 'day', 'town'] as const)
  return other[detail] === deed[detail]
    ? changedDeed(random, world, deed)
    : { ...sameDeed(random, deed), [detail]: other[detail] }
}
