"""A rule's lines and groups by name: what may be typed, how it is read back, and what pages and incidents call them."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from dashboard.alerts import scopes
from dashboard.incidents.rules_form import RuleForm
from dashboard.incidents.scope_field import ScopeField, written
from dashboard.models import Board, KnownName, Role, Rule
from tests.incidents.floor import LogIn, a_rule, sent

TOLD = {7: "Support", 9: "Billing, EMEA", 24: "Team (24)", 30: "Sales", 31: "sales", 360001: "الدعم"}


def field_of(names: dict[int, str]) -> ScopeField:
    field = ScopeField()
    field.word, field.names = "group", names
    return field


def test_names_and_numbers_may_be_mixed_and_are_written_as_they_are_read() -> None:
    field = field_of(TOLD)
    assert field.clean(" support,billing EMEA,group 5, 12 13 ,الدعم, Team (24), Sales (31),") == [5, 7, 9, 12, 13, 24, 31, 360001]
    assert field.prepare_value([5, 7, 9, 24, 30]) == "group 5, Support, Billing EMEA, Team (24) (24), Sales (30)"
    assert field.clean("") == []


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("Suport", "“Suport” is no group that is known by name; choose one from the list, or write its number."),
        ("SALES", "“SALES” is the name of 2 groups; write Sales (30) or sales (31)."),
        ("Support (0)", "“Support (0)” is not the number of a group"),
        ("group " + "9" * 30, "is not the number of a group"),
        ("٣", "is not the number of a group"),
        (", ".join(map(str, range(1, 53))), "At most 50"),
    ],
)
def test_what_cannot_be_read_is_named_in_one_sentence(typed: str, sentence: str) -> None:
    with pytest.raises(ValidationError) as found:
        field_of(TOLD).clean(typed)
    assert sentence in found.value.messages[0]


NAMES = st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=30)


@given(st.dictionaries(st.integers(1, 2**40), NAMES, max_size=8), st.sets(st.integers(1, 2**40), max_size=8))
def test_what_the_field_writes_it_reads_as_the_same_numbers(names: dict[int, str], others: set[int]) -> None:
    field, wanted = field_of(names), sorted({*names, *others})
    assert field.clean(field.prepare_value(wanted)) == wanted
    assert all("," not in written(number, names, "group") for number in wanted)


@pytest.mark.django_db
@pytest.mark.usefixtures("plain_static", "redis")
def test_rule_says_its_scope_by_name_in_the_form_the_list_and_its_own_name(log_in: LogIn) -> None:
    KnownName.objects.create(account="main", what="group", vendor_id=7, name="Support <b>")
    a_rule(name="One line", metric="longest_wait_time", line_ids=[12], scope_name="Hotline")
    fields = {"metric": "tickets_unsolved", "warning_enter": "5", "warning_leave": "", "critical_enter": "", "critical_leave": ""}
    form = RuleForm(sent(**fields, scope_ids="support <b>, 360001"), rule=Rule(), not_sent=lambda _: False)
    assert form.is_valid(), form.errors
    assert (form.rule.group_ids, form.rule.scope_name) == ([7, 360001], "")
    assert form.rule.name == "Unsolved tickets of Support <b>, group 360001 at or above 5"
    offered = form.scope_names
    assert (offered["groups"], offered["lines"]) == ([{"id": "7", "text": "Support <b>"}], [{"id": "12", "text": "Hotline"}])
    form.rule.save()
    client = log_in(Role.SUPERVISOR)
    assert "Support &lt;b&gt;, group 360001</span>" in client.get("/rules/").content.decode()
    assert 'value="Support &lt;b&gt;, group 360001"' in client.get(f"/rules/{form.rule.pk}/").content.decode()


@pytest.mark.django_db
def test_many_or_long_names_are_cut_to_what_an_incident_holds_and_say_how_many_more() -> None:
    for number in range(1, 9):
        KnownName.objects.create(account="main", what="group", vendor_id=number, name=f"Group of the {number}th floor")
    rule = a_rule(metric="tickets_unsolved", group_ids=list(range(1, 9)))
    assert scopes.said(rule) == "Group of the 1th floor, Group of the 2th floor, Group of the 3th floor +5"
    KnownName.objects.filter(vendor_id=1).update(name="x" * 200)
    assert scopes.said(rule) == "x" * 76 + "… +7"
    rule.group_ids = "7"
    assert scopes.said(rule) == ""


@pytest.mark.django_db
def test_feed_of_an_old_incident_still_tells_its_scope() -> None:
    Board.objects.all().delete()
    KnownName.objects.create(account="main", what="group", vendor_id=7, name="Support")
    assert scopes.of_feed("main:tickets:7,8") == "Support, group 8"
    assert scopes.of_feed("main:current_queue_activity:12") == "line 12"
    assert (scopes.of_feed("main:tickets"), scopes.of_feed("main"), scopes.of_feed("main:gone:1")) == ("", "", "")
