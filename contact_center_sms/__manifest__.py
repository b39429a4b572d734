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
        "security/ir.model.access.csv",
        "data/queue_job_function_data.xml",
        "wizards/sms_chatroom_compose_views.xml",
        "views/acrux_chat_connector_views.xml",
        "views/acrux_chat_outgoing_views.xml",
    ],
    "uninstall_hook": "uninstall_hook",
}
