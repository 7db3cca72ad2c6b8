"""What a client wants of a ticket, read from the vendor's `ticket` object and checked for its form.

In:  the members of the object. Out: a `Wish`. `Invalid` carries what is wrong with it as the vendor tells of it: by field, in sentences.
Must not look at the ticket or at people: whether a wish can be fulfilled is for `changes` to say.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html import unescape

from dashboard.emulator.helpdesk.tickets import PRIORITIES, STATUSES, TYPES

Flaw = dict[str, object]
MOST_TAGS = 1000
_READ = frozenset({
    "assignee_email", "assignee_id", "collaborator_ids", "comment", "custom_fields", "description", "due_at", "email_cc_ids", "email_ccs",
    "external_id", "follower_ids", "followers", "group_id", "organization_id", "priority", "problem_id", "raw_subject", "requester",
    "requester_id", "safe_update", "status", "subject", "submitter_id", "tags", "type", "updated_stamp",
})  # fmt: skip
# Members that the vendor takes and that change nothing here: what they need (brands, macros, forms) this account does not have.
_PASSED_OVER = frozenset({
    "attribute_value_ids", "brand_id", "custom_status_id", "macro_id", "macro_ids", "metadata", "recipient", "ticket_form_id", "via_id",
    "voice_comment",
})  # fmt: skip
_OF_NEW = frozenset({"collaborators", "via_followup_source_id"})
OF_MANY = frozenset({"additional_tags", "remove_tags"})
_TAGS_APART = re.compile(r"[\s,]+")
_MARKUP = re.compile(r"<[^>]*>")


class Invalid(Exception):
    """The vendor would refuse this: `details` by field, each a list of objects with a `description`."""

    def __init__(self, details: dict[str, list[Flaw]]) -> None:
        super().__init__(", ".join(details))
        self.details = details

    @property
    def sentence(self) -> str:
        """All of it in one line, as a job tells why an item failed."""
        return ", ".join(str(flaw["description"]) for flaws in self.details.values() for flaw in flaws)


@dataclass(frozen=True, slots=True)
class Said:
    """A comment to be written. `author_id` None: whoever asks."""

    body: str
    is_public: bool = True
    author_id: int | None = None


@dataclass(frozen=True, slots=True)
class Copied:
    """Somebody to be put onto a ticket's copies, or to be taken off; one of the two ways to name them is given."""

    user_id: int | None
    email: str | None
    takes_off: bool = False


@dataclass(frozen=True, slots=True)
class Wish:
    """`given` names the members that were sent: of those that were not, the values here mean nothing.

    `stamp_ms`: the ticket must not have changed since; None: whatever has happened. `unpermitted`: members that the vendor does not know.
    """

    given: frozenset[str] = frozenset()
    status: str = ""
    priority: str | None = None
    type: str | None = None
    subject: str = ""
    external_id: str | None = None
    assignee_id: int | None = None
    assignee_email: str | None = None
    group_id: int | None = None
    problem_id: int | None = None
    requester_id: int | None = None
    requester: tuple[str, str] | None = None
    submitter_id: int | None = None
    organization_id: int | None = None
    due_ms: int | None = None
    tags: tuple[str, ...] = ()
    additional_tags: tuple[str, ...] = ()
    remove_tags: tuple[str, ...] = ()
    custom_fields: tuple[dict[str, object], ...] = ()
    collaborator_ids: tuple[int, ...] = ()
    collaborators: tuple[Copied, ...] = ()
    follower_ids: tuple[int, ...] = ()
    followers: tuple[Copied, ...] = ()
    email_cc_ids: tuple[int, ...] = ()
    email_ccs: tuple[Copied, ...] = ()
    comment: Said | None = None
    followup_source_id: int | None = None
    stamp_ms: int | None = None
    unpermitted: tuple[str, ...] = field(default=())


def read(members: Mapping[str, object], *, is_new: bool = False, is_bulk: bool = False) -> Wish:
    """The wish in a `ticket` object. `is_new`: of a ticket to be made; `is_bulk`: the same change of many. `Invalid` with all flaws."""
    known = _READ | (_OF_NEW if is_new else frozenset()) | (OF_MANY if is_bulk else frozenset())
    reader = _Reader({name: value for name, value in members.items() if name in known})
    given = reader.given
    comment = reader.comment()
    if is_new and comment is None and isinstance(text := given.get("description"), str) and text.strip():
        comment = Said(text)  # the old way to give the first comment, which still works
    found = Wish(
        given=frozenset(given) | ({"subject"} if "raw_subject" in given else set()),
        status=reader.word("status", STATUSES) or "",
        priority=reader.word("priority", PRIORITIES, may_be_none=True),
        type=reader.word("type", TYPES, may_be_none=True),
        subject=reader.text("subject") or reader.text("raw_subject") or "",
        external_id=reader.text("external_id"),
        assignee_id=reader.identity("assignee_id"),
        assignee_email=reader.text("assignee_email"),
        group_id=reader.identity("group_id"),
        problem_id=reader.identity("problem_id"),
        requester_id=reader.identity("requester_id"),
        requester=reader.person("requester"),
        submitter_id=reader.identity("submitter_id"),
        organization_id=reader.identity("organization_id"),
        due_ms=reader.moment("due_at"),
        tags=reader.tags("tags"),
        additional_tags=reader.tags("additional_tags"),
        remove_tags=reader.tags("remove_tags"),
        custom_fields=reader.custom_fields(),
        collaborator_ids=reader.identities("collaborator_ids"),
        collaborators=reader.copied("collaborators"),
        follower_ids=reader.identities("follower_ids"),
        followers=reader.copied("followers"),
        email_cc_ids=reader.identities("email_cc_ids"),
        email_ccs=reader.copied("email_ccs"),
        comment=comment,
        followup_source_id=reader.identity("via_followup_source_id"),
        # Only the two together protect; one without the other is passed over, as the vendor does.
        stamp_ms=reader.moment("updated_stamp") if given.get("safe_update") in (True, "true") else None,
        unpermitted=tuple(f"ticket.{name}" for name in members if name not in known | _PASSED_OVER),
    )
    if reader.flaws:
        raise Invalid(reader.flaws)
    return found


class _Reader:
    """The members one by one; what is wrong with any of them is gathered in `flaws`."""

    def __init__(self, given: Mapping[str, object]) -> None:
        self.given = given
        self.flaws: dict[str, list[Flaw]] = {}

    def _flawed(self, name: str, sentence: str, error: str = "InvalidValue") -> None:
        key = name.removesuffix("_id")
        self.flaws.setdefault(key, []).append({"description": f"{_title(key)}: {sentence}", "error": error})

    def word(self, name: str, known: tuple[str, ...], *, may_be_none: bool = False) -> str | None:
        value = self.given.get(name)
        if name not in self.given or (may_be_none and (value is None or value == "")):
            return None
        if isinstance(value, str) and value in known:
            return value
        self._flawed(name, f"is invalid. It must be one of {', '.join(known)}")
        return None

    def text(self, name: str) -> str | None:
        value = self.given.get(name)
        if value is None or isinstance(value, str):
            return value
        if isinstance(value, int | float) and not isinstance(value, bool):
            return str(value)
        self._flawed(name, "is invalid")
        return None

    def identity(self, name: str) -> int | None:
        value = self.given.get(name)
        found = _id(value)
        if found is None and value is not None and value != "":
            self._flawed(name, "is invalid")
        return found

    def identities(self, name: str) -> tuple[int, ...]:
        value = self.given.get(name)
        found = [_id(each) for each in value] if isinstance(value, list) else []
        if name in self.given and value is not None and (not isinstance(value, list) or None in found):
            self._flawed(name, "is invalid")
        return tuple(dict.fromkeys(each for each in found if each is not None))

    def moment(self, name: str) -> int | None:
        value = self.given.get(name)
        if value is None or value == "":
            return None
        try:
            at = datetime.fromisoformat(value if isinstance(value, str) else "")
            return int((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp()) * 1000
        except (ValueError, OverflowError):
            self._flawed(name, "is not a valid time")
            return None

    def tags(self, name: str) -> tuple[str, ...]:
        value = self.given.get(name)
        words = _TAGS_APART.split(value) if isinstance(value, str) else value if isinstance(value, list) else []
        if value is not None and not isinstance(value, str | list):
            self._flawed(name, "is invalid")
        found = ("_".join(str(word).split()).lower() for word in words if isinstance(word, str | int))
        return tuple(dict.fromkeys(tag for tag in found if tag))[:MOST_TAGS]

    def person(self, name: str) -> tuple[str, str] | None:
        """Name and address of somebody who need not be known yet."""
        value = self.given.get(name)
        if value is None:
            return None
        email = value.get("email") if isinstance(value, dict) else None
        called = value.get("name") if isinstance(value, dict) else None
        if not isinstance(email, str) or "@" not in email:
            self._flawed(name, "Email: cannot be blank", "BlankValue")
        elif called is not None and (not isinstance(called, str) or not called.strip()):
            self._flawed(name, "Name: is too short (minimum is 1 character)", "ValueTooShort")
        else:
            return (called or email.partition("@")[0], email.lower())
        return None

    def copied(self, name: str) -> tuple[Copied, ...]:
        value = self.given.get(name)
        found = []
        for each in value if isinstance(value, list) else []:
            one = each if isinstance(each, dict) else {"user_id": each} if _id(each) is not None else {"user_email": each}
            email = one.get("user_email", one.get("email"))
            found.append(Copied(_id(one.get("user_id")), email if isinstance(email, str) else None, one.get("action") == "delete"))
        if name in self.given and (not isinstance(value, list) or any(one.user_id is None and one.email is None for one in found)):
            self._flawed(name, "is invalid")
        return tuple(found)

    def custom_fields(self) -> tuple[dict[str, object], ...]:
        value = self.given.get("custom_fields")
        if isinstance(value, dict):  # the older form, by id
            value = [{"id": name, "value": each} for name, each in value.items()]
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(each, dict) and _id(each.get("id")) is not None for each in value):
            self._flawed("custom_fields", "is invalid")
            return ()
        return tuple({"id": _id(each["id"]), "value": each.get("value")} for each in value)

    def comment(self) -> Said | None:
        value = self.given.get("comment")
        if value is None:
            return None
        value = {"body": value} if isinstance(value, str) else value
        if not isinstance(value, dict):
            self._flawed("comment", "is invalid")
            return None
        html, body, public = value.get("html_body"), value.get("body"), value.get("public", True)
        text = unescape(_MARKUP.sub("", html)) if isinstance(html, str) and html.strip() else body
        if not isinstance(text, str) or not text.strip():
            self.flaws.setdefault("base", []).append(blank_description())
            return None
        return Said(text, public not in (False, "false"), _id(value.get("author_id")))


def blank_description() -> Flaw:
    """What the vendor says where a comment is missing."""
    flaw: Flaw = {"description": "Description: cannot be blank", "error": "BlankValue"}
    return flaw | {"ticket_field_id": 6130830342682, "ticket_field_type": "FieldDescription"}


def _title(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _id(value: object) -> int | None:
    """A number of the vendor's, also as text; None for anything else."""
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,19}", value, re.ASCII):
        value = int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**63 else None
