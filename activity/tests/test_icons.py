"""Each kind of activity has a drawing: the log's filter shows them all."""

import pytest

from activity.enums import ActivityType
from activity.templatetags.activity_timeline import activity_icon
from tms_site.templatetags.tms import icon


@pytest.mark.parametrize("kind", ActivityType.values)
def test_every_kind_of_activity_has_a_drawing(kind):
    assert "<svg" in icon(activity_icon(kind))
