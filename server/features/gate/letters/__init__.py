"""The letters of an invitation: what they say, and how they are made."""

from server.features.gate.letters.content import Content, Language, Words
from server.features.gate.letters.letter import address, letter

__all__ = ["Content", "Language", "Words", "address", "letter"]
