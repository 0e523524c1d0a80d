"""Dates as Canadians write them; Django's own formats for Canada put the day first."""

DATE_FORMAT = "F j, Y"
DATETIME_FORMAT = "F j, Y, P"
MONTH_DAY_FORMAT = "F j"
