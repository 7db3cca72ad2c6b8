"""The words of one language as a page fetches them."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from dashboard.domain.catalogue import CATALOGUE
from dashboard.words.tables import LANGUAGES, table


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_of_a_language_are_its_table_and_kept_while_they_are_the_same(client: Client, language: str) -> None:
    answer = client.get(f"/words/{language}.json")

    assert answer.status_code == 200
    assert json.loads(answer.content) == table(language)
    again = client.get(f"/words/{language}.json", headers={"if-none-match": answer.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_words_of_a_language_that_there_is_not_are_not_found(client: Client) -> None:
    assert client.get("/words/tlh.json").status_code == 404


def test_metrics_of_walls_are_all_of_the_catalogue(client: Client) -> None:
    answer = client.get("/words/metrics.json")
    assert answer.json()["longest_wait_time"] == {"unit": "s", "endpoint": "current_queue_activity"}
    assert set(answer.json()) == set(CATALOGUE)
    assert client.get("/words/metrics.json", headers={"If-None-Match": answer["ETag"]}).status_code == 304
