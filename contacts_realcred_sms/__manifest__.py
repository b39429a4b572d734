{
    "name": "Contacts Realcred SMS",
    "summary": "Send the campaigns of Contacts Realcred by SMS",
    "version": "19.0.1.0.0",
    "development_status": "Beta",
    "category": "Marketing/SMS",
    "author": "SMS for Odoo contributors",
    "license": "LGPL-3",
    "depends": ["contacts_realcred", "sms_base_sr"],
    "data": [
        "security/security.xml",
        "security/ir.model.access.csv",
        "data/queue_job_function_data.xml",
        "views/contacts_realcred_campaign_views.xml",
        "views/contacts_realcred_campaign_import_views.xml",
        "views/contacts_realcred_batch_views.xml",
        "views/sms_message_views.xml",
    ],
    "assets": {
        "web.assets_tests": ["contacts_realcred_sms/static/tests/tours/**/*"],
    },
    "post_init_hook": "post_init_hook",
    "uninstall_hook": "uninstall_hook",
}
