import { Component, useEffect, useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";
import { useRecordObserver } from "@web/model/relational_model/utils";
import { formatInteger, formatMonetary } from "@web/views/fields/formatters";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

const MISSING = "missing_value";
const PAUSE_MS = 300;
const TEXT = ".o_field_widget[name=body]";
// What the answer depends on; as READ of the server.
const READ = [
    "composition_mode",
    "res_model",
    "res_id",
    "res_ids",
    "sms_domain",
    "body",
    "number_field_name",
    "recipient_single_number_itf",
    "numbers",
];

/**
 * Whom an SMS reaches, how much it costs and what it says, before it is sent.
 *
 * The last answer stays until the next one is there, and each line keeps its place, so
 * that nothing moves while somebody types.
 */
export class SmsComposerReview extends Component {
    static template = "sms_base_sr.SmsComposerReview";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ told: null, busy: false });
        this.asked = 0;
        this.position = null;
        this.later = useDebounced(() => this.ask(), PAUSE_MS);
        useRecordObserver((record) => this.observe(record));
        this.root = useRef("root");
        useEffect(() => this.listen(), () => []);
    }

    /** The form learns of a text when its box is left; the figures do not wait for it. */
    listen() {
        const form = this.root.el.closest(".o_form_renderer");
        const typed = ({ target }) => {
            if (target.closest(TEXT)) {
                this.values = { ...this.values, body: target.value };
                this.later();
            }
        };
        form.addEventListener("input", typed);
        return () => form.removeEventListener("input", typed);
    }

    /** A text is waited for until it is typed; another template is shown at once. */
    observe(record) {
        const values = this.valuesOf(record);
        const before = this.values;
        this.values = values;
        if (!record.data.sms_native) {
            this.state.told = null;
        } else if (!before || before.template_id !== values.template_id) {
            this.ask();
        } else {
            this.later();
        }
    }

    valuesOf({ data }) {
        const values = Object.fromEntries(READ.map((name) => [name, data[name]]));
        return { ...values, template_id: data.template_id ? data.template_id.id : false };
    }

    async ask() {
        const number = ++this.asked;
        this.state.busy = true;
        const told = await this.orm.silent
            .call("sms.composer", "sms_read_review", [this.values], {
                position: this.position,
            })
            .catch(() => null);
        // A slow answer must not replace that of a later question.
        if (number === this.asked) {
            this.state.busy = false;
            this.state.told = told || this.state.told;
        }
    }

    step(by) {
        this.position = this.preview.position + by;
        return this.ask();
    }

    // -- words -------------------------------------------------------------------------

    get told() {
        return this.state.told;
    }

    get preview() {
        return this.told.preview;
    }

    get isEmpty() {
        return this.told.empty;
    }

    /** Each gets another text, or none: then one wants to read some of them. */
    get differs() {
        return this.told.ours || this.told.written || this.preview.reason;
    }

    number(value) {
        const shown = formatInteger(value || 0);
        return this.told.exact ? shown : _t("about %s", shown);
    }

    exactly(value) {
        return formatInteger(value || 0);
    }

    money(value) {
        const shown = formatMonetary(value || 0, { currencyId: this.told.currency_id });
        return this.told.exact ? shown : _t("about %s", shown);
    }

    get price() {
        return formatMonetary(this.told.price, { currencyId: this.told.currency_id });
    }

    /** "1 SMS each", or the spread of many texts: "1–2 SMS each". */
    get segments() {
        const [least, most] = this.told.spread;
        return least === most ? `${least}` : `${least}–${most}`;
    }

    get alphabet() {
        const { unicode, sends } = this.told;
        if (!unicode) {
            return _t("GSM-7: 160 characters an SMS");
        }
        return unicode >= sends
            ? _t("Unicode: 70 characters an SMS")
            : _t("%s of them Unicode", this.number(unicode));
    }

    get leftOut() {
        // Who lacks a value has a line of his own, which says what to do.
        const others = this.told.excluded.filter(({ reason }) => reason !== MISSING);
        return others.map(({ label, count }) => `${label}: ${this.number(count)}`);
    }

    get gapCount() {
        const found = this.told.excluded.find(({ reason }) => reason === MISSING);
        return this.number(found ? found.count : 0);
    }

    get culprits() {
        return this.preview.culprits.join(" ");
    }

    get notes() {
        return {
            all: _t("Each SMS is noted in its contact's chatter."),
            answered: _t("Noted in the chatter of contacts who answer."),
            none: _t("Nothing is noted in the chatter."),
        }[this.told.notes];
    }
}

registry.category("view_widgets").add("sms_composer_review", {
    component: SmsComposerReview,
    fieldDependencies: [
        { name: "sms_native", type: "boolean" },
        { name: "sms_domain", type: "char" },
    ],
});
