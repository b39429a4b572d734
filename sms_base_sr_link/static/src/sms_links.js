import { inPoints, SmsResults } from "@sms_base_sr/sms_results/sms_results";
import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";
import { formatFloat, formatInteger } from "@web/views/fields/formatters";

const digits = { digits: [16, 1] };

/** How many, and of those reached how many in a hundred. */
function withRate(clicked, rate) {
    const count = formatInteger(clicked);
    return rate === undefined ? count : `${count} (${formatFloat(rate, digits)} %)`;
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
                value: withRate(clicked, click_rate),
                help: _t("Customers who opened the link, of those who received the SMS."),
                opens: clicked > 0,
            },
        ];
    },

    clicksOf(key) {
        const { clicks, ...sides } = this.props.summary.ab;
        const { clicked, click_rate } = sides[key];
        return {
            value: withRate(clicked, click_rate),
            isWinner: clicks.winner === key,
        };
    },

    /** As the verdict of the replies: who is ahead, and whether that may be chance. */
    get clickVerdict() {
        const { difference, winner } = this.props.summary.ab.clicks;
        if (difference === null) {
            return "";
        }
        const figures = inPoints(this.props.summary.ab.clicks);
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
