import {
    Component,
    onWillStart,
    onWillUnmount,
    useExternalListener,
    useState,
} from "@odoo/owl";
import { deserializeDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { formatFloat, formatInteger } from "@web/views/fields/formatters";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

const REFRESH_MS = 5000;

/** What a supervisor looks at: what is sent, does it run, who must do something. */
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
        // Who comes back to the page finds it as it is now.
        useExternalListener(document, "visibilitychange", () => this.refresh());
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

    /** A moment of today by its hour, another one by its day too. */
    moment(text) {
        const found = deserializeDateTime(text);
        const today = found.hasSame(luxon.DateTime.now(), "day");
        return found.toFormat(today ? "HH:mm" : "ccc, d LLL, HH:mm");
    }

    // -- today -------------------------------------------------------------------------

    get today() {
        const { now, before } = this.data.today;
        const count = (key, label, open) => ({
            key,
            label,
            open,
            value: this.number(now[key]),
            before: this.number(before[key]),
        });
        const report = () => this.openToday("sms_report_action", "date", []);
        const replies = () =>
            this.openToday("sms_message_action_replies", "sent_date", [
                ["direction", "=", "incoming"],
            ]);
        return [
            count("sent", _t("Sent"), report),
            {
                ...count("delivered", _t("Delivered"), report),
                share: this.share("delivered"),
            },
            {
                ...count("failed", _t("Not delivered"), report),
                share: this.share("failed"),
            },
            count("replies", _t("Replies"), replies),
            {
                key: "cost",
                label: _t("Cost"),
                value: now.cost,
                before: before.cost,
                open: report,
            },
        ];
    }

    /** Of what was sent today, in percent. */
    share(key) {
        const { now } = this.data.today;
        const percent = (100 * now[key]) / now.sent;
        return now.sent ? `${formatFloat(percent, { digits: [16, 1] })} %` : "";
    }

    get lastWeek() {
        const day = deserializeDateTime(this.data.today.since).minus({ days: 7 });
        return day.toFormat("cccc, d LLL");
    }

    get isQuiet() {
        const { runs, imports, today } = this.data;
        return !runs.length && !imports.length && !today.now.sent && !today.now.replies;
    }

    // -- what asks for somebody --------------------------------------------------------

    /** The tiles: what they show, whether it is bad, and where a click leads. */
    get tiles() {
        const { jobs, people, sweeper } = this.data;
        return [
            {
                key: "unanswered",
                label: _t("Replies without answer"),
                value: this.number(people.unanswered),
                detail: people.oldest_reply
                    ? _t("Oldest: %s", this.ago(people.oldest_reply))
                    : "",
                bad: false,
                open: () => this.open("sms_message_action_replies"),
            },
            {
                key: "retriable",
                label: _t("Campaigns to try again"),
                value: this.number(people.failed_runs),
                bad: people.failed_runs > 0,
                open: () => this.open("sms_run_action_try_again"),
            },
            {
                key: "undecided",
                label: _t("Batches to decide about"),
                value: this.number(people.undecided),
                bad: people.undecided > 0,
                open: () => this.open("sms_batch_action_undecided"),
            },
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

    // -- campaigns and accounts --------------------------------------------------------

    providerColor(provider) {
        const colors = { healthy: "text-bg-success", limited: "text-bg-warning" };
        return colors[provider.status] || "text-bg-danger";
    }

    /** While it is scheduled or waits for its hours, that is the news. */
    pace(run) {
        if (run.waits === "never") {
            return _t("The sending hours never open: choose other ones.");
        }
        if (run.waits) {
            return _t("Goes on: %s", this.moment(run.waits));
        }
        if (!run.pace) {
            return "";
        }
        const rate = _t("%s per minute", this.number(Math.round(run.pace.per_minute)));
        return run.pace.end
            ? _t("%(rate)s, ends at about %(moment)s", {
                  rate,
                  moment: this.moment(run.pace.end),
              })
            : rate;
    }

    percent(run) {
        const done = run.planned ? (100 * run.sent) / run.planned : 0;
        return Math.floor(Math.min(100, done));
    }

    /** What a campaign is not done with, and what somebody must look at. */
    notes(run) {
        const notes = [
            ["not_started", _t("%s not started", this.number(run.not_started))],
            ["in_call", _t("%s in their call right now", this.number(run.in_call))],
            ["unknown", _t("%s unknown", this.number(run.unknown)), true],
            ["retriable", _t("%s to try again", this.number(run.retriable)), true],
        ];
        return notes
            .filter(([key]) => run[key])
            .map(([key, text, bad]) => ({ key, text, bad }));
    }

    open(name, options = {}) {
        return this.action.doAction(`sms_base_sr.${name}`, options);
    }

    /** Open a list or report with what has happened since midnight. */
    async openToday(name, field, domain) {
        const action = await this.action.loadAction(`sms_base_sr.${name}`);
        return this.action.doAction({
            ...action,
            name: _t("Today"),
            display_name: _t("Today"),
            domain: [...domain, [field, ">=", this.data.today.since]],
            context: {},
        });
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
