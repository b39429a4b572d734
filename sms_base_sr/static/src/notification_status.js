import { Notification } from "@mail/core/common/notification_model";
import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";

const STATUS = {
    ready: () => _t("waiting"),
    process: () => _t("waiting"),
    pending: () => _t("sent"),
    sent: () => _t("delivered"),
    bounce: () => _t("rejected"),
    exception: () => _t("not delivered"),
    canceled: () => _t("cancelled"),
};

/** Core says "SMS" for every status in the message's header: say which one it is. */
patch(Notification.prototype, {
    get label() {
        const status = STATUS[this.notification_status];
        if (this.notification_type === "sms" && status) {
            return `${super.label} · ${status()}`;
        }
        return super.label;
    },
});
