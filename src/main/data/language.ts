/** The language of a text by its commonest words: little words that each language has and the others have not. Honest rather than clever: short texts say nothing. */

/** By ISO 639-1 code: its name, and about thirty of its commonest words, lower case. */
const languages: Readonly<Record<string, { name: string; words: string }>> = {
  en: {
    name: 'English',
    words:
      'the of and to in is that it was for on are with as his they at be this have from or had by what were when there which'
  },
  de: {
    name: 'German',
    words:
      'der die das und ist nicht ein eine zu den mit sich auf für im dem von wird sind auch als nach bei aus wie hat wurde oder zum einen'
  },
  fr: {
    name: 'French',
    words:
      'le la les des et est dans une du que pour qui sur pas plus par avec ce sont au il elle ne se aux cette nous mais ont été'
  },
  es: {
    name: 'Spanish',
    words:
      'el la los las de y en que es un una por con para del se su no al lo como más pero fue son ha este sus entre está'
  },
  it: {
    name: 'Italian',
    words:
      'il la di che e è un una per in non sono con del della si dei alla nel anche più come le gli lo ha dal questo delle essere'
  },
  pt: {
    name: 'Portuguese',
    words: 'o a os as de e que é um uma em do da no na para com não por mais dos como foi ao se das são pelo tem seu'
  },
  nl: {
    name: 'Dutch',
    words:
      'de het een en van is niet dat op te zijn met voor er aan hij was door ook als bij nog naar dan maar uit worden deze om wordt'
  },
  sv: {
    name: 'Swedish',
    words:
      'och att det som en på är av för med den till inte var ett om han de men jag från kan har när eller vad så vid efter sin'
  },
  da: {
    name: 'Danish',
    words:
      'og at det er en af til på den som med for ikke de der har et han fra var men jeg sig kan blev efter også eller når hvad'
  },
  no: {
    name: 'Norwegian',
    words:
      'og det er en av til på som med for ikke at den de har et han fra var men jeg seg kan ble etter også eller når hva ved'
  },
  pl: {
    name: 'Polish',
    words:
      'w i na z się nie to jest do że o jak po co od przez dla są jego za był tym może tak oraz przy ale jako który lub'
  },
  cs: {
    name: 'Czech',
    words: 'a v na se je že s z do o to k i ve jako za pro ale by jsou byl po od které nebo jeho není který při tak'
  },
  ro: {
    name: 'Romanian',
    words:
      'de și în a la cu pe un o este care nu din mai pentru să sau prin fost sunt ca al după ale lui cele dar această între fi'
  },
  tr: {
    name: 'Turkish',
    words:
      've bir bu da de için ile olarak çok daha en gibi ne kadar olan sonra ya var ancak değil o her ki mi göre tarafından olduğu ise iki içinde'
  },
  fi: {
    name: 'Finnish',
    words:
      'ja on ei se että hän oli joka myös kun mutta ovat sen tai niin kuin ole jo vain mukaan voi jos hänen sekä mitä tämä kanssa sitä olla jälkeen'
  },
  hu: {
    name: 'Hungarian',
    words:
      'a az és hogy nem egy is van volt meg de csak már azt el mint ez ha még vagy amely lehet után ezt minden között során illetve alatt lesz'
  },
  id: {
    name: 'Indonesian',
    words:
      'yang dan di dengan untuk ini dari dalam tidak pada itu adalah ke akan oleh juga sebagai atau telah dapat mereka karena ada lebih saya bahwa tersebut menjadi kami bisa'
  },
  vi: {
    name: 'Vietnamese',
    words:
      'và của là có được cho trong một không các với người này những để đã khi từ đến như về ra vào tại cũng trên năm sự nhiều còn'
  }
}

const tables = Object.entries(languages).map(([code, { name, words }]) => ({
  code,
  name,
  words: new Set(words.split(' '))
}))

/** So many words of a language, which are so much of a text, and so much more than of any other. */
const sure = { words: 3, share: 0.15, ahead: 1.5 }

/** The code of the language that a text is surely in; null where it says too little. Only languages of Latin letters. */
export function languageOf(text: string): string | null {
  const words =
    text
      .slice(0, 4000)
      .toLowerCase()
      .match(/\p{L}+/gu) ?? []
  const counts = tables.map(({ words: own }) => words.reduce((sum, word) => sum + Number(own.has(word)), 0))
  const most = Math.max(...counts)
  const best = counts.indexOf(most)
  const next = Math.max(0, ...counts.filter((_, at) => at !== best))
  if (most < sure.words || most < sure.share * words.length || most < sure.ahead * next) return null
  return tables[best]!.code
}

export function languageName(code: string): string | null {
  return languages[code]?.name ?? null
}

/** The commonest words of a language. */
export function commonWords(code: string): readonly string[] {
  return languages[code]?.words.split(' ') ?? []
}
