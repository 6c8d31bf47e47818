import type { MetricName } from '../../contract/data.ts'
import * as lexicon from './lexicon.ts'
import { asking, type DemoTask } from './task.ts'
import * as texts from './texts.ts'

/**
 * The unseen target tasks. Three need a skill that some upstream group teaches, in a new setting and with new prompts; the
 * fourth needs one that no upstream task teaches. `skill` names the upstream group, null where there is none.
 */
export interface DemoTarget extends DemoTask {
  skill: string | null
  metrics: MetricName[]
}

export const demoTargets: readonly DemoTarget[] = [
  {
    name: 'hotel_reviews',
    group: 'sentiment',
    skill: 'sentiment',
    metrics: ['em', 'soft-em', 'macro-f1'],
    answers: ['good', 'bad'],
    templates: asking('{label}', 'A traveller wrote: {text} <end>', 'Hotel diary: {text} <feel>'),
    make(random) {
      const good = random.chance(0.5)
      return { text: texts.review(random, 'hotel', good), label: good ? 'good' : 'bad' }
    }
  },
  {
    name: 'fable_questions',
    group: 'question_answering',
    skill: 'question_answering',
    metrics: ['em', 'soft-em', 'qa-f1'],
    templates: asking(
      '{answer}',
      'In the fable: {passage} A child asks: {question}',
      '{passage} The storyteller asks: {question}'
    ),
    make(random, world) {
      const animal = `the ${random.pick(lexicon.colours)} ${random.pick(lexicon.animals)}`
      const facts = texts.personFacts(random, world, animal, 3)
      const asked = random.pick(facts)
      return { passage: texts.asText(facts), question: asked.question, answer: asked.value }
    }
  },
  {
    name: 'club_notices',
    group: 'topic',
    skill: 'topic',
    metrics: ['em', 'soft-em', 'macro-f1'],
    answers: lexicon.topicNames,
    templates: asking(
      '{label}',
      'Notice of the club: {text} What is this notice about?',
      'Hello {name}! {text} <ask> which topic is it?'
    ),
    make(random) {
      const label = random.pick(lexicon.topicNames)
      return { text: texts.newsSentence(random, label), name: random.pick(lexicon.firstNames), label }
    }
  },
  {
    name: 'backward_words',
    group: 'word_order',
    skill: null,
    metrics: ['em', 'soft-em'],
    templates: asking('{backward}', 'Say these words backwards: {words}', 'From the last word to the first: {words}'),
    make(random) {
      const words = random.sample([...lexicon.foods, ...lexicon.animals, ...lexicon.things], 3)
      return { words: words.join(' '), backward: words.toReversed().join(' ') }
    }
  }
]
