"""Products as files: read, judged by their examples, and kept; what has begun stays."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from remise.book.products import RefusedProducts, move_products_in
from remise.core import clock
from remise.core.keeping import Kept
from remise.core.models import Event
from remise.policies.examples import check_examples
from remise.policies.files import BadFile, ProductFile, library, read_file
from remise.policies.models import Product, ProductVersion
from remise.portals.models import Portal
from tests import world
from tests.world import OWNER

LEASE = next(path for path in library() if path.stem == "lease")


@pytest.fixture
def portal() -> Portal:
    return world.portal()


@pytest.fixture
def change(tmp_path: Path) -> Callable[..., Path]:
    """The lease product with other words in it."""

    def changed(*pairs: tuple[str, str], more: str = "") -> Path:
        text = LEASE.read_text()
        for old, new in pairs:
            assert old in text
            text = text.replace(old, new)
        path = tmp_path / "lease.toml"
        path.write_text(text + more)
        return path

    return changed


def taken(portal: Portal, path: Path, *, rehearse: bool = False) -> Kept:
    ((_path, _code, kept),) = move_products_in(portal, [path], rehearse=rehearse)
    return kept


# --- files


@pytest.mark.parametrize("path", library(), ids=lambda path: path.stem)
def test_every_example_of_the_library_comes_out_as_its_file_says(path: Path) -> None:
    said = read_file(path)
    check_examples(path, said)
    assert said.code == path.stem
    assert {example.expect for example in said.example} & {"refused", "asked"}, "what is refused is shown too"


def test_library_has_every_kind_of_product() -> None:
    assert {path.stem for path in library()} == {
        *("dealer-stock", "two-wheelers", "campers", "old-timers", "trucks", "work-machines", "trade-plates"),
        *("lease", "rental", "driving-school", "private", "fleet"),
    }


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('code = "lease"', 'code = "Lease!"', "code: String should match pattern"),
        (
            'premium_basis = "per_vehicle"',
            'premium_basis = "free"',
            "2020-01-01 > premium_basis: Input should",
        ),
        (
            "back_date_days = 28",
            'back_date_days = "many"',
            "2020-01-01 > back_date_days: Input should be",
        ),
        ('kind = "date"', 'kind = "day"', "version 2026-01-01 > field lease_ends > kind: Input should be"),
        ("longest = 20", "longest = 0", "version 2026-01-01 > field contract > longest: Input should be greater"),
        ('name = "contract"', 'name = "plate"', "version 2026-01-01 > field plate: plate is asked of every vehicle"),
        ('name = "contract"', 'name = "lease_ends"', "version 2026-01-01: two fields have one name"),
        ('name = "driver"', 'name = "renter"', "people and companies are asked as lessee and driver"),
        ('"Bedrijfsauto"', '"Bestelbus"', "the register has no kind of vehicle Bestelbus"),
        ('de = "Leasingfahrzeuge"\n', "", "names: a text in each of de, en, nl"),
        ("[version.card]", "[version.cart]", "cart is no rule of a product, and no section of a room: card"),
        ("months = 12", "months = 14", "card > months: Input should be less than or equal to 13"),
        ('excluded = ["IR"]', 'excluded = ["XX"]', "card > excluded: no country of the card has the sign XX"),
        ("starts = 2026-01-01", "starts = 2019-01-01", "versions stand in order of their first day"),
        ('kind = "text"', 'kind = "text"\nleast = 5', "only a number or an amount has a least and a most"),
        ("[names]", "[names", "at line 3"),
    ],
)
def test_what_is_wrong_is_said_with_file_and_place(
    change: Callable[..., Path], old: str, new: str, reason: str
) -> None:
    path = change((old, new))
    with pytest.raises(BadFile) as wrong:
        read_file(path)
    assert str(path) in str(wrong.value)
    assert reason in str(wrong.value)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (
            'expect = "accepted"',
            'expect = "refused"',
            "example 1 (With lessee, driver and contract): expect is",
        ),
        ('fields = ["lessee", "lease_ends"]', 'fields = ["lessee"]', "fields is ['lessee', 'lease_ends']"),
        ('code = "kind_unfit"', 'code = "too_long_ago"', "code is kind_unfit, and not too_long_ago"),
        ("days = 39", "days = 40", "premium is"),
        ("last = 2027-11-22", "last = 2027-11-23", "card last is 2027-11-22, and not 2027-11-23"),
        ("{ card = { automatic = false } }", "{ cart = { automatic = false } }", "there is no section cart"),
    ],
)
def test_examples_act_as_tests(change: Callable[..., Path], old: str, new: str, reason: str) -> None:
    path = change((old, new))
    with pytest.raises(BadFile) as wrong:
        check_examples(path, read_file(path))
    assert reason in str(wrong.value)


# --- keeping


def test_kept_once_and_the_same_again(portal: Portal) -> None:
    assert taken(portal, LEASE) is Kept.ADDED
    assert taken(portal, LEASE) is Kept.SAME
    product = Product.objects.using(OWNER).get(portal=portal)
    stored = list(ProductVersion.objects.using(OWNER).filter(product=product).order_by("starts"))
    said = read_file(LEASE)
    assert [version.rules for version in stored] == [version.rules for version in said.version]
    events = Event.objects.using(OWNER).filter(portal=portal.id, kind__startswith="product.")
    (event,) = events
    assert (event.kind, event.subject, event.by_system) == ("product.added", product.id, "book")


def test_dry_run_keeps_nothing(portal: Portal) -> None:
    assert taken(portal, LEASE, rehearse=True) is Kept.ADDED
    assert not Product.objects.using(OWNER).filter(portal=portal).exists()


def test_version_that_has_begun_stays(portal: Portal, change: Callable[..., Path]) -> None:
    taken(portal, LEASE)
    with translation.override("en"), pytest.raises(RefusedProducts, match=r"1 January 2020 has begun.*ahead_days"):
        taken(portal, change(("ahead_days = 31", "ahead_days = 30")))
    assert taken(portal, LEASE) is Kept.SAME


def later(said: ProductFile, starts: date) -> str:
    """The newest version once more, from that day on, with another source."""
    text = LEASE.read_text()
    last = text[text.rindex("[[version]]") : text.index("[[example]]")]
    return last.replace(str(said.version[-1].starts), str(starts)).replace("2026-01, art. 2", "2031-01, art. 2")


def test_version_ahead_may_change_and_be_left_out(portal: Portal, change: Callable[..., Path]) -> None:
    taken(portal, LEASE)
    said, ahead = read_file(LEASE), clock.today(portal) + timedelta(200)
    one = change(("[[example]]", "[[example]]"))
    one.write_text(LEASE.read_text() + later(said, ahead))
    assert taken(portal, one) is Kept.CHANGED
    one.write_text(LEASE.read_text() + later(said, ahead).replace("ahead_days = 31", "ahead_days = 10"))
    assert taken(portal, one) is Kept.CHANGED
    versions = ProductVersion.objects.using(OWNER).filter(portal=portal.id)
    assert versions.get(starts=ahead).ahead_days == 10
    assert taken(portal, LEASE) is Kept.CHANGED
    assert not versions.filter(starts=ahead).exists()


def test_no_version_slips_in_before_today_or_drops_out(portal: Portal, change: Callable[..., Path]) -> None:
    taken(portal, LEASE)
    said = read_file(LEASE)
    path = change()
    path.write_text(LEASE.read_text() + later(said, clock.today(portal)))
    with translation.override("en"), pytest.raises(RefusedProducts, match="on a day to come"):
        taken(portal, path)
    text = LEASE.read_text()
    first = text.index("[[version]]")
    second = text[text.index("[[version]]", first + 1) : text.index("[[example]]")]
    path.write_text(text[:first] + second + ONE_EXAMPLE)
    with translation.override("en"), pytest.raises(RefusedProducts, match="1 January 2020 has begun and is missing"):
        taken(portal, path)


ONE_EXAMPLE = """
[[example]]
what = { nl = "Een", de = "Ein", en = "One" }
today = 2026-11-23
day = 2026-11-23
details = { cover = "full", lessee = "Jansen" }
expect = "accepted"
"""


def test_database_holds_the_line(portal: Portal, owner_connection: psycopg.Connection) -> None:
    taken(portal, LEASE)
    for statement in ("update policies_productversion set ahead_days = 1", "delete from policies_productversion"):
        with pytest.raises(psycopg.errors.RestrictViolation):
            owner_connection.execute(f"{statement} where portal = %s", [portal.id])


def test_all_files_or_none(portal: Portal, change: Callable[..., Path]) -> None:
    rental = LEASE.with_name("rental.toml")
    with pytest.raises(RefusedProducts, match="expect is accepted"):
        move_products_in(portal, [rental, change(('expect = "accepted"', 'expect = "asked"'))])
    with pytest.raises(RefusedProducts, match="two files say rental"):
        move_products_in(portal, [rental, rental])
    assert not Product.objects.using(OWNER).filter(portal=portal).exists()


def test_two_insurers_have_each_their_own(portal: Portal) -> None:
    other = world.portal()
    assert [taken(at, LEASE) for at in (portal, other)] == [Kept.ADDED, Kept.ADDED]
    assert Product.objects.using(OWNER).filter(code="lease", portal__in=[portal, other]).count() == 2


def test_command(portal: Portal, change: Callable[..., Path], capsys: pytest.CaptureFixture[str]) -> None:
    call_command("import", "products", str(LEASE), str(LEASE.with_name("rental.toml")), "--portal", portal.slug)
    told = capsys.readouterr().err
    assert f"{LEASE}: lease added" in told
    assert "rental.toml: rental added" in told
    with pytest.raises(CommandError, match=r"lease\.toml: code"):
        call_command("import", "products", str(change(('"lease"', '"?"'))), "--portal", portal.slug)
    with pytest.raises(CommandError, match="unrecognized arguments"):
        call_command("import", "policies", "a.csv", "b.csv", "--portal", portal.slug)
