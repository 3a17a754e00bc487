"""Settings shared by every environment. Environment variables are read in this package and nowhere else."""

import re
from datetime import timedelta
from zoneinfo import available_timezones

from django.conf.locale import LANG_INFO
from django.core.exceptions import ImproperlyConfigured

from cms.emergency_label import emergency_wording
from cms.paths import BASE_DIR, LOCAL_DIR
from cms.settings.environment import env
from cms.settings.ledger_head import *  # noqa: F403
from cms.version import VERSION  # noqa: F401  # a setting for packages below cms
from monographs.core.brand.brand import read_brand
from monographs.core.brand.brand_error import BrandError
from monographs.core.web_address import why_no_web_address

#: The address of a cache node: scheme, host and port.
CACHE_NODE = re.compile(r"https?://(\[[0-9a-fA-F:]+\]|[\w.-]+)(:\d{1,5})?")
#: A telephone number as people write it, with hyphens and spaces that do not break, too.
TELEPHONE_NUMBER = re.compile(r"[+(]?[0-9][0-9 ()/.\-\u2011\u00a0\u202f]*")
#: Bounds of numbers: beyond them nothing is meant, or another unit. A day in seconds, a century in days.
DAY, CENTURY = 86_400, 36_500

#: The organisation's look, its legal lines, and its name until the home page is signed
#: (``monographs/core/brand/``).
try:
    BRAND = read_brand(env.str("BRAND_FOLDER", ""))
except BrandError as _error:
    raise ImproperlyConfigured(f"BRAND_FOLDER: {_error}") from _error
#: Named in the admin, in emails and in authenticator apps.
WAGTAIL_SITE_NAME = BRAND.name or "Medicine monographs"

INSTALLED_APPS = [
    "home",
    "monographs",
    "monographs.scheduler",
    "monographs.editions",
    "monographs.rules",
    "monographs.imports",
    "monographs.review",
    "monographs.public",
    "monographs.feedback",
    "monographs.label_watch",
    "monographs.source_library",
    "monographs.presentation",
    "monographs.styleguide",
    "monographs.accounts",
    "monographs.site_checks",
    "monographs.accounts.apps.UsersConfig",  # wagtail.users with our own views
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.contrib.typed_table_block",
    "wagtail.search",
    "wagtail.admin",
    "wagtail.sites",
    "wagtail",
    "modelcluster",
    "taggit",
    "pgtrigger",
    "django_filters",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "axes",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
]

MIDDLEWARE = [
    "cms.request_record.RequestRecordMiddleware",
    "cms.middleware.PublicResponseMiddleware",
    # Outside all that write into a page of the admin
    "cms.middleware.AdminCompressionMiddleware",
    "cms.middleware.NewerDocumentMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Before the next one, which checks the host of every request
    "cms.metrics.MetricsMiddleware",
    "django.middleware.common.CommonMiddleware",
    # Public pages go no further
    "cms.middleware.PublicViewMiddleware",
    "cms.middleware.AdminLanguageMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "monographs.accounts.middleware.AdminAccessMiddleware",
    "axes.middleware.AxesMiddleware",
    # After all above, so that it sees the authenticated user and the final response
    "monographs.review.wagtail_integration.refusal_middleware.RefusalMiddleware",
    # Inside it: only an answer without a refusal lets the browser forget what was typed
    "monographs.review.kept_text.KeptTextMiddleware",
    # Last: it undoes what a view did
    "monographs.review.wagtail_integration.workflow_guard.WorkflowGuardMiddleware",
]
MESSAGE_STORAGE = "monographs.review.wagtail_integration.refusal_middleware.CapturingMessageStorage"

AUTHENTICATION_BACKENDS = [
    "monographs.accounts.lockout.LockoutBackend",
    "django.contrib.auth.backends.ModelBackend",
]

ROOT_URLCONF = "cms.urls"
WSGI_APPLICATION = "cms.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "builtins": ["monographs.presentation.templatetags.moment_tags"],
        },
    },
    {
        # Components of which a public page has hundreds
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [BASE_DIR / "templates" / "jinja2"],
        "OPTIONS": {"environment": "monographs.public.component_environment.environment"},
    },
]

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

SESSION_COOKIE_AGE = 8 * 60 * 60  # a working day: the longest that anybody stays signed in
#: How long a session lasts without a request.
SESSION_IDLE = timedelta(hours=8)

#: Number of proxies in front that append to X-Forwarded-For. None on a developer's machine.
TRUSTED_PROXIES = 0
# NIST SP 800-63B 5.2.2 allows at most 100 consecutive failures. A low limit for each pair of account and
# client network; how long a lock lasts is in `accounts.lockout`, how long failures count is here …
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(days=1)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
# … and a limit for one account over all networks from which it was never used
LOCKOUT_FAILURES_OF_ACCOUNT = 50
LOCKOUT_WINDOW = timedelta(days=1)
AXES_HANDLER = "monographs.accounts.lockout.LockoutHandler"
AXES_LOCKOUT_CALLABLE = "monographs.accounts.lockout.mark_response"
AXES_CLIENT_IP_CALLABLE = "monographs.core.client_ip.client_network"
AXES_ENABLE_ACCESS_FAILURE_LOG = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_SENSITIVE_PARAMETERS = ["password", "code", "csrfmiddlewaretoken", "sha256"]
AXES_VERBOSE = False
#: How long the link of an invitation or of a new password works, in seconds.
PASSWORD_RESET_TIMEOUT = 24 * 60 * 60
OTP_TOTP_ISSUER = WAGTAIL_SITE_NAME

#: Whether changes of accounts and permissions are recorded in the ledger. Off only in tests that count other
#: entries.
RECORD_ACCOUNT_CHANGES = True

#: Keys that are accepted beside SECRET_KEY while it is replaced (docs/operators/accounts.md).
SECRET_KEY_FALLBACKS: list[str] = env.items("SECRET_KEY_FALLBACKS")

#: The language of the site's pages, and of their interface where there is a translation.
LANGUAGE_CODE = env.str("SITE_LANGUAGE", "en").lower()
if LANGUAGE_CODE not in LANG_INFO:
    raise ImproperlyConfigured(f"SITE_LANGUAGE: {LANGUAGE_CODE!r} is no language code, e.g. en or de.")
#: The language of the admin and of emails to those who work in it. Wagtail offers 38: the words of this
#: project's own screens are English.
ADMIN_LANGUAGE = "en"
WAGTAILADMIN_PERMITTED_LANGUAGES = [(ADMIN_LANGUAGE, "English")]
TIME_ZONE = "UTC"
#: The zone in which the admin shows and reads times besides UTC, e.g. "Europe/Berlin".
SITE_TIME_ZONE = env.str("SITE_TIME_ZONE", "UTC")
if SITE_TIME_ZONE not in available_timezones():
    raise ImproperlyConfigured(
        f"SITE_TIME_ZONE: {SITE_TIME_ZONE!r} is no time zone, e.g. Europe/Berlin or UTC."
    )
# An account has no zone of its own: two people who read of one moment read the same
WAGTAIL_USER_TIME_ZONES = [TIME_ZONE]
USE_I18N = True
#: Translations of the interface. English is in the templates; another language is a folder beside `en`, or in
#: the brand's folder, whose words come first.
LOCALE_PATHS = [
    *([BRAND.locale] if BRAND.locale else []),
    BASE_DIR / "monographs" / "public" / "locale",
]
USE_TZ = True

#: Telephone numbers that pages show, and the names of the lines (``monographs/core/help_lines.py``). The
#: defaults are those of the United States.
EMERGENCY_NUMBER = env.str("EMERGENCY_NUMBER", "911")
SUICIDE_LINE = env.str("SUICIDE_LINE", "988")
SUICIDE_LINE_NAME = env.str("SUICIDE_LINE_NAME", "988 Suicide & Crisis Lifeline")
POISON_LINE = env.str("POISON_LINE", "1-800-222-1222")
POISON_LINE_NAME = env.str("POISON_LINE_NAME", "Poison Help line")
for _name, _number in (
    ("EMERGENCY_NUMBER", EMERGENCY_NUMBER),
    ("SUICIDE_LINE", SUICIDE_LINE),
    ("POISON_LINE", POISON_LINE),
):
    if not TELEPHONE_NUMBER.fullmatch(_number):
        raise ImproperlyConfigured(f"{_name}: {_number!r} is no telephone number, e.g. 911.")
#: Names of settings that the environment has, and those that the first steps ask for, right default or not.
CHOSEN_SETTINGS = frozenset(
    name for name in ("EMERGENCY_NUMBER", "POISON_LINE", "SITE_LANGUAGE", "BRAND_FOLDER") if env.str(name, "")
)
#: Language → label of what cannot wait, where the usual one (“Call 911 now”) is not what people say.
EMERGENCY_WORDING = emergency_wording(env.json("EMERGENCY_WORDING", {}))

STATIC_URL = "/static/"
STATIC_ROOT = LOCAL_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "monographs.public.stylesheet.BundledStylesheetFinder",
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]
#: Where the public style sheet is put together.
BUNDLED_STYLESHEET_DIR = LOCAL_DIR / "styles"
MEDIA_URL = "/admin/media/"
MEDIA_ROOT = LOCAL_DIR / "media"
#: Snapshots of figures, named by content hash. Separate from uploads, to which no public page links.
FIGURE_STORAGE = "figures"
STORAGES = {
    "default": {"BACKEND": "monographs.core.upload_storage.UploadStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    FIGURE_STORAGE: {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": LOCAL_DIR / "figures", "base_url": "/figures/"},
    },
}

#: Set only while migrations run as the tables' owner: the role to which `migrate` grants exactly what the
#: application needs. Empty where one role does everything.
APPLICATION_ROLE = ""
#: Whether `/readyz` fails when the database role could change append-only tables.
REQUIRE_RESTRICTED_ROLE = False

#: Memory of a process for bodies of public responses, in bytes: 2,000 to 3,000 pages.
BODY_CACHE_BYTES = env.number("BODY_CACHE_MB", 32, least=0, most=100_000) * 1_000_000
#: How long a public request waits for the database, in seconds.
PUBLIC_READ_SECONDS = env.seconds("PUBLIC_READ_SECONDS", 5, most=DAY)
#: How long ago the database must have said that a page is current, in seconds, for a process to show it while
#: the database is away. A withdrawal that this process cannot see is hidden for no longer. 0: never.
PUBLIC_STALE_SECONDS = env.seconds("PUBLIC_STALE_SECONDS", 60, most=DAY)

# Limits of web processes (`cms.web_database`), in seconds: to connect, of a statement, for a lock, and of a
# transaction that does nothing.
DATABASE_CONNECT_SECONDS = env.seconds("DATABASE_CONNECT_SECONDS", 3, most=DAY)
DATABASE_STATEMENT_SECONDS = env.seconds("DATABASE_STATEMENT_SECONDS", 25, most=DAY)
DATABASE_LOCK_SECONDS = env.seconds("DATABASE_LOCK_SECONDS", 20, most=DAY)
DATABASE_IDLE_SECONDS = env.seconds("DATABASE_IDLE_SECONDS", 60, most=DAY)
#: What stands before the database: "transaction" for PgBouncer in that mode, else nothing. It switches off
#: what needs a session of one's own (`monographs/core/db_pooler.py`).
DATABASE_POOLER = env.str("DATABASE_POOLER", "")
if DATABASE_POOLER not in ("", "transaction"):
    raise ImproperlyConfigured(
        f"DATABASE_POOLER: {DATABASE_POOLER!r} is unknown; “transaction”, or leave it out."
    )
#: Whether these are set for each session, as options of the connection. Off behind a pooler, which refuses
#: them: set them for the role there.
DATABASE_SESSION_LIMITS = env.bool("DATABASE_SESSION_LIMITS", not DATABASE_POOLER)
#: Connections of a web process that its threads share; 0: one for each thread.
DATABASE_POOL_SIZE = env.number("DATABASE_POOL_SIZE", 0, least=0, most=1000)
#: Workers of a web container. gunicorn reads it itself; here it is compared with what the database allows.
WEB_CONCURRENCY = env.number("WEB_CONCURRENCY", 1, least=1, most=1000)
#: Whether PostgreSQL keeps the plans of the public site's statements, per connection. Off behind a pooler
#: that gives each transaction another connection and does not follow them (PgBouncer before 1.21).
PREPARED_STATEMENTS = env.bool("PREPARED_STATEMENTS", not DATABASE_POOLER)

#: What Prometheus sends as a bearer token to read `/metrics`; empty: there is no such page.
METRICS_TOKEN = env.str("METRICS_TOKEN", "")

#: Name of a periodic job → how often it runs, where that is not as usual: `{"check_links": "6h"}`
#: (`monographs/scheduler/schedule.py`).
_schedule = env.json("SCHEDULE", {})
if not isinstance(_schedule, dict):
    raise ImproperlyConfigured(f'SCHEDULE: {_schedule!r} is no JSON object, e.g. {{"check_links": "6h"}}.')
SCHEDULE: dict[str, str] = {str(name): str(when) for name, when in _schedule.items()}
#: Folder into which the scheduler writes a backup a day; empty: none. Public keys to which it encrypts them,
#: and how many it keeps.
BACKUP_FOLDER = env.str("BACKUP_FOLDER", "")
BACKUP_KEYS: list[str] = env.items("BACKUP_KEYS")
BACKUPS_KEPT = env.number("BACKUPS_KEPT", 14, least=1, most=CENTURY)
#: Folder into which the scheduler writes the ledger's head, a file a day; empty: none.
LEDGER_HEADS_FOLDER = env.str("LEDGER_HEADS_FOLDER", "")

#: Whether a web process does not start if a setting makes no sense (`monographs/site_checks/`).
CHECK_SITE_AT_START = False

#: Whether `check_links` may request private network addresses. Off, because writers choose the addresses.
LINK_CHECKS_REACH_PRIVATE = False

#: Whether outside experts whom two people recorded may sign by a code that is sent to their recorded address
#: (docs/decisions/0077-an-outside-expert-signs-by-a-code.md).
OUTSIDE_SIGNATURES = env.bool("OUTSIDE_SIGNATURES", False)

#: Where `check_labels` looks for new versions of labels: `dailymed`, `openfda`, or `none` (files only).
LABEL_SOURCE = env.str("LABEL_SOURCE", "dailymed")
if LABEL_SOURCE not in ("dailymed", "openfda", "none"):
    raise ImproperlyConfigured(f"LABEL_SOURCE is {LABEL_SOURCE!r}; it can be dailymed, openfda or none.")
#: Their addresses, which end with a slash; other ones for a mirror inside the network.
DAILYMED_URL = env.str("DAILYMED_URL", "https://dailymed.nlm.nih.gov/dailymed/services/v2/").rstrip("/") + "/"
OPENFDA_URL = env.str("OPENFDA_URL", "https://api.fda.gov/drug/").rstrip("/") + "/"
#: Days in which a page answers a change of its label, by how grave it is.
LABEL_TASK_DAYS = {
    "grave": env.number("LABEL_DAYS_GRAVE", 7, least=1, most=CENTURY),
    "substance": env.number("LABEL_DAYS_SUBSTANCE", 60, least=1, most=CENTURY),
    "wording": env.number("LABEL_DAYS_WORDING", 180, least=1, most=CENTURY),
}
#: Years after which a source of a kind has to be looked at again, and days in which a page answers for one.
SOURCE_YEARS = {
    "guideline": env.number("SOURCE_YEARS_GUIDELINE", 5, least=0, most=100),
    "agency": env.number("SOURCE_YEARS_AGENCY", 5, least=0, most=100),
}
SOURCE_TASK_DAYS = env.number("SOURCE_TASK_DAYS", 60, least=1, most=CENTURY)
#: What these services are told about us; by default this site's address.
LABEL_USER_AGENT = env.str("LABEL_USER_AGENT", "")

#: Shared caches in front of the service, which are told what a publication changed
#: (`monographs/public/shared_cache`).
CACHE_PURGE_URLS = [node.rstrip("/") for node in env.items("CACHE_PURGE_URLS")]
for _url in CACHE_PURGE_URLS:
    if not CACHE_NODE.fullmatch(_url) or why_no_web_address(_url):
        raise ImproperlyConfigured(
            f"CACHE_PURGE_URLS: {_url!r} is no cache node, e.g. http://10.0.0.5:6081 (several: with commas)."
        )

#: Whether `load_demo` and `generate_monographs` may run. Only on a developer's machine and in tests.
ALLOW_DEMONSTRATION = False

# Queues emails until the commit; each environment sets the backend that sends them as EMAIL_TRANSPORT
EMAIL_BACKEND = "monographs.core.mail.AfterCommitEmailBackend"

#: Whether a thread of a web process sends the emails that wait in the database: no request waits for them.
THREADS_SEND_EMAIL = True

LOGIN_URL = "wagtailadmin_login"
CSRF_FAILURE_VIEW = "monographs.accounts.lost_session.csrf_failure"
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # Wagtail's advice for pages with many blocks

WAGTAILADMIN_BASE_URL = "http://127.0.0.1:8000"
WAGTAIL_FINISH_WORKFLOW_ACTION = "monographs.review.wagtail_integration.workflow_finish.publish_signed"
WAGTAIL_WORKFLOW_REQUIRE_REAPPROVAL_ON_EDIT = True
WAGTAILADMIN_USER_LOGIN_FORM = "monographs.accounts.forms.SignInForm"
WAGTAILUSERS_PASSWORD_ENABLED = False  # nobody types the password of somebody else
WAGTAILADMIN_NOTIFICATION_INCLUDE_SUPERUSERS = False
# One system of remarks: reviewers' notes, which keep a text from being signed
WAGTAILADMIN_COMMENTS_ENABLED = False
WAGTAIL_ALLOW_UNICODE_SLUGS = False  # slugs in documents and public paths are ASCII
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAILIMAGES_EXTENSIONS = ["gif", "jpg", "jpeg", "png", "webp", "avif"]
WAGTAILIMAGES_IMAGE_FORM_BASE = "monographs.review.wagtail_integration.image_forms.CleanImageForm"
WAGTAILIMAGES_MAX_IMAGE_PIXELS = None  # our own limit, whose message says what to do
#: Most megapixels of an uploaded picture: phones store 24 unless asked for more. Decoded, 100 MB of memory.
IMAGE_MAX_MEGAPIXELS = 25
# Uploads leave through `cms.uploads` only: after a sign-in, as attachments
WAGTAILDOCS_SERVE_METHOD = "direct"
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
