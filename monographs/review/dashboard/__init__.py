"""The board: every page under review rules and the stage it is at."""
