"""What every environment shares. The environment is read in this package and nowhere else."""

from datetime import timedelta
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parents[2]
LOCAL_DIR = BASE_DIR / ".local"

INSTALLED_APPS = [
    "home",
    "monographs",
    "monographs.editions",
    "monographs.rules",
    "monographs.imports",
    "monographs.review",
    "monographs.public",
    "monographs.feedback",
    "monographs.presentation",
    "monographs.styleguide",
    "monographs.accounts",
    "monographs.accounts.apps.UsersConfig",  # wagtail.users with our views
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
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
    "cms.middleware.PublicResponseMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "cms.middleware.AdminSessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "monographs.accounts.middleware.AdminAccessMiddleware",
    "axes.middleware.AxesMiddleware",
    # Last, so that it sees who asks and what they were shown; public pages pass it by
    "monographs.review.wagtail_integration.refusal_middleware.RefusalMiddleware",
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
        },
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

SESSION_COOKIE_AGE = 8 * 60 * 60  # a working day; nobody stays signed in longer
#: How long somebody stays signed in without doing anything.
SESSION_IDLE = timedelta(hours=8)

#: How many proxies stand in front and append to X-Forwarded-For. None on a machine of one's own.
TRUSTED_PROXIES = 0
# Guessing, as NIST SP 800-63B 5.2.2 asks for less than 100 in a row: few for one address in a while …
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
# … and, for one account, of all addresses it was never used from together, in a day
LOCKOUT_FAILURES_OF_ACCOUNT = 50
LOCKOUT_WINDOW = timedelta(days=1)
AXES_HANDLER = "monographs.accounts.lockout.LockoutHandler"
AXES_LOCKOUT_CALLABLE = "monographs.accounts.lockout.mark_response"
AXES_CLIENT_IP_CALLABLE = "monographs.core.client_ip.client_ip"
AXES_ENABLE_ACCESS_FAILURE_LOG = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_SENSITIVE_PARAMETERS = ["password", "code", "csrfmiddlewaretoken", "sha256"]
AXES_VERBOSE = False
OTP_TOTP_ISSUER = "Medicine monographs"

#: Whether changes of accounts and rights are told to the ledger. Off only in tests that count other entries.
TELL_ACCOUNT_CHANGES = True

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_I18N = True
#: The words of the interface. English ones are in the templates; another language is a folder beside `en`.
LOCALE_PATHS = [BASE_DIR / "monographs" / "public" / "locale"]
USE_TZ = True

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
#: Pinned figures by content hash. Apart from the desk's uploads, which no patient's page points to.
FIGURE_STORAGE = "figures"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    FIGURE_STORAGE: {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": LOCAL_DIR / "figures", "base_url": "/figures/"},
    },
}

#: Set while migrations run as the tables' owner: the role that `migrate` leaves with what the application
#: needs and nothing else. Empty where one role does everything.
APPLICATION_ROLE = ""
#: Whether a role that could change the record is unfit to serve.
RECORD_BEYOND_REACH = False

#: Whether `check_links` may ask addresses inside a network. Writers choose the addresses, so it may not.
LINK_CHECKS_REACH_PRIVATE = False

#: Whether `load_demo` and `generate_monographs` may run. Only on a machine of one's own and in tests.
ALLOW_DEMONSTRATION = False

# Each environment names what sends in the end as EMAIL_TRANSPORT
EMAIL_BACKEND = "monographs.core.mail.AfterCommitEmailBackend"

LOGIN_URL = "wagtailadmin_login"
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # Wagtail's advice for pages with many blocks

WAGTAIL_SITE_NAME = "Medicine monographs"
WAGTAILADMIN_BASE_URL = "http://127.0.0.1:8000"
WAGTAIL_FINISH_WORKFLOW_ACTION = "monographs.review.wagtail_integration.workflow_finish.publish_signed"
WAGTAIL_WORKFLOW_REQUIRE_REAPPROVAL_ON_EDIT = True
WAGTAILADMIN_USER_LOGIN_FORM = "monographs.accounts.forms.SignInForm"
WAGTAILADMIN_NOTIFICATION_INCLUDE_SUPERUSERS = False
WAGTAIL_ALLOW_UNICODE_SLUGS = False  # a document's slug is ASCII, like the addresses made of it
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAILIMAGES_EXTENSIONS = ["gif", "jpg", "jpeg", "png", "webp", "avif"]
# The admin cannot do without the app; its files stay behind the sign-in, like every file of the desk.
WAGTAILDOCS_SERVE_METHOD = "direct"
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
