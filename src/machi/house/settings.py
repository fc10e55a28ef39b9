"""Settings. Everything that differs between machines comes from the environment."""

import os
import secrets
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.conf.locale import LANG_INFO

from machi.ground.languages import LANGUAGES as HOUSE_LANGUAGES
from machi.house import postgres

ROOT = Path(__file__).resolve().parents[3]
DATA = Path(os.environ.get("MACHI_DATA", ROOT / "var")).resolve()
CITY = Path(os.environ.get("MACHI_CITY", ROOT / "cities" / "joso")).resolve()
PACKAGES = ROOT / "packages"
PUBLIC_URL = os.environ.get("MACHI_URL", "http://localhost:8000").rstrip("/")


def _secret(name):
    """A secret of this installation, made at first use and kept in the data directory."""
    path = DATA / "secrets" / name
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.write_text(secrets.token_urlsafe(48))
        path.chmod(0o600)
    return path.read_text()


def _database(url):
    """DATABASE_URL (postgresql://user:password@host:port/name?host=/socket/dir) as Django wants it."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.contrib.gis.db.backends.postgis",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.get("host", parts.hostname or ""),
        "PORT": str(parts.port or query.get("port", "")),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "TEST": {"NAME": os.environ.get("MACHI_TEST_DB", "test_machi")},
    }


SECRET_KEY = os.environ.get("MACHI_SECRET") or _secret("django")
DEVELOPMENT = os.environ.get("MACHI_MODE", "development") == "development"
DEBUG = False
ALLOWED_HOSTS = os.environ.get("MACHI_HOSTS", "*").split(",")
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]

INSTALLED_APPS = [
    "machi.ui",
    "machi.engines.audit",
    "machi.engines.effects",
    "machi.engines.files",
    "machi.engines.definitions",
    "machi.engines.people",
    "machi.engines.packages",
    "machi.engines.search",
    "machi.engines.ledger",
    "machi.engines.documents",
    "machi.engines.questions",
    "machi.engines.notices",
    "machi.engines.attendance",
    "machi.engines.bookings",
    "machi.engines.payments",
    "machi.engines.approvals",
    "machi.engines.filing",
    "machi.engines.procedures",
    "machi.engines.guides",
    "machi.entrances.filling",
    "machi.entrances.portal",
    "machi.entrances.desk",
    "machi.entrances.builder",
    "machi.entrances.exchange",
    "machi.entrances.counter",
    "machi.entrances.api",
    "machi.house",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.gis",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "pgtrigger",
    "template_partials",
    "django_htmx",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",  # compresses; granian would not
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "machi.ui.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "machi.house.urls"
WSGI_APPLICATION = "machi.house.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "machi.ui.context.page",
                "machi.house.context.city",
            ],
        },
    }
]

DATABASES = {"default": _database(os.environ.get("DATABASE_URL") or postgres.address(DATA))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SILENCED_SYSTEM_CHECKS = ["gis.W001"]  # user text never reaches GDAL
PGTRIGGER_INSTALL_ON_MIGRATE = True

AUTH_USER_MODEL = "people.Account"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True  # in the browser that signed up, nowhere else
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "machi.engines.people.adapters.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "machi.engines.people.forms.SignInForm",
    "signup": "machi.engines.people.forms.SignUpForm",
}
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
STAFF_HOME_URL = "/desk/"
MFA_ADAPTER = "machi.engines.people.adapters.PasskeyAdapter"
MFA_FORMS = {"add_webauthn": "machi.engines.people.forms.AddPasskeyForm"}
MFA_SUPPORTED_TYPES = ["webauthn"]
MFA_WEBAUTHN_USER_VERIFICATION = "required"  # a passkey is a finger or a PIN, not the mere device
MFA_ALLOW_UNVERIFIED_EMAIL = True  # who has a passkey may still change the mail address
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEVELOPMENT  # browsers allow passkeys on http://localhost only

PACKAGE_KEY = os.environ.get("MACHI_PACKAGE_KEY") or _secret("packages")  # this city signs packages with it
# Whether programs may be told at addresses inside this network, and without TLS: for tests and closed networks.
WEBHOOKS_INSIDE = os.environ.get("MACHI_WEBHOOKS_INSIDE", "") == "yes"
PACKAGE_LICENCE = os.environ.get("MACHI_PACKAGE_LICENCE", "Apache-2.0")

CARD = {  # the My Number card's OpenID provider (デジタル認証アプリ); off while there is no issuer
    "issuer": os.environ.get("MACHI_CARD_ISSUER", "").rstrip("/"),
    "client_id": os.environ.get("MACHI_CARD_CLIENT_ID", ""),
    "authorization_endpoint": os.environ.get(
        "MACHI_CARD_AUTHORIZATION", ""
    ),  # these four: else found by discovery
    "token_endpoint": os.environ.get("MACHI_CARD_TOKEN", ""),
    "userinfo_endpoint": os.environ.get("MACHI_CARD_USERINFO", ""),
    "jwks_uri": os.environ.get("MACHI_CARD_JWKS", ""),
    "acr": os.environ.get("MACHI_CARD_ACR", "aal3"),
    "acr_values": os.environ.get("MACHI_CARD_ACR_VALUES", "aal3"),
}

for _language in HOUSE_LANGUAGES:
    LANG_INFO.setdefault(
        _language.code,
        {"bidi": False, "code": _language.code, "name": _language.name, "name_local": _language.name},
    )
LANGUAGE_CODE = "ja"
LANGUAGES = [(language.code, language.name) for language in HOUSE_LANGUAGES]
LANGUAGE_COOKIE_NAME = "lang"
LOCALE_PATHS = [ROOT / "src" / "machi" / "ground" / "locale"]  # the other packages are apps
TIME_ZONE = "Asia/Tokyo"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": DATA / "files"},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

EMAIL_BACKEND = "machi.engines.notices.smtp.Backend"  # Django's own, which also knows how far it got
_mail = urlsplit(os.environ.get("MACHI_SMTP", "smtp://localhost:1025"))
EMAIL_HOST, EMAIL_PORT = _mail.hostname, _mail.port or 25
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(_mail.username or ""), unquote(_mail.password or "")
EMAIL_USE_SSL = _mail.scheme == "smtps"
EMAIL_USE_TLS = _mail.scheme == "smtp+starttls"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = os.environ.get("MACHI_FROM", "no-reply@localhost")

DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024  # text of one page; files are counted apart
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
CSRF_FAILURE_VIEW = "machi.ui.views.csrf_failure"
X_FRAME_OPTIONS = "SAMEORIGIN"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PUBLIC_URL.startswith("https://")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:", "https://cyberjapandata.gsi.go.jp"],
        "connect-src": ["'self'", "https://cyberjapandata.gsi.go.jp"],
        "style-src": ["'self'"],
        "worker-src": ["'self'", "blob:"],
        "object-src": ["'none'"],
        "base-uri": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'self'"],
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": os.environ.get("MACHI_LOG", "WARNING")},
}
