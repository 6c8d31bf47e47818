import * as lexicon from '../lexicon.ts'
import { asking, type DemoTask } from '../task.ts'
import * as texts from '../texts.ts'

const askingOfPassage = asking(
  '{answer}',
  '<lead>: {passage} <ask> {question}',
  '<ask> {question} <lead>: {passage}',
  '{passage} {question} <end>',
  '<who> wrote: {passage} {question}',
  '<lead>: {passage} <who> asked: {question}'
)

export const questionAnswering: DemoTask[] = [
  {
    name: 'passage_questions',
    group: 'question_answering',
    templates: askingOfPassage,
    make(random, world) {
      const one = texts.somebody(random)
      const two = random.pick(lexicon.firstNames)
      const facts = random.chance(0.5)
        ? texts.personFacts(random, world, one, 3)
        : [...texts.personFacts(random, world, one, 2), ...texts.personFacts(random, world, two, 2)]
      const asked = random.pick(facts)
      return { passage: texts.asText(random.shuffle(facts)), question: asked.question, answer: asked.value }
    }
  },
  {
    name: 'shop_questions',
    group: 'question_answering',
    templates: askingOfPassage,
    make(random, world) {
      const facts = texts.thingFacts(random, world, random.pick(lexicon.things), 'shop').slice(0, random.between(3, 4))
      const asked = random.pick(facts)
      return { passage: texts.asText(facts), question: asked.question, answer: asked.value }
    }
  },
  {
    name: 'world_facts',
    group: 'question_answering',
    templates: asking(
      '{answer}',
      '<ask> {question}',
      '{question} <end>',
      '<who> asked: {question}',
      '<lead>: {question}'
    ),
    make(random, world) {
      const { name, capital, river, dish, colour } = random.pick(world.countries)
      const [question, answer] = random.pick([
        [`What is the capital of ${name}?`, capital],
        [`Which river flows through ${name}?`, river],
        [`What do people eat in ${name}?`, dish],
        [`Which colour has the flag of ${name}?`, colour]
      ] as const)
      return { question, answer }
    }
  }
]
