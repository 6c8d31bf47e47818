import type { problems as english } from '../en/problems.ts'
import type { Words } from '../words.ts'

const titles: Readonly<Record<string, string>> = {
  'dataset-not-found': 'Diesen Datensatz gibt es nicht mehr',
  'model-not-found': 'Dieses Modell gibt es nicht mehr',
  'index-not-found': 'Diesen Index gibt es nicht mehr',
  'experiment-not-found': 'Dieses Experiment gibt es nicht mehr',
  'job-not-found': 'Diesen Auftrag gibt es nicht mehr',
  'target-not-found': 'Diese Zielaufgabe gibt es nicht mehr',
  offline: 'Das Netz ist nicht zu erreichen',
  'offline-mode': 'Das Labor soll ohne Netz bleiben',
  'disk-full': 'Die Festplatte ist voll',
  'no-space': 'Die Festplatte ist voll',
  'out-of-memory': 'Der Arbeitsspeicher reicht nicht'
}

export const problems: Words<typeof english> = {
  bug: 'Im Labor selbst ging etwas schief',
  bugAdvice: 'Das ist ein Fehler des Labors. An Ihren Daten wurde nichts geändert.',
  badInput: 'Etwas passt nicht',
  away: 'Das Labor antwortet nicht',
  awayMessage: 'Vielleicht startet es gerade neu. Gleich noch einmal versuchen.',
  stale: 'Diese Seite ließ sich nicht laden',
  staleMessage:
    'Wahrscheinlich wurde das Labor erneuert, während diese Seite offen war. Die Seite neu laden; laufende Aufträge gehen weiter.',
  titleOf: (code) => titles[code] ?? 'Das ist nicht gelungen',
  code: (code) => `Fehlerkennung: ${code}`,
  cause: 'Was dahintersteckte'
}
