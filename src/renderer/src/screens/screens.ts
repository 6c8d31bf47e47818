import type { Component } from 'svelte'

type Plain = () => Promise<{ default: Component<Record<string, never>> }>
type OfOne = () => Promise<{ default: Component<{ id: string }> }>

export type Match = { key: string } & ({ of: 'all'; load: Plain } | { of: 'one'; load: OfOne; id: string })

/** Screens without an id: lists, wizards, settings. */
const plain: Record<string, Plain> = {
  start: () => import('./start/Start.svelte'),
  data: () => import('./data/DataList.svelte'),
  'data/new': () => import('./data/GetData.svelte'),
  models: () => import('./models/ModelList.svelte'),
  'models/new': () => import('./models/GetModel.svelte'),
  'models/mine': () => import('./reranking/MinePairs.svelte'),
  'models/train': () => import('./reranking/TrainReranker.svelte'),
  indices: () => import('./indices/IndexList.svelte'),
  'indices/new': () => import('./indices/BuildIndex.svelte'),
  experiments: () => import('./experiments/ExperimentList.svelte'),
  'compare/pick': () => import('./compare/PickRuns.svelte'),
  'experiments/new': () => import('./experiments/NewExperiment.svelte'),
  'experiments/foreign': () => import('./experiments/ImportAnswers.svelte'),
  'carry/pack': () => import('./carry/Pack.svelte'),
  'carry/open': () => import('./carry/OpenZip.svelte'),
  methods: () => import('./methods/Methods.svelte'),
  settings: () => import('./settings/Settings.svelte')
}

/** Screens of one thing: `data/<id>`. Jobs and Compare also stand without one. */
const ofOne: Record<string, OfOne> = {
  data: () => import('./data/DatasetPage.svelte'),
  'data/target': () => import('./data/TargetPage.svelte'),
  models: () => import('./models/ModelPage.svelte'),
  'models/mining': () => import('./reranking/MiningPage.svelte'),
  indices: () => import('./indices/IndexPage.svelte'),
  'models/use': () => import('./use/UseModel.svelte'),
  'experiments/use': () => import('./use/UseExperiment.svelte'),
  experiments: () => import('./experiments/ExperimentPage.svelte'),
  compare: () => import('./compare/Compare.svelte'),
  jobs: () => import('./jobs/Jobs.svelte')
}

const notFound: Plain = () => import('./NotFound.svelte')

/** The screen of an address, and a key that changes whenever another screen or another thing must be shown. */
export function screenFor(path: readonly string[]): Match {
  const words = path.length === 0 ? ['start'] : path
  const address = words.join('/')
  const screen = plain[address]
  if (screen) return { of: 'all', load: screen, key: address }
  const alone = ofOne[address]
  if (alone && (address === 'jobs' || address === 'compare')) return { of: 'one', load: alone, key: address, id: '' }
  const load = ofOne[words.slice(0, -1).join('/')]
  const id = words.at(-1) ?? ''
  if (!load || words.length < 2) return { of: 'all', load: notFound, key: 'not-found' }
  // The list of jobs stays while the choice in it changes.
  return { of: 'one', load, key: words[0] === 'jobs' ? 'jobs' : address, id }
}
