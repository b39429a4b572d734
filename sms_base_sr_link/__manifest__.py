{
    "name": "SMS Short Links",
    "summary": "Short links in SMS campaigns, with who has clicked",
    "version": "19.0.1.0.0",
    "development_status": "Beta",
    "category": "Marketing/SMS",
    "author": "SMS for Odoo contributors",
    "license": "LGPL-3",
    "depends": ["sms_base_sr", "link_tracker"],
    "auto_install": True,
    "data": [
        "security/ir.model.access.csv",
        "security/sms_link_rules.xml",
        "views/res_config_settings_views.xml",
    ],
    "assets": {"web.assets_backend": ["sms_base_sr_link/static/src/**/*"]},
}
