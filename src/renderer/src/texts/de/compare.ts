import type { compare as english } from '../en/compare.ts'
import type { Words } from '../words.ts'

export const compare: Words<typeof english> = {
  lead: 'Strategien nebeneinander, mit ehrlichem Urteil.',
  empty: 'Noch nichts zu vergleichen',
  emptyText: 'Sobald ein Experiment seine ersten Läufe beendet hat, stehen seine Ergebnisse hier.',
  others: 'Alle Experimente …',
  choose: 'Experiment',
  seeAnswers: 'Die Antworten nebeneinander sehen',
  picked: 'Ausgewählte Läufe',
  nothingPicked: 'Keine Läufe ausgewählt',
  nothingPickedText: 'Ausgewählte Läufe eines oder mehrerer Experimente erscheinen hier nebeneinander.',
  pick: {
    open: 'Läufe auswählen …',
    change: 'Auswahl ändern …',
    title: 'Läufe zum Vergleich auswählen',
    lead: 'Anhaken, was nebeneinander stehen soll, aus einem Experiment oder mehreren. Eine Runde steht für ihre Läufe auf allen Zielaufgaben.',
    search: 'Experimente und Strategien durchsuchen',
    runs: (n) => `${n} ${n === 1 ? 'beendeter Lauf' : 'beendete Läufe'}`,
    round: (n) => `Runde ${n}`,
    everyRound: 'in jeder Runde gleich',
    picked: (runs, experiments) =>
      runs === 0
        ? 'Noch ist nichts ausgewählt.'
        : `${runs} ${runs === 1 ? 'Lauf' : 'Läufe'} aus ${experiments} ${experiments === 1 ? 'Experiment' : 'Experimenten'} ausgewählt.`,
    clear: 'Leeren',
    go: 'Vergleichen',
    none: 'Keine beendeten Läufe',
    noneText: 'Läufe erscheinen hier, sobald sie beendet sind. Vielleicht lässt die Suche sie weg.'
  },
  metric: 'Punktzahl',
  tabs: {
    results: 'Ergebnisse',
    examples: 'Beispiele',
    retrieved: 'Was gefunden wurde',
    correlation: 'Anteile nach Gruppe',
    time: 'Punktzahl und Zeit',
    score: 'Neu bewerten',
    settings: 'Einstellungen'
  },
  show: 'Gezeigte Strategien',
  partial: (done, all) => `${done} von ${all} Läufen sind beendet. Die Zahlen können sich noch ändern.`,
  quality: {
    title: 'Wie gut jede Strategie für sich abruft',
    lead: 'Upstream-Beispiele jeder Aufgabe fragen nach ihren nächsten, ohne sich selbst und ihre anderen Formulierungen; richtig ist, was aus derselben Aufgabe oder Gruppe stammt. Das braucht kein Feinabstimmen und sagt, ob die Indizes Ähnliches finden. Die Testfragen werden nicht gestellt: Welche Upstream-Aufgaben für sie richtig sind, weiß niemand.',
    none: 'Keine der gezeigten Strategien sieht auf das Gefragte, also gibt es nichts zu messen.',
    report: 'Bericht mit diesen Zahlen',
    each: (label: string) => `Aufgaben oder Gruppen, gefunden von ${label}`,
    queries: (n: string) => `${n} Beispiele haben gefragt.`
  },
  table: {
    caption: 'Mittlere Punktzahl ± Standardabweichung über die Runden und der Unterschied zu Zero-Shot',
    target: 'Zielaufgabe',
    overall: 'Alle Aufgaben',
    rows: (rows, items) => `${rows} Fragen, davon ${items} unabhängig`,
    rounds: (n) => `${n} ${n === 1 ? 'Runde' : 'Runden'}`,
    best: 'besser als alle anderen, über den Zufall hinaus',
    unit: 'Punktzahlen von 0 bis 100',
    noScore: 'noch nicht',
    better: 'besser als Zero-Shot, über den Zufall hinaus',
    worse: 'schlechter als Zero-Shot, über den Zufall hinaus',
    legendBetter: '▲ besser, über den Zufall hinaus',
    legendWorse: '▼ schlechter, über den Zufall hinaus',
    legendNone: 'kein Zeichen: kann Zufall sein',
    median: 'Zentralwert',
    range: 'Spannweite'
  },
  curves: {
    title: (setting) => `Was sich ändert mit: ${setting}`,
    values: (setting: string) => `Werte nach: ${setting}`,
    lead: 'Gewinn gegenüber Zero-Shot bei jedem Wert, in Punkten, mit seinem 95-%-Intervall; die Intervalle gelten für alle Vergleiche zugleich. Was von der Einstellung nicht abhängt, verläuft waagerecht.',
    strategy: 'Strategie',
    gain: (points, low, high) => `${points} (${low} bis ${high})`
  },
  reported: {
    title: 'wie veröffentlicht',
    lead: (cited) =>
      `Grau: was die Autoren angeben, SoftEM, 406 Millionen Gewichte (T0-3B: 3 Milliarden), ± über fünf Anfragesätze. Geht hier in keinen Test ein. ${cited}.`
  },
  chart: {
    title: 'Punktzahlen mit ihrer Streuung',
    lead: 'Ein Punkt ist das Mittel über die Runden, der Balken die Standardabweichung. Die gepunktete Linie ist Zero-Shot.',
    label: 'Punktzahl',
    points: 'Punkte'
  },
  differences: {
    title: 'Unterschiede zu Zero-Shot',
    lead: 'Um wie viele Punkte jede Strategie über oder unter Zero-Shot liegt, mit ihrem 95-%-Intervall für alle zugleich. Gefüllte Zeichen und durchgezogene Linien sind mehr als Zufall; hohle Zeichen und gestrichelte Linien können Zufall sein.',
    figures: (points, low, high) => `${points} (${low} bis ${high})`
  },
  verdict: {
    title: 'In Worten',
    lead: 'Gepaarte Tests. Fragen und Anfragesätze gelten beide als Stichproben, und alle Vergleiche der Tabelle werden gemeinsam korrigiert.',
    planned: 'Vor dem Start geplant',
    unplanned: 'Alle anderen, unter sich korrigiert',
    all: 'Alle Vergleiche',
    difference: 'Unterschied',
    interval: '95-%-Intervall, für alle zugleich',
    p: 'p, korrigiert',
    method: {
      title: 'Wie das zustande kommt',
      page: 'Die ganze Seite (englisch): Modell, Annahmen, Formeln, Quellen, Simulationen, Grenzen',
      paragraphs: [
        'Ein Urteil gilt der Strategie, nicht gerade diesen Testfragen und diesen Anfragesätzen. Beide gelten als Stichproben (gekreuzte Zufallseffekte): Ein Unterschied muss sich von dem abheben, was andere Fragen und andere Anfragesätze gebracht hätten. Mit weniger als drei Runden lässt sich über andere Anfragesätze nichts sagen, und der Satz sagt das auch.',
        'Verschiedene Wortlaute einer Frage zählen als eine Frage. Maße, die für eine ganze Menge gelten (Makro-F1, Matthews, BLEU, Pearson), werden getestet, indem jeweils eine Frage weggelassen wird.',
        'Alle Vergleiche der Tabelle bilden eine Familie, die vor dem Start geplanten eine eigene: Von Tabellen ohne jeden wahren Unterschied zeigt etwa eine von zwanzig einen falschen. Die Intervalle gelten für alle Vergleiche zugleich, sodass Intervall und Urteil einander nie widersprechen.',
        'Wenige Runden sagen wenig darüber, wie viel die Anfragesätze ausmachen. Alle Vergleiche der Tabelle werden daher zusammengenommen, und am Anfang gilt jede Größenordnung als gleich wahrscheinlich. Bei drei Runden ist das Labor lieber vorsichtig als schnell mit einem Fund.',
        'Kein Nachweis heißt nicht gleich: Jeder Satz nennt den Unterschied, der wahrscheinlich gefunden worden wäre. Innerhalb von ±2 Punkten heißt tatsächlich so gut wie gleich.'
      ]
    },
    none: 'Noch keine Tests; sie brauchen mindestens eine beendete Runde zweier Strategien.'
  },
  diagnoses: {
    title: 'Woran es liegen kann und was als Nächstes hilft',
    actions: {
      examples: 'Antworten ansehen',
      retrieved: 'Ansehen, was gefunden wurde',
      'query-sets': 'Zielaufgabe öffnen',
      'new-experiment': 'Ändern und neu starten'
    }
  },
  hurt: {
    title: 'Hier hat das Nachtraining geschadet, über den Zufall hinaus',
    text: (strategy, target, points) => `${strategy} auf ${target}: ${points} Punkte`,
    advice:
      'Hier antwortet das unveränderte Modell besser. Abhilfe: andere Beispiele, eine kleinere Lernrate oder gar kein Nachtraining.'
  },
  warnings: 'Zu bedenken',
  examples: {
    target: 'Zielaufgabe',
    round: 'Runde',
    column: 'Strategie',
    against: 'Verglichen mit',
    search: 'In Eingaben und Antworten suchen',
    filters: {
      all: 'Alle',
      fixed: 'Neu richtig',
      broken: 'Neu falsch',
      'all-wrong': 'Alle falsch',
      'all-right': 'Alle richtig',
      differ: 'Verschieden'
    },
    filterHelp: {
      all: 'Alle Testfragen.',
      fixed: 'Vorher falsch, mit der gewählten Strategie richtig.',
      broken: 'Vorher richtig, mit der gewählten Strategie falsch.',
      'all-wrong': 'Keine Strategie beantwortet sie.',
      'all-right': 'Jede Strategie beantwortet sie.',
      differ:
        'Eine von beiden liegt richtig, die andere nicht; ohne richtige Antworten: Die beiden Antworten sind verschieden.'
    },
    filter: 'Zeigen',
    list: 'Testfragen',
    none: 'Keine passende Frage',
    noneText: 'Vielleicht hilft ein anderer Filter, eine andere Runde oder ein anderes Wort.',
    input: 'Frage',
    expected: 'Erwartet',
    answers: 'Antworten',
    right: 'richtig',
    wrong: 'falsch',
    partly: (score) => `${score} von 100`,
    empty: '(leer)',
    pick: 'Eine Frage auswählen, um alle Antworten nebeneinander zu sehen.',
    lineage: 'Woher kommt diese Antwort?',
    lineageOf: (strategy) => `Womit nachtrainiert wurde: ${strategy}`,
    lineageNone: 'Zero-Shot wurde mit nichts nachtrainiert.',
    lineageLead: (n) => `${n} Beispiele aus den Quelldaten, die nächsten zuerst`,
    broughtBy: 'Gefunden durch die Anfrage',
    place: (rank, stage) => `Platz ${rank} nach ${stage}`,
    score: (value) => `Ähnlichkeit ${value}`
  },
  wins: {
    title: 'Neu richtig und neu falsch',
    lead: 'Wie viele Fragen jede Strategie gegenüber Zero-Shot neu richtig und wie viele sie neu falsch beantwortet.',
    fixed: 'neu richtig',
    broken: 'neu falsch',
    net: 'unter dem Strich',
    strategy: 'Strategie'
  },
  retrieved: {
    total: (n) => `${n} Beispiele`,
    mix: 'Aus welchen Aufgaben',
    top: 'Die nächsten Beispiele',
    topOf: 'Strategie',
    overlap: 'Überschneidung der Strategien',
    shared: (n, share) => `${n} gemeinsam, ${share}`,
    none: 'Noch wurde nichts gesucht.',
    noneText: 'In dieser Runde ist kein Lauf einer suchenden Strategie beendet.',
    by: 'durch Anfrage',
    a: 'Strategie',
    b: 'und',
    sharedColumn: 'Gemeinsam'
  },
  heat: {
    strategy: 'Strategie',
    lead: 'Je kräftiger die Farbe, desto größer der Anteil der für ein Ziel gefundenen Beispiele, der von dort kam.',
    rows: 'Eine Zeile je',
    group: 'Gruppe',
    task: 'Aufgabe',
    few: 'wenige',
    many: 'viele'
  },
  time: {
    title: 'Punktzahl gegen Zeit',
    lead: 'Jedes Zeichen ist ein Lauf auf einer Zielaufgabe. Oben ist besser, links ist schneller. Dient ein Nachtraining mehreren Zielaufgaben, wie das von Zufällig, so zählt es zu gleichen Teilen: Ein Zeichen zeigt den Anteil seiner Aufgabe, nicht die Dauer des ganzen Laufs.',
    x: 'Dauer des Laufs, gemeinsame Arbeit zu gleichen Teilen',
    y: 'Punktzahl (0 bis 100)',
    label: (n) => `Punktzahl gegen Zeit von ${n} Läufen`
  },
  rescore: {
    lead: 'Beurteilt die aufbewahrten Antworten nach einer anderen Regel. Nichts läuft erneut, und nichts Abgelegtes ändert sich.',
    how: 'Eine Antwort ist richtig, wenn',
    kinds: {
      contains: 'eine richtige Antwort darin vorkommt',
      pattern: 'ein Muster auf sie passt',
      number: 'ihre Zahl nahe genug liegt',
      labels: 'sie die richtige Klasse meint'
    },
    kindsText: {
      contains: 'Groß- und Kleinschreibung sind gleich. „Das ist natürlich Paris“ zählt für „Paris“.',
      pattern:
        'Ein regulärer Ausdruck. Mit einer Gruppe in runden Klammern ist die Antwort, was die erste findet; {answer} steht für eine richtige Antwort.',
      number: 'Die letzte Zahl der Antwort wird mit der letzten der richtigen Antwort verglichen.',
      labels: 'Es zählt die Klasse, von der zuerst ein Wort vorkommt. Eine Klasse je Zeile: ja = ja, wahr, richtig'
    },
    wholeWords: 'Nur als ganze Wörter',
    pattern: 'Muster',
    patternExample: 'Antwort ist (\\w+)',
    tolerance: 'Erlaubte Abweichung',
    relative: 'Als Anteil der richtigen Zahl (0,05 sind 5 %)',
    labels: 'Klassen und ihre Wörter',
    labelsExample: 'ja = ja, wahr, richtig\nnein = nein, unwahr, falsch',
    labelProblem: (line) => `Zeile ${line} ist keine Klasse mit Wörtern. Zu schreiben ist: ja = wahr, richtig`,
    missing: 'Angeben, wonach gesucht wird.',
    apply: 'Neu bewerten',
    asBefore: 'Ohne Regel: wie die Antworten bewertet wurden',
    result: 'Anteil richtiger Antworten, 0 bis 100',
    apart: 'Aufgeschlüsselt',
    apartLead: 'Die Antworten auf eine Zielaufgabe nach Klasse, Länge und Vorlage, über alle Runden.',
    apartTarget: 'Zielaufgabe',
    apartColumn: 'Strategie',
    confusion: 'Richtige Antwort (Zeilen) und gegebene Antwort (Spalten)',
    perLabel: 'Nach Klasse',
    label: 'Klasse',
    rows: 'Antworten',
    precision: 'Treffsicherheit',
    recall: 'Trefferquote',
    f1: 'F1',
    otherAnswer: '(etwas anderes)',
    noLabels: 'Die richtigen Antworten kommen kaum zweimal vor; es gibt also keine Klassen zu unterscheiden.',
    lengths: 'Nach Länge der Frage',
    characters: 'Zeichen',
    right: 'Richtig',
    templates: 'Nach Vorlage',
    template: 'Vorlage'
  },
  settings: {
    lead: 'Jede Einstellung, die in die Ergebnisse einging. Ein zweites Experiment daneben zeigt, was verschieden ist.',
    only: 'Nur Unterschiede',
    setting: 'Einstellung',
    with: 'Vergleichen mit',
    nobody: '(keinem anderen Experiment)',
    same: 'Alle Einstellungen sind gleich.',
    one: 'Alle Einstellungen dieses Experiments.'
  },
  export: {
    title: 'Ausgeben',
    csv: 'Tabelle (CSV)',
    json: 'Alles (JSON)',
    latex: 'Tabelle für eine Veröffentlichung (LaTeX)',
    tests: 'Tests mit Intervallen (CSV)',
    answers: 'Jede Antwort (CSV)',
    'answers-jsonl': 'Jede Antwort (JSON-Zeilen)',
    'answers-xlsx': 'Jede Antwort (Excel)',
    xlsx: 'Punktzahlen, Tests und Antworten (Excel)',
    'tests-jsonl': 'Tests mit Intervallen (JSON-Zeilen)',
    curves: 'Verlustkurven (CSV)',
    tensorboard: 'Verlustkurven für TensorBoard (zip)',
    mlflow: 'Läufe für MLflow (zip mit mlruns)',
    study: 'Einstellungen als Studiendatei (YAML)',
    html: 'Bericht (HTML)',
    done: (name) => `${name} gespeichert`
  }
}
