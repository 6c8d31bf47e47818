/**
 * The shape of texts without their wording: every sentence of one language has to be there in every other, with the
 * same values to put in. Names of terms (`term`) are links within the lab and the same in all languages.
 */
export type Words<T> = T extends string
  ? string
  : T extends (...values: infer Values) => infer Result
    ? (...values: Values) => Words<Result>
    : { [Key in keyof T]: Key extends 'term' ? T[Key] : Words<T[Key]> }
