import type { wizards as english } from '../en/wizards.ts'
import type { Words } from '../words.ts'

export const wizards: Words<typeof english> = {
  steps: 'Schritte',
  stepOf: (step, steps) => `Schritt ${step} von ${steps}`,
  startOver: 'Von vorn beginnen',
  summary: {
    what: 'Was geschieht',
    time: 'Wie lange',
    disk: 'Festplatte',
    memory: 'Arbeitsspeicher',
    network: 'Netz',
    noNetwork: 'nichts wird heruntergeladen',
    diskFree: (free) => `${free} frei`,
    diskHub: 'bekannt, sobald das Herunterladen beginnt',
    diskShort: 'Das ist mehr, als auf dieser Festplatte frei ist.'
  },
  outlook: {
    title: 'Was es braucht',
    time: 'Zeit',
    disk: 'Festplatte',
    unknown: 'noch nicht bekannt',
    measuring: 'wird gemessen …',
    nothingYet: 'Vor dem letzten Schritt beginnt nichts.'
  },
  origin: {
    installed: 'schon da',
    offline:
      'Das Labor soll ohne Netz bleiben; verwendbar ist nur, was mit ihm gekommen ist. Änderbar in den Einstellungen.',
    licence: (name) => `Lizenz: ${name}`,
    needs: (what) => `Braucht: ${what}`,
    sizeUnknown: 'Größe nicht veröffentlicht',
    repo: 'Bezeichnung',
    time: 'hängt von der Verbindung ab; lässt sich anhalten und fortsetzen',
    bundled: 'ist im Labor enthalten; nichts wird heruntergeladen',
    files: (size) => `${size ?? 'die Dateien'} von GitHub`,
    hub: (size) => `${size ?? 'die Dateien'} von Hugging Face`,
    drive: (size) =>
      `${size ?? 'die Datei'} von Google Drive; falls es ablehnt, wird gesagt, wohin die Datei von Hand zu legen ist`
  },
  path: {
    browse: 'Durchsuchen …',
    title: 'Einen Ordner wählen',
    up: 'Nach oben',
    inside: 'Ordner darin',
    isModel: 'ein Modell',
    none: 'Darin sind keine Ordner.',
    more: 'Es sind mehr; gezeigt werden die ersten tausend. Zum Eintippen des Pfades dies schließen.',
    choose: 'Diesen Ordner wählen',
    dropped: (name) =>
      `Ein Browser verrät dem Labor nicht, wo „${name}“ liegt. Der Ordner lässt sich hier suchen oder nach dem Schließen eintippen.`,
    isFolder: (name) =>
      `„${name}“ ist ein Ordner, und ein Browser verrät nicht, wo er liegt. Stattdessen eine Datei daraus ablegen oder den Pfad eintippen.`,
    sending: (share) => `Datei wird gelesen: ${share}`
  },
  working: 'Wird bearbeitet …',
  canLeave: 'Diese Seite kann verlassen werden; die Arbeit geht weiter und ist unten im Fenster zu sehen.',
  made: { another: 'Noch etwas hinzufügen' },
  ends: {
    anew: 'Neu beginnen',
    aside: (lines) => `${lines} beiseitegelegt`,
    data: {
      made: 'Die Daten sind im Labor.',
      found: 'Diesen Inhalt hat das Labor schon, unter diesem Namen. Nichts wurde hinzugefügt.',
      deleted: 'Die Daten wurden eingelesen und seitdem gelöscht.',
      open: 'Daten öffnen'
    },
    model: {
      made: 'Das Modell ist im Labor.',
      found: 'Dieses Modell hat das Labor schon, unter diesem Namen. Nichts wurde hinzugefügt.',
      deleted: 'Das Modell wurde eingerichtet und seitdem gelöscht.',
      open: 'Modell öffnen'
    },
    index: {
      made: 'Der Index ist fertig.',
      found: 'Diesen Index gab es schon; er wurde geprüft und ist in Ordnung.',
      deleted: 'Der Index wurde aufgebaut; seitdem wurde er oder das, woraus er aufgebaut wurde, gelöscht.',
      open: 'Index öffnen'
    },
    mining: {
      made: 'Die Paare sind ermittelt. Erst den Bericht ansehen, dann einen Reranker damit trainieren.',
      found: 'Dasselbe wurde schon ermittelt.',
      deleted:
        'Die Paare wurden ermittelt; seitdem wurden sie oder die Daten, an denen sie ermittelt wurden, gelöscht.',
      open: 'Bericht öffnen'
    },
    deletedTitle: 'Seitdem gelöscht',
    unknownTitle: 'Beendet',
    unknown: 'Die Arbeit ist beendet; was sie ergab, steht auf der Liste.',
    goneTitle: 'Nicht mehr auf der Liste der Aufträge',
    gone: 'Der Auftrag, der die Arbeit tat, wurde von der Liste genommen. War er beendet, ist sein Ergebnis noch im Labor.'
  },
  failed: 'Das ist nicht gelungen. Der Grund steht unten; die Eingaben sind noch da.',
  change: 'Eingaben ändern',
  missing: {
    choose: 'Zum Weitermachen eines auswählen.',
    name: 'Zum Weitermachen einen Namen geben.',
    file: 'Zum Weitermachen eine Datei auswählen.',
    paste: 'Mindestens eine Frage einfügen oder eintippen.',
    look: 'Zuerst wird die Sammlung angesehen.',
    config: 'Mindestens eine Zusammenstellung auswählen.',
    mapping: 'Angeben, in welchen Spalten Eingabe und Antwort stehen.',
    check: 'Zuerst wird die Datei angesehen.',
    problem: 'Die Datei lässt sich nicht lesen; der Grund steht oben.',
    mend: 'In der Datei ist zuerst etwas zu klären; es steht oben.',
    accept: 'Oben angeben, ob es so weitergehen soll.',
    folder: 'Zum Weitermachen den Ordner eingeben.',
    runnable: 'Weiter geht es nur mit einem Modell, das läuft; der Grund steht oben.',
    repo: 'Einen Namen wie besitzer/name eingeben.',
    data: 'Zum Weitermachen die Daten auswählen.',
    model: 'Zum Weitermachen ein Modell auswählen.',
    target: 'Mindestens eine Zielaufgabe auswählen.',
    strategy: 'Neben Zero-Shot mindestens eine Strategie auswählen.',
    role: (strategy, needed) => `Die Strategie „${strategy}“ ${needed}.`,
    number: (label) => `„${label}“ passt nicht.`
  }
}
