import type { carry as english } from '../en/carry.ts'
import type { Words } from '../words.ts'

export const carry: Words<typeof english> = {
  pack: {
    short: 'Für einen anderen Rechner packen',
    lead: 'Auswählen, was mitkommt. Alles wird eine Datei, die das Labor auf dem anderen Rechner öffnet und prüft.',
    choose: 'Was mitkommt',
    none: 'Davon ist nichts da.',
    catalog: 'Was noch nicht da ist, muss zuerst geholt werden:',
    getData: 'Daten holen',
    getModel: 'Ein Modell holen',
    also: 'Mit den gewählten Experimenten',
    data: 'Ihre Daten und Zielaufgaben, damit sie dort wiederholt werden können',
    models: 'Ihre Modelle',
    weights: 'Die Gewichte aus dem Nachtraining',
    indices: 'Indizes der Daten, die mitkommen, von den Modellen, die mitkommen',
    path: 'Datei auf diesem Rechner',
    pathHint: 'Endet auf .zip. Ein Speicherstift geht auch.',
    sizes: 'Wie groß es ist',
    total: 'Zusammen, vor dem Packen',
    places: { runs: 'Läufe', datasets: 'Daten', models: 'Modelle', indices: 'Indizes' },
    nothing: 'Etwas auswählen, dann steht hier seine Größe.',
    missing: (n) => `${n} vom Gewählten ist nicht mehr in diesem Labor und bleibt zurück.`,
    start: 'Packen',
    again: 'Noch eine packen',
    done: (path) => `Gepackt in ${path}`,
    facts: (files, size) =>
      `${files} Dateien, ${size}. Von jeder steht die SHA-256 in der Datei, und alle werden beim Öffnen geprüft.`,
    there: 'Dort: das Labor starten, dann Experimente → Von einem anderen Rechner öffnen.',
    failed: 'Es wurde nicht gepackt',
    cancelled: 'Das Packen wurde abgebrochen. Keine Datei wurde geschrieben.',
    gone: 'Der Auftrag steht nicht mehr auf der Liste.'
  },
  open: {
    short: 'Von einem anderen Rechner öffnen',
    lead: 'Eine Datei, die dieses Labor gepackt hat, hier oder anderswo. Sie wird zuerst angesehen; nichts kommt herein, bevor es so gewollt ist.',
    file: 'Die Datei',
    fileHint: 'Endet auf .zip. Aus „Für einen anderen Rechner packen“ oder „study export“.',
    look: 'Ansehen',
    made: (when, version) => `Gepackt ${when} von Version ${version} des Labors`,
    holds: 'Was darin ist',
    kinds: { experiments: 'Experimente', datasets: 'Upstream-Daten', targets: 'Zielaufgaben', models: 'Modelle' },
    columns: { name: 'Bezeichnung', kind: 'Art', size: 'Größe', state: 'Stand' },
    here: 'schon da',
    fresh: 'neu',
    runs: (n) => `${n} neue Läufe`,
    indices: (n) => `${n} neue Indizes`,
    all: 'Alles davon ist schon da.',
    start: 'Hereinnehmen',
    again: 'Noch eine öffnen',
    done: 'Es ist im Labor, und jede Datei war wie gepackt',
    compare: 'Vergleich ansehen',
    begin: 'Neues Experiment',
    failed: 'Es wurde nicht hereingenommen',
    cancelled: 'Es wurde abgebrochen. Nichts davon wurde aufbewahrt.',
    gone: 'Der Auftrag steht nicht mehr auf der Liste.'
  }
}
