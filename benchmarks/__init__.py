"""Measurements of the running site, beside what the machine could do at best. `make bench` prints them."""
