import { Component } from "@odoo/owl";
import { formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const ICONS = {
    draft: "fa-clock-o text-muted",
    outgoing: "fa-clock-o text-muted",
    sent: "fa-check text-muted",
    delivered: "fa-check text-success",
    error: "fa-exclamation-triangle text-danger",
    rejected: "fa-ban text-danger",
    expired: "fa-exclamation-triangle text-warning",
    canceled: "fa-ban text-muted",
};

/** What became of the last SMS, as a sign; its words are the sign's title. */
export class SmsStateIcon extends Component {
    static template = "sms_base_sr.SmsStateIcon";
    static props = { ...standardFieldProps, direction: { type: String, optional: true } };

    get state() {
        return this.props.record.data[this.props.name];
    }

    get isReply() {
        return this.props.record.data[this.props.direction] === "incoming";
    }

    get icon() {
        return this.isReply ? "fa-reply text-info" : ICONS[this.state] || "";
    }

    get title() {
        if (this.isReply) {
            return _t("Received");
        }
        const { selection } = this.props.record.fields[this.props.name];
        const found = selection.find(([state]) => state === this.state);
        return found ? found[1] : "";
    }
}

registry.category("fields").add("sms_state_icon", {
    component: SmsStateIcon,
    supportedTypes: ["selection"],
    extractProps: ({ options }) => ({ direction: options.direction }),
});

/** The last SMS in one quiet line: what became of it, when, how it begins. */
export class SmsLast extends Component {
    static template = "sms_base_sr.SmsLast";
    static components = { SmsStateIcon };
    static props = { ...standardFieldProps };

    get icon() {
        const { record } = this.props;
        return { record, name: "last_sms_state", direction: "last_sms_direction" };
    }

    get date() {
        const date = this.props.record.data.last_sms_date;
        return date ? formatDate(date) : "";
    }

    get text() {
        return this.props.record.data[this.props.name] || "";
    }
}

registry.category("fields").add("sms_last", {
    component: SmsLast,
    supportedTypes: ["char"],
});
