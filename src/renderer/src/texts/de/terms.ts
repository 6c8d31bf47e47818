import type { terms as english } from '../en/terms.ts'
import type { Words } from '../words.ts'

/** Was die Fachwörter bedeuten, je ein Satz. Gezeigt, wo das Wort steht. */
export const terms: Words<typeof english> = {
  'base-model': {
    name: 'Grundmodell',
    means: 'Ein Sprachmodell, das schon viele Aufgaben gelernt hat und dem das Labor noch etwas beibringt.'
  },
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
  round: {
    name: 'Runde',
    means:
      'Eine Wiederholung des Experiments mit einem anderen Anfragesatz; Punktzahlen werden über die Runden gemittelt.'
  },
  run: {
    name: 'Lauf',
    means: 'Ein Feld eines Experiments: eine Strategie, in einer Runde einmal nachtrainiert und geprüft.'
  },
  strategy: {
    name: 'Strategie',
    means: 'Eine Art zu wählen, mit welchen Beispielen der Quelldaten das Modell nachtrainiert wird.'
  },
  'zero-shot': {
    name: 'Zero-Shot',
    means: 'Das Grundmodell, wie es ist, mit nichts nachtrainiert: die Messlatte für jede andere Strategie.'
  },
  random: {
    name: 'zufällig',
    means: 'Nachtraining mit zufällig gewählten Beispielen der Quelldaten: zeigt, ob kluges Wählen sich lohnt.'
  },
  semantic: {
    name: 'semantisch',
    means:
      'Nachtraining mit den Beispielen, deren Bedeutung, wie ein Satz-Encoder sie sieht, den Anfragen am nächsten ist.'
  },
  dense: {
    name: 'dicht',
    means:
      'Nachtraining mit den Beispielen, die das Grundmodell selbst den Anfragen am ähnlichsten findet (ReCross ohne Reranker).'
  },
  lexical: {
    name: 'lexikalisch',
    means:
      'Nachtraining mit den Beispielen, die mit den Anfragen die meisten aussagekräftigen Wörter teilen (BM25, wie bei Suchmaschinen).'
  },
  recross: {
    name: 'ReCross',
    means:
      'Wie „dicht“, aber mit viermal so vielen Kandidaten, von denen ein Reranker die behält, die er für die Anfragen am nützlichsten hält.'
  },
  trained: {
    name: 'trainiert',
    means:
      'Nachtraining mit den Beispielen, die ein trainierter Retriever am nützlichsten findet, nach Vektoren, die ein Aufsatz aus Paaren zu drehen gelernt hat.'
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
  tune: {
    name: 'nachtrainieren',
    means: 'Das Grundmodell mit den gefundenen Beispielen noch kurz weiter trainieren (auch Feinabstimmung genannt).'
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
  em: {
    name: 'genaue Übereinstimmung',
    means:
      'Der Anteil der Antworten, die der erwartete Text sind, abgesehen von Großschreibung, Satzzeichen und Artikeln.'
  },
  'soft-em': {
    name: 'weiche Übereinstimmung',
    means: 'Der Anteil der Antworten, die den erwarteten Text enthalten oder in ihm enthalten sind.'
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
  'source-item': {
    name: 'unabhängige Fragen',
    means:
      'Viele Testzeilen sind dieselbe Frage in anderen Worten; nur wirklich verschiedene Fragen zählen als unabhängig.'
  },
  detectable: {
    name: 'kleinster nachweisbarer Unterschied',
    means: 'Ein kleinerer Gewinn ist bei so wenigen unabhängigen Testfragen nicht vom Zufall zu unterscheiden.'
  },
  'tuning-hurt': {
    name: 'Nachtraining hat geschadet',
    means:
      'Nach dem Nachtraining löst das Modell diese Aufgabe schlechter als vorher: Hier ist Zero-Shot die bessere Wahl.'
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
  parameters: {
    name: 'Parameter',
    means: 'Die Zahlen, aus denen ein Modell besteht; mit mehr davon weiß es mehr und braucht mehr Speicher und Zeit.'
  },
  prefix: {
    name: 'Vorspann',
    means: 'Ein Text, den dieses Modell vor jeder Ein- und Ausgabe erwartet, weil es so trainiert wurde.'
  },
  budget: {
    name: 'zu suchende Beispiele',
    means: 'Mit wie vielen Beispielen der Quelldaten das Modell nachtrainiert wird.'
  },
  selector: {
    name: 'wie Anfragen teilen',
    means: 'Ob jede Anfrage ihre eigenen nächsten Beispiele mitbringt oder alle Anfragen gemeinsam abstimmen.'
  },
  loss: {
    name: 'Verlust',
    means: 'Wie sehr das Modell beim Nachtrainieren von den richtigen Antworten überrascht ist; er sollte sinken.'
  },
  'learning-rate': {
    name: 'Lernrate',
    means: 'Wie groß der Schritt bei jeder Verbesserung ist; ist er zu groß, vergisst das Modell, was es konnte.'
  },
  'range-test': {
    name: 'Suche der Lernrate',
    means:
      'Kurze Trainings mit wachsenden Lernraten, jedes vom selben Anfang; der Verlust danach zeigt, welche davon helfen.'
  },
  epochs: { name: 'Epochen', means: 'Wie oft das Modell beim Nachtrainieren jedes gefundene Beispiel sieht.' },
  'batch-size': {
    name: 'Stapelgröße',
    means: 'Wie viele Beispiele das Modell vor jeder Verbesserung ansieht.'
  },
  beams: {
    name: 'Suchstrahlen',
    means: 'Wie vielen möglichen Antworten das Modell zugleich nachgeht, bevor es sich für eine entscheidet.'
  },
  merge: {
    name: 'nachtrainiert mit',
    means:
      'Ob die Lösungen der Anfragen mitwirken. In der Veröffentlichung nicht: Dann braucht die Zielaufgabe kein gelöstes Beispiel.'
  },
  'lora-rank': {
    name: 'Rang',
    means: 'Wie groß der Zusatz ist: Ein höherer Rang kann mehr lernen und braucht mehr Speicher und Festplatte.'
  },
  blocks: {
    name: 'Schichten',
    means:
      'Das Modell arbeitet in Schichten, eine nach der anderen; nur die letzten nachzutrainieren braucht weniger Speicher und Zeit.'
  },
  'early-stopping': {
    name: 'frühes Aufhören',
    means:
      'Sieht ab und zu nach zurückgehaltenen Beispielen, beendet das Nachtraining, wenn es dort schlechter wird, und behält den besten Stand.'
  },
  'held-out': {
    name: 'zurückgehalten',
    means: 'Gefundene Beispiele, mit denen nicht nachtrainiert wird, damit man sieht, ob das Modell noch lernt.'
  },
  step: {
    name: 'Schritt',
    means: 'Eine Verbesserung des Modells, nachdem es einen Stapel von Beispielen angesehen hat.'
  },
  lora: {
    name: 'LoRA',
    means:
      'Statt des ganzen Modells einen kleinen Zusatz trainieren: viel weniger Speicher und Festplatte, fast dasselbe Ergebnis.'
  },
  seed: {
    name: 'Startwert',
    means: 'Die Zahl, aus der aller Zufall im Labor entsteht; derselbe Startwert ergibt dasselbe Ergebnis.'
  },
  provider: {
    name: 'Recheneinheit',
    means: 'Der Teil des Rechners, der die schwere Rechenarbeit leistet: der Prozessor oder eine Grafikkarte.'
  },
  precision: {
    name: 'Zahlengenauigkeit',
    means: 'Wie viele Bit jede Zahl braucht; halb so viele brauchen halb so viel Platz und verlieren fast nichts.'
  },
  ablation: {
    name: 'eine Gruppe weglassen',
    means: 'Wiederholt das Experiment ohne eine Gruppe von Quellaufgaben, um zu sehen, wie sehr sie geholfen hat.'
  },
  'embedding-map': {
    name: 'Karte der Einbettungen',
    means:
      'Die Einbettungen auf zwei Richtungen verflacht: Ähnliche Texte liegen nahe beieinander, die Achsen bedeuten nichts.'
  },
  hub: {
    name: 'Hugging Face',
    means:
      'Eine öffentliche Website, auf der Modelle und Datensätze geteilt werden; das Labor lädt von dort oder von einem Spiegelserver.'
  },
  proxy: {
    name: 'Proxy-Server',
    means: 'Ein Rechner Ihrer Einrichtung, durch den ihr ganzer Netzverkehr gehen muss.'
  },
  tokens: {
    name: 'Token',
    means: 'Die Stücke, in denen ein Modell einen Text liest: ein kurzes Wort oder ein Teil eines langen.'
  },
  licence: {
    name: 'Lizenz',
    means: 'Was die Urheber anderen damit erlauben.'
  },
  'qa-f1': {
    name: 'Antwort-F1',
    means: 'Wie viele Wörter Antwort und erwarteter Text gemeinsam haben; halb richtig zählt halb.'
  },
  'rouge-l': {
    name: 'ROUGE-L',
    means:
      'Wie viele Wörter in derselben Reihenfolge die Antwort mit dem erwarteten Text teilt; üblich bei Zusammenfassungen.'
  },
  bleu: {
    name: 'BLEU',
    means: 'Wie viele kurze Wortfolgen der Antwort im erwarteten Text stehen; üblich bei Übersetzungen.'
  },
  accuracy: {
    name: 'Genauigkeit',
    means: 'Der Anteil der Antworten, die genau der erwartete Text sind, abgesehen von Groß- und Kleinschreibung.'
  },
  'macro-f1': {
    name: 'Makro-F1',
    means: 'Wie gut jede Art von Antwort getroffen wird, so gemittelt, dass seltene so viel zählen wie häufige.'
  },
  matthews: {
    name: 'Matthews-Korrelation',
    means: 'Übereinstimmung mit den erwarteten Antworten über den Zufall hinaus; 0 ist geraten, 100 ist vollkommen.'
  },
  pearson: {
    name: 'Pearson-Korrelation',
    means: 'Wie gut Zahlen in den Antworten mit den erwarteten steigen und fallen; 100 ist vollkommen.'
  },
  token: {
    name: 'Zugangsschlüssel',
    means:
      'Ein Schlüssel aus Ihrem Konto bei Hugging Face, ähnlich einem Passwort, nur nötig für Modelle, die eine Anmeldung verlangen.'
  },
  job: {
    name: 'Auftrag',
    means: 'Eine Arbeit, die im Hintergrund läuft und weitergeht, wenn das Fenster geschlossen wird.'
  },
  fingerprint: {
    name: 'Fingerabdruck',
    means: 'Eine kurze Zeichenfolge, aus dem Inhalt selbst berechnet: Ändert sich etwas, ändert sie sich.'
  }
}
