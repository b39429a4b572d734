import { deserializeDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";
import { formatInteger } from "@web/views/fields/formatters";
import { SmsProgress } from "../sms_progress/sms_progress";
import { SmsReview } from "../sms_review/sms_review";

function waitSize(batches, messages) {
    if (batches === "1") {
        return _t("1 batch, %s SMS", messages);
    }
    return _t("%(batches)s batches, %(messages)s SMS", { batches, messages });
}

function waitText(until, state) {
    if (!until) {
        return _t("The sending hours never open: choose other ones.");
    }
    const moment = deserializeDateTime(until).toFormat("cccc, d LLL, HH:mm");
    if (state === "scheduled" || state === "planning") {
        return _t("Leaves on %s", moment);
    }
    if (state === "ready") {
        return _t("Sent now, it waits for the sending hours: %s", moment);
    }
    return _t("Waits for %s", moment);
}

/** What the hours, or the start, hold back, and when it goes on. */
function describeWaits({ waits, state }) {
    return (waits || []).map(({ until, batches, messages }) => ({
        key: until || "never",
        text: waitText(until, state),
        size: waitSize(formatInteger(batches), formatInteger(messages)),
    }));
}

// As live as the rest of them.
patch(SmsProgress.prototype, {
    get waits() {
        return describeWaits(this.summary);
    },
});

patch(SmsReview.prototype, {
    get waits() {
        return describeWaits(this.review);
    },
});
