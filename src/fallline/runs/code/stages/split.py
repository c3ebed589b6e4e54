"""How rows are set apart, as source in NumPy: the same draws from the same streams as the run's."""

from __future__ import annotations

from fallline.runs.code.layout import source
from fallline.runs.spec.capstone import CapstoneSpec

STREAM = '''\
def stream(*name):
    """Returns the random stream that belongs to a name under the seed."""
    parts = [str(SEED), *(f"{type(part).__name__}:{part}" for part in name)]
    words = np.frombuffer(hashlib.sha256("\\x1f".join(parts).encode()).digest(), "<u4")
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(words.tolist())))'''

STRATIFIED = '''\
def stratified(y, share, rng):
    """Returns which rows are drawn: a share of each class, largest remainders up."""
    count = int(np.floor(len(y) * share + 0.5))
    exact = np.bincount(y) * (count / len(y))
    quota = np.floor(exact).astype(int)
    quota[np.argsort(quota - exact, kind="stable")[: count - quota.sum()]] += 1
    drawn = np.zeros(len(y), dtype=bool)
    for label, size in enumerate(quota):
        drawn[rng.permutation(np.flatnonzero(y == label))[:size]] = True
    return drawn'''

SPLITS = {
    "stratified": 'drawn = stratified(y, {share}, stream("frame", "split"))',
    "holdout": """\
drawn = np.zeros(len(y), dtype=bool)
count = int(np.floor(len(y) * {share} + 0.5))
drawn[stream("frame", "split").permutation(len(y))[:count]] = True""",
    "grouped": """\
groups, sizes = np.unique(table[{column}], return_inverse=True, return_counts=True)[1:]
goal, taken, chosen = int(np.floor(len(y) * {share} + 0.5)), 0, []
for group in stream("frame", "split").permutation(len(sizes)):
    nearer = abs(goal - taken - sizes[group]) < abs(goal - taken)
    if nearer and len(chosen) < len(sizes) - 1:
        chosen.append(group)
        taken += sizes[group]
drawn = np.isin(groups, chosen or [sizes.argmin()])""",
    "time": """\
moments = table[{column}].to_numpy()
ordered = np.sort(moments)
changes = np.flatnonzero(ordered[1:] != ordered[:-1]) + 1
goal = len(y) - int(np.floor(len(y) * {share} + 0.5))
drawn = moments >= ordered[changes[np.argmin(np.abs(changes - goal))]]""",
}
"""Kind → lines that make ``drawn``, the rows for the test."""

FOLDS = {
    "stratified": """\
order = stream("frame", "folds").permutation(len(train))
order = order[np.argsort(y[train][order], kind="stable")]
fold = np.empty(len(train), dtype=int)
fold[order] = np.arange(len(train)) % {k}""",
    "holdout": """\
fold = np.empty(len(train), dtype=int)
fold[stream("frame", "folds").permutation(len(train))] = np.arange(len(train)) % {k}""",
    "grouped": """\
groups, sizes = np.unique(groups[train], return_inverse=True, return_counts=True)[1:]
order = stream("frame", "folds").permutation(len(sizes))
home, load = np.empty(len(sizes), dtype=int), np.zeros({k}, dtype=int)
for group in order[np.argsort(-sizes[order], kind="stable")]:
    home[group] = load.argmin()
    load[home[group]] += sizes[group]
fold = home[groups]""",
    "time": """\
ordered = np.sort(moments[train])
changes = np.flatnonzero(ordered[1:] != ordered[:-1]) + 1
cuts = []
for number in range(1, {k} + 1):
    free = changes[changes > max(cuts, default=0)]
    free = free[: len(free) - ({k} - number)]
    cuts.append(free[np.argmin(np.abs(free - len(train) * number / ({k} + 1)))])
order = np.argsort(moments[train], kind="stable")
ends = [*cuts[1:], len(train)]
folds = [
    (train[np.sort(order[:cut])], train[np.sort(order[cut:end])])
    for cut, end in zip(cuts, ends, strict=True)
]""",
}
"""Kind → lines that make ``fold``, the fold of every training row, or ``folds`` outright."""

PAIRS = "folds = [(train[fold != k], train[fold == k]) for k in range({k})]"


def split_lines(spec: CapstoneSpec) -> list[str]:
    """Returns the lines that make ``train``, ``test`` and ``folds``, all of row numbers."""
    split, k = spec.frame.split, spec.train.folds
    text = SPLITS[split.kind].format(share=split.test, column=source(split.column or ""))
    lines = [*text.splitlines(), "train, test = np.flatnonzero(~drawn), np.flatnonzero(drawn)"]
    lines += FOLDS[split.kind].format(k=k).splitlines()
    return lines if split.kind == "time" else [*lines, PAIRS.format(k=k)]
