{
    "name": "SMS Marketing by Our Providers",
    "summary": "Odoo's SMS Marketing leaves by the providers of SMS Base",
    "version": "19.0.1.0.0",
    "development_status": "Beta",
    "category": "Marketing/SMS",
    "author": "SMS for Odoo contributors",
    "license": "LGPL-3",
    "depends": ["sms_base_sr", "mass_mailing_sms"],
    "auto_install": True,
    "data": ["views/sms_message_views.xml", "views/mailing_mailing_views.xml"],
}
