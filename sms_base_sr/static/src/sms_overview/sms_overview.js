import { Component, onWillStart, onWillUnmount, useState } from "@odoo/owl";
import { deserializeDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { formatInteger } from "@web/views/fields/formatters";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

const REFRESH_MS = 5000;

/** What a supervisor looks at: does it run, does it send, who must do something. */
export class SmsOverview extends Component {
    static template = "sms_base_sr.SmsOverview";
    static components = { Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ data: null, lost: false });
        this.display = { controlPanel: {} };
        onWillStart(() => this.load());
        const timer = setInterval(() => this.refresh(), REFRESH_MS);
        onWillUnmount(() => clearInterval(timer));
    }

    get data() {
        return this.state.data;
    }

    async load() {
        this.state.data = await this.orm.silent.call("sms.watch", "read_overview", []);
        this.state.lost = false;
    }

    /** While nobody looks at the page, nothing is asked. */
    async refresh() {
        if (document.hidden || this.loading) {
            return;
        }
        this.loading = true;
        try {
            await this.load();
        } catch {
            this.state.lost = true;
        } finally {
            this.loading = false;
        }
    }

    number(value) {
        return formatInteger(value || 0);
    }

    ago(text) {
        return text ? deserializeDateTime(text).toRelative() : _t("never");
    }

    /** Units are the same in every language of ours. */
    duration(seconds) {
        if (seconds < 60) {
            return `${seconds} s`;
        }
        const minutes = Math.floor(seconds / 60);
        return minutes < 120 ? `${minutes} min` : `${Math.floor(minutes / 60)} h`;
    }

    /** The tiles: what they show, whether it is bad, and where a click leads. */
    get tiles() {
        const { jobs, people, sweeper } = this.data;
        return [
            {
                key: "oldest",
                label: _t("Oldest waiting job"),
                value: jobs.oldest_pending ? this.duration(jobs.oldest_pending) : "–",
                bad: jobs.silent,
                open: () => this.openJobs(),
            },
            {
                key: "failed",
                label: _t("Failed jobs"),
                value: this.number(jobs.failed),
                bad: jobs.failed > 0,
                open: () => this.openJobs("failed"),
            },
            {
                key: "undecided",
                label: _t("Batches to decide about"),
                value: this.number(people.undecided),
                bad: people.undecided > 0,
                open: () => this.open("sms_batch_action_undecided"),
            },
            {
                key: "retriable",
                label: _t("Campaigns to try again"),
                value: this.number(people.failed_runs),
                bad: people.failed_runs > 0,
                open: () => this.open("sms_run_action_try_again"),
            },
            {
                key: "unanswered",
                label: _t("Replies without answer"),
                value: this.number(people.unanswered),
                bad: false,
                open: () => this.open("sms_message_action_replies"),
            },
            {
                key: "sweeper",
                label: _t("Last check"),
                value: this.ago(sweeper.at),
                bad: sweeper.late || Boolean(sweeper.failed_steps),
                open: null,
            },
        ];
    }

    /** Sentences that say what is wrong; none is the best news. */
    get warnings() {
        const { jobs, sweeper } = this.data;
        const lines = [];
        if (this.state.lost) {
            lines.push(_t("The server does not answer; these figures are old."));
        }
        if (jobs.silent) {
            lines.push(
                _t("A job has waited for %s: is the job runner started?", [
                    this.duration(jobs.oldest_pending),
                ])
            );
        }
        if (sweeper.late) {
            lines.push(
                _t("The check that runs each minute is late: do scheduled actions run?")
            );
        }
        if (sweeper.failed_steps) {
            lines.push(_t("Steps of the last check failed: %s", sweeper.failed_steps));
        }
        return [...lines, ...jobs.capacity_problems];
    }

    providerColor(provider) {
        const colors = { healthy: "text-bg-success", limited: "text-bg-warning" };
        return colors[provider.status] || "text-bg-danger";
    }

    width(run) {
        const percent = run.planned ? (100 * run.sent) / run.planned : 0;
        return `width: ${Math.min(100, percent)}%`;
    }

    open(name) {
        return this.action.doAction(`sms_base_sr.${name}`);
    }

    openJobs(state) {
        const filters = state ? { search_default_failed: 1 } : {};
        return this.action.doAction("queue_job_config.action_sms_jobs", {
            additionalContext: state ? { search_default_not_done: 0, ...filters } : {},
        });
    }

    openRecord(model, id) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: model,
            res_id: id,
            views: [[false, "form"]],
        });
    }
}

registry.category("actions").add("sms_overview", SmsOverview);
