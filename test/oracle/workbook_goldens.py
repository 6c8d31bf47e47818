"""Workbooks as openpyxl and XlsxWriter write them, beside what their cells show. Needs openpyxl 3.1 and XlsxWriter 3.2."""
import datetime
import os

import openpyxl
import xlsxwriter

folder = os.path.join(os.path.dirname(__file__), 'golden', 'workbooks')
os.makedirs(folder, exist_ok=True)
rows = [
    ['question', 'answer', 'points', 'asked', 'good'],
    ['Wann wurde Arlen gegründet?', '1200', 0.1 + 0.2, datetime.date(2024, 2, 29), True],
    ['Zwei\nZeilen, "Zitat" & <Tag> 🚀', 'ja', 5, datetime.datetime(1999, 12, 31, 23, 59, 30), False],
    ['  Leerzeichen bleiben ', None, 1234567890123, datetime.date(1900, 3, 1), None],
    [None, None, None, None, None],
    ['=kein Ausdruck', 'x', -1.5e-7, None, True],
]

book = openpyxl.Workbook()
book.active.title = 'Fragen'
for row in rows:
    book.active.append(row)
book.active['A6'].data_type = 's'
book.create_sheet('leer')
book.save(os.path.join(folder, 'openpyxl.xlsx'))

with xlsxwriter.Workbook(os.path.join(folder, 'xlsxwriter.xlsx'), {'default_date_format': 'd mmm yyyy'}) as book:
    notes = book.add_worksheet('Notizen')
    notes.write('A1', 'nur eine Notiz')
    sheet = book.add_worksheet('Fragen & Antworten')
    bold = book.add_format({'bold': True})
    sheet.write_row(0, 0, rows[0])
    sheet.write_rich_string(1, 0, 'Wann wurde ', bold, 'Arlen', ' gegründet?')
    sheet.write_string(1, 1, '1200')
    sheet.write_formula(2, 0, '="Frage " & 2', None, 'Frage 2')
    sheet.write_string(2, 1, 'zwei')
    sheet.write_number(2, 2, 0.1)
    sheet.write_datetime(2, 3, datetime.datetime(2024, 2, 29))
    sheet.write_string(4, 0, 'nach einer Lücke')
    sheet.write_string(4, 1, 'drei')

with xlsxwriter.Workbook(os.path.join(folder, 'stream.xlsx'), {'constant_memory': True, 'date_1904': True}) as book:
    sheet = book.add_worksheet('Q')
    sheet.write_row(0, 0, ['question', 'answer'])
    for n in range(1, 41):
        sheet.write_row(n, 0, [f'Question {n}?', f'answer {n}'])
