"""The checks of pages: `pages` finds the problems, `links` asks for addresses elsewhere, `admin` shows what was found.

May import services.models, services.claims and what is below them.
"""
