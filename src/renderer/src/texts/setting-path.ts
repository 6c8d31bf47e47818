import type { ExperimentSpec } from '../../../main/contract/experiments.ts'

type Leaf = string | number | boolean | readonly unknown[]

/** Dotted paths to the values of an object; a part that may be null is a value itself, too. */
type PathsOf<T> = {
  [Key in keyof T & string]-?:
    | (NonNullable<T[Key]> extends Leaf ? Key : `${Key}.${PathsOf<NonNullable<T[Key]>>}`)
    | (null extends T[Key] ? Key : never)
}[keyof T & string]

/** The path of a setting in an experiment's spec, as rows of settings name it: `tune.learningRate`. */
export type SettingPath = PathsOf<ExperimentSpec>
