"""Frames, held against wsproto as an oracle."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wsproto import ConnectionType
from wsproto.connection import Connection
from wsproto.events import CloseConnection, Message, Ping, Pong, TextMessage

from server.live import frames
from server.live.frames import Frame, Unreadable


def client() -> Connection:
    return Connection(ConnectionType.CLIENT)


@given(st.lists(st.text(max_size=300), max_size=5), st.integers(1, 7))
def test_what_a_client_sends_is_read_however_it_arrives(texts: list[str], step: int) -> None:
    sender = client()
    data = b"".join(sender.send(Message(data=text)) for text in texts) + sender.send(Ping(payload=b"?"))
    data += sender.send(Pong(payload=b"!")) + sender.send(CloseConnection(code=1001, reason="bye"))
    found: list[Frame] = []
    rest = b""
    for start in range(0, len(data), step):
        some, rest = frames.decode(rest + data[start : start + step])
        found += some
    expected = [Frame(frames.TEXT, text.encode()) for text in texts]
    expected += [Frame(frames.PING, b"?"), Frame(frames.PONG, b"!"), Frame(frames.CLOSE, b"\x03\xe9bye")]
    assert (found, rest) == (expected, b"")


@given(st.text(max_size=2000))
def test_a_client_reads_what_is_sent(text: str) -> None:
    reader = client()
    reader.receive_data(
        frames.encode(frames.TEXT, text.encode()) + frames.encode(frames.PING) + frames.closing(1012, "x")
    )
    said, ping, close = reader.events()
    assert isinstance(said, TextMessage)
    assert said.data == text
    assert isinstance(ping, Ping)
    assert isinstance(close, CloseConnection)
    assert (close.code, close.reason) == (1012, "x")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\x81\x00", 1002),  # not masked
        (b"\xc1\x80", 1002),  # an extension's bit
        (b"\x83\x80", 1002),  # no such opcode
        (b"\x89\xfe", 1002),  # a long control frame
        (b"\x09\x80", 1002),  # a control frame in parts
        (b"\x81\xff", 1009),
        (b"\x81\xfe\x04\x01", 1009),
    ],
)
def test_what_no_client_may_send_is_refused_by_its_first_bytes(data: bytes, code: int) -> None:
    with pytest.raises(Unreadable) as caught:
        frames.decode(data)
    assert caught.value.code == code


@given(st.binary(max_size=5000))
def test_whatever_comes_costs_bounded_memory(data: bytes) -> None:
    try:
        _, rest = frames.decode(data)
    except Unreadable:
        return
    assert len(rest) < 1100
