"""The whole borough, for `demo --full`: every organisation, 6,000 people, and two programme years of what happened.

What the small demo makes through the site's actions stands beside it. All of this is past and is written in bulk, such
that it leaves what the actions would have left: `check_invariants` finds nothing on it, and a test holds that.
"""

from monitoring.demo.borough.online import make_online
from monitoring.demo.borough.organisations import make_organisations
from monitoring.demo.borough.past_events import make_past_events
from monitoring.demo.borough.people import make_people
from monitoring.demo.borough.schools import make_school_duties

__all__ = ["make_online", "make_organisations", "make_past_events", "make_people", "make_school_duties"]
