"""An output at which somebody presses Ctrl-C."""

from io import StringIO


class Interrupting(StringIO):
    """An output at which somebody presses Ctrl-C when it shows ``words``."""

    def __init__(self, words: str) -> None:
        super().__init__()
        self.words = words

    def write(self, text: str) -> int:
        if self.words in text:
            raise KeyboardInterrupt
        return super().write(text)
