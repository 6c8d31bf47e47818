import type { jobs as english } from '../en/jobs.ts'
import type { Words } from '../words.ts'
import { inLanguage } from '../names/in-language.ts'
import { jobNames } from '../names/jobs.ts'

export const jobs: Words<typeof english> = {
  kinds: inLanguage('de', jobNames),
  statuses: {
    queued: 'Wartet',
    running: 'Läuft',
    paused: 'Angehalten',
    finished: 'Beendet',
    failed: 'Fehlgeschlagen',
    crashed: 'Abgestürzt',
    cancelled: 'Abgebrochen',
    interrupted: 'Unterbrochen'
  },
  meanings: {
    queued: 'Er beginnt von selbst, sobald er an der Reihe ist.',
    running: 'Er arbeitet. Dieses Fenster kann geschlossen werden; er läuft weiter, solange das Labor läuft.',
    paused: 'Er wartet, wo er war. „Fortsetzen“ lässt ihn weitermachen.',
    finished: 'Alles erledigt.',
    failed: 'Er hielt an, weil etwas nicht so ist, wie es sein muss. Der Grund steht unten.',
    crashed:
      'Der Prozess, der die Arbeit tat, endete unerwartet. Das Labor selbst ist in Ordnung, und nichts halb Geschriebenes bleibt zurück. Ein neuer Versuch macht, wo das möglich ist, beim zuletzt Gesicherten weiter. Bei erneutem Absturz hilft oft weniger Speicherbedarf: eine kleinere Stapelgröße, ein kleineres Modell oder weniger Aufträge zugleich.',
    cancelled: 'Er wurde auf Wunsch beendet. Was fertig war, bleibt, wo das möglich ist.',
    interrupted: 'Das Labor wurde geschlossen, während er lief. „Fortsetzen“ macht am letzten gesicherten Punkt weiter.'
  },
  news: {
    finished: (title) => `„${title}“ ist fertig.`,
    failed: (title) => `„${title}“ ist nicht gelungen.`,
    waits: (title) => `„${title}“ wurde unterbrochen und wartet auf Sie.`,
    ask: 'Bescheid geben, wenn es fertig ist',
    denied: 'Der Browser lässt das Labor nicht Bescheid geben. Das lässt sich in seinen Einstellungen erlauben.'
  },
  lead: 'Alles, was im Hintergrund läuft: Herunterladen, Einlesen, Aufbauen von Indizes, Experimente.',
  empty: 'Noch keine Aufträge',
  emptyText:
    'Werden Daten eingelesen, ein Index aufgebaut oder ein Experiment gestartet, erscheint es hier mit seinem Fortschritt.',
  emptyFilter: 'Kein passender Auftrag',
  emptyFilterText: 'Vielleicht hilft ein anderer Zustand oder ein anderes Wort.',
  filter: 'Aufträge durchsuchen',
  clear: 'Beendete entfernen',
  cleared: (n) =>
    n === 1
      ? `${n} beendeter Auftrag von der Liste genommen. Die von Experimenten bleiben bei diesen.`
      : `${n} beendete Aufträge von der Liste genommen. Die von Experimenten bleiben bei diesen.`,
  status: 'Zustand',
  view: 'Ansicht',
  each: 'Jeder Auftrag',
  byExperiment: 'Nach Experiment',
  notOnly: (name) => `Nur ${name} · alle zeigen`,
  groups: {
    none: 'Kein Experiment hat Aufträge.',
    finished: (done, all) => `${done} von ${all} beendet`,
    open: (n) => `${n} stehen aus`,
    troubled: (n) => `${n} brauchen Aufmerksamkeit`
  },
  allStatuses: 'Alle',
  open: 'Nicht beendet',
  troubled: 'Brauchen Aufmerksamkeit',
  over: 'Beendet',
  total: (n) => `${n} ${n === '1' ? 'Auftrag' : 'Aufträge'}`,
  pause: 'Anhalten',
  resume: 'Fortsetzen',
  cancel: 'Abbrechen',
  retry: 'Noch einmal versuchen',
  first: 'Als Nächstes ausführen',
  remove: 'Von der Liste nehmen',
  pick: 'Einen Auftrag auswählen, um Fortschritt und Protokoll zu sehen.',
  progress: 'Fortschritt',
  phase: 'Jetzt',
  notAnswering: 'antwortet nicht',
  notAnsweringAdvice:
    'Seit einer halben Minute ist von diesem Auftrag nichts zu hören: Sein Prozess wurde angehalten, wartet auf eine Festplatte oder ein Netzlaufwerk, oder dem Rechner fehlt Speicher. Er macht von selbst weiter, wenn das vorbei ist. „Abbrechen“ beendet ihn und behält, was er gesichert hat.',
  rate: 'Geschwindigkeit',
  eta: 'Verbleibende Zeit',
  done: 'Erledigt',
  unknownEta: 'noch nicht bekannt',
  elapsed: 'Läuft seit',
  took: 'Dauer',
  waited: 'Wartet seit',
  attempts: (n) => `Versuch ${n}`,
  figures: {
    loss: 'Verlust',
    learningRate: 'Lernrate',
    examples: 'Beispiele',
    tokens: 'Token',
    heldOutLoss: 'Verlust auf Zurückgehaltenem'
  },
  where: {
    at: (place) => `Auf ${place}`,
    gone: 'einem Ort, der entfernt wurde',
    sending: (place) => `Was gebraucht wird, wird an ${place} gesendet`,
    reasons: {
      Priority: 'andere sind vorher dran',
      Resources: 'bis genug vom Cluster frei ist',
      AtOnce: 'es laufen schon so viele, wie Sie zugleich laufen lassen',
      JobArrayTaskLimit: 'es laufen schon so viele, wie Sie zugleich laufen lassen',
      Dependency: 'bis fertig ist, was er braucht',
      BeginTime: 'zurückgestellt, für zwei Minuten',
      None: 'eben abgegeben',
      AssocGrpCpuLimit: 'Ihr Konto nutzt alle Kerne, die es darf',
      QOSMaxJobsPerUserLimit: 'es laufen schon so viele, wie Sie dürfen',
      PartitionDown: 'die Partition ist abgeschaltet',
      ReqNodeNotAvail: 'Knoten, die er braucht, sind abgeschaltet oder reserviert'
    },
    waiting: (place, why, turn, start) =>
      [
        `Wartet auf ${place}`,
        ...(turn === null ? [] : [`Nummer ${turn} von Ihren`]),
        ...(why === null ? [] : [why]),
        ...(start === null ? [] : [`beginnt voraussichtlich ${start}`])
      ].join(', '),
    running: (place, node) => `Läuft auf ${place}${node === null ? '' : `, auf ${node}`}`,
    title: 'Ort',
    meaning:
      'Er wurde an seinen Ort abgegeben und wartet dort. Er beginnt von selbst, wenn er an der Reihe ist, auch wenn dieses Labor geschlossen ist.',
    waitedFor: 'Wartet seit'
  },
  units: {
    examples: 'Beispiele',
    steps: 'Schritte',
    'query sets': 'Anfragesätze',
    queries: 'Anfragen',
    questions: 'Fragen',
    pairs: 'Paare',
    trials: 'Versuche',
    chunks: 'Stücke',
    things: 'Dinge',
    rows: 'Zeilen',
    lines: 'Zeilen',
    files: 'Dateien'
  },
  curve: 'Verlust beim Nachtrainieren',
  curveSteps: 'Trainingsschritte',
  curveLabel: (first, last) => `Verlustkurve: von ${first} am Anfang bis ${last} jetzt`,
  log: 'Protokoll',
  logEmpty: 'Noch wurde nichts vermerkt.',
  lastWords: 'Seine letzten Worte',
  dependsOn: (n) => `Beginnt nach ${n} ${n === 1 ? 'anderem Auftrag' : 'anderen Aufträgen'}`,
  experiment: 'Teil eines Experiments',
  openExperiment: 'Experiment öffnen',
  tray: {
    label: 'Laufende Aufträge',
    idle: 'Keine laufenden Aufträge',
    running: (n) => `${n} ${n === 1 ? 'läuft' : 'laufen'}`,
    waiting: (n) => `${n} ${n === '1' ? 'wartet' : 'warten'}`,
    paused: (n) => `${n} angehalten`,
    all: 'Alle Aufträge',
    left: (time) => `noch ${time}`
  },
  live: (title, share) => `${title}: ${share}`
}
