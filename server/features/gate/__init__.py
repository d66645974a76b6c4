"""The gate: meetings, invitations, and check-ins at the entrances of an office."""

from server.features.gate.kinds import kinds
from server.features.gate.places import publish, publish_demo
from server.features.gate.routes import blueprint

__all__ = ["blueprint", "kinds", "publish", "publish_demo"]
