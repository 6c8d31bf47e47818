import type { retrieval as english } from '../../en/terms/retrieval.ts'
import type { Words } from '../../words.ts'

/** Was beim Auswählen von Beispielen gesagt wird. */
export const retrieval: Words<typeof english> = {
  strategy: {
    name: 'Strategie',
    means: 'Eine Art zu wählen, mit welchen Beispielen der Quelldaten das Modell nachtrainiert wird.'
  },
  retriever: {
    name: 'trainierter Retriever',
    means:
      'Ein Encoder mit einem Aufsatz, der nützliche Beispiele nahe bringt; in Minuten trainiert, aus ermittelten Paaren oder Bewertungen eines Rerankers.'
  },
  reranker: {
    name: 'Reranker',
    means:
      'Ein Modell, das Anfrage und Beispiel zusammen liest und den Nutzen beurteilt: langsamer als Einbettungen zu vergleichen und, gut trainiert, treffender.'
  },
  embedding: {
    name: 'Einbettung',
    means: 'Eine Liste von Zahlen, die für einen Text steht, so gemacht, dass ähnliche Texte nahe Zahlen bekommen.'
  },
  index: {
    name: 'Index',
    means: 'Die Einbettungen aller Beispiele, so abgelegt, dass die nächsten in Millisekunden gefunden werden.'
  },
  encoder: {
    name: 'Encoder',
    means: 'Ein Modell, das aus einem Text eine Einbettung macht.'
  },
  recall: {
    name: 'Trefferquote',
    means: 'Der Anteil der zehn wirklich nächsten Beispiele, den die schnelle Suche findet; bei 100 % fehlt keines.'
  },
  retrieve: {
    name: 'suchen',
    means: 'Die Beispiele der Quelldaten nachschlagen, die den Anfragen ähneln.'
  },
  budget: {
    name: 'zu suchende Beispiele',
    means: 'Mit wie vielen Beispielen der Quelldaten das Modell nachtrainiert wird.'
  },
  selector: {
    name: 'wie Anfragen teilen',
    means: 'Ob jede Anfrage ihre eigenen nächsten Beispiele mitbringt oder alle Anfragen gemeinsam abstimmen.'
  },
  lineage: {
    name: 'Herkunft',
    means:
      'Die Beispiele der Quelldaten, mit denen das Modell vor dieser Antwort nachtrainiert wurde, und die Anfrage, die jedes davon fand.'
  },
  'task-mix': {
    name: 'Mischung der Aufgaben',
    means: 'Aus welchen Aufgaben der Quelldaten die gefundenen Beispiele kommen, und wie viele aus jeder.'
  },
  overlap: {
    name: 'Überschneidung',
    means: 'Wie viele Beispiele zwei Strategien beide gewählt haben, als Anteil an allen, die eine von ihnen wählte.'
  },
  'heat-map': {
    name: 'Anteile nach Gruppe',
    means:
      'Je Ziel der Anteil der gefundenen Beispiele aus jeder Gruppe von Quellaufgaben: welche alten Aufgaben der neuen ähneln.'
  },
  'embedding-map': {
    name: 'Karte der Einbettungen',
    means:
      'Die Einbettungen auf zwei Richtungen verflacht: Ähnliche Texte liegen nahe beieinander, die Achsen bedeuten nichts.'
  },
  ablation: {
    name: 'eine Gruppe weglassen',
    means: 'Wiederholt das Experiment ohne eine Gruppe von Quellaufgaben, um zu sehen, wie sehr sie geholfen hat.'
  }
}
