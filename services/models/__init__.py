"""Treatments the clinic offers, the conditions they may help with, and what they cost."""

from services.models.check import Check, ExternalLink, Overruling
from services.models.condition import ConditionIndexPage, ConditionPage
from services.models.imported import ImportedItem
from services.models.review import ClinicalReview, SignOff
from services.models.review_task import ClinicalReviewTask
from services.models.rows import Evidence, Fee, ServiceCondition, ServicePractitioner
from services.models.service import FeesPage, ServiceIndexPage, ServicePage
