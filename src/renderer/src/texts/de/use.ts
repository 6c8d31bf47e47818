import type { use as english } from '../en/use.ts'
import type { Words } from '../words.ts'

export const use: Words<typeof english> = {
  title: (name) => `Verwenden: ${name}`,
  lead: 'Dem Nachtrainierten Texte vorlegen, eine ganze Datei beantworten oder ein Modell aus dem Labor holen.',
  modelLead: 'Diesem Modell Texte vorlegen oder eine ganze Datei beantworten lassen.',
  open: 'Verwenden',
  tryIt: 'Ausprobieren',
  nothing: 'Noch kann nichts gefragt werden',
  nothingText: 'Sobald ein Lauf dieses Experiments beendet ist, kann er hier gefragt werden.',
  target: 'Nachtrainiert für die Zielaufgabe',
  tabs: {
    try: 'Ausprobieren',
    file: 'Eine Datei beantworten',
    export: 'Ein Modell herausholen',
    keep: 'Was aufbewahrt wird'
  },
  try: {
    text: 'Ihr Text',
    hint: 'Geschrieben wie die Testfragen: Modelle beantworten, was dem ähnelt, womit sie nachtrainiert wurden. Strg Eingabe fragt.',
    example: 'Zum Beispiel eine eigene Frage, mit allem, was man braucht, um sie zu beantworten',
    ask: 'Fragen',
    again: 'Noch einmal fragen',
    stop: 'Anhalten',
    take: 'Eine Testfrage einsetzen',
    answers: 'Antworten',
    to: (text) => `Auf: „${text}“`,
    empty: 'Nach dem Fragen stehen hier die Antworten aller Strategien nebeneinander.',
    nothing: '(es antwortet nichts)',
    waiting: 'wartet, bis es an der Reihe ist',
    asking: 'wird gefragt …',
    sure: (percent) => `zu ${percent} sicher`,
    sureText: 'Für wie wahrscheinlich das Modell seine eigenen Worte hält. Hoch heißt nicht richtig.',
    took: (time) => time,
    round: (n) => `Runde ${n}`,
    score: (value) => `Punktzahl ${value}`,
    notKept: 'Seine Gewichte wurden nicht aufbewahrt.',
    repeat: 'Den Lauf wiederholen, um sie zurückzubekommen',
    repeating: 'Der Lauf wird wiederholt',
    repeatText: 'Kommen dieselben Zahlen heraus, sind die Gewichte wieder da, und er kann gefragt werden.'
  },
  file: {
    who: 'Wer antwortet',
    drop: 'Ein Text mit einer Frage je Zeile, eine Tabelle (CSV, Excel) mit einer Spalte „question“ oder JSON-Zeilen.',
    chosen: (name) => `Datei: ${name}`,
    path: 'Oder der Pfad einer Datei',
    start: 'Beantworten',
    other: 'Eine andere Datei',
    answered: (n) => `${n} Antworten`,
    shown: (n) => `Die ersten ${n}. In der Datei stehen alle.`,
    columns: { question: 'Frage', answer: 'Antwort', certainty: 'Sicherheit' },
    certainty:
      'Die Sicherheit ist das geometrische Mittel der Wahrscheinlichkeiten der Token der Antwort. Hoch heißt nicht richtig.',
    save: { csv: 'Als CSV speichern', xlsx: 'Als Excel speichern', jsonl: 'Als JSON-Zeilen speichern' },
    failed: 'Sie wurde nicht beantwortet',
    cancelled: 'Es wurde abgebrochen. Die bisherigen Antworten werden nicht aufbewahrt.',
    gone: 'Ihre Antworten stehen nicht mehr auf der Liste der Aufträge. Die Datei noch einmal beantworten.'
  },
  export: {
    which: 'Welches Modell',
    format: 'Als',
    formats: {
      hf: {
        title: 'Ganzes Modell',
        text: 'Ein Ordner im Aufbau von Hugging Face, den Transformers und dieses Labor laden. So groß wie das Grundmodell.'
      },
      peft: {
        title: 'LoRA-Zusatz',
        text: 'Nur was das Nachtraining hinzufügte, wie PEFT es neben dem Grundmodell lädt. Wenige Megabyte.'
      },
      onnx: {
        title: 'ONNX',
        text: 'Das ganze Modell mit Graphen, die ONNX Runtime in JavaScript, Python und anderswo rechnet, und ein kurzes Programm, das damit antwortet.'
      }
    },
    noAdapter: 'Dieses Experiment hat die Gewichte selbst nachtrainiert; daher gibt es keinen Zusatz.',
    folder: 'Ordner auf diesem Rechner',
    folderHint:
      'Ein neuer oder leerer Ordner. Eine Beschreibung mit Daten, Prüfsummen, Einstellungen, Lizenz und Punktzahlen kommt dazu.',
    start: 'Schreiben',
    again: 'Ein weiteres schreiben',
    done: (folder) => `Nach ${folder} geschrieben`,
    files: (n, size) => `${n} Dateien, ${size}, jede mit ihrer Prüfsumme im Protokoll des Auftrags`,
    base: 'Als Grundmodell verwenden',
    baseText: 'Macht daraus ein Modell dieses Labors, etwa als Grundlage des nächsten Experiments.',
    baseName: 'Name im Labor',
    baseDefault: (strategy, name) => `${name} (${strategy})`,
    baseStart: 'Zum Grundmodell machen',
    baseDone: (name) => `${name} ist jetzt ein Modell des Labors`,
    openModel: 'Modell öffnen',
    next: 'Neues Experiment damit',
    failed: 'Es wurde nicht geschrieben',
    none: 'Keine nachtrainierten Gewichte vorhanden',
    noneText:
      'Es wurden keine aufbewahrt, oder noch wurde nichts nachtrainiert. Unter „Ausprobieren“ einen Lauf wiederholen oder im nächsten Experiment mehr aufbewahren.'
  },
  keep: {
    title: 'Aufbewahrte nachtrainierte Gewichte',
    lead: 'Punktzahlen und Antworten bleiben immer. Nachtrainierte Gewichte brauchen Platz und sind nötig zum Fragen, Beantworten und Ausgeben.',
    choices: {
      none: {
        title: 'Nichts',
        text: 'Nur Punktzahlen und Antworten. Ein Lauf lässt sich wiederholen, um sein Modell zurückzubekommen.'
      },
      best: { title: 'Das Beste', text: 'Je Strategie und Zielaufgabe die Runde mit der höchsten Punktzahl.' },
      all: { title: 'Alles', text: 'Jede Runde jeder Strategie.' }
    },
    now: (n, size) => `${n} mit Gewichten, ${size}`,
    less: 'Was zu viel ist, wird sofort und endgültig gelöscht. Zurück kommt es nur, indem ein Lauf wiederholt wird.',
    apply: 'Dies aufbewahren',
    applied: 'Erledigt',
    usual: 'hier üblich',
    size: (size) => size,
    plan: 'Aufbewahrt von dem, was nachtrainiert wird'
  }
}
