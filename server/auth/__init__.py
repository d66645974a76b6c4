"""Who someone is: passkeys, device keys, sessions, and the acts that people sign."""

from server.auth.kinds import KINDS, of_writer
from server.auth.parts import Parts
from server.auth.routes import blueprint

__all__ = ["KINDS", "Parts", "blueprint", "of_writer"]
