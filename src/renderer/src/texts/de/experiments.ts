import type { experiments as english } from '../en/experiments.ts'
import type { Words } from '../words.ts'

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
    title: 'Antworten eines anderen Programms',
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
  selectors: {
    'aggregate-choices': 'Jede Anfrage bringt ihre nächsten mit',
    'aggregate-scores': 'Alle Anfragen stimmen ab, nach mittlerer Ähnlichkeit',
    'max-score': 'Alle Anfragen stimmen ab, nach größter Ähnlichkeit',
    'round-robin': 'Die Anfragen wechseln sich ab'
  },
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
  create: 'Neues Experiment',
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
  wizard: {
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
        fast: 'Schnell (8 Bit, auf dem Prozessor)'
      },
      precisionHint:
        'Einzelne Antworten können von genauen abweichen. Schnell mit LoRA nachtrainiert, waren die Werte der Demo im Mittel ihrer Aufgaben auf einen Punkt gleich, nach dem Test des Labors; für schnelle Antworten, andere Modelle und andere Daten ist das nicht gezeigt.'
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
}
