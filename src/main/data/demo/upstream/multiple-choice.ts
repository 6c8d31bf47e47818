import type { Random } from '../../../random/random.ts'
import * as lexicon from '../lexicon.ts'
import { asking, type DemoTask } from '../task.ts'
import * as texts from '../texts.ts'

/** Three options in random order. */
function options(random: Random, right: string, wrong: readonly string[]): string {
  return random.shuffle([right, ...wrong]).join(' / ')
}

export const multipleChoice: DemoTask[] = [
  {
    name: 'tool_choice',
    group: 'multiple_choice',
    templates: asking(
      '{answer}',
      'You want to {purpose}. <ask> what do you take? Options: {options}',
      'Options: {options} <ask> which one helps to {purpose}?',
      '<who> wants to {purpose}. <choose> {options}',
      '<choose> {options} You have to {purpose}.'
    ),
    make(random) {
      const [right, ...wrong] = random.sample(lexicon.uses, 3)
      return {
        purpose: right![1],
        answer: right![0],
        options: options(
          random,
          right![0],
          wrong.map(([thing]) => thing)
        )
      }
    }
  },
  {
    name: 'fact_choice',
    group: 'multiple_choice',
    templates: asking(
      '{answer}',
      '<lead>: {passage} <ask> {question} Options: {options}',
      'Options: {options} <lead>: {passage} <ask> {question}',
      '<who> wrote: {passage} {question} <choose> {options}',
      '{passage} {question} <choose> {options}'
    ),
    make(random, world) {
      const name = random.pick(lexicon.firstNames)
      const facts = texts.personFacts(random, world, name, 3)
      const asked = random.pick(facts)
      const wrong = [texts.otherFact(random, world, name, asked).value, facts.find((fact) => fact !== asked)!.value]
      return {
        passage: texts.asText(facts),
        question: asked.question,
        answer: asked.value,
        options: options(random, asked.value, wrong)
      }
    }
  },
  {
    name: 'odd_one_out',
    group: 'multiple_choice',
    templates: asking(
      '{answer}',
      '<ask> which word does not belong? Options: {options}',
      'Options: {options} <ask> which is the odd one?',
      '<who> wrote: {options}. <choose> the word that does not fit.',
      '<choose> {options} One is different from the others.'
    ),
    make(random) {
      const [same, other] = random.sample(
        [lexicon.animals, lexicon.foods, lexicon.things, lexicon.jobs, lexicon.hobbies],
        2
      )
      const answer = random.pick(other!)
      return { answer, options: options(random, answer, random.sample(same!, 2)) }
    }
  }
]
