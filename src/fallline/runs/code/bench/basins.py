"""Basins shown as code: all starts in one tensor, so one PyTorch optimizer walks them all at once."""

from __future__ import annotations

from fallline.engine.descent.basins import AT_REST, FAR, NEAR
from fallline.engine.surfaces import SURFACES
from fallline.peers.code_torch import optimizer
from fallline.runs.code.bench.surface import surface_lines
from fallline.runs.code.layout import call, comment, docstring, keywords, script
from fallline.runs.record import Record
from fallline.runs.spec.base import Spec
from fallline.runs.spec.basins import BasinsSpec

GRID = """\
x, y = (torch.linspace(low, high, SIZE) for low, high in DOMAIN)
starts = torch.cartesian_prod(x, y)
w = starts.clone().requires_grad_()"""

LOOP = """\
path = []
for _ in range(STEPS):
    path.append(w.detach().clone())
    optimizer.zero_grad()
    {surface}(w[:, 0], w[:, 1]).sum().backward()
    optimizer.step()
end = w.detach()
late = path[(3 * STEPS) // 4]"""

SORT = """\
low, high = torch.tensor(DOMAIN).T
inside = ((end - (low + high) / 2).abs() <= {far!r} * (high - low) / 2).all(dim=1)
diagonal = (high - low).norm()
moved = torch.maximum((end - late).norm(dim=1), (end - path[-1]).norm(dim=1))
still = inside & (moved <= {rest!r} * diagonal)
for valley in MINIMA:
    here = still & ((end - torch.tensor(valley)).norm(dim=1) <= {near!r} * diagonal)
    print(f"Ends at {{valley}}:", here.double().mean().item())
    still &= ~here
print("Rests elsewhere:", still.double().mean().item())
print("Leaves the map:", (~inside).double().mean().item())"""


def show_basins(spec: Spec, record: Record | None) -> str:
    """Returns the starts and their ends as a script; a Record says nothing that the Spec does not."""
    del record
    assert isinstance(spec, BasinsSpec)  # noqa: S101 - the registry goes by kind
    surface = SURFACES[spec.surface]
    function, names = surface_lines(surface)
    name, arguments = optimizer(spec.optimizer, spec.rate, dict(spec.settings.get(spec.optimizer, {})))
    said = f"{spec.title or surface.title}: {spec.size**2:,} starts sorted by where they end, in PyTorch."
    return script(
        docstring(said),
        [
            *([f"from math import {', '.join(names)}", ""] if names else []),
            "import torch",
            "",
            "torch.set_default_dtype(torch.float64)",
            "",
            f"DOMAIN = {tuple((float(low), float(high)) for low, high in surface.domain)!r}",
            f"SIZE, STEPS = {spec.size}, {spec.steps}",
            *_minima([minimum.at for minimum in surface.minima]),
        ],
        function,
        [
            *comment("Each weight is moved by its own slope alone, so one tensor holds all the descents."),
            *GRID.splitlines(),
            *call(name, ["[w]", *keywords(arguments)], before="optimizer = "),
            *LOOP.format(surface=surface.name).splitlines(),
            "",
            *SORT.format(far=FAR, rest=AT_REST, near=NEAR).splitlines(),
        ],
    )


def _minima(places: list[tuple[float, ...]]) -> list[str]:
    if not places:
        return ["MINIMA = []"]
    return ["MINIMA = [", *(f"    ({float(x)!r}, {float(y)!r})," for x, y in places), "]"]
