/** Keeps the values used last. A promise that is rejected is forgotten, so that the next call tries again. */
export class Recent<T> {
  readonly #most: number
  readonly #values = new Map<string, T>()

  constructor(most: number) {
    this.#most = most
  }

  get(key: string, make: () => T): T {
    const known = this.peek(key)
    if (known !== undefined) return known
    const value = make()
    this.set(key, value)
    if (value instanceof Promise) value.catch(() => this.#values.delete(key))
    return value
  }

  peek(key: string): T | undefined {
    const known = this.#values.get(key)
    if (known === undefined) return undefined
    this.#values.delete(key)
    this.#values.set(key, known)
    return known
  }

  set(key: string, value: T): void {
    this.#values.set(key, value)
    if (this.#values.size > this.#most) this.#values.delete(this.#values.keys().next().value!)
  }
}
