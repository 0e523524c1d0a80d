"""The enquiry form: its fields, how it is rendered, where it was sent from, its views and the receipt."""
