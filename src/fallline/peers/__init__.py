"""The neighbours: one file per outside tool, behind the engine's own protocols, imported when asked for."""

from __future__ import annotations

from fallline.peers.backends import BACKENDS, Backend, trainer

__all__ = ["BACKENDS", "Backend", "trainer"]
