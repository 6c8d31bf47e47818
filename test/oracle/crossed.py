"""Twenty balanced tables of items x query sets, fitted by statsmodels' MixedLM with crossed random effects (REML).

pip install statsmodels==0.15.0; python test/oracle/crossed.py > test/oracle/golden/crossed.json
Sets on which the fit does not converge are drawn anew: its standard error means nothing there.
"""

import json
import warnings

import numpy as np
import pandas as pd
import statsmodels.formula.api as smf

warnings.filterwarnings("ignore")
random = np.random.default_rng(16)
found = []
while len(found) < 20:
    items, rounds = int(random.choice([15, 25, 40])), int(random.choice([8, 12, 16]))
    mean, of_rounds = random.normal(0, 5), random.choice([3, 6, 9])
    of_items, residual = random.choice([8, 15]), random.choice([10, 20])
    table = np.round(
        mean
        + random.normal(0, of_items, items)[:, None]
        + random.normal(0, of_rounds, rounds)[None, :]
        + random.normal(0, residual, (items, rounds)),
        2,
    )
    rows = pd.DataFrame(
        {
            "y": table.ravel(),
            "item": np.repeat(np.arange(items), rounds),
            "round": np.tile(np.arange(rounds), items),
            "all": 1,
        }
    )
    parts = {"item": "0 + C(item)", "round": "0 + C(round)"}
    fit = smf.mixedlm("y ~ 1", rows, groups="all", vc_formula=parts).fit(reml=True)
    if not fit.converged or not np.isfinite(fit.bse_fe.iloc[0]):
        continue
    found.append(
        {
            "differences": table.tolist(),
            "estimate": round(float(fit.fe_params.iloc[0]), 6),
            "standardError": round(float(fit.bse_fe.iloc[0]), 6),
        }
    )
print(json.dumps(found))
