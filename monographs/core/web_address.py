"""Addresses of other servers in settings."""

from urllib.parse import urlsplit

from monographs.core.public_address import host_name


def why_no_web_address(url: str) -> str:
    """Return why nothing can be requested at ``url``, as half a sentence; empty if something can.

    Nothing is looked up: an address at which no server answers is one all the same.
    """
    if any(character.isspace() or not character.isprintable() for character in url):
        return "it has a space or a character that cannot be seen"
    try:
        address, host = urlsplit(url), host_name(url)
        port = address.port
    except ValueError as error:
        return str(error)
    reasons = {
        "it begins with neither http:// nor https://": address.scheme not in ("http", "https"),
        "it names no host": not host,
        "0 is no port": port == 0,
        "it has letters that must be written as %XX": not f"{address.path}{address.query}".isascii(),
    }
    return next((reason for reason, is_so in reasons.items() if is_so), "")
