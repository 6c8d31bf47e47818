import type { MetricName } from '../../../../main/contract/data.ts'
import type { Explained, InEvery } from './in-language.ts'

/** What metrics are called, and what each measures in a sentence. */
export const metricNames: Readonly<Record<MetricName, InEvery<Explained>>> = {
  em: {
    en: {
      label: 'Exact match',
      term: 'exact match',
      means: 'The share of answers that are the expected text, but for case, punctuation and articles.'
    },
    de: {
      label: 'Genaue Übereinstimmung',
      term: 'genaue Übereinstimmung',
      means:
        'Der Anteil der Antworten, die der erwartete Text sind, abgesehen von Großschreibung, Satzzeichen und Artikeln.'
    }
  },
  'soft-em': {
    en: {
      label: 'Soft match',
      term: 'soft match',
      means: 'The share of answers that contain the expected text or are contained in it.'
    },
    de: {
      label: 'Weiche Übereinstimmung',
      term: 'weiche Übereinstimmung',
      means: 'Der Anteil der Antworten, die den erwarteten Text enthalten oder in ihm enthalten sind.'
    }
  },
  accuracy: {
    en: {
      label: 'Accuracy',
      term: 'accuracy',
      means: 'The share of answers that are exactly the expected text, but for upper and lower case.'
    },
    de: {
      label: 'Genauigkeit',
      term: 'Genauigkeit',
      means: 'Der Anteil der Antworten, die genau der erwartete Text sind, abgesehen von Groß- und Kleinschreibung.'
    }
  },
  'qa-f1': {
    en: {
      label: 'Answer F1',
      term: 'answer F1',
      means: 'How many words of the answer and of the expected text are the same; half right counts half.'
    },
    de: {
      label: 'Antwort-F1',
      term: 'Antwort-F1',
      means: 'Wie viele Wörter Antwort und erwarteter Text gemeinsam haben; halb richtig zählt halb.'
    }
  },
  'rouge-l': {
    en: {
      label: 'ROUGE-L',
      term: 'ROUGE-L',
      means: 'How many words, in the same order, the answer shares with the expected text; usual for summaries.'
    },
    de: {
      label: 'ROUGE-L',
      term: 'ROUGE-L',
      means:
        'Wie viele Wörter in derselben Reihenfolge die Antwort mit dem erwarteten Text teilt; üblich bei Zusammenfassungen.'
    }
  },
  bleu: {
    en: {
      label: 'BLEU',
      term: 'BLEU',
      means: 'How many short word sequences of the answer stand in the expected text; usual for translations.'
    },
    de: {
      label: 'BLEU',
      term: 'BLEU',
      means: 'Wie viele kurze Wortfolgen der Antwort im erwarteten Text stehen; üblich bei Übersetzungen.'
    }
  },
  'macro-f1': {
    en: {
      label: 'Macro F1',
      term: 'macro F1',
      means: 'How well each kind of answer is found, averaged so that rare kinds count as much as common ones.'
    },
    de: {
      label: 'Makro-F1',
      term: 'Makro-F1',
      means: 'Wie gut jede Art von Antwort getroffen wird, so gemittelt, dass seltene so viel zählen wie häufige.'
    }
  },
  matthews: {
    en: {
      label: 'Matthews correlation',
      term: 'Matthews correlation',
      means: 'Agreement with the expected answers beyond chance; 0 is guessing, 100 is perfect.'
    },
    de: {
      label: 'Matthews-Korrelation',
      term: 'Matthews-Korrelation',
      means: 'Übereinstimmung mit den erwarteten Antworten über den Zufall hinaus; 0 ist geraten, 100 ist vollkommen.'
    }
  },
  pearson: {
    en: {
      label: 'Pearson correlation',
      term: 'Pearson correlation',
      means: 'How well numbers given as answers rise and fall with the expected numbers; 100 is perfect.'
    },
    de: {
      label: 'Pearson-Korrelation',
      term: 'Pearson-Korrelation',
      means: 'Wie gut Zahlen in den Antworten mit den erwarteten steigen und fallen; 100 ist vollkommen.'
    }
  }
}
