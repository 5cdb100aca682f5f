"""Coiled: the account, what may be asked of it, and its states in words."""
