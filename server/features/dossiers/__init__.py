"""Dossiers: what an office does with a submission (it acknowledges), and the evidence that can be taken out."""

from server.features.dossiers.acknowledgement import kinds
from server.features.dossiers.routes import blueprint

__all__ = ["blueprint", "kinds"]
