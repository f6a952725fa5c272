"""Settings of the site that `make scan` attacks: the product's, with a cache that keeps nothing and so counts no one.

Limits on guesses would answer 429 in place of the forms; they have tests of their own.
"""

from wscb_training.settings import *  # noqa: F403

CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
