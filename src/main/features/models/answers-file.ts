import type { AnswersFormat, GivenAnswer } from '../../contract/tuned-models.ts'
import type { SavedFile } from '../../contract/saved-file.ts'
import { csvText } from '../../evaluation/report/csv.ts'
import { workbook, workbookType } from '../../files/workbook.ts'

const header = ['id', 'question', 'answer', 'certainty']

/** Answers as a file of the asked form; `name` without an ending. */
export async function answersFile(
  answers: readonly GivenAnswer[],
  format: AnswersFormat,
  name: string
): Promise<SavedFile> {
  const rows = answers.map(({ id, question, answer, certainty }) => [id, question, answer, certainty])
  const fileName = `${name}.${format}`
  if (format === 'xlsx') {
    const bytes = await workbook([{ name: 'answers', rows: [header, ...rows] }])
    return { fileName, mediaType: workbookType, text: bytes.toString('base64'), encoding: 'base64' }
  }
  if (format === 'csv') {
    const text = csvText([header, ...rows.map((row) => row.map((value) => value ?? ''))])
    return { fileName, mediaType: 'text/csv', text, encoding: 'text' }
  }
  const text = answers.map((one) => `${JSON.stringify(one)}\n`).join('')
  return { fileName, mediaType: 'application/jsonl', text, encoding: 'text' }
}
