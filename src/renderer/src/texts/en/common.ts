import type { MetricName } from '../../../../main/contract/data.ts'
import type { ModelRole, StrategyName } from '../../../../main/contract/strategies.ts'

export const strategyLabels: Record<StrategyName, string> = {
  'zero-shot': 'Zero-shot',
  random: 'Random',
  semantic: 'Semantic',
  dense: 'Dense',
  lexical: 'Lexical'
}

/** The parts that models play in an experiment; `needed` stands beside a strategy that lacks one. */
export const roles: Record<ModelRole, { name: string; term: 'base-model' | 'encoder'; none: string; needed: string }> =
  {
    base: { name: 'Base model', term: 'base-model', none: 'none', needed: 'needs a base model' },
    encoder: { name: 'Sentence encoder', term: 'encoder', none: 'none', needed: 'needs a sentence encoder' }
  }

export const metricLabels: Record<MetricName, string> = {
  em: 'Exact match',
  'soft-em': 'Soft match',
  accuracy: 'Accuracy',
  'qa-f1': 'Answer F1',
  'rouge-l': 'ROUGE-L',
  bleu: 'BLEU',
  'macro-f1': 'Macro F1',
  matthews: 'Matthews correlation',
  pearson: 'Pearson correlation'
}

export const common = {
  app: 'ReCross Lab',
  screens: {
    start: 'Start',
    data: 'Data',
    models: 'Models',
    indices: 'Indices',
    experiments: 'Experiments',
    compare: 'Compare',
    jobs: 'Jobs',
    settings: 'Settings'
  },
  strategies: strategyLabels,
  roles,
  metrics: metricLabels,
  nav: {
    label: 'Main',
    skip: 'Skip to the content',
    tagline: 'Retrieve, tune, compare'
  },
  actions: {
    back: 'Back',
    next: 'Next',
    cancel: 'Cancel',
    close: 'Close',
    delete: 'Delete',
    tryAgain: 'Try again',
    open: 'Open',
    save: 'Save',
    copy: 'Copy',
    copied: 'Copied',
    more: 'Show more',
    showAll: 'Show all',
    search: 'Search',
    clear: 'Clear'
  },
  term: { explain: (name: string) => `What does “${name}” mean?` },
  loading: {
    plain: 'Loading…',
    slow: 'This is taking longer than usual. It is still working.'
  },
  command: {
    title: 'The same from the command line',
    hint: 'This command does exactly what this screen does.',
    copied: 'Command copied'
  },
  none: 'none',
  unknown: 'unknown',
  about: (text: string) => `about ${text}`,
  of: (done: string, total: string) => `${done} of ${total}`,
  confirm: {
    deleteTitle: (name: string) => `Delete “${name}”?`,
    deleteAlone: 'Nothing else depends on it.',
    deleteWith: 'This will be deleted with it:',
    deleteFrees: (size: string) => `Frees ${size} of disk. This cannot be undone.`,
    deleteBusy: 'Looking up what depends on it…',
    kinds: {
      target: 'Target task',
      index: 'Index',
      experiment: 'Experiment',
      run: 'Run',
      'query-set': 'Query set'
    },
    andMore: (n: string) => `and ${n} more`
  },
  away: {
    title: 'The lab is not answering.',
    message: 'Running jobs go on. This page reconnects by itself as soon as the lab is back.',
    connecting: 'Connecting to the lab…',
    retry: 'Reconnect now'
  },
  notFound: {
    title: 'There is nothing here',
    message: 'It may have been deleted, or the address is not quite right.',
    home: 'Back to Start'
  },
  table: {
    sortBy: (name: string) => `Sort by ${name}`
  }
}
