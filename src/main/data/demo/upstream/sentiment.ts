import type { Random } from '../../../random/random.ts'
import { asking, type DemoTask } from '../task.ts'
import * as texts from '../texts.ts'

const positive = (random: Random) => random.chance(0.5)

export const sentiment: DemoTask[] = [
  {
    name: 'product_reviews',
    group: 'sentiment',
    answers: ['positive', 'negative'],
    templates: asking(
      '{label}',
      '<lead>: {text} Is this review positive or negative?',
      '{text} <ask> what is the sentiment?',
      '<who> wrote: {text} <ask> is the buyer pleased?',
      '<lead>: {text} <feel>',
      '{text} <feel> <end>',
      '<lead>: {text} <end>'
    ),
    make(random) {
      const good = positive(random)
      return { text: texts.review(random, 'product', good), label: good ? 'positive' : 'negative' }
    }
  },
  {
    name: 'restaurant_reviews',
    group: 'sentiment',
    answers: ['good', 'bad'],
    templates: asking(
      '{label}',
      '<lead>: {text} Did the guest have a good or a bad time?',
      '{text} <ask> how was the evening?',
      '<who> wrote: {text} <ask> was it a nice visit?',
      '<lead>: {text} <feel>',
      '{text} <feel> <end>',
      '<lead>: {text} <end>'
    ),
    make(random) {
      const good = positive(random)
      return { text: texts.review(random, 'restaurant', good), label: good ? 'good' : 'bad' }
    }
  },
  {
    name: 'film_reviews',
    group: 'sentiment',
    answers: ['thumbs up', 'thumbs down'],
    templates: asking(
      '{label}',
      '<lead>: {text} Thumbs up or thumbs down?',
      '{text} <ask> what is the verdict?',
      '<who> wrote: {text} <ask> is the film worth it?',
      '<lead>: {text} <feel>',
      '{text} <feel> <end>',
      '<lead>: {text} <end>'
    ),
    make(random) {
      const good = positive(random)
      return { text: texts.review(random, 'film', good), label: good ? 'thumbs up' : 'thumbs down' }
    }
  }
]
