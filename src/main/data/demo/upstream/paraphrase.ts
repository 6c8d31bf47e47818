import type { Random } from '../../../random/random.ts'
import * as lexicon from '../lexicon.ts'
import { asking, type DemoTask, type World } from '../task.ts'
import * as texts from '../texts.ts'

const pair = (random: Random, world: World) => {
  const deed = texts.makeDeed(random, world)
  const same = random.chance(0.5)
  const form = random.below(3)
  const second = same ? texts.sameDeed(random, deed) : texts.changedDeed(random, world, deed)
  return { a: texts.tellDeed(deed, form), b: texts.tellDeed(second, form + random.between(1, 2)), same }
}

export const paraphrase: DemoTask[] = [
  {
    name: 'sentence_pairs',
    group: 'paraphrase',
    answers: ['same', 'different'],
    templates: asking(
      '{label}',
      '<lead>: {a} <lead>: {b} Same or different?',
      '{a} {b} <ask> do they say the same?',
      '<who> wrote: {a} <who> wrote: {b} <ask> is it the same?',
      'Compare. {a} {b} <end>'
    ),
    make(random, world) {
      const { a, b, same } = pair(random, world)
      return { a, b, label: same ? 'same' : 'different' }
    }
  },
  {
    name: 'question_pairs',
    group: 'paraphrase',
    answers: ['duplicate', 'new'],
    templates: asking(
      '{label}',
      '<lead>: {a} <lead>: {b} Duplicate or new?',
      '{a} {b} <ask> was this asked before?',
      '<who> asked: {a} <who> asked: {b} <ask> is it new?',
      'Compare the questions. {a} {b} <end>'
    ),
    make(random, world) {
      const [one, two] = random.sample(lexicon.firstNames, 2) as [string, string]
      const facts = texts.personFacts(random, world, one, 2)
      const rewordings: Record<string, (name: string) => string> = {
        town: (name) => `In which place does ${name} live?`,
        job: (name) => `What work does ${name} do?`,
        pet: (name) => `What pet does ${name} own?`,
        hobby: (name) => `Which pastime is dear to ${name}?`,
        food: (name) => `What is on the plate of ${name}?`,
        play: (name) => `Which instrument belongs to ${name}?`
      }
      const kind = random.pick(['same', 'person', 'matter'])
      const reword = rewordings[kind === 'matter' ? facts[1]!.key : facts[0]!.key]!
      return {
        a: facts[0]!.question,
        b: reword(kind === 'person' ? two : one),
        label: kind === 'same' ? 'duplicate' : 'new'
      }
    }
  },
  {
    name: 'rewrite',
    group: 'paraphrase',
    templates: asking(
      '{b}',
      '<lead>: {a} Say it in another way.',
      '{a} <ask> how else can one say it?',
      '<who> wrote: {a} Begin with the name.',
      'Rewrite it. {a} <end>'
    ),
    make(random, world) {
      const deed = texts.makeDeed(random, world)
      return { a: texts.tellDeed(deed, random.pick([0, 2])), b: texts.tellDeed(deed, 1) }
    }
  }
]
