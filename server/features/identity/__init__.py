"""Identity: who a resident is, checked by an officer, and the credentials that say so."""

from server.features.identity.kinds import kinds
from server.features.identity.routes import blueprint

__all__ = ["blueprint", "kinds"]
