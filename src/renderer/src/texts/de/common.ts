import type { common as english } from '../en/common.ts'
import type { Words } from '../words.ts'
import { screenNames } from '../../screens/table.ts'
import { labelsIn } from '../names/in-language.ts'
import { metricNames } from '../names/metrics.ts'
import { strategyNames } from '../names/strategies.ts'

export const common: Words<typeof english> = {
  app: 'ReCross Lab',
  screens: screenNames('de'),
  methods: {
    lead: 'Das statistische Modell, was es voraussetzt, wie gut es hält und wo nicht.',
    table: (number: number) => `Tabelle ${number}`
  },
  strategies: labelsIn('de', strategyNames),
  roles: {
    base: { name: 'Grundmodell', term: 'base-model', none: 'keines', needed: 'braucht ein Grundmodell' },
    encoder: { name: 'Satz-Encoder', term: 'encoder', none: 'keiner', needed: 'braucht einen Satz-Encoder' },
    retriever: {
      name: 'Trainierter Retriever',
      term: 'retriever',
      none: 'keiner',
      needed: 'braucht einen trainierten Retriever'
    },
    reranker: { name: 'Reranker', term: 'reranker', none: 'keiner', needed: 'braucht einen Reranker' }
  },
  metrics: labelsIn('de', metricNames),
  nav: {
    label: 'Hauptbereiche',
    skip: 'Zum Inhalt springen',
    tagline: 'Suchen, nachtrainieren, vergleichen'
  },
  actions: {
    back: 'Zurück',
    next: 'Weiter',
    cancel: 'Abbrechen',
    close: 'Schließen',
    delete: 'Löschen',
    tryAgain: 'Noch einmal versuchen',
    open: 'Öffnen',
    save: 'Speichern',
    copy: 'Kopieren',
    copied: 'Kopiert',
    more: 'Mehr zeigen',
    further: 'Mehr',
    showAll: 'Alle zeigen',
    search: 'Suchen',
    clear: 'Leeren'
  },
  palette: {
    title: 'Gehe zu',
    hint: 'Eine Seite, eine Tätigkeit oder der Name von etwas im Labor',
    keys: 'Strg K führt überallhin',
    screen: 'Seite',
    begin: 'Beginnen',
    compare: 'Ergebnisse vergleichen',
    nothing: 'So heißt nichts.'
  },
  term: { explain: (name) => `Was bedeutet „${name}“?` },
  loading: {
    plain: 'Wird geladen …',
    slow: 'Es dauert länger als sonst. Es wird noch gearbeitet.'
  },
  command: {
    title: 'Dasselbe auf der Befehlszeile',
    hint: 'Dieser Befehl tut genau das, was diese Seite tut.',
    copied: 'Befehl kopiert'
  },
  none: 'keine',
  unknown: 'unbekannt',
  about: (text) => `etwa ${text}`,
  times: {
    moments: 'wenige Augenblicke',
    earlier: (time, jobs) =>
      `etwa ${time} auf diesem Computer, wie ${jobs === 1 ? 'beim letzten Mal' : `bei den letzten ${jobs} Malen`}`,
    unknown: 'auf diesem Computer noch nicht bekannt; nach der ersten Minute zu sehen'
  },
  of: (done, total) => `${done} von ${total}`,
  confirm: {
    deleteTitle: (name) => `„${name}“ löschen?`,
    deleteAlone: 'Nichts anderes hängt davon ab.',
    deleteMany: (n) => `${n} Dinge löschen?`,
    deleteWith: 'Mit gelöscht wird:',
    deleteKeeps: 'Diese Ergebnisse bleiben lesbar, lassen sich ohne das Gelöschte aber nicht mehr wiederholen:',
    binText: (days) => `Es kommt in den Papierkorb und kann ${days} Tage lang zurückgeholt werden (Einstellungen).`,
    forGood: 'Endgültig löschen, ohne Papierkorb',
    forGoodText: 'Das lässt sich nicht rückgängig machen.',
    frees: (size, now) =>
      now
        ? `Auf der Festplatte werden ${size} frei.`
        : `Auf der Festplatte werden ${size} frei, sobald der Papierkorb geleert wird.`,
    copies: (n, size) =>
      n === 1
        ? `Eine Kopie einer dafür übergebenen Datei (${size}) wird sofort gelöscht, ohne Papierkorb:`
        : `${n} Kopien von dafür übergebenen Dateien (${size}) werden sofort gelöscht, ohne Papierkorb:`,
    inBin: (n) => (n === 1 ? 'In den Papierkorb gelegt' : `${n} Dinge in den Papierkorb gelegt`),
    inBinText: (days) => `${days} Tage lang lässt es sich zurückholen.`,
    undo: 'Rückgängig',
    kinds: {
      target: 'Zielaufgabe',
      index: 'Index',
      experiment: 'Experiment',
      run: 'Lauf',
      'query-set': 'Anfragesatz',
      dataset: 'Datensatz',
      model: 'Modell',
      job: 'Auftrag',
      mining: 'Ermittelte Paare'
    },
    andMore: (n) => `und ${n} weitere`
  },
  picture: { save: 'Bild speichern', svg: 'Als SVG, zum Drucken', png: 'Als PNG, für Folien' },
  drop: {
    title: 'Zum Öffnen hier ablegen',
    text: 'Daten oder eine Liste von Fragen, der Ordner eines Modells oder eine Studie. Der passende Assistent öffnet sich.'
  },
  away: {
    title: 'Das Labor antwortet nicht.',
    message: 'Laufende Aufträge gehen weiter. Diese Seite verbindet sich von selbst, sobald das Labor wieder da ist.',
    connecting: 'Verbindung zum Labor wird aufgebaut …',
    retry: 'Jetzt neu verbinden'
  },
  notFound: {
    title: 'Hier ist nichts',
    message: 'Vielleicht wurde es gelöscht, oder die Adresse stimmt nicht ganz.',
    home: 'Zurück zum Start'
  },
  table: {
    sortBy: (name) => `Sortieren nach: ${name}`
  }
}
