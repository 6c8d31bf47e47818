import { expect, test } from 'vitest'
import { jobKinds } from '../../src/main/contract/jobs.ts'
import { questionKinds } from '../../src/main/contract/questions.ts'
import { workSchemas, type WorkKind } from '../../src/main/contract/work.ts'
import { loadJob, registry } from '../../src/main/worker/registry.ts'

test.each(Object.keys(workSchemas) as WorkKind[])('"%s" is registered under its own kind', async (kind) => {
  expect((await loadJob(kind)).kind).toBe(kind)
})

test('a kind is either a job or a question', () => {
  expect(jobKinds.filter((kind) => (questionKinds as string[]).includes(kind))).toEqual([])
})

test('nothing is registered that the contract does not know', () => {
  expect(Object.keys(registry).sort()).toEqual(Object.keys(workSchemas).sort())
})
