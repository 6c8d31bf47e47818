import type { en } from './en.ts'

/** What the main process itself says in German. */
export const de: typeof en = {
  product: 'ReCross Lab',
  cannotStart: 'ReCross Lab kann nicht starten',
  leave: {
    title: 'Es wird noch gearbeitet',
    message: (jobs) => `${jobs} ${jobs === 1 ? 'Auftrag ist' : 'Aufträge sind'} nicht beendet.`,
    detail:
      'Im Hintergrund läuft das Labor ohne Fenster weiter und ist über sein Symbol in der Leiste wieder zu öffnen. ' +
      'Wird es angehalten, machen Aufträge beim nächsten Start weiter, wo das möglich ist; andere beginnen neu.',
    background: 'Im Hintergrund weiterlaufen',
    stop: 'Anhalten und beenden',
    cancel: 'Abbrechen',
    remember: 'Von jetzt an immer so (in den Einstellungen änderbar)'
  },
  page: {
    title: 'Die Seite kommt nicht wieder',
    message: 'Die Seite des Labors ist kurz nacheinander zweimal abgestürzt. Die Aufträge laufen weiter.',
    hangs: 'Die Seite des Labors antwortet nicht. Die Aufträge laufen weiter.',
    reload: 'Seite neu laden',
    wait: 'Warten',
    quit: 'Beenden'
  },
  otherHome: {
    title: 'Ein anderer Ordner',
    message: (asked) => `Verlangt wurde das Labor in ${asked}.`,
    detail: (open) =>
      `Offen ist das Labor in ${open}, und ein Fenster zeigt ein Labor. Zuerst dieses beenden oder in einem Terminal „recross-lab --home“ verwenden.`,
    ok: 'In Ordnung'
  },
  tray: {
    open: 'ReCross Lab öffnen',
    quit: 'Beenden',
    idle: 'nichts zu tun',
    busy: (jobs) => `${jobs} nicht beendet`
  },
  menu: {
    file: 'Datei',
    edit: 'Bearbeiten',
    view: 'Ansicht',
    help: 'Hilfe',
    about: 'Über ReCross Lab',
    licences: 'Lizenzen der enthaltenen Teile',
    folder: 'Ordner des Labors öffnen',
    command: 'recross-lab auf die Befehlszeile bringen …'
  },
  command: {
    title: 'recross-lab auf der Befehlszeile',
    done: (path) =>
      `${path} startet jetzt die Befehlszeile des Labors. In einem neuen Terminal eingeben: recross-lab --help`,
    failed: (path, reason) => `${path} ließ sich nicht schreiben: ${reason}`,
    manual: (target) => `Starten lässt es sich auch über seinen Pfad: ${target}`
  },
  ended: {
    finished: (title) => `${title}: beendet`,
    failed: (title) => `${title}: nicht gelungen`,
    look: 'Klicken, um es anzusehen.'
  }
}
