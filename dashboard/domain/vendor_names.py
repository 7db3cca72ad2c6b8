"""Sentences about a source, told where it is known which one that is.

In:  a sentence as the sources write it, which speaks of "the vendor" since they serve several; a name. Out: the sentence with the name.
Pure.
"""

from __future__ import annotations

from typing import Final

from dashboard.domain.feeds import Endpoint

ZENDESK: Final = "Zendesk"
KAYAKO: Final = "Kayako"


def vendor_of(endpoint: Endpoint) -> str:
    """Who answers this endpoint."""
    return KAYAKO if endpoint is Endpoint.CASES else ZENDESK


def named(sentence: str, name: str = ZENDESK) -> str:
    """ "The vendor did not answer in time." as "Zendesk did not answer in time." Not for what the vendor itself said."""
    return sentence.replace("The vendor", name).replace("the vendor", name)
