// Names come from files that anybody may have written: an escape sequence in one would set the title of the terminal, move its
// cursor or hide what stands there.
// eslint-disable-next-line no-control-regex
const control = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g

/** Text as a terminal may get it: line ends and tabs stay, every other control character is shown as what it is. */
export function plainText(text: string): string {
  return text.replace(control, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`)
}
