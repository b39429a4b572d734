{
    "name": "Job Queue for SMS",
    "summary": "Channels, capacity check and job screens for SMS operators",
    "version": "19.0.1.0.0",
    "development_status": "Beta",
    "category": "Marketing",
    "author": "SMS for Odoo contributors",
    "license": "LGPL-3",
    "depends": ["queue_job"],
    "data": [
        "security/queue_job_groups.xml",
        "security/ir.model.access.csv",
        "security/queue_job_rules.xml",
        "data/queue_job_channel_data.xml",
        "views/queue_job_views.xml",
    ],
}
