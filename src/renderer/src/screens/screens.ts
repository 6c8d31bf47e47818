import type { Component } from 'svelte'
import { screenRows, type Address } from './table.ts'

type Plain = () => Promise<{ default: Component<Record<string, never>> }>
type OfOne = () => Promise<{ default: Component<{ id: string }> }>

export type Match = { key: string } & ({ of: 'all'; load: Plain } | { of: 'one'; load: OfOne; id: string })

/** What draws each screen, loaded when it is first shown. A row of the table without its line here does not compile. */
const drawnBy: { readonly [A in Address]: A extends `${string}/:id${'' | '?'}` ? OfOne : Plain } = {
  start: () => import('./start/Start.svelte'),
  data: () => import('./data/DataList.svelte'),
  'data/new': () => import('./data/GetData.svelte'),
  'data/:id': () => import('./data/DatasetPage.svelte'),
  'data/target/:id': () => import('./data/TargetPage.svelte'),
  models: () => import('./models/ModelList.svelte'),
  'models/new': () => import('./models/GetModel.svelte'),
  'models/mine': () => import('./reranking/MinePairs.svelte'),
  'models/train': () => import('./reranking/TrainReranker.svelte'),
  'models/:id': () => import('./models/ModelPage.svelte'),
  'models/mining/:id': () => import('./reranking/MiningPage.svelte'),
  'models/use/:id': () => import('./use/UseModel.svelte'),
  indices: () => import('./indices/IndexList.svelte'),
  'indices/new': () => import('./indices/BuildIndex.svelte'),
  'indices/:id': () => import('./indices/IndexPage.svelte'),
  experiments: () => import('./experiments/ExperimentList.svelte'),
  'experiments/new': () => import('./experiments/NewExperiment.svelte'),
  'experiments/foreign': () => import('./experiments/ImportAnswers.svelte'),
  'experiments/:id': () => import('./experiments/ExperimentPage.svelte'),
  'experiments/use/:id': () => import('./use/UseExperiment.svelte'),
  'compare/pick': () => import('./compare/PickRuns.svelte'),
  'compare/:id?': () => import('./compare/Compare.svelte'),
  'carry/pack': () => import('./carry/Pack.svelte'),
  'carry/open': () => import('./carry/OpenZip.svelte'),
  'jobs/:id?': () => import('./jobs/Jobs.svelte'),
  methods: () => import('./methods/Methods.svelte'),
  settings: () => import('./settings/Settings.svelte')
}

const notFound: Plain = () => import('./NotFound.svelte')

/** The screen of an address, and a key that changes whenever another screen or another thing must be shown. */
export function screenFor(path: readonly string[]): Match {
  const words = path.length === 0 ? ['start'] : path
  const key = words.join('/')
  const known = (address: string): Address | undefined => screenRows.find((row) => row.address === address)?.address
  const plain = known(key)
  if (plain !== undefined) return { of: 'all', load: drawnBy[plain] as Plain, key }
  const list = known(`${key}/:id?`)
  if (list !== undefined) return { of: 'one', load: drawnBy[list] as OfOne, key, id: '' }
  const before = words.slice(0, -1).join('/')
  const one = known(`${before}/:id`) ?? known(`${before}/:id?`)
  if (one === undefined) return { of: 'all', load: notFound, key: 'not-found' }
  // The list of jobs stays while the choice in it changes.
  return { of: 'one', load: drawnBy[one] as OfOne, key: before === 'jobs' ? 'jobs' : key, id: words.at(-1)! }
}
