import { useEffect, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";
import { TextField, textField } from "@web/views/fields/text/text_field";
import { formatMonetary } from "@web/views/fields/formatters";
import { SelectCreateDialog } from "@web/views/view_dialogs/select_create_dialog";

const PAUSE_MS = 250;

/**
 * A template's text with its preview on a record and the variables that it may use.
 *
 * The server is asked while one types; nothing needs to be saved.
 */
export class SmsTemplateText extends TextField {
    static template = "sms_base_sr.SmsTemplateText";

    setup() {
        super.setup();
        this.orm = useService("orm");
        this.dialog = useService("dialog");
        this.preview = useState({ told: null, search: "" });
        this.asked = 0;
        this.later = useDebounced(() => this.ask(), PAUSE_MS);
        useEffect(
            () => {
                this.ask();
            },
            () => {
                const { data, resId } = this.props.record;
                const text = data[this.props.name];
                return [resId, text, data.applies_to, data.message_class];
            }
        );
    }

    get told() {
        return this.preview.told;
    }

    /** What stands in the box now, whether the form knows it already or not. */
    get currentText() {
        const box = this.textareaRef.el;
        return box ? box.value : this.props.record.data[this.props.name] || "";
    }

    // -- asking ------------------------------------------------------------------------

    async ask(step = 0) {
        const { data, resId } = this.props.record;
        const number = ++this.asked;
        const near = this.recordOf(data.applies_to);
        const told = await this.orm.silent.call(
            "sms.template",
            "sms_preview",
            [resId ? [resId] : []],
            {
                text: this.currentText,
                applies_to: data.applies_to || "all",
                message_class: data.message_class,
                near: near ? [near, step] : null,
            }
        );
        // A slow answer must not replace that of a later question.
        if (number === this.asked) {
            this.preview.told = told;
            this.shownFor = data.applies_to;
        }
    }

    /** The record shown, unless it belongs to another kind than the one chosen now. */
    recordOf(kind) {
        const same = this.shownFor === kind;
        return same && this.told && this.told.record ? this.told.record.id : null;
    }

    chooseRecord() {
        this.dialog.add(SelectCreateDialog, {
            title: _t("Whose SMS do you want to see?"),
            resModel: this.told.model,
            multiSelect: false,
            noCreate: true,
            onSelected: ([id]) => {
                this.told.record = { id, name: "" };
                return this.ask();
            },
        });
    }

    // -- words -------------------------------------------------------------------------

    get price() {
        return formatMonetary(this.told.price, { currencyId: this.told.currency_id });
    }

    get culprits() {
        return this.told.culprits.join(" ");
    }

    get missing() {
        return this.told.missing.join(", ");
    }

    get variables() {
        const wanted = this.preview.search.toLowerCase();
        return this.told.variables.filter((variable) =>
            `${variable.name} ${variable.meaning}`.toLowerCase().includes(wanted)
        );
    }

    isUsed(name) {
        return this.currentText.includes(name) &&
            new RegExp(`(^|[^\\w.])${name.replaceAll(".", "\\.")}($|[^\\w.])`).test(
                this.currentText
            );
    }

    // -- writing -----------------------------------------------------------------------

    /** Put a variable where the cursor is, as if it were typed. */
    insert(name) {
        const box = this.textareaRef.el;
        const { selectionStart, selectionEnd } = box;
        box.setRangeText(`{{ ${name} }}`, selectionStart, selectionEnd, "end");
        box.dispatchEvent(new InputEvent("input", { bubbles: true }));
        box.dispatchEvent(new Event("change", { bubbles: true }));
        box.focus();
    }
}

export const smsTemplateText = {
    ...textField,
    component: SmsTemplateText,
    supportedTypes: ["text"],
};

registry.category("fields").add("sms_template_text", smsTemplateText);
