import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openLab, newHome } from '../hosts/fixture.ts'
import { writeDataset } from './tiny-world.ts'

const words = ['owl', 'fox', 'hen', 'bee']

/** A tokenizer of whole words: each is one token, any other is unknown. */
function wordModel(card: string): string {
  const folder = join(newHome(), 'model')
  mkdirSync(folder)
  writeFileSync(join(folder, 'vocab.txt'), ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]', ...words].join('\n'))
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ model_type: 'bert' }))
  writeFileSync(join(folder, 'README.md'), card)
  return folder
}

test('tokens, unknown ones, lengths, script and the card’s languages are counted as they are', async () => {
  const lab = await openLab()
  const folder = wordModel('---\r\nlicense: mit\r\nlanguage:\r\n- en\r\n- de-AT\r\ntags:\r\n- x\r\n---\r\n')
  const text = fc.array(fc.constantFrom(...words, 'сова', 'лиса'), { minLength: 1, maxLength: 9 })
  const rows = fc.sample(fc.tuple(text, fc.option(text)), { numRuns: 50, seed: 7 })
  const dataset = writeDataset(
    join(newHome(), 'examples.db'),
    'target',
    rows.map(([input, output], at) => ({
      ...{ input: input.join(' '), outputs: output === null ? [] : [output.join(' ')], choices: null },
      ...{ task: 't', group: 'g', template: '', sourceId: `t|all|p|#${at}` }
    }))
  )
  const found = await lab.services.jobs.ask('token-fit', {
    ...{ folder, prefix: '', rows: 400 },
    datasets: [{ id: 'd', dataset }]
  })
  const all = rows.flatMap(([input, output]) => [...input, ...(output ?? [])])
  const foreign = all.filter((word) => !words.includes(word))
  const letters = { latin: 3 * (all.length - foreign.length), cyrillic: 4 * foreign.length }
  expect(found).toMatchObject({ vocabulary: 9, languages: ['en', 'de-at'] })
  expect(found.datasets[0]).toMatchObject({
    ...{ id: 'd', rows: 50, tokens: all.length, unknown: foreign.length },
    inputs: rows.map(([input]) => input.length + 2),
    answers: rows.flatMap(([, output]) => (output === null ? [] : [output.length + 2])),
    script: {
      name: letters.latin > letters.cyrillic ? 'Latin' : 'Cyrillic',
      share: Math.max(letters.latin, letters.cyrillic) / (letters.latin + letters.cyrillic)
    }
  })
})
