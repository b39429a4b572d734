{
    "name": "Contact Center SMS",
    "summary": "SMS replies in the ChatRoom, beside WhatsApp",
    "version": "19.0.1.0.0",
    "category": "Marketing/SMS",
    "license": "LGPL-3",
    "author": "SMS for Odoo contributors",
    "website": "https://github.com/sms-for-odoo/sms-campaigns",
    "depends": ["sms_base_sr", "whatsapp_connector"],
    "data": [
        "data/queue_job_function_data.xml",
        "views/acrux_chat_connector_views.xml",
    ],
    "uninstall_hook": "uninstall_hook",
}
