"""The statistics page: the last twelve months in four figures and two charts.

counting.py  counts enquiries, also those that have been deleted
charts.py    what the page shows

May import intake and models.
"""
