import { deserializeDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";
import { formatInteger } from "@web/views/fields/formatters";
import { SmsProgress } from "../sms_progress/sms_progress";

/** What the hours, or the start, hold back, and when it goes on: as live as the rest. */
patch(SmsProgress.prototype, {
    get waits() {
        return (this.summary.waits || []).map(({ until, batches, messages }) => ({
            key: until || "never",
            text: this.waitText(until),
            size: this.waitSize(formatInteger(batches), formatInteger(messages)),
        }));
    },

    waitSize(batches, messages) {
        if (batches === "1") {
            return _t("1 batch, %s SMS", messages);
        }
        return _t("%(batches)s batches, %(messages)s SMS", { batches, messages });
    },

    waitText(until) {
        if (!until) {
            return _t("The sending hours never open: choose other ones.");
        }
        const moment = deserializeDateTime(until).toFormat("cccc, d LLL, HH:mm");
        if (this.summary.state === "scheduled" || this.summary.state === "planning") {
            return _t("Leaves on %s", moment);
        }
        if (this.summary.state === "ready") {
            return _t("Sent now, it waits for the sending hours: %s", moment);
        }
        return _t("Waits for %s", moment);
    },
});
