/**
 * Hashes of all runs of three words of a text (of fewer, where it has fewer), in order, with repeats. Case and
 * punctuation do not count; a Chinese, Japanese or Korean character is a word. `seed` keeps two kinds of text apart.
 * The result is a view of a buffer that the next call overwrites.
 */
export class Shingler {
  #hashes: Uint32Array = new Uint32Array(1024)

  hash(text: string, seed = 0): Uint32Array {
    const lower = text.toLowerCase()
    let hashes = this.#hashes
    let count = 0
    let words = 0
    let before = 0
    let last = 0
    let word = start
    // This loop sees every character of every text: it has no closure, whose variables would lie in memory.
    for (let i = 0; i <= lower.length; i++) {
      const code = i < lower.length ? lower.charCodeAt(i) : 0
      const alone = code >= 0x2e80
      if (!alone && (code < 0x80 ? wordCodes[code] === 1 : isWordCode(code))) {
        word = Math.imul(word ^ code, 0x01000193)
        continue
      }
      // A character makes up to two words.
      if (count + 2 > hashes.length) hashes = this.#grow()
      if (word !== start) {
        if (++words >= 3) hashes[count++] = mix3(before, last, word, seed)
        before = last
        last = word
        word = start
      }
      if (!alone) continue
      const single = Math.imul(start ^ code, 0x01000193)
      if (++words >= 3) hashes[count++] = mix3(before, last, single, seed)
      before = last
      last = single
    }
    if (words > 0 && words < 3) hashes[count++] = mix3(before, last, words, seed)
    return hashes.subarray(0, count)
  }

  #grow(): Uint32Array {
    const larger = new Uint32Array(this.#hashes.length * 2)
    larger.set(this.#hashes)
    return (this.#hashes = larger)
  }
}

const start = 0x811c9dc5 | 0

/** Letters and digits; of what is not ASCII, everything but the general punctuation block. */
function isWordCode(code: number): boolean {
  if (code < 0x80) return (code >= 0x61 && code <= 0x7a) || (code >= 0x30 && code <= 0x39)
  return code >= 0xc0 && !(code >= 0x2000 && code < 0x2070)
}

const wordCodes = Uint8Array.from({ length: 0x80 }, (_, code) => Number(isWordCode(code)))

function mix3(a: number, b: number, c: number, seed: number): number {
  let hash = Math.imul(a ^ seed, 0x85ebca6b)
  hash = Math.imul((hash ^ (hash >>> 13)) + b, 0xc2b2ae35)
  hash = Math.imul((hash ^ (hash >>> 16)) + c, 0x27d4eb2f)
  return (hash ^ (hash >>> 15)) >>> 0
}
