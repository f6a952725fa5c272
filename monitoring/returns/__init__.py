"""The yearly return of each organisation (§6.10): its workforce, training held elsewhere, wanted subjects, barriers."""
