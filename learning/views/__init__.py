"""Pages over what a person or a team has and still needs; each part in a module of its own."""
