"""Quality of training (§6.6, §6.12, §6.15): standards and core messages, reviews of courses, single-agency training."""
