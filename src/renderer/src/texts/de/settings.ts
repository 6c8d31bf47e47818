import type { settings as english } from '../en/settings.ts'
import type { Words } from '../words.ts'

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
  places: {
    title: 'Orte zum Rechnen',
    text: 'Läufe von Experimenten können auf einem Slurm-Cluster oder auf einem Rechner hinter SSH rechnen. Verwendet wird Ihr eigenes ssh; es wird kein Passwort aufbewahrt, und dort nimmt nichts Verbindungen an.',
    kinds: { slurm: 'Slurm-Cluster', process: 'Rechner ohne Warteschlange' },
    here: 'dieser Rechner',
    name: 'Bezeichnung',
    kind: 'Art',
    ssh: 'SSH-Rechner',
    sshText: 'Wie im Terminal: „ssh mein-cluster“ muss dort ohne Passwort gehen. Leer: dieser Rechner.',
    partition: 'Bereich (Partition)',
    partitionText: 'Leer: der übliche. Die Prüfung zählt auf, welche es gibt.',
    threads: 'Kerne eines Auftrags',
    atOnce: 'Aufträge zur selben Zeit',
    atOnceText: '0: so viele, wie Slurm mag.',
    account: 'Konto',
    accountText: 'Leer: Ihr übliches.',
    more: 'Weitere Einstellungen',
    folder: 'Ordner dort',
    folderText: 'Wo das Labor seine Sachen aufbewahrt; ein relativer liegt dort in Ihrem Heimordner.',
    folderShared:
      'Auf einem Dateisystem, das Anmeldeknoten und alle Rechenknoten sehen, oft der Heimordner oder ein Projekt- oder Scratch-Ordner. Die Prüfung sagt es, wenn es anders ist.',
    sshConfig: 'Andere ssh-Konfiguration',
    sshConfigText: 'Pfad einer Datei. Leer: Ihre eigene.',
    minutes: 'Längste Zeit einer Runde eines Auftrags, in Minuten',
    minutesText: '0: was die Partition erlaubt. Ein längerer Auftrag macht in der nächsten Runde weiter.',
    memory: 'Arbeitsspeicher eines Auftrags, in MB',
    memoryText: '0: so viel, wie der Auftrag wohl braucht, und das Doppelte, wo es zu wenig war.',
    gpus: 'Grafikprozessoren eines Auftrags, der sie nutzen kann',
    gpusText: 'Ein Auftrag, der einen braucht, bekommt ohnehin einen.',
    extra: 'Weitere Optionen von sbatch',
    extraText: 'Eine je Zeile, zum Beispiel --qos=long oder --constraint=avx512.',
    addTitle: 'Einen Ort hinzufügen',
    add: 'Hinzufügen und prüfen',
    save: 'Speichern und prüfen',
    change: 'Ändern',
    check: 'Prüfen',
    of: (what, place) => `${what}: ${place}`,
    checkedAt: (when) => `Geprüft ${when}:`,
    wrong: {
      name: 'Geben Sie eine Bezeichnung mit höchstens 60 Zeichen an.',
      ssh: 'Schreiben Sie einen Rechner Ihrer ssh-Konfiguration oder name@rechner.',
      folder: 'Nur Buchstaben, Ziffern, Punkte, Striche, Unterstriche und Schrägstriche; kein Schritt nach oben.',
      partition: 'Namen von Partitionen, mit Kommas dazwischen.',
      account: 'Der Name eines Kontos: Buchstaben, Ziffern, Punkte, Striche und Unterstriche.',
      number: 'Schreiben Sie eine Zahl innerhalb ihrer Grenzen.'
    },
    refused: {
      form: (option) => `„${option}“ ist keine Option von sbatch. Eine je Zeile, als --option=wert.`,
      several: (option) => `Eine Option je Zeile: Dort steht mehr als ${option}.`,
      finds: (option) =>
        `${option} lässt sich nicht setzen: Daran findet das Labor seine eigenen Aufträge in der Warteschlange von Slurm.`,
      files: (option) => `${option} lässt sich nicht setzen: Das Labor sagt, wo seine Aufträge lesen und schreiben.`,
      turns: (option) =>
        `${option} lässt sich nicht setzen: Das Labor sagt, wann seine Aufträge beginnen, gewarnt werden und weitermachen.`,
      shape: (option) =>
        `${option} lässt sich nicht setzen: Jeder Auftrag des Labors ist ein Prozess auf einem Knoten.`,
      mode: (option) => `${option} lässt sich nicht setzen: sbatch gibt Aufträge damit nicht auf, wie es muss.`,
      field: (option) => `${option} hat ein eigenes Feld: Setzen Sie es dort.`
    },
    now: {
      nothing: 'Zur Zeit ist kein Auftrag dieses Labors dort.',
      now: 'Zur Zeit:',
      atLeast: 'Zur Zeit mindestens:',
      running: (n, nodes, more) =>
        `${n} ${n === 1 ? 'läuft' : 'laufen'}${nodes.length === 0 ? '' : ` (${nodes.join(', ')}${more ? ', …' : ''})`}`,
      waiting: (n) => `${n} ${n === 1 ? 'wartet, bis er' : 'warten, bis sie'} an der Reihe ${n === 1 ? 'ist' : 'sind'}`,
      sending: (n) => `${n} ${n === 1 ? 'wird' : 'werden'} dorthin übertragen`,
      queued: (n) => `${n} ${n === 1 ? 'wartet' : 'warten'} auf andere Aufträge`
    },
    asks: {
      cores: (n) => `${n} ${n === 1 ? 'Kern' : 'Kerne'} je Auftrag`,
      allCores: 'alle Kerne des Rechners',
      atOnce: (n) => `${n} ${n === 1 ? 'Auftrag' : 'Aufträge'} zur selben Zeit`,
      many: 'so viele Aufträge zur selben Zeit, wie Slurm mag',
      partition: (name) => `Partition ${name}`,
      account: (name) => `Konto ${name}`,
      minutes: (n) => `bis ${n} min je Runde`,
      memory: (n) => `${n} MB Arbeitsspeicher je Auftrag`,
      gpus: (n) => `Grafikprozessoren: ${n}`
    },
    contents: {
      look: 'Was dort liegt',
      title: (place) => `Was das Labor auf ${place} abgelegt hat`,
      what: 'Was',
      size: 'Größe',
      since: 'Seit',
      states: {
        new: 'nicht begonnen',
        waiting: 'wartet',
        running: 'läuft',
        done: 'fertig',
        failed: 'gescheitert',
        'handed-back': 'zurückgestellt',
        gone: 'abgebrochen'
      },
      jobs: (n, state) => `${n} ${n === 1 ? 'Auftrag' : 'Aufträge'}, ${state}`,
      data: (n) => `${n} ${n === 1 ? 'Datei' : 'Dateien'} mit Daten`,
      programs: (hash, whole, inUse) =>
        `Programme ${hash}, ${inUse ? 'in Gebrauch' : whole ? 'einer anderen Fassung, nicht in Gebrauch' : 'nicht ganz angekommen'}`,
      scripts: (n) => `${n} ${n === 1 ? 'Datei' : 'Dateien'} für Slurm`,
      clean: 'Löschen, was nichts mehr braucht',
      freed: (size) => `${size} sind wieder frei.`,
      empty: 'Dort alles löschen',
      emptyTitle: (place) => `Alles löschen, was das Labor auf ${place} abgelegt hat?`,
      emptyText:
        'Beendete Aufträge, Daten und Programme verschwinden, auch die Ihrer anderen Labore; Ergebnisse, die schon hier sind, bleiben hier. Was wieder gebraucht wird, wird wieder übertragen. Solange dort ein Auftrag unfertig ist, wird nichts gelöscht.'
    },
    checking:
      'Geprüft werden Verbindung, Programme und ein kleiner Auftrag. Beim ersten Mal müssen die Programme erst übertragen werden.',
    unchecked: 'Noch nicht geprüft.',
    steps: {
      'connection and programs': 'Verbindung und Programme',
      Slurm: 'Slurm',
      'self-test': 'Selbsttest'
    },
    found: {
      machine: ({ host, cores, processor, memory, free, graphics }) =>
        `${host}: ${cores} Kerne (${processor}), ${memory} Arbeitsspeicher, ${free} frei auf der Festplatte; Grafik: ${graphics}`,
      noGraphics: 'keine gefunden',
      slurm: (version, partitions) => `Version ${version}; ${partitions}`,
      partition: ({ name, nodes, cores, time }, usual) =>
        `${name}${usual ? ' (die übliche)' : ''}: ${nodes} Knoten mit ${cores} Kernen, bis ${time}`,
      job: (seconds) => `ein Auftrag wurde gestartet, lief und gab sein Ergebnis in ${seconds} zurück`,
      nodeJob: (seconds) =>
        `ein Auftrag wurde gestartet, lief auf einem Knoten, der den Ordner des Ortes sieht, und gab sein Ergebnis in ${seconds} zurück`
    },
    problems: {
      'place-busy': 'Der Ort funktioniert, aber der kleine Auftrag wartet noch: die Warteschlange ist lang.',
      'place-host-key-changed': 'Der Rechner zeigt einen anderen Schlüssel als den, den ssh kennt.',
      'place-host-key-unknown': 'ssh kennt diesen Rechner noch nicht: einmal im Terminal mit ihm verbinden.',
      'place-lost': 'Die Verbindung ist abgebrochen.',
      'place-no-access': 'Der Rechner gewährt keinen Zugang: einen Schlüssel für ssh einrichten.',
      'place-no-ssh': 'Auf diesem Computer gibt es kein Programm ssh.',
      'place-not-shared':
        'Der Ordner ist auf dem Knoten, der den Auftrag ausgeführt hat, ein anderer. Einen wählen, den alle Knoten sehen.',
      'place-other-system':
        'Es ist ein anderes System oder ein anderer Prozessor, für den das Labor keine Programme hat.',
      'place-unknown-host': 'Es gibt keinen Rechner mit diesem Namen.',
      'place-unreachable': 'Der Rechner ist nicht zu erreichen.',
      'self-test-failed': 'Ein kleiner Auftrag endete dort nicht, wie er sollte.',
      'slurm-account':
        'Slurm kennt kein solches Konto oder keine solche Dienstgüte (QOS), oder Sie dürfen es nicht nutzen: Fragen Sie Ihr Rechenzentrum nach dem Namen.',
      'slurm-credential':
        'Slurm nimmt den Ausweis dieses Rechners nicht an: Seine Uhr geht vielleicht falsch. Sagen Sie es seinem Verwalter.',
      'slurm-failed': 'Slurm hat nicht getan, worum es gebeten wurde.',
      'slurm-limit': 'Ihr Konto hat so viel vom Cluster, wie es haben darf: Warten Sie, bis Aufträge fertig sind.',
      'slurm-missing': 'Slurm lässt sich dort nicht benutzen.',
      'slurm-partition': 'Slurm hat keine Partition mit diesem Namen.',
      'slurm-size':
        'Kein Knoten hat so viele Kerne, so viel Speicher oder solche Grafikprozessoren: Verlangen Sie weniger, oder wählen Sie eine andere Partition.',
      'slurm-time':
        'Die Partition erlaubt nicht so viel Zeit: Verlangen Sie weniger, denn Aufträge machen dort weiter, wo sie waren.',
      'slurm-unreachable': 'Slurm antwortet nicht.'
    },
    wording: 'Im Wortlaut des Programms',
    works: 'Funktioniert:',
    fails: 'Funktioniert nicht:',
    remove: 'Entfernen'
  },
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
