"""Forms: the catalogue of procedures, drafts of filled forms, submissions and their receipts."""

from server.features.forms.kinds import kinds
from server.features.forms.publishing import publish_catalogue
from server.features.forms.routes import blueprint
from server.features.forms.submission import summarise

__all__ = ["blueprint", "kinds", "publish_catalogue", "summarise"]
