"""The picture that messengers show of a page: its title over its lead picture, 1200 pixels wide and 630 high."""
