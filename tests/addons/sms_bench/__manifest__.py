{
    "name": "SMS bench: a public route that does nothing",
    "version": "19.0.1.0.0",
    "category": "Hidden/Tests",
    "author": "SMS for Odoo contributors",
    "license": "LGPL-3",
    "depends": ["web"],
}
