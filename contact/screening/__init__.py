"""What an enquiry is checked for before it is stored. Nothing here refuses or throws away a person's enquiry.

Imports only `contact.models` and `clinic`. The lists and weights beside the modules are their data.
"""
