"""The enquiry form: the one declaration of what is asked, its rendering, its views, and what replaces cookies.

forms.py       the fields; what is stored, checked, exported and disclosed follows from them
rendering.py   the form as HTML, and the pages around it
views.py       receiving an enquiry; the receipt and the privacy notice
cookieless.py  where a form came from, what its sender has already seen, and the receipt's signed address

May import `contact.workflow`, `contact.privacy_notice`, `contact.intake`, `contact.screening`, `contact.models` and
`clinic`.
"""
