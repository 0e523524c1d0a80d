import pytest

from tests.load import role_walk
from tests.load.addresses import every_address

pytestmark = [pytest.mark.django_db, pytest.mark.no_cover]


# Reception and managers may read enquiries, and nothing breaks down for them that does not for a superuser. Whoever was
# asked about an enquiry is a physiotherapist too; test_sharing.py looks at what those may not see who were not asked.
LEFT_OUT = {"Reception", "Managers", "Physiotherapists"}
WALKED = [role for role in (*role_walk.ROLES, *role_walk.ENTRY) if role not in LEFT_OUT]


@pytest.mark.parametrize("role", WALKED)
def test_every_address_asks_for_a_permission_and_none_breaks_down(role: str) -> None:
    addresses = every_address(role_walk.PATIENT)
    if role == role_walk.NO_GROUP:  # whatever asks those who may enter for a permission asks this person too
        addresses = [address for address in addresses if role_walk.ENTERED.match(address)]
    answers = list(role_walk.walk([role], addresses))
    assert [str(answer) for answer in answers if answer.fault] == []
    given = {answer.address for answer in answers if answer.result == "given"}
    assert given.isdisjoint(role_walk.ADMINS) == (role in {role_walk.ANONYMOUS, role_walk.NO_GROUP})
