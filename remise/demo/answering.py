"""Templates for answers at the desk, in the languages of each portal."""

from collections.abc import Mapping

from remise.core.actor import Actor
from remise.core.scope import enter
from remise.desk.answers.actions import write_template
from remise.desk.models import AnswerTemplate
from remise.fleet.requests import CATALOGUE_VALUE, LATE_DEREGISTRATION, LATE_REGISTRATION
from remise.fleet.twice.requests import COVERED_TWICE

REASON, MESSAGE = AnswerTemplate.Use.REASON, AnswerTemplate.Use.MESSAGE

type Words = Mapping[str, tuple[str, str]]  # by language: title and text

TEMPLATES: tuple[tuple[str, str, Words], ...] = (
    (
        REASON,
        LATE_REGISTRATION.name,
        {
            "nl": (
                "Tenaamstelling klopt",
                "{plate} staat sinds {day} op naam van {company}. De dekking begint op die dag.",
            ),
            "de": (
                "Zulassung stimmt",
                "{plate} ist seit {day} auf {company} zugelassen. Die Deckung beginnt an diesem Tag.",
            ),
            "en": (
                "In your name since",
                "{plate} is in the name of {company} since {day}. Cover begins on that day.",
            ),
        },
    ),
    (
        REASON,
        LATE_REGISTRATION.name,
        {
            "nl": (
                "Nog op naam van een ander",
                "Op {day} stond {plate} nog niet op jullie naam. Verder terug dan {limit} kan alleen vanaf de dag van"
                " tenaamstelling. Vraag het opnieuw aan vanaf die dag.",
            ),
            "de": (
                "Noch auf einen anderen zugelassen",
                "Am {day} war {plate} noch nicht auf Sie zugelassen. Weiter zurück als {limit} geht es nur ab dem Tag"
                " der Zulassung. Bitte fragen Sie ab diesem Tag neu an.",
            ),
            "en": (
                "Still in another name",
                "On {day} {plate} was not in your name yet. Further back than {limit} cover can begin on the day of"
                " registration only. Please ask again from that day.",
            ),
        },
    ),
    (
        REASON,
        CATALOGUE_VALUE.name,
        {
            "nl": (
                "Opgave van de importeur",
                "De opgave van de importeur voor {plate} klopt. De waarde is aangepast.",
            ),
            "de": (
                "Angabe des Importeurs",
                "Die Angabe des Importeurs für {plate} stimmt. Der Wert ist angepasst.",
            ),
            "en": (
                "The importer's statement",
                "The importer's statement for {plate} is right. The value is changed.",
            ),
        },
    ),
    (
        MESSAGE,
        LATE_DEREGISTRATION.name,
        {
            "nl": ("Vraag om vrijwaring", "Heb je het vrijwaringsbewijs van {plate}? Stuur het nummer en de datum."),
            "de": (
                "Nachweis der Abmeldung",
                "Haben Sie den Nachweis der Abmeldung von {plate}? Bitte senden Sie Nummer und Datum.",
            ),
            "en": (
                "Ask for the proof of transfer",
                "Do you have the proof of transfer for {plate}? Please send its number and date.",
            ),
        },
    ),
    (
        MESSAGE,
        COVERED_TWICE.name,
        {
            "nl": (
                "Is de auto nog van jullie?",
                "Is {plate} verkocht of overgedragen? Meld hem dan af met de laatste dag dat hij van jullie was;"
                " online kan dat tot {limit} terug. Is hij nog van jullie, laat het ons dan weten.",
            ),
            "de": (
                "Gehört das Auto noch Ihnen?",
                "Ist {plate} verkauft oder übergeben? Bitte melden Sie das Fahrzeug mit dem letzten Tag ab, an dem es"
                " Ihnen gehörte; online geht das bis zu {limit} zurück. Gehört es noch Ihnen, sagen Sie es uns.",
            ),
            "en": (
                "Is the car still yours?",
                "Is {plate} sold or handed over? Then deregister it with the last day that it was yours; online that"
                " goes up to {limit} back. Is it still yours, please tell us.",
            ),
        },
    ),
    (
        MESSAGE,
        "",
        {
            "nl": (
                "Vraag om de factuur",
                "Stuur je ons het nummer en de datum van de factuur? Dan kijken we verder.",
            ),
            "de": (
                "Rechnung anfordern",
                "Bitte senden Sie uns Nummer und Datum der Rechnung. Dann prüfen wir weiter.",
            ),
            "en": (
                "Ask for the invoice",
                "Please send us the number and the date of the invoice. Then we look further.",
            ),
        },
    ),
)


def tell(by: Actor, languages: tuple[str, ...]) -> None:
    for use, kind, words in TEMPLATES:
        for language in languages:
            title, text = words[language]
            with enter(by.scope):
                write_template(by=by, use=use, kind=kind, language=language, title=title, text=text)
