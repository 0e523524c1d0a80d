"""Words that were found later reach desks that have their list already, and nothing comes back that was taken away."""

import pytest
from django.apps import apps

from contact.first_words import ADDED_LATER, AT_FIRST, RED_FLAGS, add_later_words
from contact.models import RedFlag

pytestmark = pytest.mark.django_db


def test_a_new_desk_has_each_phrase_once() -> None:
    for sign in RedFlag.objects.all():
        assert sign.phrases == list(RED_FLAGS[sign.name])
        assert len(set(sign.phrases)) == len(sign.phrases)


def test_a_desk_of_old_gets_the_new_phrases_and_keeps_its_own() -> None:
    sign = RedFlag.objects.get(name="Chest pain")
    kept = [*AT_FIRST["Chest pain"][1:], "elephant on me", "Pain* ...  Chest"]
    sign.words = "\n".join(kept)
    sign.is_active = False
    sign.save()
    add_later_words(apps, None)
    sign.refresh_from_db()
    assert sign.phrases == [*kept, *(one for one in ADDED_LATER["Chest pain"] if one != "pain* ... chest")]
    assert AT_FIRST["Chest pain"][0] not in sign.phrases
    assert not sign.is_active


def test_a_sign_that_was_deleted_or_has_another_name_is_left_alone() -> None:
    RedFlag.objects.get(name="Trouble breathing").delete()
    RedFlag.objects.filter(name="Chest pain").update(name="Heart", words="heart")
    add_later_words(apps, None)
    assert not RedFlag.objects.filter(name__in=["Trouble breathing", "Chest pain"]).exists()
    assert RedFlag.objects.get(name="Heart").words == "heart"


def test_a_second_time_changes_nothing() -> None:
    before = list(RedFlag.objects.values_list("name", "words"))
    add_later_words(apps, None)
    assert list(RedFlag.objects.values_list("name", "words")) == before
