{
    "name": "Contacts Realcred (stand-in)",
    "summary": "Clean-room stand-in of a proprietary app, for tests and demo only",
    "version": "19.0.1.0.0",
    "development_status": "Alpha",
    "category": "Hidden/Tests",
    "author": "SMS for Odoo contributors",
    "license": "LGPL-3",
    "depends": ["base"],
    "data": [
        "security/contacts_realcred_security.xml",
        "security/ir.model.access.csv",
        "data/ir_cron.xml",
        "views/contacts_realcred_batch_views.xml",
        "views/contacts_realcred_campaign_views.xml",
        "views/contacts_realcred_menus.xml",
    ],
    "application": True,
}
