import type { Random } from '../../../random/random.ts'
import * as lexicon from '../lexicon.ts'
import { asking, type DemoTask, type World } from '../task.ts'
import * as texts from '../texts.ts'

/** A hypothesis that follows from the facts, contradicts them, or is left open by them. */
function hypothesis(random: Random, world: World) {
  const name = texts.somebody(random)
  const facts = texts.personFacts(random, world, name, random.between(2, 3))
  const kind = random.below(3)
  const said = random.pick(facts)
  const claim =
    kind === 0
      ? said
      : kind === 1
        ? texts.otherFact(random, world, name, said)
        : texts.unsaidFact(random, world, name, facts)
  return { premise: texts.asText(facts), claim: claim.tell + '.', kind }
}

export const inference: DemoTask[] = [
  {
    name: 'person_claims',
    group: 'inference',
    answers: ['yes', 'no', 'maybe'],
    templates: asking(
      '{label}',
      '<lead>: {premise} <ask> {claim} Yes, no, or maybe?',
      '<who> says: {premise} Can we say that {claim}',
      '{premise} <check> {claim} <end>',
      '<lead>: {premise} <check> {claim}'
    ),
    make(random, world) {
      const { premise, claim, kind } = hypothesis(random, world)
      return { premise, claim, label: ['yes', 'no', 'maybe'][kind]! }
    }
  },
  {
    name: 'deed_claims',
    group: 'inference',
    answers: ['true', 'false'],
    templates: asking(
      '{label}',
      '<lead>: {premise} <ask> {claim} True or false?',
      '<who> says: {premise} Someone adds: {claim} <end>',
      '{premise} <check> {claim} <end>',
      '<lead>: {premise} <check> {claim}'
    ),
    make(random, world) {
      const deed = texts.makeDeed(random, world)
      const other = random.chance(0.5) ? deed : texts.changedDeed(random, world, deed)
      const [claim, parts] = random.pick([
        [`${other.who} was in ${other.town}.`, ['who', 'town']],
        [`${other.who} had to do with ${other.thing}.`, ['who', 'thing']],
        [`This happened to ${other.thing} on ${other.day}.`, ['thing', 'day']],
        [`${other.who} was busy on ${other.day}.`, ['who', 'day']]
      ] as const)
      const holds = parts.every((part) => other[part] === deed[part])
      return { premise: texts.tellDeed(deed, random.below(3)), claim, label: String(holds) }
    }
  },
  {
    name: 'rules',
    group: 'inference',
    answers: ['yes', 'no'],
    templates: asking(
      '{label}',
      '<lead>: {premise} <ask> {claim} Yes or no?',
      '<who> says: {premise} <ask> {claim}',
      '{premise} {claim} <end>',
      '<lead>: {premise} {claim}'
    ),
    make(random) {
      const [kind, otherKind] = random.sample(lexicon.animals, 2) as [string, string]
      const [trait, otherTrait] = random.sample(lexicon.colours, 2) as [string, string]
      const name = random.pick(lexicon.firstNames)
      const member = random.chance(0.5)
      const asksTrait = random.chance(0.5)
      const isKind = member ? kind : otherKind
      const premise = `Every ${kind} is ${trait}. Every ${otherKind} is ${otherTrait}. ${name} is a ${isKind}.`
      const asked = asksTrait ? trait : otherTrait
      return { premise, claim: `Is ${name} ${asked}?`, label: member === asksTrait ? 'yes' : 'no' }
    }
  }
]
