"""The desk in numbers: twelve months of enquiries, counted in the database and drawn on the server.

counting.py  what came when, and how soon it was answered; also of enquiries that were deleted since
figures.py   what the counts say: shares and medians
pictures.py  bars, lines and words of each picture, and the table behind it
"""
