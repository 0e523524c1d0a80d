"""What staff do with an enquiry: updates, timeline, reply templates, escalation, and who may do what."""
