"""An accepted form becomes an enquiry: one transaction, its reference, its due date, its activity log."""
