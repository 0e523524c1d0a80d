"""Proof that the form works: a signed canary goes the whole way, from the public address to the mail server."""
