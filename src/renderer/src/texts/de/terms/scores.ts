import type { scores as english } from '../../en/terms/scores.ts'
import type { Words } from '../../words.ts'

/** Was von Antworten gesagt wird und davon, was aus ihnen folgt; jedes Maß steht hier. */
export const scores: Words<typeof english> = {
  round: {
    name: 'Runde',
    means:
      'Eine Wiederholung des Experiments mit einem anderen Anfragesatz; Punktzahlen werden über die Runden gemittelt.'
  },
  run: {
    name: 'Lauf',
    means: 'Ein Feld eines Experiments: eine Strategie, in einer Runde einmal nachtrainiert und geprüft.'
  },
  evaluate: {
    name: 'prüfen',
    means:
      'Das nachtrainierte Modell Testfragen der Zielaufgabe beantworten lassen und zählen, wie viele Antworten stimmen.'
  },
  metric: {
    name: 'Maß',
    means: 'Die Regel, die aus Antworten eine Punktzahl von 0 bis 100 macht; mehr ist besser.'
  },
  sd: {
    name: '± Standardabweichung',
    means: 'Wie sehr die Punktzahl von Runde zu Runde schwankt; ein Unterschied, der kleiner ist, sagt wenig.'
  },
  delta: {
    name: 'Δ zu Zero-Shot',
    means: 'Gewonnene oder verlorene Punkte gegenüber dem Grundmodell ohne jedes Nachtraining.'
  },
  significance: {
    name: 'Signifikanz',
    means:
      'Wie sicher ein Unterschied mehr als Zufall ist, wenn man bedenkt, wie wenige unabhängige Testfragen es gibt.'
  },
  'planned-comparisons': {
    name: 'geplante Vergleiche',
    means:
      'Die wenigen Vergleiche, für die ein Experiment gemacht ist, vor dem Start genannt; je weniger es sind, desto kleinere Unterschiede lassen sich zeigen.'
  },
  detectable: {
    name: 'kleinster nachweisbarer Unterschied',
    means: 'Ein kleinerer Gewinn ist bei so wenigen unabhängigen Testfragen nicht vom Zufall zu unterscheiden.'
  },
  'tuning-hurt': {
    name: 'Nachtraining hat geschadet',
    means:
      'Nach dem Nachtraining löst das Modell diese Aufgabe schlechter als vorher: Hier ist Zero-Shot die bessere Wahl.'
  }
}
