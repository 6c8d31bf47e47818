import { expect, test } from 'vitest'
import { tellsHurt, type Hurt, type Mining } from '../../src/main/contract/minings.ts'
import { miningText } from '../../src/main/hosts/cli/reranker-text.ts'
import { minings } from '../renderer/fake/records.ts'
import { openLab } from './fixture.ts'

const judged = {
  ...{ brier: 0.14, always: 0.31, baseRate: 0.2 },
  ...{ againstAlways: { mean: -0.17, p: 0.0004 }, againstBaseRate: { mean: -0.06, p: 0.012 } }
}
const hurt: Hurt = { cases: 120, tasks: 8, helped: 0.69, unknown: null, judged, newKind: null }
const said = (hurt: Hurt | null): string =>
  miningText({ ...minings[0]!, report: { ...minings[0]!.report, hurt } })
    .split('\n')
    .at(-1)!

test('the report of a mining says whether it can be told before that tuning helps, and how well', () => {
  expect(said(hurt)).toMatch(
    /helps can be told before.* 0\.140 against 0\.310 for tuning always \(p < 0\.001\) and 0\.200 for .* \(p = 0\.012\); tuning helps in 69(\.0)? % of 120 cases of 8 tasks\.$/
  )
  expect(said({ ...hurt, newKind: judged })).toMatch(/nothing of its group upstream, it can: Brier score 0\.140/)
  const chance = { ...judged, againstBaseRate: { mean: -0.06, p: 0.2 } }
  expect(said({ ...hurt, judged: chance })).toMatch(/helps cannot be told before/)
  expect(said({ ...hurt, newKind: chance })).toMatch(/nothing of its group upstream, it cannot: Brier score 0\.140/)
  expect(said({ ...hurt, cases: 1, tasks: 1, unknown: 'too-few', judged: null })).toMatch(
    /not known, .* of 1 case of 1 task, which are too few to judge/
  )
  expect(said({ ...hurt, helped: 1, unknown: 'one-sided', judged: null })).toMatch(/not known, .*nothing to tell apart/)
  expect(said(null)).toMatch(/not known, since it was mined before the lab asked/)
})

test('it is told only where the prediction beats both rivals beyond chance', () => {
  const no = [
    { againstAlways: { mean: 0.1, p: 0.9 } },
    { againstAlways: { mean: -0.1, p: 0.06 } },
    { againstBaseRate: { mean: 0.01, p: 0.6 } },
    { againstBaseRate: { mean: -0.01, p: 0.05 } }
  ]
  expect(tellsHurt(judged)).toBe(true)
  for (const change of no) expect(tellsHurt({ ...judged, ...change })).toBe(false)
})

test('a mining from before it was asked is shown, and says that it is not known', async () => {
  const lab = await openLab()
  const { store } = lab.services
  store.datasets.insert({
    ...{ id: 'toy', name: 'Toy', kind: 'upstream', contentHash: 'hash', examples: 1, tasks: 1, groups: 1 },
    ...{ duplicates: 0, rejected: 0, bytes: 1, source: 'test', licence: 'MIT', createdAt: minings[0]!.createdAt }
  })
  const { hurt: _, ...report } = minings[0]!.report
  store.minings.insert({ ...minings[0]!, datasetId: 'toy', report } as Mining)
  const [old] = await lab.client.reranking.minings({})
  expect(old!.report.hurt).toBeNull()
  expect(miningText(old!)).toMatch(/not known, since it was mined before/)
})
