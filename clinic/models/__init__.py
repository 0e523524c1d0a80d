"""The base of all pages, the pages about the clinic, and its settings. May import clinic.blocks and what is below."""

from clinic.models.announcements import Announcements
from clinic.models.base import BasePage, FrenchPage, StandardPage
from clinic.models.content_version import ContentVersion
from clinic.models.demo import DemoRecord
from clinic.models.details import ClinicDetails
from clinic.models.home import FeaturedPage, HomePage
from clinic.models.image import ClinicImage, ClinicRendition, SharePicture
from clinic.models.location import Closure, LocationIndexPage, LocationPage, OpeningHours
from clinic.models.search import SearchEntry, SearchWords
from clinic.models.team import PractitionerPage, TeamPage
