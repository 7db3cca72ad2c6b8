"""What is kept in the database: people, boards, images, screens, playlists, tokens; history; rules, recipients, incidents; known tickets,
and what was done with them.

One file a noun; secrets only as digests or encrypted."""

from dashboard.models.board import Board, BoardImage, Names, Profile
from dashboard.models.desk import DeskAct, IncidentTicket, Switch
from dashboard.models.incident import Incident, Notification, Transition
from dashboard.models.known import KnownCase, KnownClock, KnownEvent, KnownName, KnownTicket, Stream, Tally
from dashboard.models.minute import HistoryFeed, HistoryLayout, HourOfRows, Minute
from dashboard.models.recipient import MailServer, Recipient, RecipientGroup, Via
from dashboard.models.rule import Direction, Kind, Quiet, Rule, Step
from dashboard.models.screen import Pairing, Playlist, PlaylistItem, Screen
from dashboard.models.token import ApiToken
from dashboard.models.user import Role, User

__all__ = [
    "ApiToken",
    "Board",
    "BoardImage",
    "DeskAct",
    "Direction",
    "HistoryFeed",
    "HistoryLayout",
    "HourOfRows",
    "Incident",
    "IncidentTicket",
    "Kind",
    "KnownCase",
    "KnownClock",
    "KnownEvent",
    "KnownName",
    "KnownTicket",
    "MailServer",
    "Minute",
    "Names",
    "Notification",
    "Pairing",
    "Playlist",
    "PlaylistItem",
    "Profile",
    "Quiet",
    "Recipient",
    "RecipientGroup",
    "Role",
    "Rule",
    "Screen",
    "Step",
    "Stream",
    "Switch",
    "Tally",
    "Transition",
    "User",
    "Via",
]
