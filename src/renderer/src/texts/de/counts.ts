import type { counts as english } from '../en/counts.ts'
import type { Words } from '../words.ts'

/** Womit gezählt wird: Einzahl und Mehrzahl. */
export const counts: Words<typeof english> = {
  examples: ['Beispiel', 'Beispiele'],
  tasks: ['Aufgabe', 'Aufgaben'],
  groups: ['Gruppe', 'Gruppen'],
  duplicates: ['Doppeltes', 'Doppelte'],
  lines: ['Zeile', 'Zeilen'],
  vectors: ['Vektor', 'Vektoren'],
  sets: ['Satz', 'Sätze'],
  querySets: ['Anfragesatz', 'Anfragesätze'],
  usefulCandidates: ['nützlicher Kandidat', 'nützliche Kandidaten'],
  pairs: ['Paar', 'Paare'],
  runs: ['Lauf', 'Läufe']
}
