"""The privacy notice, retention, disclosure and erasure, and the audit of safeguards."""
