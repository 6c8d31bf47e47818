import type { models as english } from '../en/models.ts'
import type { Words } from '../words.ts'

export const models: Words<typeof english> = {
  roles: {
    seq2seq: {
      name: 'Grundmodell',
      text: 'Liest einen Text und schreibt eine Antwort; kann nachtrainiert und geprüft werden.'
    },
    encoder: {
      name: 'Satz-Encoder',
      text: 'Macht aus einem Text eine Einbettung; verwendet von der Strategie „Semantisch“.'
    },
    'pair-classifier': {
      name: 'Paarbewerter',
      text: 'Beurteilt, ob zwei Texte zusammengehören; verwendet zum neuen Ordnen.'
    }
  },
  lead: 'Was nachtrainiert und geprüft wird und was ähnliche Beispiele findet.',
  empty: 'Noch keine Modelle',
  emptyText: 'Nötig ist ein Grundmodell. Ein Satz-Encoder ist freiwillig; ihn verwendet die Strategie „Semantisch“.',
  columns: {
    name: 'Bezeichnung',
    role: 'Verwendet als',
    parameters: 'Parameter',
    size: 'Größe',
    architecture: 'Art',
    added: 'Hinzugefügt'
  },
  page: {
    back: 'Modelle',
    role: 'Verwendet als',
    parameters: 'Parameter',
    size: 'Größe auf der Festplatte',
    architecture: 'Bauart',
    hidden: 'Länge der Einbettung',
    hiddenUnit: (n) => `${n} Zahlen`,
    maxInput: 'Längste Eingabe',
    tokens: (n) => `${n} Token`,
    unlimited: 'keine feste Grenze',
    prefix: 'Vorspann',
    noPrefix: 'keiner',
    licence: 'Lizenz',
    source: 'Herkunft',
    fingerprint: 'Fingerabdruck',
    indices: 'Damit aufgebaute Indizes',
    noIndices: 'Mit diesem Modell wurde noch kein Index aufgebaut.',
    buildIndex: 'Einen Index damit aufbauen',
    about: 'Angaben'
  },
  wizard: {
    title: 'Ein Modell holen',
    lead: 'Ein Modell ins Labor bringen: aus dem Katalog, aus einem Ordner oder von Hugging Face.',
    finishInstall: 'Einrichten',
    finishDownload: 'Herunterladen',
    steps: {
      source: { title: 'Woher', text: 'Wo ist das Modell, das verwendet werden soll?' },
      entry: {
        title: 'Katalog',
        text: 'Modelle, die erprobt sind, mit dem, was jedes braucht. Für den Anfang reichen kleine.'
      },
      folder: {
        title: 'Ordner',
        text: 'Ein Ordner, wie die Programme von Hugging Face ihn schreiben, mit config.json, den Gewichten und dem Tokenizer. Er wird kopiert.'
      },
      hub: { title: 'Sammlung', text: 'Der Name eines Modells bei Hugging Face, wie er in dessen Adresse steht.' },
      check: {
        title: 'Prüfen',
        text: 'Der Ordner wird so gelesen, wie beim Einrichten, und das Modell beantwortet einen Text. Noch wird nichts kopiert.'
      },
      look: {
        title: 'Prüfen',
        text: 'Die kleinen Dateien des Modells werden so gelesen, wie beim Einrichten, und von den Gewichten die Anfänge. Noch wird nichts behalten.'
      },
      name: { title: 'Benennen', text: 'Wie es hier heißt und ob es einen Vorspann braucht.' },
      review: { title: 'Starten', text: 'Ein letzter Blick, bevor es losgeht.' }
    },
    sources: {
      catalog: {
        title: 'Der Katalog',
        text: 'BART0, T0 und Satz-Encoder, mit Größe, Lizenz und dem Rechner, den jedes braucht.'
      },
      folder: {
        title: 'Ein Ordner auf diesem Rechner',
        text: 'Für Modelle, die schon heruntergeladen wurden. Geht ohne Netz.'
      },
      hub: { title: 'Hugging Face', text: 'Jedes Modell der Art BART, T5 oder BERT, über seinen Namen.' }
    },
    folder: 'Ordner',
    checked: 'Das Modell läuft.',
    kind: 'Art',
    parameters: 'Parameter',
    size: 'Auf der Festplatte',
    reads: 'Liest höchstens',
    tokens: (n) => `${n} Token`,
    anyTokens: 'keine feste Grenze',
    checkedIn: (time) => `Laden und ein Text: ${time}.`,
    notes: 'Gut zu wissen',
    looking: (repo) => `${repo} wird angesehen…`,
    download: 'Herunterzuladen',
    files: 'Dateien',
    unseen: 'zeigt sich später',
    readsIt: 'Das Labor kennt diese Art Modell.',
    fits: (tensors) =>
      `Das Labor kann es ausführen: Alle Gewichte sind da und haben die richtige Form (${tensors} Tensoren angesehen).`,
    weightsLater: (files) =>
      `Der Server gibt ${files} nicht in Teilen her; was darin ist, zeigt sich, wenn es da ist. Was nicht passt, wird dann abgelehnt.`,
    otherModel: 'Ein anderes Modell wählen',
    otherFolder: 'Einen anderen Ordner wählen',
    folderInstead: 'Aus einem Ordner einrichten',
    folderHint: 'Zum Beispiel /home/ada/modelle/bart0',
    repoHint: 'Zum Beispiel yuchenlin/BART0',
    name: 'Name im Labor',
    prefix: 'Vorspann (freiwillig)',
    prefixHint: 'BART0 erwartet „<s> “ mit Leerzeichen, die meisten anderen nichts.',
    installWhat: (name) =>
      `Der Ordner wird geprüft, ins Labor kopiert und „${name}“ genannt. Das Original bleibt unberührt.`,
    installDisk: 'so viel, wie der Ordner braucht: Er wird kopiert',
    downloadWhat: (name) => `„${name}“ wird heruntergeladen, an der Prüfsumme geprüft und eingerichtet.`
  }
}
