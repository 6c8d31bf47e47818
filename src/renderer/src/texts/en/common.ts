import type { ModelRole } from '../../../../main/contract/strategies.ts'
import { screenNames } from '../../screens/table.ts'
import { labelsIn } from '../names/in-language.ts'
import { metricNames } from '../names/metrics.ts'
import { strategyNames } from '../names/strategies.ts'

/** The parts that models play in an experiment; `needed` stands beside a strategy that lacks one. */
const roles: Record<
  ModelRole,
  { name: string; term: 'base-model' | 'encoder' | 'retriever' | 'reranker'; none: string; needed: string }
> = {
  base: { name: 'Base model', term: 'base-model', none: 'none', needed: 'needs a base model' },
  encoder: { name: 'Sentence encoder', term: 'encoder', none: 'none', needed: 'needs a sentence encoder' },
  retriever: { name: 'Trained retriever', term: 'retriever', none: 'none', needed: 'needs a trained retriever' },
  reranker: { name: 'Reranker', term: 'reranker', none: 'none', needed: 'needs a reranker' }
}

export const common = {
  app: 'ReCross Lab',
  screens: screenNames('en'),
  methods: {
    lead: 'The model, what it takes for granted, how well it holds, and where it does not.',
    table: (number: number) => `Table ${number}`
  },
  strategies: labelsIn('en', strategyNames),
  roles,
  metrics: labelsIn('en', metricNames),
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
    /** A menu of what is done seldom. */
    further: 'More',
    showAll: 'Show all',
    search: 'Search',
    clear: 'Clear'
  },
  /** Everything by its name, from the keyboard. */
  palette: {
    title: 'Go to',
    hint: 'A screen, a verb, or the name of anything in the lab',
    keys: 'Ctrl K goes anywhere',
    screen: 'Screen',
    begin: 'Begin',
    compare: 'Compare its results',
    nothing: 'Nothing is called that.'
  },
  /** A chart as a file. */
  picture: { save: 'Save picture', svg: 'As SVG, for print', png: 'As PNG, for slides' },
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
  /** How long something takes on this computer, before it is begun. */
  times: {
    earlier: (time: string, jobs: number) =>
      `about ${time} on this computer, as ${jobs === 1 ? 'the last one' : `the last ${jobs}`} of this kind took`,
    unknown: 'not known yet on this computer; shown after the first minute',
    moments: 'moments'
  },
  of: (done: string, total: string) => `${done} of ${total}`,
  confirm: {
    deleteTitle: (name: string) => `Delete “${name}”?`,
    deleteAlone: 'Nothing else depends on it.',
    deleteMany: (n: number) => `Delete ${n} things?`,
    deleteWith: 'This will be deleted with it:',
    deleteKeeps: 'These results stay readable. Without it they can no longer be repeated:',
    binText: (days: number) => `It goes into the bin and can be brought back for ${days} days (Settings).`,
    forGood: 'Delete for good, without the bin',
    forGoodText: 'This cannot be undone.',
    frees: (size: string, now: boolean) =>
      now ? `Frees ${size} of disk.` : `${size} of disk are freed when the bin is emptied.`,
    copies: (n: number, size: string) =>
      `${n === 1 ? 'One copy of a file' : `${n} copies of files`} that you handed over for it (${size}) ${n === 1 ? 'goes' : 'go'} at once, without the bin:`,
    inBin: (n: number) => (n === 1 ? 'Moved to the bin' : `${n} things moved to the bin`),
    inBinText: (days: number) => `You can bring it back for ${days} days.`,
    undo: 'Undo',
    kinds: {
      target: 'Target task',
      index: 'Index',
      experiment: 'Experiment',
      run: 'Run',
      'query-set': 'Query set',
      dataset: 'Data set',
      model: 'Model',
      job: 'Job',
      mining: 'Mined supervision'
    },
    andMore: (n: string) => `and ${n} more`
  },
  drop: {
    title: 'Drop it to open it',
    text: 'Data or a list of questions, the folder of a model, or a study. The wizard that takes it opens.'
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
