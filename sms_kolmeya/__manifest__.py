{
    "name": "SMS Kolmeya",
    "summary": "The Kolmeya gateway for SMS Base",
    "version": "19.0.1.0.0",
    "category": "Marketing/SMS",
    "license": "LGPL-3",
    "author": "SMS for Odoo contributors",
    "website": "https://github.com/sms-for-odoo/sms-campaigns",
    "depends": ["sms_base_sr"],
    "external_dependencies": {"python": ["requests", "tenacity"]},
    "data": [
        "security/ir.model.access.csv",
        "data/sms_provider_data.xml",
        "views/sms_provider_views.xml",
    ],
}
