import type { places as english } from '../en/places.ts'
import type { Words } from '../words.ts'

export const places: Words<typeof english> = {
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
    shape: (option) => `${option} lässt sich nicht setzen: Jeder Auftrag des Labors ist ein Prozess auf einem Knoten.`,
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
    'slurm-nodes-down':
      'Die passenden Knoten sind abgeschaltet, gesperrt oder reserviert, oder die Partition nimmt zur Zeit nichts an: Wählen Sie eine andere, oder versuchen Sie es später.',
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
}
