"""Tables as Python's csv writes them, in every dialect; what Python does not read back itself is left out."""
import csv
import io
import json
import os
import random

random.seed(20261127)
alphabet = list('ab é夏🚀') + ['"', "'", ',', ';', '\t', '|', '\\', '\n', '\r', '\r\n', ' ', '#', '0', '-1.50', 'NaN', '=1+1', '']
def cell():
    return ''.join(random.choice(alphabet) for _ in range(random.choice([0,1,1,2,3,5,9])))
cases=[]
while len(cases) < 400:
    columns=random.randint(1,5)
    d=dict(delimiter=random.choice([',',';','\t','|']), quotechar=random.choice(['"','"','"',"'"]),
      doublequote=random.choice([True,True,False]), escapechar=random.choice([None,'\\']),
      lineterminator=random.choice(['\n','\r\n','\r']),
      quoting=random.choice([csv.QUOTE_MINIMAL,csv.QUOTE_ALL,csv.QUOTE_NONNUMERIC,csv.QUOTE_NONE]))
    rows=[[cell() for _ in range(columns)] for _ in range(random.randint(1,6))]
    out=io.StringIO()
    try: csv.writer(out, **d).writerows(rows)
    except csv.Error: continue
    # What Python itself does not read back is no oracle.
    back=list(csv.reader(io.StringIO(out.getvalue(), newline=''), **d))
    if back!=rows: continue
    cases.append(dict(delimiter=d['delimiter'], quote='' if d['quoting']==csv.QUOTE_NONE else d['quotechar'], escape=d['escapechar'] or '', rowEnd='cr' if d['lineterminator']=='\r' else 'lf', rows=rows, text=out.getvalue()))
json.dump(cases, open(os.path.join(os.path.dirname(__file__), 'golden', 'python-csv.json'),'w'), ensure_ascii=True, separators=(',',':'))
