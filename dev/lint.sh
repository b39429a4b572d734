#!/usr/bin/env bash
# Lint: ruff, pylint-odoo, the OCA checks, complete translations, no odoo in tools, no secrets.
set -euo pipefail
cd "$(dirname "$0")/.."
bin=$(dirname "$PYTHON")
addons="queue_job_config sms_base_sr sms_kolmeya contacts_realcred_sms contact_center_sms"
addons+=" sms_base_sr_link sms_base_sr_crm sms_base_sr_mass_mailing"

echo "==> ruff"
"$bin/ruff" check .
"$bin/ruff" format --check .
echo "==> secrets"
"$PYTHON" -m dev.check_secrets
echo "==> pylint-odoo"
"$bin/pylint" --rcfile=.pylintrc $addons
echo "==> OCA checks"
"$bin/oca-checks-odoo-module" $addons
for addon in $addons; do
    "$bin/oca-checks-po" "$addon"/i18n/*.po "$addon"/i18n/*.pot
done
echo "==> translations and layout"
"$PYTHON" -m dev.check_project $addons
