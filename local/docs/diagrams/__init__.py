"""Pictures of a recorded program, as SVG that is the same on every machine."""
