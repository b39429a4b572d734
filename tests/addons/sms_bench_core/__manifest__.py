{
    "name": "SMS bench: Odoo's own SMS to the simulated gateway",
    "version": "19.0.1.0.0",
    "category": "Hidden/Tests",
    "author": "SMS for Odoo contributors",
    "license": "LGPL-3",
    "depends": ["contacts", "sms"],
}
