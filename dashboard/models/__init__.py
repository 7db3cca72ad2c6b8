"""What is kept in the database: people, boards, images, screens, playlists, tokens; history; rules, recipients, incidents.

One file a noun; secrets only as digests or encrypted."""

from dashboard.models.board import Board, BoardImage, Names, Profile
from dashboard.models.incident import Incident, Notification, Transition
from dashboard.models.minute import HistoryFeed, HistoryLayout, Minute
from dashboard.models.recipient import MailServer, Recipient, RecipientGroup, Via
from dashboard.models.rule import Direction, Kind, Quiet, Rule, Step
from dashboard.models.screen import Pairing, Playlist, PlaylistItem, Screen
from dashboard.models.token import ApiToken
from dashboard.models.user import Role, User

__all__ = [
    "ApiToken",
    "Board",
    "BoardImage",
    "Direction",
    "HistoryFeed",
    "HistoryLayout",
    "Incident",
    "Kind",
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
    "Transition",
    "User",
    "Via",
]
