{
    "name": "Assets that Debian's Odoo lacks",
    "summary": "For demo and tests only: skips a file that the repackaged source omits",
    "version": "19.0.1.0.0",
    "category": "Hidden/Tests",
    "license": "LGPL-3",
    "author": "SMS for Odoo contributors",
    "website": "https://github.com/sms-for-odoo/sms-campaigns",
    "depends": ["mail"],
    # Without it the web client logs an error on each page, and every tour fails.
    "assets": {
        "web.assets_backend": [
            (
                "remove",
                "mail/static/lib/selfie_segmentation/selfie_segmentation.js",
            ),
        ],
    },
}
