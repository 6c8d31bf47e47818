import type { reranking as english } from '../en/reranking.ts'
import type { Words } from '../words.ts'
import { inLanguage } from '../names/in-language.ts'
import { sourceNames } from '../names/strategies.ts'

export const reranking: Words<typeof english> = {
  title: 'Reranker',
  lead: 'Ein Reranker liest eine Anfrage und ein Beispiel der Quelldaten zusammen und sagt, wie nützlich das Beispiel ist. Das lernt er aus Paaren, die an Aufgaben der Quelldaten ermittelt werden.',
  none: 'Noch wurden keine Paare ermittelt. Ermittelte Paare trainieren einen Reranker, den die Strategie ReCross braucht.',
  gone: '(gelöscht)',
  columns: {
    name: 'Ermittlung',
    sets: 'Anfragesätze',
    reliability: 'Verlässlichkeit',
    gate: 'Schranke',
    added: 'Ermittelt'
  },
  gate: { open: 'offen', closed: 'geschlossen' },
  sources: inLanguage('de', sourceNames),
  usefulness: {
    influence: {
      title: 'Nach Gradienten (Einfluss)',
      text: 'Jeder Kandidat für sich: Senkt ein kleiner Trainingsschritt mit ihm den Verlust der Aufgabe? Günstig, und stimmt am besten mit sich selbst überein.'
    },
    'group-loss': {
      title: 'Durch Nachtraining in Gruppen (wie in der Veröffentlichung)',
      text: 'Mit Kandidaten wird gruppenweise nachtrainiert, und alle einer Gruppe bekommen den Verlust, der herauskommt. Teuer, und bei wenigen Ziehungen verrauscht.'
    }
  },
  checks: {
    'head-room': 'Es gibt etwas zu lernen',
    reliability: 'Stimmt mit sich überein',
    'best-group': 'Die besten helfen bei echtem Nachtraining',
    'same-group': 'Eigene Gruppe nützlicher'
  },
  page: {
    back: 'Modelle',
    lead: (model, data, when) => `Ermittelt mit ${model} an ${data}, ${when}.`,
    opened: 'Die Schranke ist offen: Damit kann ein Reranker trainiert werden.',
    closed: 'Die Schranke ist geschlossen: Zum Trainieren taugt das nicht.',
    passed: 'trifft zu',
    failed: 'trifft nicht zu',
    skipped: 'lässt sich nicht sagen',
    facts: {
      sets: 'Anfragesätze',
      pairs: 'Nützliche / andere Kandidaten',
      reliability: 'Verlässlichkeit',
      best: 'Beste Gruppe hilft',
      headRoom: 'Zu gewinnen',
      rate: 'Lernrate',
      took: 'Rechenzeit',
      cost: 'Rechenzeit je Versuch'
    },
    nats: (value) => `${value} Nat`,
    ofSets: 'der Sätze',
    tasks: 'Nach Aufgabe',
    task: 'Aufgabe',
    group: 'Gruppe',
    taskSets: 'Sätze',
    baseLoss: 'Verlust vorher',
    ownRows: 'Eigene Zeilen',
    sameGroup: 'Eigene Gruppe',
    others: 'Andere',
    tasksText:
      'Verlust vor jedem Nachtraining; wie Nachtraining mit den eigenen Zeilen der Aufgabe ihn ändert; Nutzen der Kandidaten aus der eigenen Gruppe und aus anderen (negativ hilft).',
    hurt: {
      title: 'Lässt sich vorher sagen, ob Nachtraining hilft?',
      tells: 'Ob Nachtraining hilft, lässt sich vorher sagen.',
      doesNot: 'Ob Nachtraining hilft, lässt sich nicht vorher sagen.',
      scores: (brier, always, baseRate) =>
        `Brier-Wert ${brier} gegenüber ${always}, wenn immer nachtrainiert wird, und ${baseRate}, wenn nur bekannt ist, wie oft es anderswo hilft.`,
      how: 'Vorhergesagt wird aus den Eingaben, und jede Aufgabe oder Gruppe allein durch die anderen. Ein Brier-Wert von 0 ist vollkommen; weniger ist besser.',
      newKind: {
        tells: 'Auch bei einem Ziel neuer Art, von dessen Gruppe nichts in den Quelldaten ist, lässt es sich sagen.',
        doesNot: 'Bei einem Ziel neuer Art, von dessen Gruppe nichts in den Quelldaten ist, lässt es sich nicht sagen.'
      },
      cases: (share, cases, tasks) =>
        `Nachtraining mit dem, was eine Gruppe zu einem Anfragesatz beiträgt, senkt den Verlust in ${share} der Fälle (Fälle: ${cases}, Aufgaben: ${tasks}).`,
      unknown: {
        'too-few': 'Nicht bekannt: Es sind zu wenige Fälle oder Aufgaben, um es zu beurteilen.',
        'one-sided': 'Nicht bekannt: Es kommt immer dasselbe heraus, sodass es nichts zu unterscheiden gibt.'
      },
      notAsked: 'Nicht bekannt: Ermittelt wurde, bevor das Labor danach fragte, oder die Labels kamen von anderswo.'
    }
  },
  card: {
    title: 'Wie gut er ist',
    lead: (tasks) => `An ${tasks}, mit denen er nicht trainiert wurde. Zufall ist eine AUC von 0,5.`,
    auc: 'AUC',
    accuracy: 'Genauigkeit',
    ndcg: 'NDCG',
    otherQueries: 'AUC mit anderen Anfragen',
    otherQueriesText:
      'Mit den Anfragen einer anderen Gruppe: Bei 0,5 oder darunter liest er beide Texte; ist sie so hoch wie die AUC, weiß er nur, welche Beispiele für alles gut sind.',
    ignoresQueries:
      'Er sieht also kaum auf die Anfrage und bringt für jedes Ziel fast dasselbe. Gewinnen Sie für jeden Anfragesatz Kandidaten aus mehr Gruppen (Kandidaten: zufällig), und trainieren Sie noch einmal.',
    nearness: (pairs: string, auc: string, teacher: string) =>
      `Vor dem ersten Urteil lernte er an ${pairs} Paaren nah von fern zu unterscheiden: AUC damals ${auc}, ${teacher} bei den Vektoren, die es ihn lehrten.`,
    sets: 'Anfragesätze',
    trained: 'Womit er trainiert wurde',
    data: 'Daten',
    from: 'Begonnen als',
    pairs: 'Paare',
    iteration: 'Durchgang',
    mined: 'Ermittelt mit',
    distilled: 'Gelernt aus',
    ofIndex: 'Vektoren von',
    before: 'Ohne ihn',
    after: 'Mit ihm',
    teacher: 'Sein Reranker',
    recall: 'Trefferquote',
    retrieverTitle: 'Wie gut die Vektoren sind',
    vectors: 'Vektoren',
    ofIndexIs: (kind, model) => `${kind}, ${model}`,
    minedBy: (model, how, sets) => `${model}, ${how}, ${sets}`,
    overridden: 'Die Schranke war geschlossen, und er wurde trotzdem trainiert.',
    control: 'Eine Gegenprobe: Ihre Zielwerte wurden vertauscht. Sie ist nicht zum Gebrauch bestimmt.',
    agreement: (tau, before) =>
      `Seine Reihenfolge stimmt mit der des vorigen Rerankers überein mit τ = ${tau}; AUC zuvor: ${before}.`,
    verdicts: {
      'go-on': 'Ein weiterer Durchgang kann mehr bringen.',
      settled: 'Die Reihenfolge ändert sich nicht mehr; ein weiterer Durchgang brächte dasselbe.',
      worse: 'Er ist schlechter als der vorige; besser jenen behalten.'
    },
    again: 'Damit erneut ermitteln'
  },
  mineWizard: {
    title: 'Paare für einen Reranker ermitteln',
    lead: 'Messen, welche Beispiele der Quelldaten welchen ihrer Aufgaben helfen. Daraus lernt ein Reranker, nachdem geprüft ist, ob darauf Verlass ist.',
    finish: 'Ermitteln',
    steps: {
      origin: {
        title: 'Woher',
        text: 'Hier ermitteln, oder die nehmen, die das ursprüngliche Programm beurteilt hat?'
      },
      tuples: {
        title: 'Dateien',
        text: 'Die Tupel, die das ursprüngliche Programm geschrieben hat: Ihre Urteile werden übernommen.'
      },
      data: { title: 'Daten', text: 'An welchen Quelldaten?' },
      model: {
        title: 'Grundmodell',
        text: 'Sein Verlust ist das Maß. Es muss an diesen Aufgaben noch etwas zu lernen haben: eines, das sie nicht kennt, oder ein früherer Zwischenstand. Eines, das sie schon kann, lehrt das Gegenteil, und die Schranke sagt das dann.'
      },
      source: { title: 'Kandidaten', text: 'Woher kommen die Kandidaten?' },
      usefulness: { title: 'Maß', text: 'Wie wird gemessen, ob ein Kandidat hilft?' },
      options: { title: 'Möglichkeiten', text: 'Mehr Sätze und Zeilen machen es sicherer und langsamer.' },
      review: { title: 'Starten', text: 'Ein letzter Blick, bevor es losgeht.' }
    },
    origins: {
      here: { title: 'Hier ermitteln', text: 'Ein Grundmodell misst an Ihren Daten, welche Beispiele helfen.' },
      tuples: {
        title: 'Aus Dateien des ursprünglichen Programms',
        text: 'better_tuple.json und dergleichen, mit den Urteilen, die darin stehen. Ihre Zeilen müssen in Ihren Daten sein.'
      }
    },
    tuplesFile: 'Datei mit Tupeln',
    tuplesHint: 'Auf dem Rechner, auf dem das Labor läuft; eine ausgewählte Datei wird dorthin geschickt.',
    addTuples: 'Hinzufügen',
    takeOut: 'Herausnehmen',
    labelledBy: 'Wer geurteilt hat (freiwillig)',
    labelledByHint: 'In Worten; leer: das Grundmodell des Originals.',
    whatTuples: (files) =>
      `${files === 1 ? 'Die Datei wird' : `Die ${files} Dateien werden`} gelesen und die Paare mit den Urteilen übernommen, die darin stehen. Gemessen wird nichts.`,
    name: 'Bezeichnung',
    sets: 'Anfragesätze',
    setsHint: 'Jeder besteht aus einigen Zeilen einer Aufgabe. Die Veröffentlichung nahm 300.',
    keep: 'Beurteilte Kandidaten je Satz',
    labelledRows: 'Gelöste Zeilen, an denen geurteilt wird',
    draws: 'Ziehungen',
    drawsHint: 'Wie oft Kandidaten neu gruppiert werden oder in wie viele Teile die gelösten Zeilen geteilt werden.',
    positives: 'Nützliche zum Lernen, und ebenso viele andere',
    otherTasks: 'Anteil der Kandidaten aus den anderen untersuchten Aufgaben',
    otherTasksHint:
      '0 bis 1. Was einer Aufgabe nützt, steht dann unter den Kandidaten der anderen, sodass ein Reranker lernt, was zu einer Anfrage passt. 0: wie in der Arbeit.',
    negatives: 'Welche übrigen gelernt werden',
    negativesHint: 'Aus der weniger nützlichen Hälfte jedes Satzes.',
    negativesAre: {
      'least-useful': 'die am wenigsten nützlichen, wie in der Arbeit',
      balanced: 'Zeilen von Aufgaben, die anderswo ebenso oft nützen'
    },
    seed: 'Startwert',
    reranker: 'Reranker, der Kandidaten wählt',
    noReranker: 'keiner: der erste Durchgang',
    noIndex: 'Für diese Daten gibt es noch keinen solchen Index.',
    buildIndex: 'Einen aufbauen',
    exists: 'Das wurde schon ermittelt.',
    existsText: 'Dieselben Daten, dasselbe Modell, dieselben Einstellungen: Es muss nichts ermittelt werden.',
    openIt: 'Öffnen',
    what: (sets, trials) =>
      `${sets} werden in ${trials} Versuchen ausgewertet. Das lässt sich anhalten und geht nach einer Unterbrechung dort weiter, wo es war.`
  },
  trainWizard: {
    title: 'Einen Reranker oder einen Retriever trainieren',
    retriever: 'Trainierter Retriever',
    lead: 'Ein Modell lernt aus ermittelten Paaren zu sagen, welches Beispiel einer Anfrage hilft. Beurteilt wird es an Aufgaben, die es nicht sieht.',
    finish: 'Trainieren',
    whatLabel: 'Was wird trainiert?',
    kinds: {
      reranker: {
        title: 'Ein Reranker',
        text: 'Liest Anfrage und Beispiel zusammen: urteilt besser, ist aber langsam. Für die Strategie ReCross.'
      },
      retriever: {
        title: 'Ein Retriever',
        text: 'Dreht die Vektoren eines Index so, dass nützliche Beispiele in die Nähe rücken. In Minuten trainiert, und eine Suche kostet nicht mehr als vorher. Für die Strategie „Trainiert“.'
      }
    },
    steps: {
      minings: { title: 'Paare', text: 'Woraus soll gelernt werden?' },
      base: { title: 'Beginnen mit', text: 'Ein Satz-Encoder oder ein Reranker, der weiter trainiert wird.' },
      options: {
        title: 'Möglichkeiten',
        text: 'Die üblichen Einstellungen richten sich nach der Größe des Ausgangsmodells. Es endet von selbst, wenn es nicht mehr besser wird.'
      },
      review: { title: 'Starten', text: 'Ein letzter Blick, bevor es losgeht.' }
    },
    index: 'Index, auf dessen Vektoren trainiert wird',
    noIndex: 'Für die Daten dieser Paare gibt es noch keinen Index.',
    buildIndex: 'Index aufbauen',
    distil: 'Lernt aus',
    labels: 'den Urteilen der Paare',
    distilHint:
      'Die Bewertungen eines Rerankers gehen in die Vektoren ein, sodass spätere Suchen seiner Reihenfolge nahekommen und nicht mehr kosten.',
    headEpochs: 'Epochen, höchstens',
    headRate: 'Lernrate',
    headTemperature: 'Temperatur',
    headWhat: (pairs, model) =>
      `Ein Aufsatz auf den Vektoren von ${model} lernt aus ${pairs}. Der Stand der besten Epoche bleibt. Sein eigener Index entsteht in Sekunden, sobald er gebraucht wird.`,
    override:
      'Trotzdem trainieren. Mir ist bekannt, dass die Schranke geschlossen ist; das wird beim Reranker vermerkt.',
    noMinings: 'Im Labor sind noch keine ermittelten Paare.',
    noBase: 'Im Labor ist noch kein Satz-Encoder.',
    name: 'Bezeichnung',
    epochs: 'Epochen, höchstens',
    epochsHint: 'Leer: fünf, oder so viele, wie 2000 Schritte ergeben.',
    batchSize: 'Stapelgröße',
    learningRate: 'Lernrate',
    learningRateHint: 'Leer: nach der Größe des Ausgangsmodells, 1e-5 für RoBERTa-base.',
    maxTokens: 'Gelesene Token je Paar',
    pairsPerSet: 'Paare je Anfragesatz, höchstens',
    pairsPerSetHint: 'Leer: alle.',
    patience: 'Prüfungen ohne Gewinn bis zum Ende',
    nearnessPairs: 'Paare, an denen zuerst Nähe gelernt wird',
    nearnessPairsHint:
      'Wie zwei Texte zueinander stehen, lernt ein kleiner Encoder nur an sehr vielen Paaren. Seine eigenen Vektoren sagen, welche Zeilen einander nahe sind, also brauchen diese keine Urteile: etwa 100.000. 0: keine, wie in der Arbeit.',
    shuffled: 'Eine Gegenprobe: die Zielwerte vertauschen. Dann muss etwa Zufall herauskommen.',
    what: (pairs, base) =>
      `${base} lernt aus ${pairs}. Die Gewichte der besten Prüfung bleiben; es lässt sich anhalten und geht nach einer Unterbrechung weiter.`,
    choose: 'Paare mit offener Schranke wählen oder bestätigen, dass trotzdem trainiert werden soll.'
  }
}
