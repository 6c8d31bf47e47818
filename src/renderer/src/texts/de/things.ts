import type { things as english } from '../en/things.ts'
import type { Words } from '../words.ts'

export const things: Words<typeof english> = {
  kinds: {
    dataset: 'Datensatz',
    target: 'Zielaufgabe',
    model: 'Modell',
    index: 'Index',
    mining: 'Ermittelte Paare',
    experiment: 'Experiment'
  },
  more: 'Mehr',
  edit: 'Name, Notiz und Schlagwörter',
  name: 'Bezeichnung',
  note: 'Notiz',
  noteHint: 'Für Sie selbst und alle, die in diesem Labor arbeiten. Sie ändert kein Ergebnis.',
  tags: 'Schlagwörter',
  tagsHint: 'Durch Kommas getrennt. Listen lassen sich danach durchsuchen.',
  used: 'Wo es verwendet wird',
  usedTitle: (name) => `Wo „${name}“ verwendet wird`,
  usedNowhere: 'Nichts verwendet es.',
  archive: 'Ins Archiv legen',
  unarchive: 'Aus dem Archiv holen',
  archived: 'Im Archiv',
  list: {
    search: 'Diese Liste durchsuchen',
    searchHint: 'Name, Schlagwort oder Notiz',
    showArchived: (n) => `Archiv zeigen (${n})`,
    nothing: 'Nichts passt',
    nothingText: 'Vielleicht helfen weniger oder andere Wörter.',
    select: (name) => `${name} auswählen`,
    selectAll: 'Alle gezeigten auswählen',
    selected: (n) => `${n} ausgewählt`,
    clear: 'Auswahl aufheben',
    more: (n) => `${n} weitere zeigen`,
    all: (n: string) => `${n} insgesamt`,
    shown: (n, all) => `${n} von ${all}`
  },
  bin: {
    title: 'Papierkorb',
    lead: 'Gelöschtes wartet hier eine Weile und lässt sich zurückholen, mit allem, was mit ihm ging.',
    empty: 'Der Papierkorb ist leer.',
    restore: 'Zurückholen',
    forGood: 'Endgültig löschen',
    emptyAll: (size) => `Papierkorb leeren (${size})`,
    until: (date) => `bis ${date}`,
    with: (n) => `mit ${n} weiteren`
  }
}
