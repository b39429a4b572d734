{
    "name": "SMS Writers of Odoo (tests)",
    "summary": "Test addon: everything of Odoo's that writes SMS, in one database",
    "version": "19.0.1.0.0",
    "development_status": "Alpha",
    "category": "Hidden/Tests",
    "author": "SMS for Odoo contributors",
    "license": "LGPL-3",
    "depends": [
        "sms_base_sr_mass_mailing",
        "calendar_sms",
        "event_sms",
        "project_sms",
        "stock_sms",
        "sms_twilio",
    ],
}
