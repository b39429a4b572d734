import { Component, onWillUnmount, useState } from "@odoo/owl";
import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { deserializeDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { useRecordObserver } from "@web/model/relational_model/utils";
import { formatDateTime, formatInteger, formatMonetary } from "@web/views/fields/formatters";
import { SelectCreateDialog } from "@web/views/view_dialogs/select_create_dialog";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

// Before these there is no plan, after them it is being sent.
const REVIEWED = ["planning", "ready", "scheduled"];
const POLL_MS = 2000;
// A finished plan changes only when somebody edits text or contacts.
const CALM_TURNS = 5;
const SAMPLES = 3;
const DAY_HOURS = 24;

/**
 * What a manager reads before sending a campaign: whom, how much, what, how long.
 *
 * Works on any record of a model with `sms.campaign.mixin` whose form has `sms_state`.
 */
export class SmsReview extends Component {
    static template = "sms_base_sr.SmsReview";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.state = useState({ review: null, busy: false });
        this.turn = 0;
        useRecordObserver((record) => {
            // Whatever is saved may have made the plan stale.
            Object.values(record.data);
            // Not awaited: the form opens at once.
            this.refresh();
        });
        const timer = setInterval(() => this.poll(), POLL_MS);
        onWillUnmount(() => clearInterval(timer));
    }

    get record() {
        return this.props.record;
    }

    get review() {
        return this.state.review;
    }

    get isPlanning() {
        return this.review.state === "planning";
    }

    // -- reading -----------------------------------------------------------------------

    async refresh(sampleIds = this.sampleIds) {
        const { record } = this;
        if (!record.resId || !REVIEWED.includes(record.data.sms_state)) {
            this.state.review = null;
            return;
        }
        if (record.dirty || this.asking) {
            return;
        }
        this.asking = this.ask(sampleIds);
        try {
            await this.asking;
        } finally {
            this.asking = null;
        }
    }

    async ask(sampleIds) {
        const { resModel, resId } = this.record;
        const review = await this.orm.silent.call(
            resModel,
            "sms_read_review",
            [[resId]],
            { sample_ids: sampleIds }
        );
        await this.show(review);
    }

    /** A person's click waits for the question under way: it must not be lost. */
    async refreshNext(sampleIds) {
        await this.asking?.catch(() => {});
        return this.refresh(sampleIds);
    }

    async show(review) {
        const moved = review && review.state !== this.record.data.sms_state;
        this.state.review = review && REVIEWED.includes(review.state) ? review : null;
        if (moved && !(await this.record.isDirty())) {
            await this.record.load();
        }
    }

    poll() {
        this.turn += 1;
        const calm = !this.review || !this.isPlanning;
        if (!document.hidden && !(calm && this.turn % CALM_TURNS)) {
            this.refresh().catch(() => {});
        }
    }

    get sampleIds() {
        return this.review ? this.review.samples.map((sample) => sample.id) : [];
    }

    // -- words -------------------------------------------------------------------------

    number(value) {
        return formatInteger(value || 0);
    }

    money(value) {
        return formatMonetary(value || 0, { currencyId: this.review.currency_id });
    }

    moment(text) {
        return formatDateTime(deserializeDateTime(text), { showSeconds: false });
    }

    /** "8,400 of 1 SMS · 720 of 2 SMS": what the bill is made of. */
    get parts() {
        return this.review.parts
            .map(([size, count]) => _t("%(count)s × %(size)s SMS", {
                count: this.number(count),
                size,
            }))
            .join(" · ");
    }

    get duration() {
        const { seconds } = this.review.forecast;
        if (seconds < 60) {
            return _t("under a minute");
        }
        const minutes = Math.round(seconds / 60);
        return minutes < 120
            ? _t("about %s min", this.number(minutes))
            : _t("about %s h", this.number(Math.round(minutes / 60)));
    }

    get savingPercent() {
        const { accented_cost, saving } = this.review.accents;
        return accented_cost ? Math.round((100 * saving) / accented_cost) : 0;
    }

    get balance() {
        const { balance } = this.review;
        if (!balance) {
            return null;
        }
        const known = balance.amount !== null;
        const at = balance.at && deserializeDateTime(balance.at);
        const old = !at || at.diffNow("hours").hours < -DAY_HOURS;
        return {
            value: known ? this.money(balance.amount) : _t("not known yet"),
            at: at ? at.toRelative() : "",
            old,
            color: !known ? "text-muted" : balance.enough ? "text-success" : "text-danger",
            verdict: !known ? "" : balance.enough ? _t("It suffices") : _t("It does not suffice"),
        };
    }

    culprits(sample) {
        return sample.culprits.join(" ");
    }

    // -- doing -------------------------------------------------------------------------

    /** Save what is typed, press one of the campaign's buttons, show what came of it. */
    async press(method, args = []) {
        if (this.state.busy || !(await this.record.save())) {
            return;
        }
        this.state.busy = true;
        try {
            const { resModel, resId } = this.record;
            const result = await this.orm.call(resModel, method, [[resId], ...args]);
            if (result && result.type) {
                await this.action.doAction(result);
            } else {
                await this.record.load();
                await this.refresh();
            }
        } finally {
            this.state.busy = false;
        }
    }

    /** The person sees in the question what is approved, and approves just that. */
    approve() {
        const { run_id, planned, cost, approval } = this.review;
        const values = {
            count: this.number(planned),
            price: this.money(cost),
            digest: approval.digest,
        };
        this.dialog.add(ConfirmationDialog, {
            title: _t("Approve this campaign?"),
            body: approval.at_once
                ? _t(
                      "%(count)s SMS for %(price)s, text %(digest)s. They are sent at once.",
                      values
                  )
                : _t(
                      "%(count)s SMS for %(price)s, text %(digest)s. They leave as planned.",
                      values
                  ),
            confirmLabel: _t("Approve"),
            confirm: () => this.press("action_sms_approve", [run_id, approval.digest]),
            cancel: () => {},
        });
    }

    otherSamples() {
        return this.refreshNext([]);
    }

    chooseSample() {
        this.dialog.add(SelectCreateDialog, {
            title: _t("Whose SMS do you want to see?"),
            resModel: "sms.message",
            domain: [["run_id", "=", this.review.run_id]],
            multiSelect: false,
            noCreate: true,
            onSelected: ([id]) => this.showSample(id),
        });
    }

    showSample(id) {
        const others = this.sampleIds.filter((other) => other !== id);
        return this.refreshNext([id, ...others].slice(0, SAMPLES));
    }
}

registry.category("view_widgets").add("sms_review", { component: SmsReview });
