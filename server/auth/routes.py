"""The addresses under `/auth`: each parses, authorises, decides, stores and answers."""

from __future__ import annotations

import secrets
from typing import Annotated, Any, TypeVar

import structlog
from flask import Blueprint, Response, jsonify, request
from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from server.auth import devices, links, passkeys, people, sessions
from server.auth.links import Link
from server.auth.parts import Parts
from server.auth.passkeys import Ceremony
from server.errors import Problem
from server.kinds import Actor
from server.store import Transaction
from sync.batch import base64url, unbase64url

_log = structlog.get_logger(__name__)
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
Token = Annotated[str, StringConstraints(max_length=100)]
Label = Annotated[str, StringConstraints(max_length=100)]


class _Body(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _RegisterOptions(_Body):
    name: Name
    link: Token | None = None


class _Answer(_Body):
    ceremony: Token
    credential: dict[str, Any]
    label: Label = ""


class _SignIn(_Answer):
    registration: Annotated[str, StringConstraints(max_length=8192)] | None = None


class _Device(_Body):
    document: Annotated[str, StringConstraints(max_length=4000)]
    assertion: dict[str, Any]
    jwk: dict[str, Any]
    label: Label


class _Reason(_Body):
    reason: Annotated[str, StringConstraints(max_length=500)] = ""


class _Nothing(_Body):
    pass


B = TypeVar("B", bound=_Body)


def blueprint(parts: Parts) -> Blueprint:
    """Return the routes of accounts: passkeys, devices, links and sessions."""
    routes = Blueprint("auth", __name__, url_prefix="/auth")
    _ceremonies(routes, parts)
    _devices(routes, parts)
    _links(routes, parts)

    @routes.get("/me")
    @sessions.public
    def me() -> Response:
        actor = sessions.actor_or_none(parts)
        with parts.store.read() as look:
            person = None if actor is None else people.describe(actor, look)
        server = {"rp": parts.config.rp, "origins": list(parts.config.origins), "root": parts.issuers.root()}
        return _fresh({"person": person, "server": server})

    @routes.post("/signout")
    @sessions.public
    def sign_out() -> Response:
        response = Response(status=204)
        sessions.end(response, parts=parts)
        return response

    return routes


def _ceremonies(routes: Blueprint, parts: Parts) -> None:
    @routes.post("/register/options")
    @sessions.public
    def register_options() -> Response:
        body = _body(_RegisterOptions)
        link = None if body.link is None else links.look_up(parts, body.link)
        challenge = secrets.token_bytes(32)
        with parts.store.read() as look:
            person, name, known = people.to_register(link, body.name, look, now=parts.now())
        ceremony = Ceremony(
            purpose="register", challenge=base64url(challenge), person=person, name=name, link=body.link
        )
        options = passkeys.registration_options(parts, person=person, name=name, known=known, challenge=challenge)
        return _fresh({"ceremony": passkeys.begin(parts, ceremony), "options": options})

    @routes.post("/register")
    @sessions.public
    def register() -> Response:
        body = _body(_Answer)
        response = Response(content_type="application/json")

        ceremony = passkeys.finish(parts, body.ceremony, purpose="register")
        made = passkeys.verify_registration(parts, body.credential, challenge=unbase64url(ceremony.challenge))

        def job(transaction: Transaction) -> Actor:
            link = None if ceremony.link is None else links.use(transaction, ceremony.link, now=parts.now())
            actor = people.register(parts, ceremony, link, made, label=body.label, transaction=transaction)
            sessions.start(response, actor, parts=parts, transaction=transaction)
            return actor

        return _welcome(parts, response, parts.store.write(job), "registered")

    @routes.post("/signin/options")
    @sessions.public
    def sign_in_options() -> Response:
        _body(_Nothing)
        challenge = secrets.token_bytes(32)
        ceremony = passkeys.begin(parts, Ceremony(purpose="signin", challenge=base64url(challenge)))
        return _fresh({"ceremony": ceremony, "options": passkeys.sign_in_options(parts, challenge=challenge)})

    @routes.post("/signin")
    @sessions.public
    def sign_in() -> Response:
        body = _body(_SignIn)
        response = Response(content_type="application/json")

        ceremony = passkeys.finish(parts, body.ceremony, purpose="signin")
        with parts.store.read() as look:
            challenge = unbase64url(ceremony.challenge)
            who = people.sign_in(parts, body.credential, body.registration, challenge=challenge, look=look)

        def job(transaction: Transaction) -> Actor:
            actor = people.welcome(parts, who, transaction)
            sessions.start(response, actor, parts=parts, transaction=transaction)
            return actor

        event = "signed_in" if who.back is None else "came_back"
        return _welcome(parts, response, parts.store.write(job, ahead=who.ahead), event)


def _devices(routes: Blueprint, parts: Parts) -> None:
    @routes.post("/devices")
    @sessions.signed_in(parts)
    def enrol() -> Response:
        body, actor = _body(_Device), sessions.actor(parts)
        session = request.cookies[sessions.COOKIE]

        def job(transaction: Transaction) -> str:
            id = devices.enrol(parts, actor, body.model_dump(), transaction)
            sessions.bind(session, actor, device=id, parts=parts, transaction=transaction)
            return id

        id = parts.store.write(job)
        _log.info("device_enrolled", person=actor.person, device=id)
        return _fresh({"device": id})

    @routes.post("/devices/<id>/revoke")
    @sessions.signed_in(parts)
    def revoke(id: str) -> Response:
        reason, actor = _body(_Reason).reason, sessions.actor(parts)
        session = request.cookies[sessions.COOKIE]
        parts.store.write(lambda t: devices.revoke(parts, actor, id, reason=reason, session=session, transaction=t))
        _log.info("device_revoked", by=actor.person, device=id)
        return Response(status=204)


def _links(routes: Blueprint, parts: Parts) -> None:
    @routes.get("/links/<token>")
    @sessions.public
    def look_up(token: str) -> Response:
        return _fresh(links.look_up(parts, token).model_dump(exclude={"person"}, exclude_none=True))

    @routes.post("/links")
    @sessions.signed_in(parts)
    def create() -> Response:
        _body(_Nothing)
        actor = sessions.actor(parts)
        with parts.store.read() as look:
            name = people.describe(actor, look)["name"]
        link = Link(role=actor.role, unit=actor.unit, name=str(name), person=actor.person)
        return _fresh({"url": links.create(parts, link, lasts=links.OWN_PHONE)})


def _body(model: type[B]) -> B:
    try:
        return model.model_validate_json(request.get_data(cache=False))
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        raise Problem("bad_request", f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from error


def _welcome(parts: Parts, response: Response, actor: Actor, event: str) -> Response:
    _log.info(event, person=actor.person, role=actor.role)
    with parts.store.read() as look:
        response.set_data(jsonify({"person": people.describe(actor, look)}).get_data())
    response.headers["Cache-Control"] = "no-store"
    return response


def _fresh(value: dict[str, Any]) -> Response:
    response = jsonify(value)
    response.headers["Cache-Control"] = "no-store"
    return response
