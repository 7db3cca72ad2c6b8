"""What is kept in the database: people, boards, screens, tokens; history; rules, recipients, incidents. One file a noun; secrets only as
digests or encrypted."""

from dashboard.models.board import Board
from dashboard.models.incident import Incident, Notification, Transition
from dashboard.models.minute import HistoryFeed, HistoryLayout, Minute
from dashboard.models.recipient import MailServer, Recipient, RecipientGroup, Via
from dashboard.models.rule import Direction, Kind, Quiet, Rule, Step
from dashboard.models.screen import Screen
from dashboard.models.token import ApiToken
from dashboard.models.user import Role, User

__all__ = [
    "ApiToken",
    "Board",
    "Direction",
    "HistoryFeed",
    "HistoryLayout",
    "Incident",
    "Kind",
    "MailServer",
    "Minute",
    "Notification",
    "Quiet",
    "Recipient",
    "RecipientGroup",
    "Role",
    "Rule",
    "Screen",
    "Step",
    "Transition",
    "User",
    "Via",
]
