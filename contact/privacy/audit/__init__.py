"""The audit of safeguards that the Health Information General Regulation, s. 14(1)(c), wants every two years.

finding.py   one thing that was looked at: what was found, and what to do
people.py    who can sign in, and how safely
accounts.py  what was done with enquiries: looked at, exported, deleted on time
running.py   what has to run by itself: worker, proof, backups
server.py    how the site is set up: encryption, cookies, secrets
clinic.py    what managers keep up: notice, warning signs, licences
report.py    all of it as one page, what falls short first

One check is one function that asks the running site and returns a finding. No patient's data is in any of them.
"""
