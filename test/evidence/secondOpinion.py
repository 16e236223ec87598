"""Claims of RQ1 to RQ3 computed again from a packed set, from the description in lib/evidence/README.md alone.
secondOpinion.py FOLDER exits with 1 where differences are not equal to 1e-9, intervals to .002, or verdicts with p beyond .045 to .055.
"""
import sys
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.stats import t as student

LEVEL, MARGIN, BEST = 0.05, 0.01, ', best setting'
UNTRAINED = {'Acc': 'LabelCS', 'HR@5': 'Popularity', 'MRR@5': 'Popularity'}
TRUNKS = {'rq1-claims': 'causal', 'rq1-best': 'causal', 'rq2-claims': 'non-causal',
          'rq3-claims': 'causal', 'rq3-simple': 'causal', 'rq3-best': 'causal'}


def values(rows, metric):
    """What each test instance adds to the metric."""
    if metric == 'Acc':
        return rows.correct.astype(float)
    hit = (rows['rank'] <= 5).astype(float)
    return hit if metric == 'HR@5' else hit / rows['rank']


def variation(rows, first, second, metric):
    """The mean difference of two methods, and what it varies by: users, and the means of seeds."""
    of = lambda method: rows[rows.method == method].set_index(['seed', 'user', 'instance']).sort_index()
    a, b = of(first), of(second)
    assert a.index.equals(b.index) and len(a) > 0, f'{first} and {second} have other instances'
    table = (values(a, metric) - values(b, metric)).groupby(level=['seed', 'user']).agg(['sum', 'count'])
    sums = table.groupby(level='seed').sum()
    means, weights = sums['sum'] / sums['count'], sums['count'] / sums['count'].sum()
    seed = table.index.get_level_values('seed')
    moves = (table['sum'] - means[seed].to_numpy() * table['count']) / sums['count'][seed].to_numpy()
    moves = moves.unstack('seed').fillna(0)
    n, several, scale = len(moves), len(means) > 1, len(moves) / max(1, len(moves) - 1)
    apart = lambda bound: int((table['sum'] != bound * table['count']).groupby(level='user').any().sum())
    return {'difference': float((weights * means).sum()), 'users': float(scale * (moves @ weights).pow(2).sum()),
            'n': n, 'seeds': len(means), 'share': float((weights ** 2).sum()), 'apart': apart,
            'between': float(means.var()) if several else 0.0,
            'explained': float(scale * moves.var(axis=1).sum()) if several else 0.0}


def estimate(found, pooled):
    """Half of the interval's width, and the one-sided p above a bound (sign 1) or below it (sign -1)."""
    own = max(0.0, found['between'] - found['explained'])
    trainings, freedom_of = pooled if own < pooled[0] else (own, max(1, found['seeds'] - 1))
    seen = trainings + found['explained'] if own < pooled[0] else found['between']
    variance = found['users'] + found['share'] * trainings
    unsure = found['users'] ** 2 / max(1, found['n'] - 1) + (found['share'] * seen) ** 2 / freedom_of
    freedom = min(1e6, variance ** 2 / unsure) if unsure > 0 else 1e6
    error = np.sqrt(variance)
    def p(bound, sign):
        distance = sign * (found['difference'] - bound)
        tail = student.sf(distance / error if error > 0 else np.sign(distance) * np.inf if distance else 0, freedom)
        alike = (1 - MARGIN) ** found['n'] if sign * bound < 0 else 0
        return max(tail, 2.0 ** -found['apart'](bound), alike)
    return error * student.ppf(0.975, freedom), p


def holm(p):
    order = np.argsort(p, kind='stable')
    adjusted = np.maximum.accumulate([min(1, (len(p) - i) * p[place]) for i, place in enumerate(order)])
    return pd.Series(adjusted, index=order).sort_index().to_numpy()


def tested(one, other, pooled):
    """Interval, p, whether it favours the claim, and p that the better side has learnt something."""
    half, p = estimate(one, pooled)
    either = lambda a, b: min(1, 2 * min(a, b))
    if one['alike']:
        within, outside = max(p(-MARGIN, 1), p(MARGIN, -1)), either(p(MARGIN, 1), p(-MARGIN, -1))
        own, favour = min(within, outside), within < outside
    else:
        own, favour = either(p(0, 1), p(0, -1)), one['difference'] > 0
    learnt = min(1, (1 + one['alike']) * estimate(other, pooled)[1](0, 1)) if other else 0
    return one['difference'], one['difference'] - half, one['difference'] + half, own, favour, learnt


def verdicts(rows, table, is_best):
    """The claims of one table, a row each."""
    found = []
    for _, claim in table.iterrows():
        names = claim.Claim.split(' ≈ ' if ' ≈ ' in claim.Claim else ' > ')
        if is_best and all((rows.method == name + BEST).any() for name in names):
            names = [name + BEST for name in names]
        own, simple = rows[rows.task == claim.Task], UNTRAINED[claim.Metric]
        one = variation(own, *names, claim.Metric)
        better = names[0] if one['difference'] > 0 else names[1]
        other = None if simple in names else variation(own, better, simple, claim.Metric)
        about = {'sides': {(claim.Task, name) for name in names}, 'metric': claim.Metric, 'alike': ' ≈ ' in claim.Claim}
        found.append(({**one, **about}, other))
    told = []
    for one, other in found:
        family = [each for each, _ in found if each['metric'] == one['metric']]
        trained = len(set().union(*(each['sides'] for each in family)))
        variance = np.mean([each['between'] - each['explained'] for each in family])
        told.append(tested(one, other, (variance, trained / 2 * (min(each['seeds'] for each in family) - 1))))
    told = pd.DataFrame(told, columns=['difference', 'low', 'high', 'own', 'favour', 'learnt'])
    told['p'] = holm(np.maximum(told.own, told.learnt).to_numpy())
    nothing = (told.learnt > told.own) & (holm(told.own.to_numpy()) < LEVEL)
    decided, open_ = np.where(told.favour, 'holds', 'does not hold'), np.where(nothing, 'nothing learnt', 'undecided')
    return told.assign(verdict=np.where(told.p < LEVEL, decided, open_))


def main(folder):
    rows, wrong = pd.concat(map(pd.read_parquet, sorted(folder.glob('outcomes-*')))).query('training == pretraining == 1'), 0
    for file in filter(Path.exists, [folder / 'tables' / f'{name}.csv' for name in TRUNKS]):
        name, table = file.stem, pd.read_csv(file)
        told = verdicts(rows[rows.trunk.isin([TRUNKS[name], 'none'])], table, name.endswith('best'))
        far = [(told[own] - table[f'Difference [95 %]{end}']).abs().max()
               for own, end in [('difference', ''), ('low', ' low'), ('high', ' high')]]
        other = told.verdict != table.Verdict
        wrong += far[0] >= 1e-9 or max(far[1:]) >= 0.002 or (other & ((told.p - LEVEL).abs() > 0.005)).any()
        print(f'{name}: {len(told)} claims, differences {far[0]:.0e}, intervals {max(far[1:]):.0e}, '
              f'p {(told.p - table["p (Holm)"]).abs().max():.0e}, {other.sum()} other verdicts')
    return int(wrong > 0)


sys.exit(main(Path(sys.argv[1])))
