import type { experiments as english } from '../en/experiments.ts'
import type { Words } from '../words.ts'
import { newExperiment } from './new-experiment.ts'
import { inLanguage } from '../names/in-language.ts'
import { selectorNames } from '../names/selectors.ts'

/** Wie Einstellungen heißen, wo ihre Werte nebeneinander stehen. */
const settings: Readonly<Record<string, string>> = {
  'models.base': 'Grundmodell',
  'models.encoder': 'Encoder',
  'models.reranker': 'Reranker',
  queries: 'Anfragen',
  seed: 'Startwert',
  'retrieval.budget': 'Beispiele',
  'retrieval.oversampling': 'Kandidaten je Beispiel',
  'retrieval.rerank.oversampling': 'Kandidaten je Beispiel',
  'retrieval.selector': 'Auswahl',
  'tune.learningRate': 'Lernrate',
  'tune.epochs': 'Epochen',
  'tune.batchSize': 'Stapelgröße',
  'tune.labelSmoothing': 'Glättung der Zielwerte',
  'tune.loraRank': 'Rang',
  'tune.method': 'Nachtraining',
  'evaluation.beams': 'Suchstrahlen',
  'tune.base': 'Grundmodell im Arbeitsspeicher',
  'tune.precision': 'Produkte beim Nachtrainieren',
  'evaluation.precision': 'Produkte beim Antworten'
}

export const experiments: Words<typeof english> = {
  settings,
  foreign: {
    lead: 'Stellt neben die eigenen Läufe des Labors, was ein anderes Programm geantwortet hat, etwa die Vorhersagen des ursprünglichen ReCross-Codes. Sie werden bewertet, verglichen und getestet wie alle anderen; nichts wird neu berechnet.',
    open: 'Antworten eines anderen Programms hereinholen',
    what: 'Was beantwortet wurde und wovon',
    model: 'Was geantwortet hat',
    modelHint: 'In eigenen Worten, zum Beispiel „BART0, ursprünglicher Code“.',
    name: 'Name des Experiments',
    target: 'Zielaufgabe',
    choose: 'Auswählen',
    noTarget: 'Es gibt noch keine Zielaufgabe. Importieren Sie zuerst ihre Testfragen.',
    testExamples: 'Testfragen, die zählen',
    testExamplesHint: 'Leer: alle. Für den Vergleich mit einem Experiment des Labors so viele, wie dieses testet.',
    data: 'Upstream-Daten',
    noData: 'Nicht nötig',
    dataHint: 'Nur wenn auch das Abgerufene hereingeholt wird.',
    files: 'Dateien mit Antworten',
    filesLead:
      'Eine Datei je Strategie und Runde: eine JSON-Liste aus „input“, „prediction“ und „truth“, oder eines davon je Zeile. Fragen werden an ihrem Text erkannt, und jede Testfrage braucht eine Antwort.',
    leaveOut: (file: string) => `${file} weglassen`,
    strategy: 'Strategie',
    round: 'Runde',
    retrieved: 'Abgerufene Zeilen',
    retrievedHint: 'Eine JSON-Liste von Upstream-Zeilen, wie das Original sie ablegt.',
    add: 'Pfad einer Datei',
    addHint: 'Auf dem Rechner, auf dem das Labor läuft.',
    addButton: 'Hinzufügen',
    take: 'Hereinholen',
    by: (model: string) =>
      `Von einem anderen Programm berechnet: ${model}. Seine Antworten können verglichen, nach anderen Regeln beurteilt und exportiert werden; berechnen oder benutzen lässt sich davon hier nichts.`,
    fromFiles: 'Dateien'
  },
  varied: ({ path, value, label }) =>
    `${settings[path] ?? path.split('.').at(-1)!} ${label ?? (typeof value === 'string' ? value : JSON.stringify(value))}`,
  statuses: {
    planned: 'Geplant',
    running: 'Läuft',
    paused: 'Angehalten',
    finished: 'Beendet',
    failed: 'Fehlgeschlagen',
    cancelled: 'Abgebrochen'
  },
  presets: {
    quick: {
      title: 'Schneller Blick',
      text: 'Wenige Runden und Testfragen. Minuten bis eine Stunde; gut, um zu sehen, ob alles funktioniert.'
    },
    paper: {
      title: 'Wie in der Veröffentlichung',
      text: 'Fünf Runden, 512 gefundene Beispiele, bis zu 1000 Testfragen. Zahlen zum Berichten.'
    },
    'paper-code': {
      title: 'Wie der Code der Veröffentlichung',
      text: 'Was der veröffentlichte Code tut: eine Epoche, geglättete und summierte Verluste, Doppelte bleiben und werden mit bewertet, weiche Übereinstimmung zuerst.'
    },
    thorough: { title: 'Gründlich', text: 'Zehn Runden. Dauert doppelt so lange und findet kleinere Unterschiede.' }
  },
  judges: { reranker: 'Der Reranker' },
  judgements: { logit: 'Wie der Reranker sie gibt', probability: 'Als Wahrscheinlichkeit' },
  plainValues: { yes: 'ja', no: 'nein', none: 'keine', 'not set': 'nicht gesetzt' },
  selectors: inLanguage('de', selectorNames),
  rates: {
    title: 'Lernrate durch Probieren finden',
    lead: 'Trainiert das Grundmodell für wenige Schritte mit wachsenden Lernraten, immer vom selben Anfang, und zeigt, wo es lernt. Das dauert etwa so lange wie ein Lauf und lässt sich abbrechen. Am Modell ändert sich nichts.',
    start: 'Lernrate suchen',
    judged: {
      queries: (steps, rows, held, of) =>
        `${steps} Schritte mit jeder Rate auf ${rows} Zeilen, die die Wörter der Anfragen finden, beurteilt an ${held} beantworteten Anfragen von ${of}. Testfragen bleiben unberührt.`,
      tasks: (steps, rows, held, of) =>
        `${steps} Schritte mit jeder Rate auf ${rows} Zeilen von ${of}, beurteilt an ${held} anderen Zeilen derselben. Ein Modell, das mit diesen Daten trainiert wurde, lernt daraus wenig; Zielaufgaben mit beantworteten Anfragen sagen mehr.`
    },
    suggested: (rate, lowest) =>
      rate === lowest
        ? `Mit ${rate} war der Verlust am niedrigsten.`
        : `${rate} war so gut wie ${lowest}, wo der Verlust am niedrigsten war; was ein kurzer Versuch nicht unterscheidet, entscheidet man besser für die kleinere.`,
    harmless: (rate) =>
      `Keine Rate senkte den Verlust stärker als der Zufall. Bis ${rate} schadete sie nicht: Mehr Schritte können noch helfen.`,
    none: 'Keine Rate senkte den Verlust stärker als der Zufall, und jede schadete. Versuchen Sie ein anderes Grundmodell oder andere Daten.',
    take: (rate) => `${rate} verwenden`,
    taken: (rate) => `Dieses Experiment trainiert mit ${rate}.`,
    keep: 'Von nun an damit beginnen',
    kept: 'Vorgaben beginnen mit dieser Rate, wann immer dieses Modell so nachtrainiert wird.',
    again: 'Noch einmal',
    failed: 'Der Versuch ist gescheitert',
    cancelled: 'Der Versuch wurde abgebrochen',
    gone: 'Der Versuch steht nicht mehr in der Liste der Aufträge.',
    axes: 'Lernrate; nach oben: Verlust danach, gestrichelt: vorher',
    outOfBounds: 'außer Rand und Band',
    label: (before, points) => `Verlust nach wenigen Schritten je Lernrate; vorher war er ${before}. ${points}`
  },
  study: {
    open: 'Eine Studiendatei öffnen …',
    openText:
      'Eine Studie ist eine kleine Datei (YAML oder JSON), die sagt, woraus ein Experiment besteht. Beim Öffnen wird alles ausgefüllt.',
    save: 'Als Studiendatei speichern',
    text: 'Die Datei, hier zu verbessern',
    faults: (n) => (n === 1 ? 'Eine Stelle ist falsch' : `${n} Stellen sind falsch`),
    again: 'Noch einmal prüfen',
    several: (n) => `Die Datei enthält ${n} Experimente. Welches soll es sein?`,
    take: 'Dieses nehmen'
  },
  lead: 'Jedes erprobt mehrere Strategien an den Zielaufgaben und wiederholt sie mit anderen Anfragen.',
  empty: 'Noch keine Experimente',
  emptyText: 'Ein Experiment erprobt mehrere Strategien an den Zielaufgaben und vergleicht sie redlich.',
  columns: {
    name: 'Bezeichnung',
    status: 'Stand',
    runs: 'Läufe',
    strategies: 'Strategien',
    targets: 'Ziele',
    best: 'Bester Wert',
    created: 'Begonnen'
  },
  page: {
    back: 'Experimente',
    compare: 'Ergebnisse vergleichen',
    compareSoFar: 'Vergleichen, was schon da ist',
    progress: (done, all) => (all === 0 ? 'Wird vorbereitet' : `${done} von ${all} Läufen beendet`),
    left: (time) => `noch etwa ${time}`,
    pause: 'Anhalten',
    resume: 'Fortsetzen',
    cancel: 'Abbrechen',
    cancelFirst: 'Es läuft noch. Zuerst muss es abgebrochen werden.',
    cancelled:
      'Es wurde abgebrochen. Beendete Läufe bleiben: „Fortsetzen“ macht mit den übrigen weiter, und ein neues Experiment verwendet sie wieder.',
    again: 'Mit anderem Startwert wiederholen',
    change: 'Etwas ändern und starten',
    addStrategies: 'Strategien hinzufügen',
    addTargets: 'Zielaufgaben hinzufügen',
    addRounds: 'Runden hinzufügen',
    addValues: 'Eine Einstellung variieren',
    testElsewhere: 'Nachtrainierte Modelle an einem anderen Ziel prüfen',
    model: 'Grundmodell',
    data: 'Quelldaten',
    targets: 'Zielaufgaben',
    runs: 'Läufe',
    runsLead:
      'Zero-Shot läuft einmal. „Zufällig“ wird je Runde einmal nachtrainiert und an jeder Aufgabe geprüft, die anderen für jede Aufgabe und Runde neu.',
    round: (n) => `Runde ${n}`,
    allTargets: 'alle Aufgaben',
    without: (group) => `ohne ${group}`,
    now: 'Jetzt',
    nothingNow: 'Im Augenblick läuft nichts.',
    onlyWaiting: 'Im Augenblick wird nichts gerechnet: Was abgegeben wurde, wartet dort, bis es an der Reihe ist.',
    waitingThere: (n) =>
      n === 1 ? 'Ein Auftrag wartet an seinem Ort.' : `${n} Aufträge warten an ihrem Ort; der nächste:`,
    trouble: (n) =>
      n === 1
        ? `${n} Lauf ist fehlgeschlagen. Die anderen gehen weiter; er kann wiederholt werden.`
        : `${n} Läufe sind fehlgeschlagen. Die anderen gehen weiter; fehlgeschlagene können wiederholt werden.`,
    repeat: 'Wiederholen',
    seeJob: 'Auftrag ansehen',
    took: (time) => `dauerte ${time}`,
    settings: 'Einstellungen',
    runTimes: { retrieve: 'suchen', tune: 'nachtrainieren', evaluate: 'prüfen' },
    gone: '(gelöscht)'
  },
  wizard: newExperiment
}
