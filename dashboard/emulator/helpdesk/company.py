"""The people of the emulated company and its customers: who is on a ticket, by id.

In:  a seed; the agents, who are those of the floor. Out: `Person`s. Names are made up, from many languages; addresses are of domains
that cannot exist. The same seed makes the same people.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from dashboard.emulator.chance import stream

ADMIN_ID = 360_000_000_001
CUSTOMERS_COUNT = 900
_CUSTOMER_BASE, _CUSTOMER_STEP = 361_200_000_041, 97
_WELCOMED_BASE = 361_900_000_001
_ORGANIZATION_BASE, _ORGANIZATION_STEP = 360_100_000_007, 53

_FIRST = (
    "Ada", "Bruno", "Célia", "Dmytro", "Eszter", "Farid", "Gwen", "Hiroko", "Inês", "Jakub", "Khadija", "Lucía", "Minh", "Nadia", "Oskar",
    "Paola", "Quentin", "Rania", "Sven", "Tereza", "Umut", "Vera", "Wiremu", "Ximena", "Yara", "Zsófia", "محمد",
    "さくら", "Ольга", "Ana María",
)  # fmt: skip
_LAST = (
    "Abadi", "Bergström", "Costa e Silva", "Dubois", "Eriksen", "Fernández", "Grünwald", "Horváth", "Ivanova", "Jørgensen", "Kaya",
    "Lindqvist", "Moreau", "Novák", "O’Connor", "Petrov", "Quispe", "Rossi", "Suzuki", "Tran", "Urbański", "Vasić",
    "Weiß", "Xu", "Yıldız", "Zhang", "Ngata", "von der Heide", "الأحمد", "Þórsdóttir",
)  # fmt: skip
_ORGANIZATIONS = (
    "Alder & Finch", "Bäckerei Morgenrot", "Cobalt Freight", "Dunmore Dental", "Estúdio Lume", "Ferrovia Nord", "Glasshouse Nurseries",
    "Harbour Lights Hotels", "Iris Optik", "Juniper Legal", "Kestrel Rowing", "Librairie du Canal", "Marram Insurance", "Nimbus Gliding",
    "Orchard Road Clinic", "Pinecone Toys", "Quillback Fisheries", "Rosehip Tea", "Saltmarsh Theatre", "Tindall Bicycles", "Umbra Lighting",
    "Vinothek Seidel", "Wayfarer Maps", "Yellowhammer Radio",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody on a ticket: `role` end-user, agent or admin. `organization_id` None: of none; `group_ids` are an agent's."""

    id: int
    name: str
    role: str
    email: str
    organization_id: int | None = None
    group_ids: tuple[int, ...] = ()


class Company:
    """Everybody whom the account knows. `suspended` are customers whose tickets were marked as spam."""

    def __init__(self, seed: int, agents: Iterable[Person], admin_email: str = "admin@emulator.example") -> None:
        self._seed = seed
        self.agents: dict[int, Person] = {agent.id: agent for agent in agents}
        self.admin = Person(ADMIN_ID, "Emulator administrator", "admin", admin_email)
        self.suspended: set[int] = set()
        self._customers: dict[int, Person] = {}
        self._welcomed: list[Person] = []

    @staticmethod
    def customer_id(index: int) -> int:
        """The id of customer number `index`, from 0; numbers beyond the last begin anew."""
        return _CUSTOMER_BASE + _CUSTOMER_STEP * (index % CUSTOMERS_COUNT)

    def person(self, person_id: int) -> Person | None:
        """Who has this id, or None."""
        if person_id == ADMIN_ID:
            return self.admin
        return self.agents.get(person_id) or self.customer(person_id)

    def customer(self, person_id: int) -> Person | None:
        """The customer with this id, or None."""
        found = self._customers.get(person_id)
        if found is None:
            index, rest = divmod(person_id - _CUSTOMER_BASE, _CUSTOMER_STEP)
            if rest or not 0 <= index < CUSTOMERS_COUNT:
                return None
            rng = stream(self._seed, "customer", index)
            place = rng.randrange(len(_ORGANIZATIONS))
            name = f"{rng.choice(_FIRST)} {rng.choice(_LAST)}"
            organization_id = None if rng.random() < 0.3 else _ORGANIZATION_BASE + _ORGANIZATION_STEP * place
            found = self._customers[person_id] = Person(person_id, name, "end-user", f"customer{index}@c{place}.example", organization_id)
        return found

    def by_email(self, email: str) -> Person | None:
        """Who has this address, or None. Capitals do not matter."""
        wanted = email.strip().lower()
        everybody = (self.admin, *self.agents.values(), *self._welcomed, *self.customers())
        return next((person for person in everybody if person.email.lower() == wanted), None)

    def welcome(self, name: str, email: str) -> Person:
        """Somebody whom nobody knew: a customer from now on."""
        found = Person(_WELCOMED_BASE + len(self._welcomed), name, "end-user", email)
        self._welcomed.append(found)
        self._customers[found.id] = found
        return found

    def customers(self) -> Iterator[Person]:
        """All of them."""
        for index in range(CUSTOMERS_COUNT):
            found = self.customer(self.customer_id(index))
            if found is not None:
                yield found

    def organization_name(self, organization_id: int) -> str | None:
        """What an organisation is called, or None when there is none of this id."""
        place, rest = divmod(organization_id - _ORGANIZATION_BASE, _ORGANIZATION_STEP)
        return None if rest or not 0 <= place < len(_ORGANIZATIONS) else _ORGANIZATIONS[place]
