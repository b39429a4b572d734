{
    "name": "SMS Replies to Leads",
    "summary": "Make a lead of a customer's SMS reply",
    "version": "19.0.1.0.0",
    "development_status": "Beta",
    "category": "Marketing/SMS",
    "author": "SMS for Odoo contributors",
    "license": "LGPL-3",
    "depends": ["sms_base_sr", "crm"],
    "auto_install": True,
    "data": ["views/sms_message_views.xml"],
}
