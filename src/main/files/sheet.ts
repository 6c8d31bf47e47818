/** A sheet of a workbook: the first row is its header. Null is an empty cell. */
export interface Sheet {
  name: string
  rows: readonly (readonly (string | number | null)[])[]
}
