{
    "name": "SMS faults",
    "summary": "For fault tests only: short clocks and places to be killed at",
    "version": "19.0.1.0.0",
    "development_status": "Alpha",
    "category": "Hidden/Tests",
    "license": "LGPL-3",
    "author": "SMS for Odoo contributors",
    "website": "https://github.com/sms-for-odoo/sms-campaigns",
    "depends": ["sms_kolmeya"],
    "data": ["data/queue_job_function_data.xml"],
}
