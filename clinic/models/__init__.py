"""The base of all pages, the pages about the clinic, and its settings.

May import clinic.blocks and what is below it.
"""

from clinic.models.announcements import Announcements
from clinic.models.base import BasePage
from clinic.models.content_version import ContentVersion
from clinic.models.demo import DemoRecord
from clinic.models.details import ClinicDetails
from clinic.models.home import FeaturedPage, HomePage
from clinic.models.hours import Closure, OpeningHours
from clinic.models.image import ClinicImage, ClinicRendition
from clinic.models.location import LocationIndexPage, LocationPage
from clinic.models.search_entry import SearchEntry
from clinic.models.search_words import SearchWords
from clinic.models.share_picture import SharePicture
from clinic.models.standard import FrenchPage, StandardPage
from clinic.models.team import PractitionerPage, TeamPage
