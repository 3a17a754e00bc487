"""Django's server for tests, without the delay that its handler has."""

from django.test.testcases import QuietWSGIRequestHandler


def answer_at_once() -> None:
    """Let the server send the body of a response right after its headers.

    It writes them one after the other, and by default the kernel holds the second back until the client has
    acknowledged the first, which a client does 40 ms later: of every file that a page loads.
    """
    QuietWSGIRequestHandler.disable_nagle_algorithm = True
