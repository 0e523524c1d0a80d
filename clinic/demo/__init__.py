"""The demo clinic: texts and pictures as data files, and the code that loads and removes them.

May import everything in clinic/ below it; nothing imports it but its command.
"""
