import type { indices as english } from '../en/indices.ts'
import type { Words } from '../words.ts'

export const indices: Words<typeof english> = {
  representations: {
    semantic: { title: 'Semantisch', text: 'Nach der Bedeutung, wie ein Satz-Encoder sie sieht.' },
    dense: { title: 'Dicht', text: 'Nach dem, was das Grundmodell selbst ähnlich findet.' },
    trained: { title: 'Trainiert', text: 'Nach dem, was ein trainierter Retriever als nützlich gelernt hat.' }
  },
  over: { input: 'Eingaben allein', both: 'Eingaben und Antworten' },
  withOver: (kind) => `${kind}, über Eingaben und Antworten`,
  lead: 'Wo Strategien ähnliche Beispiele nachschlagen: jedes Beispiel der Quelldaten als Einbettung, die nächsten in Millisekunden gefunden.',
  empty: 'Noch kein Index',
  emptyText:
    'Die Strategien „Semantisch“ und „Dicht“ schlagen ähnliche Beispiele in einem Index nach. „Zufällig“ und „Lexikalisch“ brauchen keinen.',
  columns: {
    index: 'Index',
    data: 'Daten',
    model: 'Encoder',
    vectors: 'Beispiele',
    recall: 'Trefferquote',
    size: 'Größe',
    added: 'Aufgebaut'
  },
  gone: '(gelöscht)',
  shared: {
    title: 'Mit anderen geteilt',
    text: 'Eine Gruppe kann ihre Indizes in einer PostgreSQL-Datenbank mit pgvector halten: Wer einen holt, bettet nichts ein. Texte gehen nicht dorthin, nur Vektoren mit den Namen ihrer Aufgaben und Gruppen.',
    server: 'Adresse der Datenbank',
    serverHint: 'Ohne Passwort: Es kommt aus ~/.pgpass oder PGPASSWORD, und das Labor bewahrt keines auf.',
    serverExample: 'postgres://ich@vektoren.example.org:5432/labor',
    look: 'Ansehen, was dort ist',
    none: 'Dort ist noch nichts geteilt.',
    columns: {
      data: 'Daten',
      kind: 'Art',
      encoder: 'Eingebettet von',
      vectors: 'Beispiele',
      published: 'Veröffentlicht',
      actions: 'Was man tun kann'
    },
    unfinished: (rows: string) => `wird veröffentlicht, bisher ${rows}`,
    here: 'ist hier',
    fetch: 'Holen',
    publishWhich: 'Ein Index dieses Labors',
    publish: 'Dort veröffentlichen',
    started: 'Es hat begonnen.',
    job: 'Zur Arbeit'
  },
  page: {
    back: 'Indizes',
    title: (kind, data) => `Index (${kind}) von ${data}`,
    lead: (model, built) =>
      `Einbettungen von ${model}, aufgebaut am ${built}. Hier werden ähnliche Beispiele nachgeschlagen.`,
    precisions: { fp32: '32 Bit für jede Zahl', fp16: '16 Bit für jede Zahl' },
    tabs: { try: 'Ausprobieren', mix: 'Was Anfragen finden', map: 'Karte', quality: 'Wie gut' },
    vectors: 'Beispiele',
    dimension: 'Länge der Einbettung',
    recall: 'Trefferquote',
    search: 'Suche',
    searches: {
      exact: 'genau: vergleicht mit jedem Beispiel',
      hnsw: 'schnell: folgt einem Netz von Nachbarn'
    },
    size: 'Größe auf der Festplatte',
    took: 'Aufgebaut in',
    precision: 'Zahlengenauigkeit',
    fingerprint: 'Fingerabdruck',
    fingerprintText:
      'Ändert sich mit den Daten, dem Modell oder den Einstellungen, damit ein Index nie für Daten verwendet wird, aus denen er nicht aufgebaut wurde.',
    overBoth:
      'Seine Vektoren entstehen aus Eingaben und Antworten zusammen, für Experimente, die aus gelösten Anfragen lernen. Ein eingetippter Text hat keine Antwort und kann hier deshalb nicht nachgeschlagen werden.',
    tryLead: 'Einen beliebigen Text eingeben und sehen, welche Beispiele der Quelldaten ihm am nächsten sind.',
    pickSet: 'Eine Anfrage nehmen aus',
    pickNone: 'keiner Aufgabe: Text eingeben',
    pickQuery: 'Anfrage',
    pickFirst: 'Bitte wählen',
    tryLabel: 'Eingegebener Text',
    tryAction: 'Die nächsten finden',
    tryExample: 'Ist die folgende Besprechung positiv oder negativ? „Ich wollte es mögen, aber die Suppe war kalt.“',
    found: (n, ms) => `${n} nächste in ${ms} ms`,
    similarity: 'Ähnlichkeit',
    qualityLead:
      'Beispiele jeder Aufgabe fragen nach ihren nächsten, ohne sich selbst und ohne ihre anderen Wortlaute. Richtig ist, was aus derselben Aufgabe oder Gruppe kommt.',
    qualityAction: 'Messen',
    qualityBy: 'Übereinstimmung in',
    qualityNames: { task: 'Aufgabe', group: 'Gruppe' },
    qualityQueries: 'Anfragen',
    qualityColumns: (k) => ({
      recall: `Trefferquote@${k}`,
      mrr: 'MRR',
      ndcg: `NDCG@${k}`,
      chance: 'Durch Zufall'
    }),
    qualityNotes: (k) =>
      `Trefferquote: Anteil der richtigen unter den ersten ${k} an den höchstens möglichen; durch Zufall: die Trefferquote einer zufälligen Reihenfolge. MRR: eins geteilt durch den Platz des ersten richtigen. NDCG: frühere Plätze zählen mehr; 1 ist die beste Reihenfolge.`,
    qualityMean: (n) => `Mittel ± Standardabweichung von ${n}`,
    qualityTook: (time) => `Gemessen in ${time}`,
    mapLead: 'Jeder Punkt ist ein Beispiel der Quelldaten. Punkte, die nahe beieinander liegen, ähneln sich.',
    mapQueries: 'Anfragen zeigen von',
    mapNoQueries: 'keiner Aufgabe',
    mapSample: 'Punkte',
    mapLoading:
      'Zuerst kommt ein schnelles Bild: die zwei Richtungen, in denen sich die Beispiele am meisten unterscheiden. Die Karte, in der Nachbarn Nachbarn bleiben, tritt an seine Stelle, sobald sie fertig ist.',
    mapLabel: (points, groups) => `Karte von ${points} Beispielen in ${groups} Gruppen`,
    mapHelp:
      'Ziehen verschiebt, das Mausrad vergrößert. Mit der Tastatur: Pfeiltasten verschieben, + und − vergrößern und verkleinern, 0 zeigt alles, N und P gehen durch die sichtbaren Punkte.',
    mapReset: 'Alles zeigen',
    mapZoomIn: 'Vergrößern',
    mapZoomOut: 'Verkleinern',
    mapLegend: 'Gruppen',
    queries: 'Anfragen',
    mapNothing: 'Auf einen Punkt zeigen, um sein Beispiel zu lesen.'
  },
  mix: {
    lead: 'Ein Anfragesatz zeigt, aus welchen Gruppen und Aufgaben seine Nachbarn kommen, bevor ein Modell damit nachtrainiert wird.',
    set: 'Anfragesatz',
    choose: 'Bitte wählen',
    setOf: (target, size, round) => `${target}, Runde ${round} (${size} Anfragen)`,
    by: 'Ähnlichkeit',
    noSets:
      'Noch hat keine Zielaufgabe Anfragesätze. Sie lassen sich auf der Seite der Zielaufgabe einlesen oder ziehen.',
    found: (n, took) => `${n} Beispiele, gefunden in ${took}.`,
    unchecked: 'Noch nicht nach Lecks durchsucht: Einige davon können Daten des Ziels selbst sein.',
    titles: { group: 'Nach Gruppe', task: 'Nach Aufgabe' },
    first: 'Die ersten davon',
    brought: (rank, query) => `Nr. ${rank} für: ${query}`
  },
  wizard: {
    title: 'Den Index aufbauen',
    lead: 'Ein Modell liest jedes Beispiel der Quelldaten einmal, damit ähnliche später in Millisekunden gefunden werden.',
    finish: 'Aufbauen',
    steps: {
      data: { title: 'Daten', text: 'Für welche Quelldaten wird der Index aufgebaut?' },
      kind: { title: 'Ähnlichkeit', text: 'Was soll als ähnlich gelten?' },
      model: { title: 'Modell', text: 'Das Modell, das die Beispiele liest.' },
      options: { title: 'Möglichkeiten', text: 'Die üblichen Einstellungen sind gut. Ändern nur mit gutem Grund.' },
      review: { title: 'Starten', text: 'Ein letzter Blick, bevor es losgeht.' }
    },
    noModel: 'Im Labor ist noch kein passendes Modell.',
    getModel: 'Eines holen',
    noData: 'Im Labor sind noch keine Quelldaten.',
    getData: 'Welche holen',
    exists: 'Diesen Index gibt es schon.',
    existsText: 'Dieselben Daten, dasselbe Modell: Es muss nichts aufgebaut werden.',
    openIt: 'Öffnen',
    maxTokens: 'Gelesene Token je Beispiel',
    maxTokensHint: 'Längere Beispiele werden gekürzt. 256 reichen für die meisten.',
    over: 'Vektoren entstehen aus',
    overHint: {
      semantic:
        'Mit Antworten wird jedes Beispiel als „Eingabe Answer: Antwort.“ gelesen. Nur für Experimente mit gelösten Anfragen.',
      dense:
        'Mit Antworten folgt auf das Mittel des Encoders der erste Zustand des Decoders: doppelt so viele Zahlen. Wie im Code der Veröffentlichung sieht er die Eingabe und den Anfang einer Antwort, aber keines ihrer Wörter. Für BART-Modelle und Experimente mit gelösten Anfragen.',
      trained: 'Ein trainierter Retriever hat an Eingaben allein gelernt.'
    },
    vectorPrecision: 'Genauigkeit der abgelegten Einbettungen',
    precisions: { fp32: 'Voll (32 Bit)', fp16: 'Halb (16 Bit): halb so viel Festplatte' },
    modelPrecision: 'Genauigkeit beim Lesen',
    modelPrecisions: {
      fp32: 'Voll',
      fast: 'Schnell (Produkte mit 8 Bit): zwei- bis dreimal so schnell, fast dieselben Nachbarn'
    },
    shards: 'Gleichzeitig lesende Prozesse',
    shardsHint:
      'Mehr als einer hilft auf Rechnern mit vielen Kernen oder mehreren Grafikkarten. Jeder hält das Modell einmal im Speicher.',
    hnsw: {
      m: 'Verbindungen eines Beispiels',
      efConstruction: 'Sorgfalt beim Aufbauen',
      ef: 'Sorgfalt beim Suchen'
    },
    hnswHints: {
      m: 'In der Fachliteratur M. Mehr Verbindungen finden mehr und brauchen mehr Speicher. Sinnvoll sind 8 bis 48.',
      efConstruction:
        'Wie viele Kandidaten für jedes neue Beispiel angesehen werden. Mehr macht den Aufbau besser und langsamer.',
      ef: 'Wie viele Kandidaten eine Suche ansieht. Der Wert wird von selbst erhöht, bis 95 % der wahren nächsten gefunden werden.'
    },
    hnswRows: 'Zahlen im Netz',
    hnswRowsOf: {
      auto: 'Nach der Größe wählen',
      fp32: 'Voll (32 Bit)',
      int8: '8 Bit: ein Drittel des Speichers'
    },
    hnswRowsHint:
      'Was mit 8 Bit gefunden wird, ordnen die vollen Einbettungen, sodass die nächsten die nächsten bleiben.',
    search: 'Suche',
    searches: {
      auto: 'Nach der Größe wählen',
      exact: 'Genau: vergleicht mit jedem Beispiel',
      hnsw: 'Schnell: folgt einem Netz, übersieht sehr wenig'
    },
    what: (examples, model) =>
      `${model} liest ${examples} und legt für jedes Beispiel eine Einbettung ab. Das lässt sich anhalten und geht nach einer Unterbrechung weiter.`,
    estimating: 'Wird geschätzt …'
  }
}
