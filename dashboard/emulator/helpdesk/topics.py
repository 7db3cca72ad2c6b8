"""What customers write about: subjects and first lines in several languages, and what kind of ticket each makes.

In:  a stream of chance. Out: a `Topic`. Everything is made up; a number in a subject is drawn, so that no two need be alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, slots=True)
class Topic:
    """One subject. `{n}` in it becomes a number. `group` is the place of the group that deals with it; `urgency` shifts the priority:
    0 leaves it to chance, 1 makes it rise, -1 fall."""

    subject: str
    text: str
    tags: tuple[str, ...]
    group: int = 0
    urgency: int = 0
    language: str = "en"


TOPICS = (
    Topic("Cannot sign in since this morning", "I get sent back to the first page every time.", ("login", "access"), 2, 1),
    Topic("Order {n} arrived without the charger", "The box was sealed, but the charger was not in it.", ("order", "missing_item"), 0),
    Topic("Invoice {n} shows the wrong address", "Please send it again with our new address.", ("invoice", "address"), 1),
    Topic("Charged twice for order {n}", "My card shows two payments of the same amount.", ("payment", "refund"), 1, 1),
    Topic("How do I change the delivery date?", "I shall be away on the day that was announced.", ("delivery", "question"), 0, -1),
    Topic("Device {n} does not start any more", "The light blinks three times, then nothing.", ("device", "hardware"), 2),
    Topic("Everything is down at our branch", "Nobody here can work: six tills show an error.", ("outage", "business"), 2, 1),
    Topic("Question about the warranty", "Is the battery covered in the second year?", ("warranty", "question"), 0, -1),
    Topic("Cancel subscription {n}", "Please confirm the end of it in writing.", ("cancel", "subscription"), 1),
    Topic("The app closes when I open the map", "It happens on two phones since the last update.", ("app", "crash"), 2),
    Topic("Return of order {n}", "I have sent it back last week and heard nothing.", ("return", "refund"), 0),
    Topic("Thanks, and one more thing", "The repair went well. Can I get the old part back?", ("repair",), 0, -1),
    Topic("Lieferung {n} ist nicht angekommen", "Laut Sendungsverfolgung liegt sie seit Tagen im Depot.", ("delivery", "lost"), 0, 0, "de"),
    Topic("Rechnung {n}: Mehrwertsteuer fehlt", "Bitte stellen Sie die Rechnung neu aus.", ("invoice", "tax"), 1, 0, "de"),
    Topic("Störung am Anschluss seit heute früh", "Weder Telefon noch Internet, bitte dringend.", ("outage", "line"), 2, 1, "de"),
    Topic("Impossible de payer par carte", "Le paiement est refusé, ma banque ne voit rien.", ("payment", "card"), 1, 1, "fr"),
    Topic("Où en est ma commande {n} ?", "Le suivi n’a pas bougé depuis vendredi.", ("order", "tracking"), 0, 0, "fr"),
    Topic("No puedo cambiar mi contraseña", "El enlace del correo ya no es válido.", ("login", "password"), 2, 0, "es"),
    Topic("Factura {n} duplicada", "He recibido dos facturas del mismo mes.", ("invoice", "duplicate"), 1, 0, "es"),
    Topic("Avaria no equipamento {n}", "Faz um ruído estranho e aquece muito.", ("device", "noise"), 2, 0, "pt"),
    Topic("注文 {n} の配送先を変更したい", "新しい住所に届けてください。", ("delivery", "address"), 0, 0, "ja"),
    Topic("لا أستطيع تسجيل الدخول إلى حسابي", "تظهر رسالة خطأ كل مرة.", ("login", "access"), 2, 0, "ar"),
    Topic("Zamówienie {n}: zły rozmiar", "Proszę o wymianę na większy.", ("order", "exchange"), 0, 0, "pl"),
    Topic("Bestelling {n} graag annuleren", "Ik heb per ongeluk twee keer besteld.", ("order", "cancel"), 0, -1, "nl"),
)

_PRIORITIES = {
    -1: (("normal", 0.35), ("low", 0.45), (None, 0.2)),
    0: (("urgent", 0.03), ("high", 0.14), ("normal", 0.53), ("low", 0.18), (None, 0.12)),
    1: (("urgent", 0.22), ("high", 0.43), ("normal", 0.32), (None, 0.03)),
}
_TYPES = (("question", 0.41), ("incident", 0.26), ("problem", 0.07), ("task", 0.08), (None, 0.18))


def topic(rng: Random) -> Topic:
    """What the next customer writes about."""
    return rng.choice(TOPICS)


def priority(rng: Random, about: Topic) -> str | None:
    """How urgent it is said to be; None: nobody has said."""
    return _drawn(rng, _PRIORITIES[about.urgency])


def kind(rng: Random) -> str | None:
    """The ticket's type; None: nobody has set one."""
    return _drawn(rng, _TYPES)


def _drawn(rng: Random, shares: tuple[tuple[str | None, float], ...]) -> str | None:
    left = rng.random()
    for value, share in shares:
        left -= share
        if left < 0:
            return value
    return shares[-1][0]
