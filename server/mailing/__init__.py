"""Letters that leave the house: the queue of `mail` records, and the one mailer that empties it."""

from server.mailing.kinds import MAIL, queue
from server.mailing.mailer import Mailer, Pace
from server.mailing.transports import Folder, Letter, Smtp

__all__ = ["MAIL", "Folder", "Letter", "Mailer", "Pace", "Smtp", "queue"]
