"""Letters that leave the house: the queue of `mail` records, and the one mailer that empties it."""

from server.mailing.kinds import MAIL, queue

__all__ = ["MAIL", "queue"]
