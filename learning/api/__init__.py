"""The interface for machines: the public catalogue for anyone, an organisation's own data for its HR system by token.

It reads what the pages read and calls the same actions; docs of it are made from the code (`/api/`).
"""
