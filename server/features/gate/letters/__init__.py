"""The letters of an invitation: what they say. Who makes them loads `letter`; who only queues them needs not."""

from server.features.gate.letters.address import address
from server.features.gate.letters.content import Content, Language, Words

__all__ = ["Content", "Language", "Words", "address"]
