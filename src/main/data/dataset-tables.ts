/** The tables of a sealed dataset file. Raised when a file of this version cannot be read by an older lab. */
export const datasetFormat = 1

/** The group of tasks that were given none. */
export const ungrouped = 'ungrouped'

/**
 * Small columns stand before the long texts, so that a scan over tasks or ids does not read the texts. The full-text
 * table is contentless: texts are kept once. Its `label` column holds `t<task> g<group>`, so that a search within one
 * task is an intersection of two term lists.
 */
export const datasetTables = `
  CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE groups(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
  CREATE TABLE tasks(
    id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, grp INTEGER NOT NULL REFERENCES groups(id),
    examples INTEGER NOT NULL DEFAULT 0, templates INTEGER NOT NULL DEFAULT 0,
    input_characters INTEGER NOT NULL DEFAULT 0, output_characters INTEGER NOT NULL DEFAULT 0
  );
  CREATE TABLE templates(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
  CREATE TABLE examples(
    id INTEGER PRIMARY KEY, task INTEGER NOT NULL, template INTEGER NOT NULL,
    source_id TEXT NOT NULL, outputs TEXT NOT NULL, choices TEXT, input TEXT NOT NULL
  );
  CREATE TABLE template_choices(
    task INTEGER NOT NULL, template INTEGER NOT NULL, choices TEXT NOT NULL, PRIMARY KEY (task, template)
  ) WITHOUT ROWID;
  CREATE TABLE source_items(id INTEGER PRIMARY KEY, item INTEGER NOT NULL);
  CREATE TABLE duplicates(id INTEGER PRIMARY KEY, of INTEGER NOT NULL);
  CREATE TABLE lengths(
    task INTEGER NOT NULL, field TEXT NOT NULL, bucket INTEGER NOT NULL, count INTEGER NOT NULL,
    PRIMARY KEY (task, field, bucket)
  ) WITHOUT ROWID;
  CREATE TABLE labels(name TEXT PRIMARY KEY, data BLOB NOT NULL) WITHOUT ROWID;
  CREATE TABLE rejected(
    id INTEGER PRIMARY KEY, file TEXT NOT NULL, line INTEGER NOT NULL, field TEXT NOT NULL, expected TEXT NOT NULL,
    text TEXT NOT NULL
  );
  CREATE VIRTUAL TABLE examples_fts USING fts5(input, outputs, label, content='', tokenize='unicode61');
  INSERT INTO examples_fts(examples_fts, rank) VALUES('rank', 'bm25(1.0, 1.0, 0.0)');
`

export interface ExampleRow {
  id: number
  task: number
  template: number
  source_id: string
  outputs: string
  choices: string | null
  input: string
  item: number
}
