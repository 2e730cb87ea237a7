"""Which browser on what, in words, from what the browser says of itself: enough for its owner to know it again."""

import re

# The first that fits: the later ones say that they are like the earlier ones.
BROWSERS = (
    (r"Edg(e|A|iOS)?/", "Edge"),
    (r"OPR/|Opera", "Opera"),
    (r"SamsungBrowser/", "Samsung Internet"),
    (r"Firefox/|FxiOS/", "Firefox"),
    (r"Chrome/|CriOS/|Chromium/", "Chrome"),
    (r"Safari/", "Safari"),
)
SYSTEMS = (
    (r"iPhone", "iPhone"),
    (r"iPad", "iPad"),
    (r"Android", "Android"),
    (r"Windows", "Windows"),
    (r"CrOS", "ChromeOS"),
    (r"Mac OS X|Macintosh", "Mac"),
    (r"Linux", "Linux"),
)


def words_of(user_agent: str) -> str:
    """ "Firefox, Windows"; empty where nothing is recognised."""
    found = (next((name for form, name in of if re.search(form, user_agent)), "") for of in (BROWSERS, SYSTEMS))
    return ", ".join(name for name in found if name)
