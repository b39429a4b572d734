"""The proof that nobody is texted twice, nothing is lost and nothing is untrue.

``python -m tests.faults`` sends campaigns on real servers while it kills them,
restarts their database, takes their jobs away and lets the gateway fail. Then each
message of Odoo is held against the gateway's own ledger.
"""
