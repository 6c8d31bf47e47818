/** The language of a text by its little words: sentences of each language, and texts that say nothing. */
import { expect, test } from 'vitest'
import { languageOf } from '../../src/main/data/language.ts'

const sentences: Record<string, string[]> = {
  en: [
    'The boat was moored in the harbour, and it is not known when it will leave.',
    'What is the name of the river that flows through this town?',
    'She had to wait for the train at the old station with her brother.'
  ],
  de: [
    'Das Boot lag im Hafen, und es ist nicht bekannt, wann es ausläuft.',
    'Wie heißt der Fluss, der durch die Stadt fließt und in den See mündet?',
    'Sie musste mit dem Bruder auf den Zug warten, der sich verspätet hat.'
  ],
  fr: [
    'Le bateau est dans le port, et on ne sait pas quand il va partir.',
    'Quel est le nom de la rivière qui passe dans la ville et les villages?',
    'Elle a attendu le train avec son frère sur le quai de la gare.'
  ],
  es: [
    'El barco estaba en el puerto y no se sabe cuándo va a salir.',
    '¿Cómo se llama el río que pasa por la ciudad y los pueblos?',
    'Ella esperaba el tren con su hermano en la estación del pueblo.'
  ],
  it: [
    'La barca è nel porto e non si sa quando parte per le isole.',
    'Come si chiama il fiume che passa per la città e gli altri paesi?',
    'Ha aspettato il treno con il fratello alla stazione del paese, che non è più quella di una volta.'
  ],
  pt: [
    'O barco estava no porto e não se sabe quando vai sair para as ilhas.',
    'Qual é o nome do rio que passa pela cidade e os campos?',
    'Ela esperou o trem com o irmão na estação da cidade, que não é mais a mesma.'
  ],
  nl: [
    'De boot lag in de haven en het is niet bekend wanneer hij vertrekt.',
    'Wat is de naam van de rivier die door de stad stroomt?',
    'Zij moest met haar broer op de trein wachten, die te laat was.'
  ],
  sv: [
    'Båten låg i hamnen och det är inte känt när den ska gå.',
    'Vad heter floden som rinner genom staden och till havet?',
    'Hon väntade på tåget med sin bror och det var inte första gången.'
  ],
  pl: [
    'Statek stał w porcie i nie wiadomo, kiedy to się stanie, bo nie jest gotowy.',
    'Jak nazywa się rzeka, która jest w tym mieście i nie ma mostu?',
    'Czekała na pociąg z bratem, który nie przyjechał do nich na czas.'
  ],
  fi: [
    'Vene oli satamassa, eikä ole tiedossa, milloin se lähtee ja mitä se tekee.',
    'Mikä on joki, joka on kaupungin kanssa ja ei ole jo kuin se oli?',
    'Hän oli asemalla ja se juna ei ole vielä täällä, mutta hän voi olla kotona.'
  ],
  tr: [
    'Bu tekne çok eski bir limanda ve ne zaman gideceği belli değil.',
    'Bu şehir için en çok bilinen ve daha eski olan bir nehir var mı?',
    'O tren için bir saat daha bekledi ve sonra kardeşi ile eve gitti.'
  ]
}

test('sentences are of their language or of none, and most are told', () => {
  for (const [code, list] of Object.entries(sentences)) {
    const found = list.map(languageOf)
    expect(
      found.filter((one) => one !== null && one !== code),
      code
    ).toEqual([])
    expect(found.filter((one) => one === code).length, `${code}: ${found.join()}`).toBeGreaterThanOrEqual(2)
    expect(languageOf(list.join(' ')), code).toBe(code)
  }
})

test('texts that are too short, of names, numbers, code or another script, are of no language', () => {
  const nothing = [
    '',
    'yes',
    'Paris',
    '42 + 17 = 59',
    'Anna Maria Lopez; Berlin; 1984',
    'for (let i = 0; i < n; i++) sum += x[i]',
    'Привет, как дела?',
    '日本語の文章',
    'de la',
    'A. B. C. D.',
    'positive negative neutral'
  ]
  expect(nothing.map(languageOf)).toEqual(nothing.map(() => null))
})
