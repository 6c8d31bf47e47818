import type { data as english } from '../../en/terms/data.ts'
import type { Words } from '../../words.ts'

/** Wie die Daten heißen, mit denen ein Experiment arbeitet. */
export const data: Words<typeof english> = {
  'upstream-data': {
    name: 'Quelldaten',
    means:
      'Die große Sammlung gelöster Beispiele vieler Aufgaben, mit denen das Grundmodell trainiert wurde; das Labor wählt daraus.'
  },
  'target-task': {
    name: 'Zielaufgabe',
    means: 'Die neue Aufgabe, um die es geht und mit der das Modell nie trainiert wurde.'
  },
  queries: {
    name: 'Anfragen',
    means: 'Eine Handvoll Eingaben der Zielaufgabe ohne Antworten; mehr muss das Labor von der Aufgabe nicht wissen.'
  },
  'query-set': {
    name: 'Anfragesatz',
    means: 'Eine Handvoll Anfragen; mehrere zeigen, wie sehr das Ergebnis von den zufällig gewählten Eingaben abhängt.'
  },
  group: {
    name: 'Gruppe',
    means: 'Aufgaben einer Art, zum Beispiel Zusammenfassen oder Fragen mit Auswahlantworten.'
  },
  template: {
    name: 'Vorlage',
    means: 'Eine Art, eine Aufgabe als Text zu formulieren; eine Aufgabe hat oft mehrere.'
  },
  task: {
    name: 'Aufgabe',
    means: 'Eine Art von Frage mit ihren Antworten, zum Beispiel „Klingt diese Besprechung zufrieden?“.'
  },
  rejected: {
    name: 'abgelehnte Zeilen',
    means: 'Zeilen der Datei, die sich nicht als Beispiel lesen ließen; sie liegen mit dem Grund beiseite.'
  },
  duplicate: {
    name: 'Doppelte',
    means: 'Beispiele mit derselben Eingabe und Antwort wie ein anderes; sie bleiben und sind bekannt.'
  },
  leak: {
    name: 'Leck',
    means:
      'Ein Beispiel der Quelldaten, das (fast) eine der Testfragen ist; damit nachzutrainieren wäre gemogelt, daher entfällt es.'
  },
  'source-item': {
    name: 'unabhängige Fragen',
    means:
      'Viele Testzeilen sind dieselbe Frage in anderen Worten; nur wirklich verschiedene Fragen zählen als unabhängig.'
  }
}
