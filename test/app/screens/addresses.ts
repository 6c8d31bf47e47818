import { screenRows, type Address } from '../../../src/renderer/src/screens/table.ts'

/** What the fake backend has to show on each page of one thing. */
const ids: Record<Extract<Address, `${string}/:id${'' | '?'}`>, string> = {
  'data/:id': 'ds-upstream',
  'data/target/:id': 't-cb',
  'models/:id': 'm-bart0',
  'models/mining/:id': 'mining-open',
  'models/use/:id': 'm-bart0',
  'indices/:id': 'i-dense',
  'experiments/:id': 'e-paper',
  'experiments/use/:id': 'e-paper',
  'compare/:id?': 'e-paper',
  'jobs/:id?': 'j-live'
}

/** Pages that look otherwise by a tab, by what they are asked, or by the state of the thing. */
const others = [
  'data/ds-upstream?tab=browse',
  'data/ds-upstream?tab=lengths',
  'data/ds-upstream?tab=rejected',
  'indices/i-dense?tab=map',
  'indices/i-dense?tab=mix',
  'models/mining/mining-closed',
  'experiments/e-live',
  'experiments/use/e-paper?tab=file',
  'experiments/use/e-paper?tab=export',
  'experiments/use/e-paper?tab=keep',
  'compare/e-paper?tab=examples',
  'compare/e-paper?tab=retrieved',
  'compare/e-paper?tab=correlation',
  'compare/e-paper?tab=time',
  'compare/e-paper?tab=score',
  'compare/e-paper?tab=settings',
  'compare/picked',
  'carry/pack?experiment=e-paper',
  'jobs/j-crash',
  'nowhere/at/all'
]

const plain = screenRows.filter(({ address }) => !address.endsWith('/:id')).map(({ path }) => path)
const ofOne = screenRows.flatMap(({ address, path }) =>
  address in ids ? [`${path}/${ids[address as keyof typeof ids]}`] : []
)

/** Every address of the lab, each under the name of its picture. A row in the table of screens brings its own. */
export const addresses: Record<string, string> = Object.fromEntries(
  [...plain, ...ofOne, ...others].map((address) => [address.replaceAll(/[/?=]/g, '-'), address])
)
