{
    "name": "SMS: a sample provider",
    "summary": "For tests and as a worked example: a second gateway, unlike the first",
    "version": "19.0.1.0.0",
    "development_status": "Alpha",
    "category": "Hidden/Tests",
    "license": "LGPL-3",
    "author": "SMS for Odoo contributors",
    "website": "https://github.com/sms-for-odoo/sms-campaigns",
    "depends": ["sms_base_sr"],
    "data": ["views/sms_provider_views.xml"],
}
