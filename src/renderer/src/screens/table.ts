import type { ThingKind } from '../../../main/contract/things.ts'
import type { Language } from '../texts/language.ts'
import type { InEvery } from '../texts/names/in-language.ts'

export type IconName =
  'house' | 'database' | 'boxes' | 'layers' | 'flask' | 'scale' | 'list-checks' | 'settings' | 'package'

interface ScreenRow {
  /** Where everybody finds it: in the rail, or in the palette as something to begin. Missing: other screens lead there. */
  readonly in?: 'rail' | 'palette'
  /** A row of icons.ts. */
  readonly icon?: IconName
  /** Missing: it is called as the thing that it shows. */
  readonly name?: InEvery<string>
  /** The thing whose own page it is. */
  readonly shows?: ThingKind
}

/**
 * Every screen is one row: address, icon, name. Router, rail, palette, headings, the pages of things and the tests that open every
 * address derive from here; what draws a screen is its line in screens.ts. By address, in the order of the rail and of the palette.
 * `/:id`: with the id of a thing; `/:id?`: with one or without. No component is imported, so that texts and tests can read it.
 */
const screens = {
  start: { in: 'rail', icon: 'house', name: { en: 'Start', de: 'Start' } },
  data: { in: 'rail', icon: 'database', name: { en: 'Data', de: 'Daten' } },
  models: { in: 'rail', icon: 'boxes', name: { en: 'Models', de: 'Modelle' } },
  indices: { in: 'rail', icon: 'layers', name: { en: 'Indices', de: 'Indizes' } },
  experiments: { in: 'rail', icon: 'flask', name: { en: 'Experiments', de: 'Experimente' } },
  'compare/:id?': { in: 'rail', icon: 'scale', name: { en: 'Compare', de: 'Vergleich' } },
  'jobs/:id?': { in: 'rail', icon: 'list-checks', name: { en: 'Jobs', de: 'Aufträge' } },
  settings: { in: 'rail', icon: 'settings', name: { en: 'Settings', de: 'Einstellungen' } },
  'data/new': { in: 'palette', icon: 'database', name: { en: 'Get data', de: 'Daten holen' } },
  'models/new': { in: 'palette', icon: 'boxes', name: { en: 'Get a model', de: 'Ein Modell holen' } },
  'indices/new': { in: 'palette', icon: 'layers', name: { en: 'Build an index', de: 'Index aufbauen' } },
  'experiments/new': { in: 'palette', icon: 'flask', name: { en: 'New experiment', de: 'Neues Experiment' } },
  'models/mine': { in: 'palette', icon: 'boxes', name: { en: 'Mine pairs', de: 'Paare ermitteln' } },
  'models/train': {
    in: 'palette',
    icon: 'boxes',
    name: { en: 'Train a reranker', de: 'Einen Reranker trainieren' }
  },
  'carry/pack': {
    in: 'palette',
    icon: 'package',
    name: { en: 'Prepare for a computer without a network', de: 'Für einen Rechner ohne Netz vorbereiten' }
  },
  'carry/open': {
    in: 'palette',
    icon: 'package',
    name: { en: 'Open from another computer', de: 'Von einem anderen Rechner öffnen' }
  },
  'compare/pick': {
    in: 'palette',
    icon: 'scale',
    name: { en: 'Compare runs of several experiments', de: 'Läufe mehrerer Experimente vergleichen' }
  },
  'experiments/foreign': { name: { en: 'Answers of another program', de: 'Antworten eines anderen Programms' } },
  methods: { name: { en: 'How verdicts are worked out', de: 'Wie Urteile zustande kommen' } },
  'data/:id': { shows: 'dataset' },
  'data/target/:id': { shows: 'target' },
  'models/:id': { shows: 'model' },
  'models/mining/:id': { shows: 'mining' },
  'models/use/:id': {},
  'indices/:id': { shows: 'index' },
  'experiments/:id': { shows: 'experiment' },
  'experiments/use/:id': {}
} as const satisfies Record<string, ScreenRow>

export type Address = keyof typeof screens
type PathOf<A extends Address> = A extends `${infer Path}/:id${'' | '?'}` ? Path : A
type Named = { [A in Address]: (typeof screens)[A] extends { name: unknown } ? PathOf<A> : never }[Address]

/** The rows, each with its address and the path that stands before the id. */
export const screenRows = Object.entries<ScreenRow>(screens).map(([address, row]) => ({
  ...row,
  address: address as Address,
  path: address.replace(/\/:id\??$/, '')
}))

/** What screens are called, by their paths. */
export function screenNames(language: Language): Record<Named, string> {
  const named = screenRows.flatMap(({ path, name }) => (name === undefined ? [] : [[path, name[language]]]))
  return Object.fromEntries(named) as Record<Named, string>
}

/** Where the page of a thing is. */
export function pageOf(kind: ThingKind): string {
  return `#/${screenRows.find(({ shows }) => shows === kind)!.path}`
}
