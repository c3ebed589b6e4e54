"""Where it is computed: on the processor, or on a graphics card where there is one."""

from __future__ import annotations

import torch

from fallline.core.errors import SpecError


def device_of(name: str) -> torch.device:
    """Returns the device that a name means here.

    Args:
        name: ``auto`` takes the graphics card where torch sees one; ``cpu``, ``cuda`` and ``cuda:1`` are torch's names.

    Raises:
        SpecError: torch does not know the name, or sees no such device here.

    >>> device_of("cpu")
    device(type='cpu')
    """
    if name == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    try:
        device = torch.device(name)
    except RuntimeError:
        raise SpecError("device", name, "'auto', 'cpu' or 'cuda'") from None
    seen = torch.cuda.device_count() if torch.cuda.is_available() else 0
    if device.type == "cuda" and (device.index or 0) >= seen:
        raise SpecError("device", name, "a device that torch sees here", "Take 'auto', or install torch with CUDA.")
    return device
