"""The enquiry form: the one declaration of what is asked, its rendering, its views, and what replaces cookies.

May import `contact.workflow`, `contact.privacy_notice`, `contact.intake`, `contact.screening`, `contact.models` and
`clinic`.
"""
