import type { lab as english } from '../../en/terms/lab.ts'
import type { Words } from '../../words.ts'

/** Was vom Labor gesagt wird und davon, womit es rechnet. */
export const lab: Words<typeof english> = {
  seed: {
    name: 'Startwert',
    means: 'Die Zahl, aus der aller Zufall im Labor entsteht; derselbe Startwert ergibt dasselbe Ergebnis.'
  },
  provider: {
    name: 'Recheneinheit',
    means: 'Der Teil des Rechners, der die schwere Rechenarbeit leistet: der Prozessor oder eine Grafikkarte.'
  },
  job: {
    name: 'Auftrag',
    means: 'Eine Arbeit, die im Hintergrund läuft und weitergeht, wenn das Fenster geschlossen wird.'
  },
  fingerprint: {
    name: 'Fingerabdruck',
    means: 'Eine kurze Zeichenfolge, aus dem Inhalt selbst berechnet: Ändert sich etwas, ändert sie sich.'
  },
  hub: {
    name: 'Hugging Face',
    means:
      'Eine öffentliche Website, auf der Modelle und Datensätze geteilt werden; das Labor lädt von dort oder von einem Spiegelserver.'
  },
  proxy: {
    name: 'Proxy-Server',
    means: 'Ein Rechner Ihrer Einrichtung, durch den ihr ganzer Netzverkehr gehen muss.'
  },
  token: {
    name: 'Zugangsschlüssel',
    means:
      'Ein Schlüssel aus Ihrem Konto bei Hugging Face, ähnlich einem Passwort, nur nötig für Modelle, die eine Anmeldung verlangen.'
  },
  licence: {
    name: 'Lizenz',
    means: 'Was die Urheber anderen damit erlauben.'
  }
}
