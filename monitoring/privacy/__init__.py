"""Personal data (UK GDPR): what is held and how long, what a person is given of it, what is deleted by schedule.

It stands on the top floor because it looks at every table of the house.
"""
