"""What makes, prints and ends green cards. Page, API and job call these and get one verdict."""

from remise.green_cards.actions.choosing import choose_delivery
from remise.green_cards.actions.giving import give_cards
from remise.green_cards.actions.issuing import issue_green_cards
from remise.green_cards.actions.mailing import mail_card
from remise.green_cards.actions.reprinting import print_shipment, reprint_card
from remise.green_cards.actions.sending_again import send_again
from remise.green_cards.actions.voiding import void_card

__all__ = [
    "choose_delivery",
    "give_cards",
    "issue_green_cards",
    "mail_card",
    "print_shipment",
    "reprint_card",
    "send_again",
    "void_card",
]
