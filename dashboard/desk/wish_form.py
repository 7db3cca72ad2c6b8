"""What somebody wants changed, from the fields of a form: one ticket's or many tickets'.

In:  fields as they were posted. Out: a `Wish`, or sentences beside the fields. What it means for the tickets is the plan's to say.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from dashboard.desk.narrowing import vendor_id
from dashboard.desk.people import Choices
from dashboard.desk.plans import MOST_TICKETS, What, Wish
from dashboard.domain.tickets import UNSOLVED, Comment, Priority, Status, TicketChange, TicketType

KEEP = ("", "as it is")
NOBODY = "none"
LONGEST_COMMENT = 60_000
LONGEST_TAGS = 2000
LONGEST_TAG = 100
STATUS_CHOICES = [KEEP, *((each.value, each.value) for each in (*UNSOLVED[1:], Status.SOLVED))]
PRIORITY_CHOICES = [KEEP, *((each.value, each.value) for each in Priority)]
WHO = (("internal", "agents alone"), ("public", "the requester as well"))
DELETING = {"spam": What.SPAM, "delete": What.DELETE, "restore": What.RESTORE, "destroy": What.DESTROY}
ACTS = ("update", "merge", *DELETING)
NO_NUMBER = "Write a ticket's number, such as 1234, or choose one of those found."
NO_INTO = "Write the number of the ticket that stays, such as 1234."
NO_CHOICE = {"invalid_choice": "“%(value)s” is not one of the choices (any more)."}
NOTHING = "Nothing is to be changed: choose something, or write a comment."


class WishForm(forms.Form):
    """What both forms share: which of the wrong fields is read out first."""

    @property
    def first_wrong(self) -> str:
        """The name of the first wrong field; empty: none is, or nothing was sent."""
        return next((name for name in self.fields if name in self.errors), "")


class ChangeForm(WishForm):
    """Fields of a change; what is left empty stays as it is. `wish_of` after `is_valid`."""

    status = forms.ChoiceField(label="Status", choices=STATUS_CHOICES, required=False, error_messages=NO_CHOICE)
    priority = forms.ChoiceField(label="Priority", choices=PRIORITY_CHOICES, required=False, error_messages=NO_CHOICE)
    group = forms.ChoiceField(label="Group", required=False, error_messages=NO_CHOICE)
    assignee = forms.ChoiceField(label="Assignee", required=False, error_messages=NO_CHOICE)
    add_tags = forms.CharField(label="Add tags", required=False, max_length=LONGEST_TAGS)
    remove_tags = forms.CharField(label="Take tags away", required=False, max_length=LONGEST_TAGS)
    problem = forms.CharField(label="Incident of problem", required=False, max_length=20)
    comment = forms.CharField(
        label="Comment", required=False, max_length=LONGEST_COMMENT, widget=forms.Textarea(attrs={"rows": "4", "dir": "auto"})
    )
    who = forms.ChoiceField(label="Who reads it", required=False, choices=WHO, error_messages=NO_CHOICE)

    def __init__(self, data: Any = None, *, groups: Choices, assignees: Choices, **more: Any) -> None:
        super().__init__(data, **more)
        chosen: dict[str, Choices] = {"group": groups, "assignee": assignees}
        for name, choices in chosen.items():
            nobody = [(NOBODY, "nobody")] if name == "assignee" else []
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101 (for the type alone: the fields are above)
            field.choices = [KEEP, *nobody, *((str(number), text) for number, text in choices)]
        for name in ("add_tags", "remove_tags", "problem"):
            self.fields[name].widget.attrs |= {"autocomplete": "off", "dir": "auto"}
        self.fields["problem"].widget.attrs |= {"inputmode": "numeric", "data-problems": ""}

    def clean_problem(self) -> int | str | None:
        """The number of a problem, "none" to take the link away, or None."""
        text = str(self.cleaned_data["problem"]).strip()
        if not text or text.lower() == NOBODY:
            return NOBODY if text else None
        number = vendor_id(text)
        if number is None:
            raise ValidationError(NO_NUMBER)
        return number

    def clean_add_tags(self) -> tuple[str, ...]:
        return tags_of(str(self.cleaned_data["add_tags"]))

    def clean_remove_tags(self) -> tuple[str, ...]:
        return tags_of(str(self.cleaned_data["remove_tags"]))

    def wish_of(self, ids: tuple[int, ...]) -> Wish:
        """The wish for these tickets. ValidationError: nothing is wished for."""
        found = self.cleaned_data
        problem, assignee = found["problem"], found["assignee"]
        unset = {name for name, value in (("assignee_id", assignee), ("problem_id", problem)) if value == NOBODY}
        change = TicketChange(
            status=Status(found["status"]) if found["status"] else None,
            priority=Priority(found["priority"]) if found["priority"] else None,
            # Zendesk links incidents alone to a problem.
            type=TicketType.INCIDENT if isinstance(problem, int) else None,
            group_id=int(found["group"]) if found["group"] else None,
            assignee_id=int(assignee) if assignee and assignee != NOBODY else None,
            problem_id=problem if isinstance(problem, int) else None,
            additional_tags=found["add_tags"] or None,
            remove_tags=found["remove_tags"] or None,
            comment=_comment(found["comment"], found["who"]),
            unset=frozenset(unset),
        )
        if change.is_empty:
            raise ValidationError(NOTHING)
        return Wish(_what(change, len(ids)), ids, change)


class MergeForm(WishForm):
    """One or more tickets closed into another."""

    into = forms.CharField(label="Into ticket", error_messages={"required": NO_INTO})
    into_comment = forms.CharField(label="Comment for the one that stays", required=False, max_length=LONGEST_COMMENT)
    into_who = forms.ChoiceField(label="Who reads it there", required=False, choices=WHO, error_messages=NO_CHOICE)
    from_comment = forms.CharField(label="Comment for the ones that close", required=False, max_length=LONGEST_COMMENT)
    from_who = forms.ChoiceField(label="Who reads it in those", required=False, choices=WHO, error_messages=NO_CHOICE)

    def __init__(self, data: Any = None, **more: Any) -> None:
        super().__init__(data, **more)
        self.fields["into"].widget.attrs |= {"inputmode": "numeric", "autocomplete": "off"}
        for name in ("into_comment", "from_comment"):
            self.fields[name].widget = forms.Textarea(attrs={"rows": "2", "dir": "auto"})

    def clean_into(self) -> int:
        number = vendor_id(str(self.cleaned_data["into"]))
        if number is None:
            raise ValidationError(NO_INTO)
        return number

    def wish_of(self, ids: tuple[int, ...]) -> Wish:
        """The wish; the one that stays may be among the chosen ones. ValidationError: no other is left."""
        found = self.cleaned_data
        into: int = found["into"]
        closing = tuple(each for each in ids if each != into)
        if not closing:
            raise ValidationError("A ticket cannot be merged into itself.")
        return Wish(
            What.MERGE,
            closing,
            into_id=into,
            into_comment=_comment(found["into_comment"], found["into_who"]),
            from_comment=_comment(found["from_comment"], found["from_who"]),
        )


def ids_of(given: Iterable[str]) -> tuple[int, ...]:
    """Tickets' numbers, each once. ValidationError: none, more than 100, or what is no number."""
    asked = [part for each in given for part in each.replace(",", " ").split()]
    found = tuple(dict.fromkeys(number for each in asked if (number := vendor_id(each)) is not None))
    if not asked:
        raise ValidationError("No ticket is chosen. Choose some first.")
    if len(found) < len(set(asked)):
        raise ValidationError("One of the chosen tickets has no number that Zendesk could have given it.")
    if len(found) > MOST_TICKETS:
        raise ValidationError(f"At most {MOST_TICKETS} tickets can be changed at once; {len(found)} are chosen.")
    return found


def tags_of(text: str) -> tuple[str, ...]:
    """Tags parted by blanks or commas, each once. ValidationError: one that is too long."""
    found = tuple(dict.fromkeys(text.replace(",", " ").split()))
    if any(len(each) > LONGEST_TAG for each in found):
        raise ValidationError(f"A tag has at most {LONGEST_TAG} characters.")
    return found


def _what(change: TicketChange, count: int) -> What:
    if count > 1:
        return What.BULK
    touched = set(change.as_json())
    if touched == {"comment"}:
        return What.COMMENT
    return What.LINK if touched <= {"problem_id", "type"} else What.UPDATE


def _comment(text: str, who: str) -> Comment | None:
    """None: nothing was written. Internal unless somebody chose otherwise."""
    return Comment(text.strip(), who == "public") if text.strip() else None
