"""How Remise runs. Everything that differs between installations comes from the environment (`.env.example`)."""

from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as _
from environs import Env

env = Env()
BASE_DIR = Path(__file__).resolve().parents[2]

DEMO = env.bool("REMISE_DEMO", False)
DEBUG = env.bool("DEBUG", False)
# For commands that serve nobody; what serves does not start with it (config.safety).
TOOLS_KEY = "only-for-tools-that-serve-nobody"
SECRET_KEY = env.str("SECRET_KEY", "") or TOOLS_KEY
# Keys that encrypt authenticator secrets and sealing keys, newest first: older ones still decrypt while rows are
# rewritten.
FIELD_KEYS: list[str] = env.list("FIELD_KEYS", [])
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", ["localhost", ".localhost", "127.0.0.1"])
# None: not said, which only the demo may leave at that.
# The port in mailed links, where it is not the usual one; what a visitor says of it is not believed.
PUBLIC_PORT = env.int("PUBLIC_PORT", 0)
SECURE: bool | None = env.bool("HTTPS", None)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "procrastinate.contrib.django",
    "ninja",
    "remise.core",
    "remise.ui",
    "remise.portals",
    "remise.accounts",
    # After our own accounts: the first template of a name wins.
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "remise.organisations",
    "remise.search",
    "remise.documents",
    "remise.messages",
    "remise.desk",
    "remise.runs",
    "remise.operations",
    "remise.vehicles",
    "remise.mandates",
    "remise.policies",
    "remise.onboarding",
    "remise.fleet",
    "remise.book",
    "remise.green_cards",
    "remise.notices",
    "remise.help",
    "remise.privacy",
    "remise.api",
    "remise.config",
]
if DEMO:
    INSTALLED_APPS.append("remise.demo")

MIDDLEWARE = [
    "remise.core.observe.RequestLog",
    "remise.api.middleware.Problems",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "remise.core.middleware.NoNul",
    "remise.core.middleware.Transaction",
    "remise.portals.middleware.PortalByHost",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "remise.portals.middleware.Language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "remise.accounts.middleware.NoStore",
    "remise.accounts.middleware.KnownDevices",
    "django.contrib.messages.middleware.MessageMiddleware",
    "remise.accounts.middleware.TimeOuts",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "remise.organisations.middleware.SignInRequired",
    "remise.organisations.middleware.ActorOfRequest",
    "remise.ui.middleware.FormOnly",
]

ROOT_URLCONF = "remise.config.urls"
# What the installation answers under its own name, where no portal is asked for; only the demo has such pages.
START_URLCONF = "remise.demo.start_urls" if DEMO else ""
WSGI_APPLICATION = "remise.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "remise.ui.context.shell",
            ],
        },
    }
]
FORM_RENDERER = "remise.ui.forms.Renderer"


def _database(url: str) -> dict[str, object]:
    """Django's form of an address; what stands behind its question mark (`sslmode=require`) goes to the driver."""
    parts = urlsplit(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "OPTIONS": {
            **dict(parse_qsl(parts.query)),
            # Values go beside the statement, so that what is sent again and again is read and planned by the server
            # once per connection: it spends more on that, behind the wall, than on running it.
            "server_side_binding": True,
            # From the how-manieth time on; 0: never, for a pooler that cannot.
            "prepare_threshold": env.int("DATABASE_PREPARE", 1) or None,
        },
        "CONN_MAX_AGE": env.int("DATABASE_CONN_MAX_AGE", 600),
        "CONN_HEALTH_CHECKS": True,
        # Behind a transaction pooler a cursor on the server would outlive its connection.
        "DISABLE_SERVER_SIDE_CURSORS": True,
    }


_DATABASE_URL = env.str("DATABASE_URL", "postgresql://remise_app@127.0.0.1/remise")
DATABASES = {
    # The application's login has no rights of its own: each transaction takes the role of its actor (core.scope).
    "default": _database(_DATABASE_URL),
    # The same, beside the request's transaction: attempts stay counted when it is rolled back (core.cache).
    "counters": _database(_DATABASE_URL),
    # The owner of the tables; used by migrations only, and absent from the environment of web and worker.
    "owner": _database(env.str("DATABASE_OWNER_URL", _DATABASE_URL)),
}
DATABASE_ROUTERS = ["remise.core.cache.Router"]
# The worker's own login: it sees the job tables and nothing else.
DATABASE_JOBS_URL = env.str("DATABASE_JOBS_URL", _DATABASE_URL)
# Jobs at once in each lane of a worker: the quick ones, and the long ones.
WORKER_CONCURRENCY = env.int("WORKER_CONCURRENCY", 2)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "tasks"

AUTH_USER_MODEL = "accounts.Account"
AUTHENTICATION_BACKENDS = ["remise.accounts.backends.ByAddress"]
# Of a former portal, while its people move in: OLD_PASSWORD_HASHERS=pbkdf2_sha256,scrypt (accounts.hashers).
_OLD_HASHERS = {
    "pbkdf2_sha256": "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    "scrypt": "django.contrib.auth.hashers.ScryptPasswordHasher",
    "bcrypt_sha256": "django.contrib.auth.hashers.BCryptSHA256PasswordHasher",
}
PASSWORD_HASHERS = [
    "remise.accounts.hashers.Argon2",
    *map(_OLD_HASHERS.__getitem__, env.list("OLD_PASSWORD_HASHERS", [])),
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "remise.accounts.passwords.Shortest",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "remise.accounts.passwords.Longest"},
    {"NAME": "remise.accounts.passwords.Guessable"},
    {"NAME": "remise.accounts.renewing.AnotherOne"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "remise.accounts.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
# Signing in takes both. Signing up takes the address only, for the password is chosen behind the mailed link, by
# whoever holds the mailbox (accounts.activation).
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
# A stranger never learns whether an address has an account, also not by the answer to a sign-up or a reset.
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
ACCOUNT_EMAIL_CONFIRMATION_EXPIRE_DAYS = 3
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = False
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True  # up to the second factor
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if SECURE else "http"
ACCOUNT_RATE_LIMITS = {
    # Codes of the second factor, by account; the long one bounds the guessing by someone who has the password. Wrong
    # passwords are counted in accounts.blocking.
    "login_failed": "20/m/ip,5/5m/key,50/d/key",
    # The answer tells nothing; these keep anyone from filling someone's mailbox.
    "reset_password": "20/m/ip,3/15m/key",
    "confirm_email": "1/3m/key",
}
ACCOUNT_FORMS = {
    "login": "remise.accounts.forms.SignInForm",
    "signup": "remise.accounts.forms.SignUpForm",
    "reset_password": "remise.accounts.forms.AskResetForm",
    "reset_password_from_key": "remise.accounts.forms.NewPasswordForm",
    "change_password": "remise.accounts.forms.ChangePasswordForm",
    "reauthenticate": "remise.accounts.forms.PasswordAgainForm",
}
PASSWORD_RESET_TIMEOUT = int(timedelta(hours=2).total_seconds())
# How many proxies of our own stand in front: the address that limits count by is taken before them.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("PROXIES", 1 if env.bool("BEHIND_PROXY", False) else 0)
MFA_ADAPTER = "remise.accounts.adapters.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {
    "authenticate": "remise.accounts.forms.SecondFactorForm",
    "reauthenticate": "remise.accounts.forms.SecondFactorAgainForm",
    "activate_totp": "remise.accounts.forms.CoupleForm",
    "authenticate_webauthn": "remise.accounts.forms.PasskeyForm",
    "reauthenticate_webauthn": "remise.accounts.forms.PasskeyAgainForm",
}

CACHES = {
    "default": {
        "BACKEND": "remise.core.cache.Counters",
        "LOCATION": "core_cache",
        # Above this number even what still counts is thrown away, and with Django's 300 a stranger could make it so.
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}

SESSION_ENGINE = "remise.accounts.sessions"
# Not in a cookie: messages name colleagues.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
# NIST SP 800-63B-4, section 2.2.3: at two factors no more than an hour without use, and no more than a day in all.
SESSION_IDLE = timedelta(hours=1)
SESSION_LONGEST = timedelta(hours=12)
SESSION_COOKIE_AGE = int(SESSION_LONGEST.total_seconds())
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = bool(SECURE)
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_NAME = "__Host-session" if SECURE else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE else "csrf"
# Of a browser in which somebody signed in before (accounts.devices).
DEVICE_COOKIE_NAME = "__Host-device" if SECURE else "device"
SECURE_SSL_REDIRECT = bool(SECURE)
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("BEHIND_PROXY", False) else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
    "manifest-src": [CSP.SELF],
}

LANGUAGE_CODE = "en"
LANGUAGES = [("nl", _("Dutch")), ("de", _("German")), ("en", _("English"))]
LANGUAGE_COOKIE_NAME = "language"
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_TZ = True
# Legal days are counted where the customers are (house rule: dates are Amsterdam's, moments UTC in the database).
TIME_ZONE = "Europe/Amsterdam"

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "var" / "static"
MEDIA_ROOT = env.path("MEDIA_ROOT", BASE_DIR / "var" / "media")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if env.bool("STATIC_MANIFEST", False)
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not env.bool("STATIC_MANIFEST", False)

# Every mail waits in the outbox until a job hands it to the mailer that leaves the house.
# A directory instead of a server keeps each mail as a file: the demo shows them on its start page.
MAIL_DIRECTORY: str = env.str("MAIL_DIRECTORY", "")
MAILERS: dict[str, dict[str, object]] = {
    "default": {"BACKEND": "remise.messages.outbox.Outbox"},
    "delivery": {
        "BACKEND": "django.core.mail.backends.filebased.EmailBackend",
        "OPTIONS": {"file_path": MAIL_DIRECTORY},
    }
    if MAIL_DIRECTORY
    else {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {
            "host": env.str("SMTP_HOST", "localhost"),
            "port": env.int("SMTP_PORT", 25),
            "username": env.str("SMTP_USER", ""),
            "password": env.str("SMTP_PASSWORD", ""),
            "use_tls": env.bool("SMTP_TLS", False),
            "timeout": 10,
        },
    },
}
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "portal@localhost")

# The public vehicle register: its address and the token that spares one its shared limit. Empty: nothing is asked.
RDW_URL = env.str("RDW_URL", "")
RDW_APP_TOKEN = env.str("RDW_APP_TOKEN", "")
# How long somebody who types a plate waits for it; the form waits for nothing.
RDW_SECONDS = env.float("RDW_SECONDS", 2.0)
# The register radar asks for so many plates in one request (500 at most), waits so many seconds between two, and asks
# only for what was said longer ago than so many hours: the register publishes once a day.
RDW_BATCH = min(500, env.int("RDW_BATCH", 400))
RDW_PAUSE = env.float("RDW_PAUSE", 0.0)
RADAR_FRESH_HOURS = env.int("RADAR_FRESH_HOURS", 20)
# A paid register that tells chassis numbers: the dotted name of its class (vehicles.register.paid.ChassisRegister).
CHASSIS_REGISTER = env.str("CHASSIS_REGISTER", "")
# The state register that is told of cover: its address, the token that opens it, and the dotted name of the class
# that speaks to it (notices.register.protocol.StateRegister). Empty: notices wait, or go by file.
STATE_REGISTER_URL = env.str("STATE_REGISTER_URL", "")
STATE_REGISTER_TOKEN = env.str("STATE_REGISTER_TOKEN", "")
STATE_REGISTER = env.str("STATE_REGISTER", "remise.notices.register.over_http.HttpRegister")

REMISE_GALLERY = env.bool("REMISE_GALLERY", DEMO)
# Calls a minute for each key of a program.
API_RATE = env.int("API_RATE", 1200)
METRICS_TOKEN = env.str("METRICS_TOKEN", "")
LOGGING_CONFIG = "remise.core.observe.configure_logging"
LOGGING = {"level": env.str("LOG_LEVEL", "INFO"), "json": env.bool("LOG_JSON", not DEBUG)}
