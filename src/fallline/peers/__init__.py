"""The neighbours: one file per outside tool, behind the engine's own protocols, imported when asked for."""
