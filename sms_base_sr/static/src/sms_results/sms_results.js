import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { formatFloat, formatInteger } from "@web/views/fields/formatters";

const NONE = "—";

function percent(value) {
    return `${formatFloat(value, { digits: [16, 1] })} %`;
}

/** Points are told with their sign: which text is ahead must be seen at once. */
function points(value) {
    const sign = value > 0 ? "+" : value < 0 ? "−" : "";
    return sign + formatFloat(Math.abs(value), { digits: [16, 1] });
}

/** A comparison's difference and its interval, in words. */
export function inPoints({ difference, low, high }) {
    return {
        difference: points(difference),
        low: points(low),
        high: points(high),
    };
}

/** What a campaign has brought: replies, conversion, costs, and which text won. */
export class SmsResults extends Component {
    static template = "sms_base_sr.SmsResults";
    static props = { summary: Object, open: Function };

    /** Before the first SMS has left there is nothing to tell. */
    get isShown() {
        return this.props.summary.sent > 0;
    }

    get tiles() {
        const { summary } = this.props;
        const count = (key, label, value) => ({
            key,
            label,
            value: formatInteger(value),
            opens: value > 0,
        });
        return [
            count("replied", _t("Customers who replied"), summary.replied),
            count("interested", _t("Interested"), summary.interested),
            count("unanswered", _t("Unanswered"), summary.unanswered),
            count("opted_out", _t("Opt-outs"), summary.opted_out),
            {
                key: "conversion",
                label: _t("Conversion"),
                value: percent(summary.conversion),
                help: _t("Customers who replied, of those who received the SMS."),
            },
            {
                key: "cost_per_reply",
                label: _t("Cost per reply"),
                value: this.money(summary.cost_per_reply),
                help: _t("Cost of the campaign, shared by the customers who replied."),
            },
            {
                key: "answer_minutes",
                label: _t("First answer after"),
                value: this.duration(summary.answer_minutes),
                help: _t("From a customer's first reply to our answer, on average."),
            },
        ];
    }

    money(amount) {
        const empty = amount === null || amount === undefined;
        return empty ? NONE : `R$ ${formatFloat(amount, { digits: [16, 2] })}`;
    }

    duration(minutes) {
        if (minutes === null || minutes === undefined) {
            return NONE;
        }
        const rounded = Math.round(minutes);
        if (rounded < 60) {
            return rounded ? _t("%s min", rounded) : _t("under 1 min");
        }
        return _t("%(hours)s h %(minutes)s min", {
            hours: formatInteger(Math.floor(rounded / 60)),
            minutes: rounded % 60,
        });
    }

    get texts() {
        const { a, b, winner } = this.props.summary.ab;
        return [
            ["a", a],
            ["b", b],
        ].map(([key, side]) => ({
            key,
            name: side.name,
            share: `${side.share} %`,
            sent: formatInteger(side.sent),
            delivered: formatInteger(side.delivered),
            replied: formatInteger(side.replied),
            rate: side.rate === undefined ? NONE : percent(side.rate),
            isWinner: winner === key,
        }));
    }

    /** In one sentence: who is ahead, and whether that may be chance. */
    get verdict() {
        const { difference, winner } = this.props.summary.ab;
        if (difference === null) {
            return _t("Nobody has received both texts yet: there is nothing to compare.");
        }
        const figures = inPoints(this.props.summary.ab);
        if (!winner) {
            return _t(
                "No winner: B − A is %(difference)s points, but with 95 % certainty only between %(low)s and %(high)s, which includes none at all.",
                figures
            );
        }
        return _t(
            "Text %(winner)s gets more replies: B − A is %(difference)s points, with 95 % certainty between %(low)s and %(high)s.",
            { ...figures, winner: winner.toUpperCase() }
        );
    }
}
