{
    "name": "SMS Kolmeya",
    "summary": "The Kolmeya gateway for SMS Base",
    "version": "19.0.1.0.0",
    "development_status": "Beta",
    "category": "Marketing/SMS",
    "author": "SMS for Odoo contributors",
    "license": "LGPL-3",
    "external_dependencies": {"python": ["requests", "tenacity"]},
    "depends": ["sms_base_sr"],
    "data": [
        "security/ir.model.access.csv",
        "security/kolmeya_rules.xml",
        "data/sms_provider_data.xml",
        "data/ir_config_parameter_data.xml",
        "views/sms_provider_views.xml",
    ],
}
