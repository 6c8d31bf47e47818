import type { tuning as english } from '../../en/terms/tuning.ts'
import type { Words } from '../../words.ts'

/** Was von Modellen und ihrem Nachtraining gesagt wird. */
export const tuning: Words<typeof english> = {
  'base-model': {
    name: 'Grundmodell',
    means: 'Ein Sprachmodell, das schon viele Aufgaben gelernt hat und dem das Labor noch etwas beibringt.'
  },
  parameters: {
    name: 'Parameter',
    means: 'Die Zahlen, aus denen ein Modell besteht; mit mehr davon weiß es mehr und braucht mehr Speicher und Zeit.'
  },
  prefix: {
    name: 'Vorspann',
    means: 'Ein Text, den dieses Modell vor jeder Ein- und Ausgabe erwartet, weil es so trainiert wurde.'
  },
  tokens: {
    name: 'Token',
    means: 'Die Stücke, in denen ein Modell einen Text liest: ein kurzes Wort oder ein Teil eines langen.'
  },
  tune: {
    name: 'nachtrainieren',
    means: 'Das Grundmodell mit den gefundenen Beispielen noch kurz weiter trainieren (auch Feinabstimmung genannt).'
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
  step: {
    name: 'Schritt',
    means: 'Eine Verbesserung des Modells, nachdem es einen Stapel von Beispielen angesehen hat.'
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
  lora: {
    name: 'LoRA',
    means:
      'Statt des ganzen Modells einen kleinen Zusatz trainieren: viel weniger Speicher und Festplatte, fast dasselbe Ergebnis.'
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
  precision: {
    name: 'Zahlengenauigkeit',
    means: 'Wie viele Bit jede Zahl braucht; halb so viele brauchen halb so viel Platz und verlieren fast nichts.'
  }
}
