import type { settings as english } from '../en/settings.ts'
import type { Words } from '../words.ts'
import { places } from './places.ts'

export const settings: Words<typeof english> = {
  lead: 'Wie das Labor diesen Rechner nutzt. Änderungen gelten sofort.',
  saved: 'Gespeichert',
  home: {
    title: 'Wo alles liegt',
    path: 'Ordner',
    used: 'Belegt',
    free: 'Frei auf dieser Festplatte',
    move: 'Für einen anderen Ordner wird das Labor gestartet mit',
    option: '--home <Ordner>',
    host: 'Läuft als',
    hosts: { electron: 'Anwendung im Fenster', server: 'örtlicher Server mit Browser', cli: 'Befehlszeile' },
    version: 'Fassung',
    machine: 'Dieser Rechner',
    cores: (n) => `${n} Kerne`,
    memory: (size) => `${size} Arbeitsspeicher`
  },
  homeCare: {
    look: 'Was wie viel braucht',
    verify: 'Alles prüfen',
    verifying:
      'Alles wird von Anfang bis Ende gelesen. Bei großen Modellen dauert das eine Weile; diese Seite kann verlassen werden.',
    verified: (whole, all) => `${whole} von ${all} Dingen sind so, wie sie geschrieben wurden.`,
    states: { whole: 'heil', damaged: 'beschädigt', missing: 'fehlt', unknown: 'lässt sich nicht sagen' },
    leftTitle: 'Was nichts mehr braucht',
    nothingLeft: 'Nichts ist übrig geblieben.',
    left: (path, size, why) => `${path}, ${size}: ${why}`,
    clean: (size) => `${size} freigeben`,
    rules: {
      title: 'Was von selbst verschwindet',
      byItself: 'Einmal am Tag von selbst aufräumen',
      byItselfText:
        'Nur was in keinem Verzeichnis steht und kein offener Auftrag liest. Selbst Gelöschtes liegt zuerst im Papierkorb.',
      last: (when) => `Zuletzt: ${when}.`,
      never: 'Noch nicht geschehen.',
      unit: (one) => (one ? 'Tag' : 'Tage'),
      days: (n, one) => `${n} ${one ? 'Tag' : 'Tage'}`,
      daysOf: (rule) => `Tage: ${rule}`,
      names: {
        scratch: 'Arbeitsordner beendeter Aufträge',
        unfinished: 'Daten, Modelle, Indizes und Läufe, die in keinem Verzeichnis stehen',
        parts: 'Angefangene Dateien, die nicht fertig wurden',
        uploads: 'Kopien von Dateien aus dem Browser, die nichts mehr liest',
        downloads: 'Heruntergeladenes, mit dem niemand weitergemacht hat',
        jobs: 'Verlauf beendeter Aufträge, die zu keinem Experiment gehören',
        backups: 'Kopien der Datenbank von vor Erneuerungen; sie können nennen, wo der Ordner damals lag',
        logs: 'Ältere Protokolldateien des Labors',
        bin: 'Was im Papierkorb liegt'
      }
    },
    places: {
      datasets: 'Daten',
      models: 'Modelle',
      indices: 'Indizes',
      runs: 'Läufe und ihre Antworten',
      minings: 'Ermittelte Paare',
      downloads: 'Heruntergeladenes und Hochgeladenes',
      scratch: 'Arbeitsordner',
      bin: 'Der Papierkorb',
      logs: 'Protokolldateien'
    }
  },
  places,
  compute: {
    title: 'Rechnen',
    provider: 'Recheneinheit',
    providers: {
      auto: { name: 'Selbsttätig', text: 'Die schnellste, die auf diesem Rechner funktioniert.' },
      cpu: { name: 'Prozessor (CPU)', text: 'Funktioniert immer.' },
      webgpu: { name: 'Grafikkarte (WebGPU)', text: 'Funktioniert mit den meisten Grafikkarten.' },
      cuda: {
        name: 'NVIDIA-Karte (CUDA)',
        text: 'Am schnellsten auf NVIDIA-Karten; braucht einen zusätzlichen Befehl zum Einrichten.'
      },
      dml: { name: 'Grafikkarte (DirectML)', text: 'Nur unter Windows.' },
      coreml: { name: 'Apple-Chip (CoreML)', text: 'Nur unter macOS.' }
    },
    doctor: 'Selbsttest',
    doctorText:
      'Probiert alles, was das Labor braucht, jede Recheneinheit mit einer echten Rechnung, und sagt, was fehlt.',
    doctorAction: 'Jetzt testen',
    checking: 'Wird getestet …',
    diagnostics: 'Für jemanden, der hilft',
    diagnosticsText:
      'Eine Zip-Datei mit Versionen, diesem Selbsttest, Einstellungen, Art und Ausgang der Aufträge und den Protokolldateien. Texte, Namen, Pfade, Adressen und Schlüssel sind nicht darin.',
    diagnosticsAction: 'Diagnose speichern',
    diagnosticsDone: (fileName) => `${fileName} wurde gespeichert. Sehen Sie hinein, bevor Sie sie verschicken.`,
    healthy: 'Alles, was das Labor braucht, ist da.',
    unhealthy: 'Etwas fehlt. Was zu tun ist, steht daneben.',
    states: { ok: 'in Ordnung', missing: 'fehlt', failed: 'fehlgeschlagen', optional: 'freiwillig' },
    threads: 'Verwendete Prozessorkerne',
    threadsAll: (n) => `Alle ${n} Kerne`,
    threadsSome: (n) => `${n} ${n === 1 ? 'Kern' : 'Kerne'}`,
    threadsText: 'Weniger Kerne lassen anderen Programmen mehr vom Rechner; Aufträge dauern länger.'
  },
  network: {
    title: 'Netz',
    offline: 'Ohne Netz bleiben',
    offlineText: 'Solange das eingeschaltet ist, holt das Labor überhaupt nichts.',
    mirror: 'Spiegelserver von Hugging Face',
    mirrorText: 'Leer lassen, um huggingface.co selbst zu verwenden.',
    proxy: 'Proxy-Server',
    proxyText: 'Nur nötig, wo das Netz einen verlangt.',
    token: 'Zugangsschlüssel für Hugging Face',
    tokenHas: 'Ein Schlüssel ist hinterlegt.',
    tokenNone: 'Kein Schlüssel ist hinterlegt. Die meisten Modelle brauchen keinen.',
    tokenRemove: 'Schlüssel entfernen',
    tokenSave: 'Schlüssel hinterlegen',
    tokenSystem: 'Er liegt im Geheimnisspeicher dieses Rechners.',
    tokenPlain:
      'Dieser Rechner bietet hier keinen Geheimnisspeicher. Der Schlüssel läge als lesbarer Text in einer Datei im Ordner des Labors, die nur Sie lesen können; wer eine Kopie dieses Ordners bekommt, könnte ihn verwenden.',
    tokenAgree: 'Verstanden; als lesbaren Text aufbewahren',
    invalidAddress: 'Das ist keine Netzadresse. Sie beginnt mit https:// oder http://.'
  },
  look: {
    title: 'Aussehen',
    theme: 'Farben',
    themes: { system: 'Wie das System', light: 'Hell', dark: 'Dunkel' },
    language: 'Sprache',
    languages: { system: 'Wie das System', en: 'English', de: 'Deutsch' },
    languageText:
      'Die Seite lädt danach neu. Meldungen von Aufträgen, Urteile in Sätzen, Berichte und die Befehlszeile bleiben englisch.'
  },
  desktop: {
    title: 'Fenster und Rechner',
    keepAwake: 'Den Rechner wach halten, solange ein Auftrag arbeitet',
    keepAwakeText:
      'Sonst kann er mitten in einem Training in den Ruhezustand gehen; der Auftrag macht weiter, wenn er aufwacht.',
    whenClosed: 'Wenn das Fenster geschlossen wird und Aufträge noch offen sind',
    whenClosedTexts: {
      ask: 'Fragen',
      background: 'Im Hintergrund weiterlaufen',
      stop: 'Anhalten und beenden'
    }
  },
  about: {
    title: 'Über das Labor und neuere Fassungen',
    version: (version) => `ReCross Lab ${version}, unter der MIT-Lizenz.`,
    lookText:
      'Das Labor sucht nie von selbst nach neueren Fassungen. Es fragt die Seite der Veröffentlichungen, wenn die Schaltfläche gedrückt wird, und richtet nichts ein.',
    releases: 'Seite der Veröffentlichungen',
    releasesText:
      'Adresse ihrer releases.json. Leer lassen, um die zu verwenden, die mit dem Labor gekommen ist, falls es eine gibt.',
    look: 'Nach einer neueren Fassung sehen',
    newer: (version, date) => `Fassung ${version} vom ${date} ist neuer.`,
    newest: 'Das ist die neueste Fassung.',
    file: (name, size, sum) => `${name} (${size}), SHA-256: ${sum}`,
    folder: 'Ohne Netz: ein Ordner mit einem Installationsprogramm',
    folderText: 'Zum Beispiel ein Speicherstift. Seine Prüfsummen werden mit der beiliegenden Liste verglichen.',
    choose: 'Auswählen …',
    check: 'Prüfen',
    isNewer: 'neuer als dieses Labor',
    notNewer: 'nicht neuer als dieses Labor',
    otherSystem: 'für ein anderes System',
    checksums: {
      agrees: 'Die Prüfsumme stimmt mit der Liste überein.',
      differs:
        'Die Prüfsumme weicht von der Liste ab: Die Datei ist beschädigt oder nicht das, was sie vorgibt. Nicht verwenden.',
      none: 'Keine Liste mit Prüfsummen liegt bei, sodass niemand sagen kann, ob die Datei heil ist.'
    },
    how: 'Das Labor beenden, dann das Installationsprogramm öffnen. Der Ordner bleibt, wie er ist; die neue Fassung kopiert seine Datenbank, bevor sie etwas ändert.'
  },
  requests: {
    title: 'Was diesen Rechner verlassen hat',
    none: 'Nichts. Das Labor hat noch keine einzige Anfrage gesendet.',
    all: (n) => `${n} Anfragen insgesamt, die neuesten zuerst`,
    places: 'Verbindungen zu Rechnern unter „Orte“ laufen über ssh und stehen hier nicht.',
    columns: { time: 'Wann', where: 'Wohin', answer: 'Antwort' },
    noAnswer: 'keine',
    token: 'mit Ihrem Token'
  },
  privacy: {
    title: 'Datenschutz',
    points: [
      'Daten, Modelle und Ergebnisse bleiben im oben genannten Ordner.',
      'Es gibt kein Konto und keine Erhebung: Über Sie oder Ihre Arbeit wird nie etwas gesendet.',
      'Das Netz wird nur verwendet, wenn Sie Daten oder ein Modell herunterladen oder nach einer neueren Fassung sehen, und nur zu den Adressen, die hier stehen.',
      'Das Labor ist nur auf diesem Rechner zu erreichen, von keinem anderen aus.'
    ]
  }
}
