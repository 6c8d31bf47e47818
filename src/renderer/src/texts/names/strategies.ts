import {
  strategies,
  strategyNames as allStrategies,
  type CandidatesName,
  type StrategyName
} from '../../../../main/contract/strategies.ts'
import type { Explained, InEvery } from './in-language.ts'

/** What strategies are called, and what each does in a sentence. */
export const strategyNames = withTerms({
  'zero-shot': {
    en: {
      label: 'Zero-shot',
      means: 'The base model as it is, tuned on nothing: the line that every other strategy has to beat.'
    },
    de: {
      label: 'Zero-Shot',
      means: 'Das Grundmodell, wie es ist, mit nichts nachtrainiert: die Messlatte für jede andere Strategie.'
    }
  },
  random: {
    en: {
      label: 'Random',
      means: 'Tuning on upstream examples picked by chance: shows whether choosing cleverly is worth it.'
    },
    de: {
      label: 'Zufällig',
      means: 'Nachtraining mit zufällig gewählten Beispielen der Quelldaten: zeigt, ob kluges Wählen sich lohnt.'
    }
  },
  lexical: {
    en: {
      label: 'Lexical',
      means:
        'Tuning on the upstream examples that share the most telling words with the queries (BM25, as search engines do).'
    },
    de: {
      label: 'Lexikalisch',
      means:
        'Nachtraining mit den Beispielen, die mit den Anfragen die meisten aussagekräftigen Wörter teilen (BM25, wie bei Suchmaschinen).'
    }
  },
  semantic: {
    en: {
      label: 'Semantic',
      means: 'Tuning on the upstream examples whose meaning, as a sentence encoder sees it, is nearest to the queries.'
    },
    de: {
      label: 'Semantisch',
      means:
        'Nachtraining mit den Beispielen, deren Bedeutung, wie ein Satz-Encoder sie sieht, den Anfragen am nächsten ist.'
    }
  },
  dense: {
    en: {
      label: 'Dense',
      means:
        'Tuning on the upstream examples that the base model itself finds most alike to the queries (ReCross without its reranker).'
    },
    de: {
      label: 'Dicht',
      means:
        'Nachtraining mit den Beispielen, die das Grundmodell selbst den Anfragen am ähnlichsten findet (ReCross ohne Reranker).'
    }
  },
  trained: {
    en: {
      label: 'Trained',
      means:
        'Tuning on the upstream examples that a trained retriever finds most useful: the vectors of an index, turned by a head that has learnt from mined pairs.'
    },
    de: {
      label: 'Trainiert',
      means:
        'Nachtraining mit den Beispielen, die ein trainierter Retriever am nützlichsten findet, nach Vektoren, die ein Aufsatz aus Paaren zu drehen gelernt hat.'
    }
  },
  recross: {
    en: {
      label: 'ReCross',
      means:
        'Like dense, but with four times as many candidates, of which a reranker keeps those that it judges most useful for the queries (ReCross, whole).'
    },
    de: {
      label: 'ReCross',
      means:
        'Wie „dicht“, aber mit viermal so vielen Kandidaten, von denen ein Reranker die behält, die er für die Anfragen am nützlichsten hält.'
    }
  }
})

/** In a sentence they are called as in titles of jobs, which the lab itself says too. */
function withTerms(
  names: Readonly<Record<StrategyName, InEvery<Omit<Explained, 'term'>>>>
): Record<StrategyName, InEvery<Explained>> {
  const all = allStrategies.map((name) => {
    const { label, german } = strategies[name]
    const { en, de } = names[name]
    return [name, { en: { ...en, term: label }, de: { ...de, term: german } }] as const
  })
  return Object.fromEntries(all) as Record<StrategyName, InEvery<Explained>>
}

/** Where candidates come from, as the wizard of mining offers it. */
export const sourceNames: Readonly<Record<CandidatesName, InEvery<{ title: string; text: string }>>> = {
  random: {
    en: { title: 'Random', text: 'Any rows; needs no index.' },
    de: { title: 'Zufällig', text: 'Beliebige Zeilen; braucht keinen Index.' }
  },
  lexical: {
    en: { title: 'Lexical', text: 'By shared words; needs no index.' },
    de: { title: 'Lexikalisch', text: 'Nach gemeinsamen Wörtern; braucht keinen Index.' }
  },
  semantic: {
    en: { title: 'Semantic', text: 'Nearest by meaning, looked up in a semantic index.' },
    de: { title: 'Semantisch', text: 'Die nächsten nach der Bedeutung, nachgeschlagen in einem semantischen Index.' }
  },
  dense: {
    en: { title: 'Dense', text: "Nearest by the base model's own states, looked up in a dense index." },
    de: {
      title: 'Dicht',
      text: 'Die nächsten nach den inneren Zuständen des Grundmodells, nachgeschlagen in einem dichten Index.'
    }
  },
  trained: {
    en: { title: 'Trained', text: 'Nearest by the vectors of a trained retriever, looked up in its index.' },
    de: {
      title: 'Trainiert',
      text: 'Die nächsten nach den Vektoren eines trainierten Retrievers, nachgeschlagen in seinem Index.'
    }
  }
}
