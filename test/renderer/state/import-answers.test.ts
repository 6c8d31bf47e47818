import { expect, test } from 'vitest'
import { ImportAnswers } from '../../../src/renderer/src/state/import-answers.svelte.ts'
import { texts } from '../../../src/renderer/src/texts/texts.ts'
import { fakeClient } from '../client.ts'

test.each([
  ['/a/Zero-Shot_predictions.json', 'zero-shot', 0],
  ['/a/random_seed=42_round#3.json', 'random', 3],
  ['C:\\a\\SBERT-round-1.jsonl', 'semantic', 1],
  ['/a/ReCross_round#0.json', 'recross', 0],
  ['/a/bm25_round_4.json', 'lexical', 4],
  ['/a/answers.json', 'zero-shot', 0]
])('%s is guessed to be %s of round %i', (path, strategy, round) => {
  const form = new ImportAnswers(fakeClient())
  form.add(path)
  form.add(path)
  expect(form.files).toEqual([{ path, strategy, round, retrieved: null }])
})

test('nothing is taken in before it is said what answered which target; then the command says the same', async () => {
  const form = new ImportAnswers(fakeClient())
  form.add('/a/random_round#1.json')
  expect(form.ready).toBe(false)
  form.model = 'BART0, original'
  form.targetId = 't-cb'
  expect(form.ready).toBe(true)
  form.files[0]!.retrieved = '/a/rows 1.json'
  expect(form.ready).toBe(false)
  form.datasetId = 'ds-upstream'
  expect(form.command).toBe(
    "npm run lab -- experiment import-answers random:2=/a/random_round#1.json --target t-cb --model 'BART0, original' --data ds-upstream --retrieved 'random:2=/a/rows 1.json'".replace(
      'random:2=/a/random_round#1.json',
      "'random:2=/a/random_round#1.json'"
    )
  )
  expect(await form.take()).toBe('e-foreign')
  expect(form.problem).toBeNull()
})

test.each([
  ['a round beyond the last', (form: ImportAnswers) => (form.files[0]!.round = 100), texts.experiments.foreign.round],
  ['a round before the first', (form: ImportAnswers) => (form.files[0]!.round = -1), texts.experiments.foreign.round],
  ['no test question', (form: ImportAnswers) => (form.testExamples = 0), texts.experiments.foreign.testExamples]
])('%s is refused as the contract refuses it, and named', (_, enter, label) => {
  const form = new ImportAnswers(fakeClient())
  form.add('/a/random_round#1.json')
  form.model = 'BART0'
  form.targetId = 't-cb'
  expect([form.ready, form.refused]).toEqual([true, null])
  enter(form)
  expect([form.ready, form.refused]).toEqual([false, label])
})
