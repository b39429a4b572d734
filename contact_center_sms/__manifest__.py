{
    "name": "Contact Center SMS",
    "summary": "SMS replies in the ChatRoom, beside WhatsApp",
    "version": "19.0.1.0.0",
    "development_status": "Beta",
    "category": "Marketing/SMS",
    "author": "SMS for Odoo contributors",
    "license": "LGPL-3",
    "depends": ["sms_base_sr", "whatsapp_connector"],
    "data": [
        "data/queue_job_function_data.xml",
        "views/acrux_chat_connector_views.xml",
    ],
    "uninstall_hook": "uninstall_hook",
}
