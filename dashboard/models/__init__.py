"""What is kept in the database: people, boards, screens, tokens. One file a noun; secrets only as digests."""

from dashboard.models.board import Board
from dashboard.models.screen import Screen
from dashboard.models.token import ApiToken
from dashboard.models.user import Role, User

__all__ = ["ApiToken", "Board", "Role", "Screen", "User"]
