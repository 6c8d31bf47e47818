import type { data as english } from '../en/data.ts'
import type { Words } from '../words.ts'

/** Words of the wizard that brings data in. */
export const wizard: Words<(typeof english)['wizard']> = {
  title: 'Daten holen',
  lead: 'Beispiele ins Labor bringen: aus dem Katalog, aus einer Datei oder von Hugging Face.',
  finishImport: 'Einlesen',
  finishDownload: 'Herunterladen',
  steps: {
    source: { title: 'Woher', text: 'Wo sind die Daten, die verwendet werden sollen?' },
    entry: {
      title: 'Katalog',
      text: 'Fertige Datensätze, die erprobt sind. Die Größe ist, was heruntergeladen wird.'
    },
    file: {
      title: 'Datei',
      text: 'Das Labor liest die ersten Zeilen, um die Datei zu verstehen. Noch wird nichts geändert oder kopiert.'
    },
    paste: {
      title: 'Fragen',
      text: 'Aus Fragen ohne Antworten wird eine Zielaufgabe: Strategien können dafür nachtrainieren und sie beantworten, bewertet wird nichts.'
    },
    parts: {
      title: 'Auswählen',
      text: 'Was die Sammlung enthält. Dafür werden nur ihre Liste, ihre Beschreibung und eine kleine Datei geholt.'
    },
    check: {
      title: 'Prüfen',
      text: 'So werden die ersten Zeilen verstanden. Was nicht stimmt, lässt sich hier ändern.'
    },
    hub: { title: 'Sammlung', text: 'Der Name eines Datensatzes bei Hugging Face, wie er in dessen Adresse steht.' },
    purpose: { title: 'Zweck', text: 'Wofür werden die Daten verwendet?' },
    review: { title: 'Starten', text: 'Ein letzter Blick, bevor es losgeht.' }
  },
  sources: {
    catalog: {
      title: 'Der Katalog',
      text: 'Datensätze, die zu ReCross passen, mit Größe und Lizenz. Am besten für den Anfang.'
    },
    file: {
      title: 'Eine Datei auf diesem Rechner',
      text: 'Excel, CSV, TSV, JSON, JSON-Zeilen, Parquet, reiner Text oder die Dateien des ursprünglichen ReCross.'
    },
    paste: {
      title: 'Fragen einfügen oder eintippen',
      text: 'Ein paar eigene Fragen, eine je Zeile. Ohne Antworten.'
    },
    hub: { title: 'Hugging Face', text: 'Jeder öffentliche Datensatz, über seinen Namen.' }
  },
  pasted: 'Fragen, eine je Zeile',
  pastedHint: 'Das Labor bewahrt sie als Textdatei auf; im nächsten Schritt werden sie angesehen.',
  pastedName: 'Meine Fragen',
  tooLarge:
    'Die Dateien sind zu groß, um sie vor dem Herunterladen anzusehen. Geprüft werden sie, wenn sie da sind; wo ihre Spalten nicht zu erkennen sind, fragt das Einlesen danach.',
  card: 'Was die Beschreibung sagt',
  cardTitle: 'Bezeichnung',
  cardText: 'Beschreibung lesen',
  licenceUnknown: 'nicht angegeben',
  languages: 'Sprachen',
  branch: 'Dateien aus',
  configs: (chosen, all) => `Zusammenstellungen: ${chosen} von ${all}`,
  searchConfigs: 'Zusammenstellungen durchsuchen',
  all: (n) => `Alle ${n} nehmen`,
  none: 'Keine davon nehmen',
  split: 'Teil',
  splitUnnamed: '(kein Teil benannt)',
  allSplits: 'alle Teile zusammen',
  chosenSize: (size) => `${size} herunterzuladen`,
  draw: 'Anfragesätze aus diesen Zeilen ziehen',
  drawText:
    'Die gezogenen Zeilen werden mit ihren anderen Wortlauten aus dem Test genommen, damit nichts auf das hin nachtrainiert wird, woran geprüft wird.',
  drawnSize: 'Anfragen je Satz',
  drawnSets: 'Sätze',
  drawnSeed: 'Startwert',
  dropTitle: 'Eine Datei hier ablegen',
  dropOr: 'oder',
  choose: 'Datei auswählen',
  path: 'oder ihren Pfad auf diesem Rechner eingeben',
  pathHint: 'Zum Beispiel /home/ada/daten/fragen.csv',
  uploading: (share) => `Datei wird gelesen: ${share}`,
  looking: 'Datei wird angesehen …',
  look: 'Ansehen',
  format: 'Dateiart',
  inputColumn: 'Spalte mit der Eingabe',
  pattern: 'Mehrere Spalten, nach einem Muster',
  patternLabel: 'Muster der Eingabe',
  patternHint:
    'Spaltennamen in geschweiften Klammern; die Zeilen unten zeigen sofort, was daraus wird. Eine Zeile, deren Spalten alle leer sind, entfällt.',
  insert: 'Spalte einfügen',
  template: 'Vorlage',
  prompts: 'Eine Vorlage (Jinja, PromptSource)',
  promptsLabel: 'Vorlage oder die templates.yaml von PromptSource',
  promptsHint:
    'Eingabe und Antwort mit ||| dazwischen, etwa {{question}} ||| {{answer_choices[label]}}. Die Zeilen unten zeigen sofort, was daraus wird.',
  promptsPerRow: 'Vorlagen je Zeile',
  promptsPerRowHint: 'Leer: alle. Sonst so viele, mit dem Startwert gezogen.',
  outputColumn: 'Spalte mit der Antwort',
  noAnswers: '(keine: nur Fragen)',
  layout: (name) => `Das ist der Aufbau von ${name}; die Spalten sind zugeordnet.`,
  templateColumn: 'Spalte mit der Vorlage (freiwillig)',
  idColumn: 'Spalte mit der Kennung (freiwillig)',
  moreColumns: 'Weitere Spalten',
  answerKind: 'Die Antwortspalte enthält',
  answerKinds: {
    text: 'den Text der Möglichkeit',
    index: 'ihren Platz, ab 0 gezählt',
    number: 'ihre Nummer, ab 1 gezählt',
    letter: 'ihren Buchstaben oder Namen'
  },
  labels: 'Wörter für Zahlen in den Antworten (freiwillig)',
  labelsHint: 'Zum Beispiel 0=negativ, 1=positiv',
  reading: 'Wie die Datei gelesen wird',
  delimiter: 'Zwischen zwei Feldern',
  delimiters: { ',': 'ein Komma', ';': 'ein Strichpunkt', '\t': 'ein Tabulator', '|': 'ein senkrechter Strich |' },
  quote: 'Anführungszeichen',
  quotes: {
    '"': 'doppelte, um ein Feld',
    "'": 'einfache, um ein Feld',
    '': 'sind gewöhnlicher Text'
  },
  escape: 'Umgekehrte Schrägstriche',
  escapes: { '': 'sind gewöhnlicher Text', '\\': 'heben die Bedeutung des nächsten Zeichens auf' },
  header: 'Erste Zeile',
  headers: { yes: 'nennt die Spalten', no: 'ist ein Beispiel' },
  encoding: 'Schriftzeichen sind abgelegt als',
  encodings: {
    'utf-8': 'UTF-8',
    'utf-16le': 'UTF-16',
    'utf-16be': 'UTF-16, höherwertiges Byte zuerst',
    'windows-1252': 'Windows-1252 (Westeuropa)',
    'latin-1': 'Latin-1',
    'windows-1250': 'Windows-1250 (Mitteleuropa)',
    'windows-1251': 'Windows-1251 (kyrillisch)',
    'windows-1253': 'Windows-1253 (griechisch)',
    'windows-1254': 'Windows-1254 (türkisch)',
    'koi8-r': 'KOI8-R (russisch)',
    macintosh: 'Mac Roman',
    gb18030: 'GB 18030 und GBK (chinesisch)',
    big5: 'Big5 (chinesisch, Langzeichen)',
    shift_jis: 'Shift_JIS (japanisch)',
    'euc-jp': 'EUC-JP (japanisch)',
    'euc-kr': 'EUC-KR (koreanisch)'
  },
  sheet: 'Tabellenblatt',
  part: 'Liste',
  allParts: 'Alle zusammen',
  goOn: 'So weitermachen',
  taskColumn: 'Spalte mit der Aufgabe (freiwillig)',
  groupColumn: 'Spalte mit der Gruppe (freiwillig)',
  choicesColumn: 'Spalte mit den Möglichkeiten (freiwillig)',
  taskName: 'Name der Aufgabe',
  taskNameHint: 'Gilt für alle Zeilen, da keine Spalte die Aufgabe nennt.',
  notUsed: '(nicht verwendet)',
  firstRows: 'Die ersten Zeilen',
  asItStands: 'Die Datei, wie sie ist',
  findings: {
    choose: 'Auswählen …',
    target: 'Das sind Fragen, die beantwortet werden sollen: eine Zielaufgabe',
    putBefore: 'Vor die Eingabe setzen',
    setAside: (rows) => (rows === 1 ? 'Diese Zeile beiseitelegen' : `Bis zu ${rows} solche Zeilen beiseitelegen`),
    readAs: (encoding) => `Als ${encoding} lesen`,
    oneColumn: 'Es gibt nur eine Spalte, und keine mit Antworten.',
    plainQuotes: 'Anführungszeichen sind gewöhnlicher Text',
    known: {
      'answer-needed':
        'Bitte angeben, in welcher Spalte die Antwort steht. Mit Quelldaten wird nachtrainiert, deshalb brauchen sie Antworten.',
      'no-answers':
        'Es gibt keine Antworten: eine Zielaufgabe nur aus Fragen. Strategien können nachtrainiert werden und sie beantworten, aber nichts lässt sich bewerten.',
      'mapping-needed':
        'Bitte angeben, in welchen Spalten Eingabe und Antwort stehen. Was in ihnen steht, zeigt die Tabelle.'
    }
  },
  estimate: (rows, size) => `Etwa ${rows} Beispiele in ${size}`,
  size: (size) => size,
  problems: (n) => `${n} der ersten Zeilen lassen sich nicht lesen`,
  allFine: 'Die ersten Zeilen lassen sich alle lesen.',
  repoHint: 'Zum Beispiel squad oder besitzer/name',
  name: 'Name im Labor',
  purpose: 'Zweck',
  purposes: {
    upstream: { title: 'Quelldaten', text: 'Gelöste Beispiele vieler Aufgaben. Das Labor wählt daraus.' },
    target: {
      title: 'Eine Zielaufgabe',
      text: 'Testfragen mit erwarteten Antworten. Das Labor misst daran und trainiert nie damit.'
    }
  },
  advanced: 'Weitere Möglichkeiten',
  skipLimit: 'Hingenommene fehlerhafte Zeilen',
  skipLimitHint: 'Sie werden mit dem Grund beiseitegelegt. Bei 0 hält das Einlesen an der ersten fehlerhaften Zeile.',
  groupsFile: 'Datei mit Gruppen von Aufgaben (freiwillig)',
  querySetsFile: 'Datei mit Anfragesätzen (freiwillig)',
  filePathHint: 'Der Pfad einer JSON-Datei auf diesem Rechner',
  importWhat: (name) =>
    `Die Datei wird Zeile für Zeile gelesen, geprüft und im Labor als „${name}“ abgelegt. Das Original bleibt unberührt.`,
  downloadWhat: (name) => `„${name}“ wird heruntergeladen, an der Prüfsumme geprüft und dann eingelesen.`
}
