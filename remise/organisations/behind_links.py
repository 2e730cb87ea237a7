"""Pages behind a mailed link: the secret in the address is all that is asked, for who holds it holds the mailbox."""

from collections.abc import Callable

from django.http import HttpResponse
from django.shortcuts import render

from remise.accounts.places import caller_address, network_of
from remise.core.limits import Rate, TooOften
from remise.organisations.access import for_everyone
from remise.organisations.requests import MemberRequest

type Page[Found] = Callable[[MemberRequest, str, Found], HttpResponse]
type View = Callable[[MemberRequest, str], HttpResponse]


def behind_link[Found](
    find: Callable[[MemberRequest, str], Found | None], *, unknown: str, noise: Rate
) -> Callable[[Page[Found]], View]:
    """A page about what the secret opens (`find`), or the one friendly page (`unknown`) where it opens nothing.
    Nobody guesses a secret: `noise` counts who tries from one place."""

    def decorate(page: Page[Found]) -> View:
        @for_everyone
        def view(request: MemberRequest, secret: str) -> HttpResponse:
            found = find(request, secret)
            if found is not None:
                return page(request, secret, found)
            try:
                noise.take(network_of(caller_address(request)))
            except TooOften:
                return render(request, unknown, status=429)
            return render(request, unknown, status=404)

        view.__name__, view.__doc__ = page.__name__, page.__doc__
        return view

    return decorate
