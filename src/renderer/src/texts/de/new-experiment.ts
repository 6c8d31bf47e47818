import type { newExperiment as english } from '../en/new-experiment.ts'
import type { Words } from '../words.ts'

/** Texte des Assistenten für ein neues Experiment. */
export const newExperiment: Words<typeof english> = {
  title: 'Neues Experiment',
  lead: 'Auswählen, was verglichen wird. Was es kostet, ist zu sehen, bevor etwas beginnt.',
  finish: 'Experiment starten',
  steps: {
    preset: { title: 'Umfang', text: 'Wie gründlich soll es sein? Alles lässt sich später noch ändern.' },
    materials: { title: 'Modell und Daten', text: 'Was nachtrainiert wird und woher die Beispiele kommen.' },
    targets: { title: 'Zielaufgaben', text: 'An welchen neuen Aufgaben treten die Strategien an?' },
    strategies: {
      title: 'Strategien',
      text: 'Welche Arten, Beispiele zu wählen, werden verglichen? Zero-Shot ist immer dabei: Daran zeigt sich, ob Nachtraining überhaupt hilft.'
    },
    settings: {
      title: 'Einstellungen',
      text: 'Sie ergeben sich aus dem gewählten Umfang und der Größe des Grundmodells.'
    },
    plan: { title: 'Vorhaben', text: 'Das wird laufen, so lange dauert es, und das kann es herausfinden.' }
  },
  where: {
    title: 'Wo gerechnet wird',
    text: 'Das Vorhaben sagt, was dorthin gesendet werden muss und wie lange es warten wird. Orte werden in den Einstellungen hinzugefügt.',
    runs: 'Läufe',
    indices: 'Indizes, die noch nicht aufgebaut sind',
    here: 'Dieser Rechner',
    unchecked: (name) => `${name} (noch nicht geprüft)`,
    broken: (name) => `${name} (die letzte Prüfung schlug fehl)`
  },
  planned: {
    title: 'Für welche Vergleiche wird es gemacht?',
    text: 'Freiwillig. Vergleiche, die jetzt genannt werden, bevor etwas gelaufen ist, werden nur unter sich korrigiert, sodass kleinere Unterschiede zu finden sind. Alle anderen werden trotzdem gezeigt, als eigene Familie. Nachträglich lässt sich keiner nennen.',
    pair: (strategy, against) => `${strategy} gegen ${against}`,
    chosen: (n, all) =>
      n === 0
        ? `Keiner ist genannt: Alle ${all} bilden eine Familie.`
        : `${n} von ${all} ${n === 1 ? 'ist' : 'sind'} geplant; das Vorhaben rechnet damit.`
  },
  name: 'Name des Experiments',
  defaultName: (date) => `Experiment vom ${date}`,
  copyName: (name) => `${name}, geändert`,
  againName: (name, seed) => `${name}, Startwert ${seed}`,
  noModels: 'Im Labor ist noch kein Grundmodell.',
  noData: 'Im Labor sind noch keine Quelldaten.',
  noTargets: 'Im Labor sind noch keine Zielaufgaben.',
  always: 'immer dabei',
  leftOut: (strategies) => `Nicht gewählt, weil kein Modell dafür da ist: ${strategies}.`,
  fields: {
    rounds: 'Runden',
    queries: 'Anfragen je Runde',
    budget: 'Zu suchende Beispiele',
    selector: 'Wie Anfragen teilen',
    deduplicate: 'Doppelte überspringen',
    withoutLeaks: 'Lecks weglassen',
    rerank: {
      candidates: 'Neu bewertet werden die Kandidaten von',
      oversampling: 'Kandidaten je Beispiel',
      pairing: 'Bewertet für',
      pairings: {
        all: 'Alle Anfragen (wie in der Veröffentlichung)',
        nearest: 'Die nächsten Anfragen',
        own: 'Die Anfrage, die es fand (am schnellsten)'
      },
      nearest: 'Wie viele nächste',
      aggregate: 'Bewertungen für mehrere Anfragen',
      aggregates: { mean: 'Ihr Mittel (wie in der Veröffentlichung)', max: 'Die beste davon' }
    },
    merge: 'Nachtrainiert mit',
    merges: {
      unsupervised: 'Den gefundenen Beispielen (wie in der Veröffentlichung)',
      mix: 'Den gefundenen Beispielen und den gelösten Anfragen, gemischt',
      'two-stage': 'Den gefundenen Beispielen, danach den gelösten Anfragen',
      none: 'Nur den gelösten Anfragen'
    },
    method: 'Was nachtrainiert wird',
    methods: {
      full: 'Das ganze Modell',
      'last-blocks': 'Nur die letzten Schichten',
      lora: 'Ein kleiner Zusatz (LoRA)'
    },
    loraRank: 'Rang des Zusatzes',
    lastBlocks: 'Nachtrainierte Schichten, vom Ende her',
    learningRate: 'Lernrate',
    epochs: 'Epochen',
    batchSize: 'Stapelgröße',
    earlyStopping: 'Aufhören, wenn es nicht mehr hilft',
    heldOutShare: 'Zurückgehaltener Anteil (0,1 ist ein Zehntel)',
    everySteps: 'Schritte zwischen zwei Blicken',
    patience: 'Blicke ohne Gewinn bis zum Ende',
    testExamples: 'Testfragen je Aufgabe (höchstens)',
    beams: 'Suchstrahlen',
    seed: 'Startwert',
    provider: 'Recheneinheit',
    ablate: 'Eine Gruppe weglassen'
  },
  sweep: {
    title: 'Einstellungen variieren',
    lead: 'Eine Einstellung kann in diesem einen Experiment mehrere Werte haben. Jeder wird berechnet und verglichen; was nicht davon abhängt, wird nur einmal berechnet.',
    setting: 'Einstellung',
    values: 'Werte',
    hint: 'durch Kommas getrennt, Dezimalzahlen mit Punkt; Modelle mit ihren Namen',
    add: 'Eine Einstellung variieren',
    remove: 'Entfernen'
  },
  further: {
    title: 'Weitere Einstellungen',
    labelSmoothing: 'Glättung der Zielwerte',
    schedule: 'Die Lernrate',
    schedules: { linear: 'Fällt gleichmäßig auf null', constant: 'Bleibt (wie im Code der Veröffentlichung)' },
    lossReduction: 'Aus den Verlusten der Token wird',
    lossReductions: { mean: 'Ihr Mittel', sum: 'Ihre Summe (wie im Code der Veröffentlichung)' },
    answers: 'Von mehreren richtigen Antworten wird gelernt',
    answersOf: { first: 'Die erste', drawn: 'In jeder Epoche eine andere (wie im Code der Veröffentlichung)' },
    queryShare: 'Anteil der Anfragen, mit denen gesucht wird',
    over: 'Indizes entstehen aus',
    overHint: 'Antworten brauchen gelöste Anfragen, also ein Zusammenführen, das aus ihnen lernt.',
    overs: {
      input: 'Eingaben allein',
      both: 'Eingaben und Antworten',
      'by-merge': 'Mit Antworten, wo aus ihnen gelernt wird (wie im Code der Veröffentlichung)'
    },
    maxSteps: 'Ende nach so vielen Schritten',
    queryLearningRate: 'Eigene Lernrate für gelöste Anfragen',
    queryEpochs: 'Eigene Zahl von Epochen für gelöste Anfragen',
    repeatQueries: 'Gelöste Anfragen wiederholen, bis sie den gefundenen Beispielen die Waage halten',
    retrievalSeed: 'Eigener Startwert für Zufallsstichproben',
    trainingSeed: 'Eigener Startwert für das Training',
    mendDoubled: 'Eine Antwort aus einem doppelt gesagten Wort gilt als dieses Wort',
    base: 'Grundmodell im Arbeitsspeicher',
    bases: {
      full: 'Ganz (32 Bit)',
      '8-bit': '8 Bit: etwa ein Viertel des Speichers',
      '4-bit': '4 Bit: etwa ein Siebtel des Speichers'
    },
    baseHint:
      'Für Modelle, die sonst nicht hineinpassen. Die Gewichte werden einmal gerundet, und daneben wird ein kleiner Zusatz (LoRA) nachtrainiert. Der Plan sagt, was das braucht und was es gekostet hat, wo es gemessen wurde.',
    baseForLora:
      'Ein gerundetes Grundmodell gibt es für LoRA. Wählen Sie dafür LoRA als Nachtraining, oder behalten Sie das ganze Modell.',
    tunePrecision: 'Produkte beim Nachtrainieren',
    answerPrecision: 'Produkte beim Antworten',
    precisions: {
      fp32: 'Genau (32 Bit)',
      fast: 'Schnell (8 Bit, auf dem Prozessor)',
      half: 'Halb (16 Bit, auf einer Grafikkarte)'
    },
    halfHint:
      'Produkte mit 16 Bit auf einer Grafikkarte über WebGPU; die Gewichte behalten 32 Bit, und das Grundmodell muss ganz im Speicher liegen. Das Labor probiert die Karte beim Planen aus und sagt, wenn sie es nicht kann. Ob die Werte gleich bleiben, ist nicht geprüft.',
    precisionHint:
      'Einzelne Antworten können von genauen abweichen. Der Plan sagt, für welche Arten des Nachtrainierens die Werte nach dem Test des Labors gleich waren, und auf welchen Daten.'
  },
  tuneFor: 'Nachtrainiert für',
  tuneForEach: 'Jedes Ziel für sich',
  tuneForHint:
    'Die Anfragen eines Ziels lenken die Suche, und was nachtrainiert wurde, wird an allen angehakten Zielen geprüft.',
  groupsOf: {
    retrieve: 'Suchen',
    rerank: 'Neu ordnen',
    tune: 'Nachtrainieren',
    evaluate: 'Prüfen',
    other: 'Wiederholbarkeit'
  },
  keepUsual: 'So viel, wie in 5 GB passt',
  ablateText:
    'Wiederholt jede suchende Strategie einmal ohne jede der gewählten Gruppen. Jede Gruppe bringt weitere Läufe.',
  plan: {
    planning: 'Vorhaben wird berechnet …',
    runs: 'Läufe',
    reused: (done, tuned) =>
      [
        ...(done > 0 ? [`${done} davon schon beendet, wiederverwendet`] : []),
        ...(tuned > 0 ? [`${tuned} schon nachtrainiert, nur geprüft`] : [])
      ].join('; '),
    time: 'Zeit',
    memory: 'Arbeitsspeicher',
    disk: 'Festplatte',
    reranking: 'Neu ordnen',
    pairs: (n, time) => `je Lauf ${n} Paare aus Anfrage und Kandidat, ${time}`,
    indices: 'Indizes',
    kept: 'Aufbewahrte nachtrainierte Gewichte',
    keptNow: (what, size) => `${what}: ${size}`,
    keptAll: (best, all) =>
      `Die besten je Strategie und Ziel brauchen ${best}, alle zusammen ${all}. Änderbar in den Einstellungen und auch später.`,
    indexReady: (name) => `${name}: fertig`,
    indexBuild: (name, time) => `${name}: wird zuerst aufgebaut, ${time}`,
    shared: 'Gemeinsame Arbeit',
    detectable: 'Was es herausfinden kann',
    detectableLead:
      'Ein Unterschied dieser Größe wird in 4 von 5 solchen Experimenten gefunden, auch für andere Anfragesätze; kleinere bleiben meist unbemerkt.',
    detectableHere:
      'Ein Unterschied dieser Größe wird in 4 von 5 solchen Experimenten gefunden, aber nur für diese Anfragesätze; kleinere bleiben meist unbemerkt. Ab drei Runden gilt er auch für andere Anfragesätze und ist schwerer zu finden: Die Zahl kann dann wachsen.',
    points: (n) => `${n} Punkte`,
    more: (round, items) => `eine Runde mehr: ${round}, zehn Fragen mehr: ${items}`,
    measured: 'nach einem früheren Experiment geschätzt',
    usual: 'nach üblichen Werten geschätzt',
    basis: (rows, items) => `${rows} Fragen, davon ${items} unabhängig`,
    differs: 'Was von der Veröffentlichung und ihrem Code abweicht',
    setting: 'Einstellung',
    list: 'Alle Läufe',
    target: 'Ziel',
    run: 'Lauf',
    estimate: 'Zeit',
    reusedRun: 'wiederverwendet',
    tunedBefore: 'schon nachtrainiert'
  }
}
