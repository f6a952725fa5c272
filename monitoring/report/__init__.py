"""The report to the Monitoring Sub-committee (§16): what is frozen into a snapshot, and how a report reads it."""
