"""The letters of an invitation: what they say, and how they are made."""

from server.features.gate.letters.content import Content, Language, Words

__all__ = ["Content", "Language", "Words"]
