"""Settings of the ledger's signed head, and of the places that keep it out of the database's reach."""

from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from cms.settings.environment import env
from monographs.core.web_address import why_no_web_address

#: The file with the secret key that signs checkpoints (`manage.py ledger new_key`). Empty: none are made.
LEDGER_KEY_FILE = env.str("LEDGER_KEY_FILE", "")
#: Public keys that signed checkpoints before; checkpoints by them are accepted as anchors.
LEDGER_FORMER_KEYS: list[str] = env.items("LEDGER_FORMER_KEYS")
#: Public keys of witnesses whose signatures are kept ("name+id+key"), and the addresses at which they sign.
LEDGER_WITNESS_KEYS: list[str] = env.items("LEDGER_WITNESS_KEYS")
LEDGER_WITNESS_URLS = [url.rstrip("/") for url in env.items("LEDGER_WITNESS_URLS")]
#: Where `ledger publish_head` stores the head: mailto:, file:, git: and s3: addresses.
LEDGER_HEAD_TO: list[str] = env.items("LEDGER_HEAD_TO")
#: The address of a time stamping authority (RFC 3161), and the certificates that it must lead to, as PEM.
LEDGER_TSA_URL = env.str("LEDGER_TSA_URL", "")
LEDGER_TSA_CA_FILE = env.str("LEDGER_TSA_CA_FILE", "")

for _name, _addresses, _schemes in (
    ("LEDGER_WITNESS_URLS", LEDGER_WITNESS_URLS, ("http://", "https://")),
    ("LEDGER_TSA_URL", [LEDGER_TSA_URL] if LEDGER_TSA_URL else [], ("http://", "https://")),
    ("LEDGER_HEAD_TO", LEDGER_HEAD_TO, ("mailto:", "file:/", "git:/", "s3://")),
):
    for _address in _addresses:
        if not _address.startswith(_schemes):
            raise ImproperlyConfigured(f"{_name}: {_address!r} begins with none of {', '.join(_schemes)}")
        if _address in _schemes:
            raise ImproperlyConfigured(f"{_name}: {_address!r} names no place.")
        if _address.startswith(("file:", "git:")) and (_host := urlsplit(_address).netloc):
            raise ImproperlyConfigured(
                f"{_name}: {_address!r} must name a folder of this machine, and {_host!r} is read as the "
                f"name of a computer: {_address.partition(':')[0]}:///{_host}{urlsplit(_address).path}"
            )
        if _address.startswith("http") and (_reason := why_no_web_address(_address)):
            raise ImproperlyConfigured(f"{_name}: {_address!r} is no web address: {_reason}.")

if LEDGER_TSA_URL and not LEDGER_TSA_CA_FILE:
    raise ImproperlyConfigured(
        "LEDGER_TSA_URL needs LEDGER_TSA_CA_FILE: the file with the certificates (PEM) of the authority's "
        "CA, without which anybody's time stamp would be as good."
    )
