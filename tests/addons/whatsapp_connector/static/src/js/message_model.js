/** @odoo-module alias=@7020aa6e3d62fd1ef5722ab7283652cd994893657d2f6d64c48687221ccf4d2a default=false */
// The app's bundle names its modules by hashes; other addons patch them by these.
import { deserializeDateTime, formatDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";

const { DateTime } = luxon;

export class MessageModel {
    constructor(values) {
        Object.assign(this, values);
        // Only these two tell: the app knows of no delivery.
        this.status = this.error_msg ? "error" : this.sent_date ? "sent" : "new";
    }

    get isInfo() {
        return this.ttype.startsWith("info");
    }

    get statusTitle() {
        return { error: _t("Failed"), sent: _t("Sent"), new: _t("Not sent") }[this.status];
    }

    get statusClass() {
        const icons = { error: "fa-exclamation-circle text-danger", sent: "fa-check" };
        return `fa ${icons[this.status] || "fa-clock-o"}`;
    }

    get time() {
        const time = deserializeDateTime(this.date_message);
        const today = time.hasSame(DateTime.local(), "day");
        return formatDateTime(time, { format: today ? "HH:mm" : "dd/MM HH:mm" });
    }
}
