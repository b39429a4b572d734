import { SmsResults } from "@sms_base_sr/sms_results/sms_results";
import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";
import { formatFloat, formatInteger } from "@web/views/fields/formatters";

const digits = { digits: [16, 1] };

function points(value) {
    const sign = value > 0 ? "+" : value < 0 ? "−" : "";
    return sign + formatFloat(Math.abs(value), digits);
}

patch(SmsResults.prototype, {
    /** Only campaigns with the switch count clicks. */
    get countsClicks() {
        return this.props.summary.clicked !== undefined;
    },

    get tiles() {
        if (!this.countsClicks) {
            return super.tiles;
        }
        const { clicked, click_rate } = this.props.summary;
        return [
            ...super.tiles,
            {
                key: "clicked",
                label: _t("Customers who clicked"),
                value: formatInteger(clicked),
                opens: clicked > 0,
            },
            {
                key: "click_rate",
                label: _t("Click rate"),
                value: `${formatFloat(click_rate, digits)} %`,
                help: _t("Customers who opened the link, of those who received the SMS."),
            },
        ];
    },

    clicksOf(key) {
        const side = this.props.summary.ab[key];
        const rate = side.click_rate;
        return {
            clicked: formatInteger(side.clicked),
            rate: rate === undefined ? "—" : `${formatFloat(rate, digits)} %`,
            isWinner: this.props.summary.ab.clicks.winner === key,
        };
    },

    /** As the verdict of the replies: who is ahead, and whether that may be chance. */
    get clickVerdict() {
        const { difference, low, high, winner } = this.props.summary.ab.clicks;
        if (difference === null) {
            return "";
        }
        const figures = {
            difference: points(difference),
            low: points(low),
            high: points(high),
        };
        if (!winner) {
            return _t(
                "Clicks: no winner, B − A is %(difference)s points, but with 95 % certainty only between %(low)s and %(high)s, which includes none at all.",
                figures
            );
        }
        return _t(
            "Clicks: text %(winner)s gets more, B − A is %(difference)s points, with 95 % certainty between %(low)s and %(high)s.",
            { ...figures, winner: winner.toUpperCase() }
        );
    },
});
