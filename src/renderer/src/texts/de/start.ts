import type { start as english } from '../en/start.ts'
import type { Words } from '../words.ts'

export const start: Words<typeof english> = {
  hero: {
    title: 'Einem Modell eine neue Aufgabe beibringen, ohne eine einzige Lösung',
    lead: 'Das Labor braucht ein paar unbeantwortete Fragen der Aufgabe. Es findet unter Tausenden gelöster Beispiele solche, die ihnen ähneln, trainiert ein Modell damit kurz nach und zeigt, ob das geholfen hat.'
  },
  how: {
    label:
      'Wie es geht: Anfragen finden ähnliche Beispiele, das Modell wird damit nachtrainiert, und die Ergebnisse werden verglichen',
    retrieve: 'Suchen',
    retrieveText: 'Die Fragen finden ihre nächsten Verwandten unter gelösten Beispielen.',
    tune: 'Nachtrainieren',
    tuneText: 'Das Grundmodell lernt aus genau diesen.',
    compare: 'Vergleichen',
    compareText: 'Jede Strategie beantwortet denselben Test. Zu Unterschieden gehört ein Urteil.',
    queries: 'Ihre Fragen',
    upstream: 'gelöste Beispiele',
    model: 'Grundmodell',
    scores: 'Punktzahlen'
  },
  demo: {
    title: 'Die Vorführung ausprobieren',
    text: 'Ein kleines Modell, eine kleine Sammlung von Beispielen und vier Zielaufgaben sind im Labor enthalten. Ein Klick startet ein echtes Experiment mit fünf Strategien, ohne Netz.',
    strategies: {
      'zero-shot': 'tut nichts: die Messlatte',
      random: 'lernt aus zufällig gewählten Beispielen',
      semantic: 'lernt aus Beispielen ähnlicher Bedeutung',
      dense: 'lernt aus dem, was das Modell selbst ähnlich findet',
      recross: 'lernt aus dem, was ein Reranker davon nützlich findet'
    },
    action: 'Vorführung starten',
    running: 'Die Vorführung läuft',
    preparing: 'Die Vorführung wird ausgepackt …',
    planning: 'Das Experiment wird geplant …',
    facts: (disk) => `Braucht ${disk} Festplatte. Nichts wird heruntergeladen.`,
    time: (time) => `Dauert auf diesem Computer etwa ${time}.`,
    roughTime: (time) => `Dauert sehr grob ${time}; ein anderer Auftrag rechnet, deshalb ließ es sich nicht messen.`,
    measuring: 'Wie lange es auf diesem Computer dauert, wird gemessen …',
    unknownTime: 'Wie lange es auf diesem Computer dauert, ist nach der ersten Minute zu sehen.',
    disk: 'unter 100 MB',
    watch: 'Beim Laufen zusehen',
    seeResult: 'Vergleich ansehen'
  },
  own: {
    title: 'Eigenes einrichten',
    text: 'Vier Schritte, jeder mit Anleitung. Nach jedem ist eine Pause möglich.',
    done: 'erledigt',
    next: 'als Nächstes',
    later: 'später',
    steps: {
      data: { title: 'Daten holen', text: 'Quelldaten zum Auswählen und eine Zielaufgabe zum Prüfen.' },
      model: {
        title: 'Ein Modell holen',
        text: 'Das Grundmodell, das nachtrainiert wird, und auf Wunsch ein Satz-Encoder.'
      },
      index: { title: 'Den Index aufbauen', text: 'Damit ähnliche Beispiele in Millisekunden gefunden werden.' },
      experiment: {
        title: 'Ein Experiment starten',
        text: 'Strategien wählen, sehen, was es kostet, starten.'
      }
    },
    have: {
      data: (upstream, targets) =>
        `${upstream} ${upstream === 1 ? 'Datensatz' : 'Datensätze'} mit Quelldaten, ${targets} ${targets === 1 ? 'Zielaufgabe' : 'Zielaufgaben'}`,
      dataNoTarget: 'Quelldaten sind da; eine Zielaufgabe fehlt noch.',
      dataNoUpstream: 'Eine Zielaufgabe ist da; Quelldaten fehlen noch.',
      model: (n) => `${n} ${n === 1 ? 'Modell' : 'Modelle'}`,
      index: (n) => `${n} ${n === 1 ? 'Index' : 'Indizes'}`,
      experiment: (n: number, more: boolean) =>
        `${n} ${n === 1 ? 'Experiment' : 'Experimente'}${more ? ' und mehr' : ''}`
    }
  },
  again: {
    title: 'Willkommen zurück',
    latest: 'Neueste Experimente',
    running: 'Läuft gerade',
    nothingRunning: 'Nichts läuft.',
    newExperiment: 'Neues Experiment',
    showIntroduction: 'Was ist das hier?'
  },
  privacy: 'Alles bleibt auf diesem Rechner. Kein Konto, keine Datenerhebung.'
}
