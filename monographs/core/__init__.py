"""What every other package may use: client addresses, same-origin checks, sending email after a commit."""
