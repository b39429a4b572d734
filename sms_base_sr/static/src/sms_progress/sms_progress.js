import { Component, onWillUnmount, useState } from "@odoo/owl";
import { deserializeDateTime, toLocaleDateTimeString } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { useRecordObserver } from "@web/model/relational_model/utils";
import { formatFloat, formatInteger } from "@web/views/fields/formatters";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { SmsResults } from "../sms_results/sms_results";

const ACTIVE = ["planning", "scheduled", "sending"];
const POLL_MS = 2000;
// States in which people ask what has left and what has not.
const MOVING = ["planning", "sending", "paused", "canceled"];
// When all is final only replies still come: look less often.
const CALM_TURNS = 8;

/**
 * Live figures of a run: reads its summary again while it is active.
 *
 * The bus needs a websocket, which a prefork server has behind a proxy only, so
 * polling one small field is what works everywhere.
 */
export class SmsProgress extends Component {
    static template = "sms_base_sr.SmsProgress";
    static components = { SmsResults };
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.live = useState({ summary: null });
        this.turn = 0;
        useRecordObserver((record) => {
            this.live.summary = record.data[this.props.name] || null;
        });
        this.timer = setInterval(() => this.poll(), POLL_MS);
        onWillUnmount(() => clearInterval(this.timer));
    }

    get summary() {
        return this.live.summary;
    }

    get isActive() {
        return ACTIVE.includes(this.summary.state) || this.summary.open > 0;
    }

    get bars() {
        const { recipients, planned, sent, delivered, failed, replied } = this.summary;
        return [
            this.bar("planned", _t("To be sent"), planned, recipients, "bg-secondary"),
            this.bar("sent", _t("Sent"), sent, planned, "bg-info"),
            this.bar("delivered", _t("Delivered"), delivered, sent, "bg-success"),
            this.bar("failed", _t("Not delivered"), failed, sent, "bg-danger"),
            this.bar("replied", _t("Replied"), replied, delivered, "bg-primary"),
        ];
    }

    bar(key, label, value, total, color) {
        const percent = total ? Math.min(100, (100 * value) / total) : 0;
        return {
            key,
            label,
            color,
            value: formatInteger(value),
            rounded: Math.round(percent),
            width: `width: ${percent}%`,
            percent: `${formatFloat(percent, { digits: [16, 1] })} %`,
        };
    }

    /** What has left, what has not, and what may have: shown while it matters. */
    get places() {
        const { state, sent, not_started, in_call, unknown, trying_again } =
            this.summary;
        if (!MOVING.includes(state) && !unknown && !trying_again) {
            return [];
        }
        const places = [
            ["accepted", _t("Accepted by the gateway"), sent, "text-success"],
            ["not_started", _t("Not started"), not_started, ""],
            ["in_call", _t("In their call right now"), in_call, "text-info"],
            ["unknown", _t("Unknown"), unknown, unknown ? "text-danger" : ""],
        ];
        if (trying_again) {
            const label = _t("Tried again, under way");
            places.push(["trying_again", label, trying_again, "text-info"]);
        }
        return places.map(([key, label, value, color]) => ({
            key,
            label,
            color,
            value: formatInteger(value),
        }));
    }

    get excluded() {
        return this.byReason(this.summary.excluded);
    }

    get failed() {
        return this.byReason(this.summary.failed_by_reason);
    }

    byReason(counts) {
        return Object.entries(counts)
            .sort((a, b) => b[1] - a[1])
            .map(([reason, count]) => ({
                reason,
                label: this.reasonLabels[reason] || reason,
                count: formatInteger(count),
            }));
    }

    /** How fast it is sent; with the moment when all will have left, where known. */
    get pace() {
        const { pace } = this.summary;
        if (!pace) {
            return null;
        }
        const end = pace.end && deserializeDateTime(pace.end);
        return {
            rate: _t("%s per minute", formatInteger(Math.round(pace.per_minute))),
            end: end && toLocaleDateTimeString(end),
        };
    }

    /** Open the messages behind a figure. */
    async open(figure, reason) {
        const ids = [this.summary.run_id];
        const args = [ids, figure, reason || false];
        this.action.doAction(
            await this.orm.call("sms.run", "action_view_figure", args)
        );
    }

    get cost() {
        return formatFloat(this.summary.cost, { digits: [16, 2] });
    }

    get segments() {
        return formatInteger(this.summary.segments);
    }

    get reasonLabels() {
        return {
            no_number: _t("No phone number"),
            invalid_number: _t("Invalid phone number"),
            landline: _t("Not a mobile number"),
            duplicate: _t("Number already in this campaign"),
            blacklisted: _t("Blacklisted"),
            deceased: _t("Deceased"),
            not_updated: _t("Limit not updated"),
            frequency_cap: _t("Texted too often"),
            missing_value: _t("A value of the text is missing"),
            campaign_canceled: _t("Campaign cancelled"),
            gateway_invalid: _t("Gateway: invalid number"),
            gateway_duplicate: _t("Gateway: repeated number"),
            gateway_blacklist: _t("Gateway: blacklisted"),
            gateway_do_not_disturb: _t("Gateway: do-not-disturb register"),
            gateway_content: _t("Gateway: content refused"),
            not_listed: _t("Gateway: message not listed"),
            not_attempted: _t("The gateway could not be reached"),
            opt_out: _t("Opted out"),
            do_not_disturb: _t("Do-not-disturb register"),
            no_consent: _t("Outside consent purpose"),
            text_failed: _t("The text could not be made"),
            frequency_cap: _t("Texted too often"),
            user_canceled: _t("Cancelled by a user"),
            not_delivered: _t("Not delivered"),
            error: _t("Not delivered"),
            rejected: _t("Rejected by the carrier"),
            expired: _t("Expired"),
            unknown: _t("Unknown"),
        };
    }

    get stateLabel() {
        return {
            draft: _t("Draft"),
            planning: _t("Planning"),
            ready: _t("Ready to be sent"),
            scheduled: _t("Scheduled"),
            sending: _t("Sending"),
            paused: _t("Paused"),
            done: _t("All sent"),
            canceled: _t("Cancelled"),
            failed: _t("Planning failed"),
        }[this.summary.state];
    }

    async poll() {
        const { record, name } = this.props;
        this.turn += 1;
        const calm = !this.summary || !this.isActive;
        if (!record.resId || (calm && this.turn % CALM_TURNS)) {
            return;
        }
        const [row] = await this.orm.silent.read(record.resModel, [record.resId], [name]);
        const before = this.summary && this.summary.state;
        this.live.summary = row[name];
        if (row[name] && row[name].state !== before && !(await record.isDirty())) {
            await record.load();
        }
    }
}

registry.category("fields").add("sms_progress", {
    component: SmsProgress,
    displayName: _t("SMS progress"),
    supportedTypes: ["json"],
});
