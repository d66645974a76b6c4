"""The invitation as an event of the addressee's calendar (RFC 5545, sent by RFC 5546)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlsplit

from icalendar import Calendar, Event, vCalAddress, vText

from server.features.gate.letters.content import Content
from server.features.gate.letters.words import both, say

METHODS: Final = {"invite": "REQUEST", "update": "REQUEST", "cancel": "CANCEL"}


def event(content: Content, *, sort: str, invitation: str, sender: str, to: str, at: int) -> bytes:
    """Return the calendar file. It has no code: calendars are shown to colleagues and shared with assistants."""
    calendar = Calendar()
    calendar.add("prodid", "-//Mot Cua//Gate//VI")
    calendar.add("version", "2.0")
    calendar.add("method", METHODS[sort])
    entry = Event()
    entry.add("uid", f"{invitation}@{urlsplit(content.origin).hostname}")
    entry.add("sequence", content.version)
    entry.add("dtstamp", _utc(at))
    entry.add("dtstart", _utc(content.starts))
    entry.add("dtend", _utc(content.ends))
    entry.add("summary", content.title)
    entry.add("location", ", ".join(filter(None, (content.place.in_(content.language), content.address, content.room))))
    entry.add("description", _description(content, sort))
    entry.add("status", "CANCELLED" if sort == "cancel" else "CONFIRMED")
    entry.add("organizer", _person(sender, content.unit.in_(content.language)))
    entry.add("attendee", _person(to, content.name, ROLE="REQ-PARTICIPANT", PARTSTAT="NEEDS-ACTION", RSVP="FALSE"))
    calendar.add_component(entry)
    return bytes(calendar.to_ical())


def _description(content: Content, sort: str) -> str:
    key = "lead.cancel" if sort == "cancel" else "lead.invite"
    return "\n\n".join(say(language, key, unit=content.unit.in_(language)) for language in both(content.language))


def _person(address: str, name: str, **parameters: str) -> vCalAddress:
    person = vCalAddress(f"mailto:{address}")
    person.params["CN"] = vText(name)
    for key, value in parameters.items():
        person.params[key] = vText(value)
    return person


def _utc(at: int) -> datetime:
    """Return the time in UTC, which every calendar shows in its owner's zone; no VTIMEZONE can be read wrongly then."""
    return datetime.fromtimestamp(at // 1000, UTC)
