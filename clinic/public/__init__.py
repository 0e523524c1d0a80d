"""The public views: search, errors, health, navigation, and the contact details that outlive the database."""
